"""Serials as people type them: HCL-26A-0000123, 0000123 or 123; a first and a last one; or a list of them."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Run
from ..standards.figures import NotAQuantity
from ..standards.quantities import parse_count
from .ranges import Span
from .refused import Refused, refuse_all

WHOLE_SERIAL = re.compile(r"([A-Z0-9]{1,10}-[0-9]{2}[A-Z]{1,5})-?([0-9]{1,9})")
MOST_SPANS = 200
_DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "_": "-"})


@dataclass(frozen=True, slots=True)
class Typed:
    first: int
    last: int
    swapped: bool
    """They were typed the wrong way round."""


def read_serial(run: Run, text: str, field: str) -> int:
    """The number of a stamp in its run, within it. Raises `Refused` beside `field`."""
    tidy = re.sub(r"\s+", "", text.upper().translate(_DASHES))
    whole = WHOLE_SERIAL.fullmatch(tidy)
    if whole and whole[1] != run.label:
        raise Refused(
            "Serial %(serial)s belongs to another run: this one is %(run)s.", field=field, serial=tidy, run=run.label
        )
    number = int(whole[2]) if whole else _number(tidy, run, field)
    if not 1 <= number <= run.count:
        raise Refused("Run %(run)s has the stamps 1 to %(count)s.", field=field, run=run.label, count=run.count)
    return number


def _number(tidy: str, run: Run, field: str) -> int:
    if tidy.isascii() and tidy.isdigit() and len(tidy) <= 9:
        return int(tidy)  # zeros in front are how serials are printed
    try:
        return parse_count(tidy)
    except NotAQuantity as no:
        raise Refused("Type a serial such as %(serial)s, or its number.", field=field, serial=run.serial(1)) from no


def read_span(run: Run, first: str | None, last: str | None) -> Typed:
    """First and last as typed; an empty last means one stamp. Complaints about both come together."""
    numbers: dict[str, int] = {}
    found = []
    for field, text in (("first", first), ("last", last or first)):
        try:
            numbers[field] = read_serial(run, text or "", field)
        except Refused as refused:
            if field == "first" or last:
                found.append(refused)
    refuse_all(found)
    low, high = sorted(numbers.values())
    return Typed(low, high, swapped=numbers["first"] > numbers["last"])


def read_list(run: Run, text: str, *, in_order: bool = False) -> list[Span]:
    """`12, 15-20; HCL-26A-0000033` as spans in order, overlapping ones joined. `in_order`: refuse reversed."""
    parts = [part for part in re.split(r"[,;\n]+", text.translate(_DASHES)) if part.strip()]
    if not parts:
        raise Refused("Type the serials of the stamps.", field="serials")
    if len(parts) > MOST_SPANS:
        raise Refused("At most %(most)s serials or ranges at a time.", field="serials", most=MOST_SPANS)
    spans = [_span(run, part) for part in parts]
    for low, high in spans if in_order else ():
        if low > high:
            raise Refused(
                "The range %(first)s to %(last)s runs backwards: type the smaller serial first.",
                field="serials",
                first=run.serial(low),
                last=run.serial(high),
            )
    return _joined(sorted((min(span), max(span)) for span in spans))


def _span(run: Run, part: str) -> Span:
    for cut in [match.start() for match in re.finditer("-", part)]:
        left, right = part[:cut], part[cut + 1 :]
        if _looks_like_serial(left) and _looks_like_serial(right):
            return read_serial(run, left, "serials"), read_serial(run, right, "serials")
    number = read_serial(run, part, "serials")
    return number, number


def _looks_like_serial(text: str) -> bool:
    tidy = re.sub(r"\s+", "", text.upper())
    return bool(WHOLE_SERIAL.fullmatch(tidy)) or (tidy.isascii() and tidy.isdigit())


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for first, last in spans:
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def run_of_serial(session: Session, text: str) -> tuple[Run, int | None] | None:
    """The run whose label a text names, and the number after it if there is one; None where it names no run."""
    tidy = re.sub(r"\s+", "", text.upper().translate(_DASHES))
    whole = WHOLE_SERIAL.fullmatch(tidy)
    run = session.scalars(select(Run).where(Run.label == (whole[1] if whole else tidy))).first()
    if run is None:
        return None
    number = int(whole[2]) if whole else None
    return run, (number if number is not None and 1 <= number <= run.count else None)
