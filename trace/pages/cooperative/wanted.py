"""How many stamps a batch still needs: its packs, and some for spoiling, less what there is already."""

from ...db import db
from ...records import Batch
from ...work.deployments import setting
from ...work.own_lists import stamps_made_for
from ..words import today


def spoil_percent() -> int:
    return int(setting(db.session, "spoil_percent", today()))


def wanted_for(batch: Batch) -> int:
    made = stamps_made_for(db.session, batch)
    return max(-(-(batch.packs or 0) * (100 + spoil_percent()) // 100) - made, 0)
