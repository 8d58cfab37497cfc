"""Stamps scanned on site: each told at once, repeats flagged; sent late from a phone's queue, and kept once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import RangeState, Visit, VisitScan
from .actor import Actor
from .history import record
from .keyring import Keyring
from .refused import Refused
from .staffsearch import FoundStamp, find_stamp
from .visits import hold_open

LONGEST = 300
MOST_AT_ONCE = 200
LONGEST_MARK = 32


@dataclass(frozen=True, slots=True)
class Scanned:
    """As the phone has it: its own mark, what was read, and when by its clock."""

    mark: str
    text: str
    at: datetime


def take_scans(
    session: Session, visit: Visit, scans: list[Scanned], *, keyring: Keyring, by: Actor, now: datetime, today: date
) -> list[VisitScan]:
    """Keep each scan once, by its mark; what was sent before is answered as then. In the order they came."""
    hold_open(session, visit, by)
    if len(scans) > MOST_AT_ONCE:
        raise Refused("At most %(most)s scans at once.", most=MOST_AT_ONCE)
    known = {row.mark: row for row in session.scalars(select(VisitScan).where(VisitScan.visit_id == visit.id))}
    seen: set[tuple[int | None, int | None]] = {
        (row.run_id, row.number) for row in known.values() if row.run_id is not None
    }
    taken = []
    for scan in scans:
        row = known.get(scan.mark)
        if row is None:
            row = _take(session, visit, scan, seen, keyring=keyring, by=by, now=now, today=today)
            known[scan.mark] = row
        taken.append(row)
    session.flush()
    return taken


def _take(
    session: Session,
    visit: Visit,
    scan: Scanned,
    seen: set[tuple[int | None, int | None]],
    *,
    keyring: Keyring,
    by: Actor,
    now: datetime,
    today: date,
) -> VisitScan:
    found = find_stamp(session, keyring, scan.text[:LONGEST], today=today)
    place = (found.run.id, found.number) if found else (None, None)
    row = VisitScan(
        cooperative_id=visit.cooperative_id,
        visit_id=visit.id,
        mark=scan.mark[:LONGEST_MARK],
        text=scan.text[:LONGEST],
        run_id=place[0],
        number=place[1],
        verdict=_verdict(visit, found),
        repeated=found is not None and place in seen,
        scanned_at=min(scan.at, now + timedelta(days=1)),
        received_at=now,
        by_person_id=by.person_id,
    )
    seen.add(place)
    session.add(row)
    facts = {"mark": row.mark, "verdict": row.verdict, "repeated": row.repeated,
             "stamp": found.serial if found else None}  # fmt: skip
    record(session, "visit.scanned", visit, actor=by, now=now, facts=facts)
    return row


def _verdict(visit: Visit, found: FoundStamp | None) -> str:
    if found is None:
        return "unknown"
    on_batch = found.stamps.state == RangeState.ACTIVE
    if found.stamps.cooperative_id != visit.cooperative_id:
        return "foreign"
    if on_batch and visit.batch_id is not None and found.stamps.batch_id != visit.batch_id:
        return "foreign"
    return found.verdict.value


def new_stamps(visit: Visit) -> int:
    """How many different stamps have been scanned, repeats and unknown codes aside."""
    return len({(row.run_id, row.number) for row in visit.scans if row.run_id is not None})
