"""Printing as last time: this person's last paper, face, kind of file and printer, on new stamps."""

import json

from labels import STOCKS

from ...access import own_cooperative, visitor
from ...db import db
from ...records import Printing, Run
from ...service import keyring, settings
from ...work.printers import printers_of
from ...work.printing import Order, last_printing, print_stamps
from ...work.refused import Refused
from ..acting import acting_today
from .face_names import FACES
from .print_form import FORMAT_WORDS, paper_name, printer_name


def _last() -> Printing | None:
    person = visitor().person
    return last_printing(db.session, own_cooperative().id, person.id if person else None)


def last_choices() -> list[str] | None:
    """What "as last time" means, in words; None where nothing was printed yet."""
    before = _last()
    if before is None:
        return None
    kept = json.loads(before.words).get("printer")
    printers = [printer_name(one) for one in printers_of(db.session, own_cooperative().id) if one.public_id == kept]
    return [paper_name(STOCKS[before.stock]), str(FACES[before.face]), str(FORMAT_WORDS[before.format]), *printers]


def print_as_last_time(run: Run) -> Printing:
    """All of a new run. Raises `Refused`; then nothing has been issued either."""
    before = _last()
    if before is None:
        raise Refused("Nothing has been printed here yet: choose paper and face first.")
    kept = json.loads(before.words)
    known = {one.public_id for one in printers_of(db.session, own_cooperative().id)}
    order = Order(
        1,
        run.count,
        before.stock,
        before.face,
        format=before.format,
        dpi=before.dpi,
        copies=before.copies,
        divider_every=kept.get("sheet", {}).get("divider_every", 0),
        printer=kept["printer"] if kept.get("printer") in known else "",
    )
    return print_stamps(db.session, run, order, keyring=keyring(), public_url=settings().public_url, **acting_today())
