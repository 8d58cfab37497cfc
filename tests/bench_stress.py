"""500 × kill −9 of web servers, their processes and workers under a mixed load; nothing acknowledged may be lost.

On SQLite one of everything, on PostgreSQL two of everything over one database. `TEMGOC_KILLS` sets another number.
"""

import os
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from tests.stress import campaign, furnish, two_places, verify
from trace.settings import Settings

KILLS = int(os.environ.get("TEMGOC_KILLS", "500"))


def test_five_hundred_kills(app: Flask, session: Session, settings: Settings, tmp_path: Path) -> None:
    stage = furnish(session, waiting=600, codes=20_000)
    places = [settings] if settings.sqlite_path else two_places(settings, tmp_path)
    session.commit()
    done = campaign(stage, places, KILLS)
    verify(session, settings, stage, done.ledger)
    print(f"\n{session.get_bind().dialect.name}: {done.told()}; all of it there, chain and log verify")
