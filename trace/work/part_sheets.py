"""Part-used sheets: which cells are gone, remembered after a print and offered for the next."""

import json
import re
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from labels import Sheet, Stock, free_cells, pages

from ..records import PartSheet, Printing
from .actor import Actor
from .history import record
from .print_choices import printed_stock
from .refused import Refused

MOST_OFFERED = 12
CELLS = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")


def read_cells(text: str, stock: Stock) -> frozenset[int]:
    """`1-7, 12` as cells counted from 0. Raises `Refused` beside `used`."""
    cells: set[int] = set()
    for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–—]\s*", "-", text.strip())):
        match = CELLS.fullmatch(part)
        if part and match is None:
            raise Refused("Type places such as 1-7, 12.", field="used_typed")
        if match:
            low, high = sorted((int(match[1]), int(match[2] or match[1])))
            cells.update(range(low - 1, min(high, stock.cells + 1)))
    if cells and not 0 <= min(cells) <= max(cells) < stock.cells:
        raise Refused("This sheet has the places 1 to %(most)s.", field="used_typed", most=stock.cells)
    return frozenset(cells)


def written_cells(cells: Iterable[int]) -> str:
    """The other way round."""
    spans: list[list[int]] = []
    for cell in sorted(cells):
        if spans and cell == spans[-1][1] + 1:
            spans[-1][1] = cell
        else:
            spans.append([cell, cell])
    return ", ".join(f"{low + 1}-{high + 1}" if low < high else str(low + 1) for low, high in spans)


def free_in(sheet: PartSheet) -> int:
    return printed_stock(sheet.printing).cells - len(json.loads(sheet.used))


def offered(session: Session, cooperative_id: int) -> list[PartSheet]:
    """Sheets with free cells, the newest first."""
    query = select(PartSheet).where(PartSheet.cooperative_id == cooperative_id, PartSheet.ended_at.is_(None))
    return list(session.scalars(query.order_by(PartSheet.id.desc()).limit(MOST_OFFERED)))


def part_sheet(session: Session, cooperative_id: int, public_id: str) -> PartSheet | None:
    """One that is still offered."""
    query = select(PartSheet).where(PartSheet.cooperative_id == cooperative_id, PartSheet.public_id == public_id)
    return session.scalars(query.where(PartSheet.ended_at.is_(None))).first()


def take(session: Session, sheet: PartSheet, *, now: datetime) -> None:
    """Print on it. Of two people who want the same sheet one is refused."""
    taken = session.execute(
        update(PartSheet)
        .where(PartSheet.id == sheet.id, PartSheet.ended_at.is_(None))
        .values(ended_at=now)
        .returning(PartSheet.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if taken is None:
        raise Refused("Somebody else has just printed on this sheet.", field="part", conflict=True)


def discard(session: Session, sheet: PartSheet, *, actor: Actor, now: datetime) -> None:
    """The paper is gone: it is offered no more."""
    take(session, sheet, now=now)
    record(session, "part_sheet.discarded", sheet, actor=actor, now=now, facts={"number": sheet.number})


def give_back(session: Session, printing: Printing, *, now: datetime) -> None:
    """A print that comes to nothing leaves no sheet behind, and the one it was to go on with is offered again."""
    left = update(PartSheet).where(PartSheet.printing_id == printing.id, PartSheet.ended_at.is_(None))
    session.execute(left.values(ended_at=now).execution_options(synchronize_session=False))
    taken = json.loads(printing.words).get("part")
    if taken:
        back = update(PartSheet).where(PartSheet.public_id == taken).values(ended_at=None)
        session.execute(back.execution_options(synchronize_session=False))


def remember(session: Session, printing: Printing, used: Iterable[int], count: int, *, now: datetime) -> None:
    """Keep the last sheet of a printing of `count` labels if cells of it are left."""
    stock = printed_stock(printing)
    if stock.roll or stock.cells == 1:
        return
    sheet = Sheet(used=(frozenset(used),))
    number = pages(stock, sheet, count)
    before = sum(len(free_cells(stock, sheet, page)) for page in range(number - 1))
    free = free_cells(stock, sheet, number - 1)[count - before :]
    if not free:
        return
    gone = [cell for cell in range(stock.cells) if cell not in free]
    session.add(
        PartSheet(
            printing_id=printing.id,
            cooperative_id=printing.cooperative_id,
            number=number,
            stock=printing.stock,
            used=json.dumps(gone),
            created_at=now,
        )
    )
