"""Cases of stamps that seem to be copied: opened by the score, looked into and closed by staff."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import (
    CaseState,
    CopyCase,
    CopyCaseStep,
    Dispatch,
    DispatchLine,
    Run,
    Scan,
    ScanDay,
    ScanNorm,
    StampRange,
)
from ..standards import geography
from ..standards.provinces import province_of
from .actor import SERVICE, Actor
from .clones import Score, Sighting, Usual, score, usual
from .history import record
from .notices import notify
from .refused import Refused

MOST_SIGHTINGS = 1_000
CLOSED = frozenset({CaseState.COPIED, CaseState.CLEARED})


def judge(session: Session, run_id: int, number: int, *, now: datetime) -> CopyCase | None:
    """Score a stamp by all that was seen of it; opens a case the first time it is suspicious."""
    if session.scalar(select(CopyCase.id).where(CopyCase.run_id == run_id, CopyCase.number == number)) is not None:
        return None
    judged = score_of(session, run_id, number)
    if not judged.suspicious:
        return None
    stamps = range_of(session, run_id, number)
    case = CopyCase(
        cooperative_id=stamps.cooperative_id,
        run_id=run_id,
        number=number,
        batch_id=stamps.batch_id,
        points_milli=round(judged.total * 1000),
        visitor_days=judged.visitor_days,
        reasons=json.dumps(judged.points),
        created_at=now,
    )
    session.add(case)
    session.flush()
    facts = {"stamp": case.serial, "visitor_days": case.visitor_days, "points_milli": case.points_milli}
    record(session, "copy_case.opened", case, actor=SERVICE, now=now, facts=facts)
    for office in ("officer", "auditor"):
        notify(
            session,
            "Stamp %(serial)s seems to be on several packages: it was scanned on %(count)s visitor-days.",
            now=now,
            office=office,
            url=f"/staff/cases/{case.public_id}",
            serial=case.serial,
            count=case.visitor_days,
        )
    return case


def range_of(session: Session, run_id: int, number: int) -> StampRange:
    inside = (StampRange.run_id == run_id, StampRange.first <= number, StampRange.last >= number)
    return session.scalars(select(StampRange).where(*inside)).one()


def held_by(session: Session, run_id: int, number: int) -> str:
    """The grower to whom a stamp was handed over last, "" where nobody was; never public."""
    held = range_of(session, run_id, number).hand_over
    return held.grower.name if held else ""


def score_of(session: Session, run_id: int, number: int) -> Score:
    stamps = range_of(session, run_id, number)
    return score(sightings_of(session, run_id, number), usual_for(session, stamps), shipped_to(session, stamps))


def sightings_of(session: Session, run_id: int, number: int) -> list[Sighting]:
    """Every scan of a stamp; of folded days only the counts are left, and each is a visitor of its own."""
    single = select(Scan).where(Scan.run_id == run_id, Scan.number == number).order_by(Scan.id).limit(MOST_SIGHTINGS)
    seen = [
        Sighting(row.day_on, row.visitor, row.hour_at, row.province, row.early, row.late, row.after_pin)
        for row in session.scalars(single)
    ]
    folded = select(ScanDay).where(ScanDay.run_id == run_id, ScanDay.number == number).limit(MOST_SIGHTINGS)
    for row in session.scalars(folded):
        place = row.province or None
        seen += [
            Sighting(row.day_on, (place, n), None, place, n < row.early, n < row.late, n < row.after_pin)
            for n in range(row.scans)
        ]
    return seen


def usual_for(session: Session, stamps: StampRange) -> Usual:
    product_id = stamps.batch.product_id if stamps.batch else stamps.run.product_id
    norm = session.get(ScanNorm, product_id) if product_id is not None else None
    return Usual() if norm is None else usual(norm.once, norm.twice, norm.active, norm.scanned)


def shipped_to(session: Session, stamps: StampRange) -> frozenset[str]:
    """Provinces where the batch was sold, as far as the slips name them; home always counts when any is named."""
    if stamps.batch_id is None:
        return frozenset()
    places = session.scalars(
        select(Dispatch.place)
        .join(DispatchLine, DispatchLine.dispatch_id == Dispatch.id)
        .where(DispatchLine.batch_id == stamps.batch_id, Dispatch.voided_reason.is_(None), Dispatch.place.is_not(None))
    )
    named = {province_of(place) for place in places if place} - {None}
    return frozenset({geography.PROVINCE_CODE} | {code for code in named if code}) if named else frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """What the page of a suspected stamp tells of its scans."""

    scans: int
    first_on: date
    first_province: str | None


def told_of(session: Session, run_id: int, number: int) -> Told | None:
    seen = sightings_of(session, run_id, number)
    if not seen:
        return None
    first = min(seen, key=lambda each: (each.day_on, each.hour_at is None, each.hour_at))
    on_that_day = [each.province for each in seen if each.day_on == first.day_on and each.province]
    return Told(len(seen), first.day_on, first.province or next(iter(on_that_day), None))


def suspects(session: Session) -> dict[tuple[int, int], int]:
    """Stamps with a case that nobody has cleared: (run number, serial number) → the run's key."""
    newest = select(func.max(CopyCaseStep.id)).group_by(CopyCaseStep.case_id)
    cleared = select(CopyCaseStep.case_id).where(CopyCaseStep.id.in_(newest), CopyCaseStep.state == CaseState.CLEARED)
    query = select(Run.number, CopyCase.number, Run.id).join(Run, Run.id == CopyCase.run_id)
    rows = session.execute(query.where(CopyCase.id.not_in(cleared))).all()
    return {(run_number, number): run_id for run_number, number, run_id in rows}


def cases(session: Session, *, closed: bool = False, most: int = 200) -> list[CopyCase]:
    """Open cases, the gravest first; or those that were closed, the newest first."""
    order = CopyCase.id.desc() if closed else CopyCase.points_milli.desc()
    rows: Iterable[CopyCase] = session.scalars(select(CopyCase).order_by(order).limit(most * 5))
    return [case for case in rows if (case.state in CLOSED) == closed][:most]


def settle(session: Session, case: CopyCase, state: CaseState, note: str | None, *, by: Actor, now: datetime) -> None:
    """Staff's word: being looked into, copied indeed, or no copy. A verdict needs a note."""
    session.execute(select(CopyCase.id).where(CopyCase.id == case.id).with_for_update()).one()
    session.refresh(case, ["steps"])
    note = (note or "").strip() or None
    if case.cooperative_id in by.belongs_to:
        raise Refused("You belong to this cooperative: somebody else looks into it.")
    if state in CLOSED and note is None:
        raise Refused("Write what was found.", field="note")
    if case.state is state or state is CaseState.OPEN:
        raise Refused("Somebody else has written this already: look again.", conflict=True)
    case.steps.append(CopyCaseStep(state=state, note=note, at=now, by_person_id=by.person_id))
    session.flush()
    record(session, f"copy_case.{state.value}", case, actor=by, now=now, facts={"stamp": case.serial})


def cases_of_batches(session: Session, batch_ids: Sequence[int]) -> list[CopyCase]:
    return list(session.scalars(select(CopyCase).where(CopyCase.batch_id.in_(batch_ids)).order_by(CopyCase.id)))
