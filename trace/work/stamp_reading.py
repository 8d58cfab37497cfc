"""Which stamp of a cooperative a text names: a link, a code or a serial; scanned, typed, or bent by a keyboard."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Cooperative, Run
from ..standards.codes import LENGTH, complaint, normalise
from ..standards.keyboards import Keyboard, has_vietnamese, readings
from .keyring import Keyring
from .refused import Refused
from .serials import WHOLE_SERIAL

CODE_IN_LINK = re.compile(r"/(?:T|21)/([^/?#\s]+)", re.IGNORECASE)
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "_": "-"})


@dataclass(frozen=True, slots=True)
class StampRead:
    run: Run
    number: int
    keyboard: Keyboard
    """Whose habits had to be undone to read it."""

    @property
    def serial(self) -> str:
        return self.run.serial(self.number)


def read_stamp(
    session: Session, keyring: Keyring, cooperative: Cooperative, text: str, *, field: str, run: Run | None = None
) -> StampRead:
    """The stamp that a text names. A bare number counts in `run`. Raises `Refused` beside `field`.

    Nothing is told of codes that are not this cooperative's: whether they exist must not be learnt here.
    """
    if not text.strip():
        raise Refused("Scan the stamp, or type its serial or code.", field=field)
    labels = {row.label: row for row in session.scalars(select(Run).where(Run.cooperative_id == cooperative.id))}
    by_number = {row.number: row for row in labels.values()}
    for reading in readings(text):
        tidy = re.sub(r"\s+", "", reading.text)
        found = _by_code(keyring, by_number, tidy) or _by_serial(labels, tidy, run)
        if found is not None:
            return StampRead(*found, reading.keyboard)
    raise _unread(text, field)


def _by_code(keyring: Keyring, runs: dict[int, Run], text: str) -> tuple[Run, int] | None:
    for part in _codes_in(text):
        if complaint(part) is None:
            place = keyring.read(normalise(part))
            run = runs.get(place.run) if place else None
            if place is not None and run is not None and place.index < run.count:
                return run, place.index + 1
    return None


def _codes_in(text: str) -> Iterator[str]:
    inside = CODE_IN_LINK.search(text)
    yield inside[1] if inside else text
    if inside is None and len(normalise(text)) > LENGTH:  # a link whose slashes were lost
        yield normalise(text)[-LENGTH:]


def _by_serial(labels: dict[str, Run], text: str, run: Run | None) -> tuple[Run, int] | None:
    tidy = text.upper().translate(_DASHES)
    whole = WHOLE_SERIAL.fullmatch(tidy)
    if whole is not None:
        run, digits = labels.get(whole[1]), whole[2]
    else:
        digits = tidy if tidy.isascii() and tidy.isdigit() and len(tidy) <= 9 else ""
    if run is None or not digits:
        return None
    return (run, int(digits)) if 1 <= int(digits) <= run.count else None


def _unread(text: str, field: str) -> Refused:
    if has_vietnamese(text):
        return Refused(
            "Vietnamese typing has swallowed a letter of it: switch the keyboard to English (E), and scan again.",
            field=field,
        )
    code = CODE_IN_LINK.search(text)
    wrong = complaint(code[1] if code else text)
    if wrong is None or code is not None:
        return Refused("This is no stamp of your cooperative.", field=field)
    return Refused("No stamp of yours reads like this. Type its serial, such as HCL-26A-0000123.", field=field)
