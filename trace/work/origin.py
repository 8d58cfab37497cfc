"""The origin of a stamp as a consumer is shown it: gathered from the records, with consent weighed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import (
    Batch,
    BatchVerdict,
    Certificate,
    CertificateVerdict,
    Cooperative,
    Dispatch,
    DispatchLine,
    Entry,
    RangeState,
    StampRange,
)
from .care import care_seen, tests_seen
from .days import day_of
from .deployments import setting
from .origin_parts import (
    Shown,
    batch_seen,
    certificates_seen,
    cooperative_seen,
    plots_seen,
    product_seen,
    spots_seen,
    trademarks_seen,
)
from .public import gln_of
from .seen import CooperativeSeen, CorrectionSeen, DispatchSeen, EventSeen, HistorySeen, OfficeSeen, StampPage
from .standing import STOPPED, StampVerdict, batch_verdict, shelf_life_ends_on, stamp_verdict, uncovered

MOST_HISTORY = 60
Told = tuple[date | None, str]
NOTHING_TOLD: Told = (None, "")
TELLS_ORIGIN = frozenset(
    {
        StampVerdict.VALID,
        StampVerdict.LAPSED,
        StampVerdict.PAST_SHELF_LIFE,
        StampVerdict.RECALLED,
        StampVerdict.SUSPENDED,
    }
)
"""Verdicts under which the batch is shown; a void or unactivated stamp must lend no origin to what it sticks on."""


def stamp_page(session: Session, stamps: StampRange, shown: Shown, *, code: str, serial: str) -> StampPage:
    """Everything the page of a stamp of this range says."""
    verdict = stamp_verdict(stamps, shown.today)
    run = stamps.run
    batch = stamps.batch if verdict in TELLS_ORIGIN else None
    product = stamps.batch.product if stamps.batch else run.product
    told = _told(stamps, verdict)
    activated_on = day_of(stamps.active_at) if stamps.active_at else None
    return StampPage(
        verdict=verdict,
        code=code,
        serial=serial,
        verdict_on=told[0],
        verdict_reason=told[1],
        cooperative=_cooperative(session, run.cooperative_id, shown),
        product=product_seen(product, batch, shown) if product else None,
        history=_history(session, run.public_id, batch.public_id if batch else None),
        office=office(session, shown),
        **(_of_batch(session, batch, verdict, shown, activated_on) if batch else {}),
    )


def batch_page(session: Session, batch: Batch, shown: Shown) -> StampPage:
    """The same of a batch, whatever stamps are on it: without code and serial."""
    verdict = batch_verdict(batch, shown.today)
    tell = _TELL.get(verdict)
    told = tell(batch) if tell else NOTHING_TOLD
    return StampPage(
        verdict=verdict,
        code="",
        serial="",
        verdict_on=told[0],
        verdict_reason=told[1],
        cooperative=_cooperative(session, batch.cooperative_id, shown),
        product=product_seen(batch.product, batch, shown),
        history=_history(session, batch.public_id),
        office=office(session, shown),
        **_of_batch(session, batch, verdict, shown, None),
    )


def _cooperative(session: Session, cooperative_id: int, shown: Shown) -> CooperativeSeen:
    cooperative = session.get_one(Cooperative, cooperative_id)
    return replace(cooperative_seen(cooperative, shown), gln=gln_of(session, cooperative))


def _of_batch(
    session: Session, batch: Batch, verdict: StampVerdict, shown: Shown, activated_on: date | None
) -> dict[str, Any]:
    return {
        "lapse": _lapse(batch) if verdict is StampVerdict.LAPSED else "",
        "batch": batch_seen(batch),
        "plots": plots_seen(batch),
        "spots": spots_seen(batch),
        "certificates": certificates_seen(batch, shown),
        "trademarks": trademarks_seen(batch, shown),
        "events": tuple(sorted(_events(session, batch, activated_on), key=lambda event: event.on)),
        "corrections": tuple(CorrectionSeen(day_of(row.at), row.text) for row in batch.corrections),
        "care": care_seen(session, batch),
        "tests": tests_seen(session, batch),
        "dispatches": dispatches_seen(session, batch),
    }


def office(session: Session, shown: Shown) -> OfficeSeen:
    """Whom to ask: the office as it is called today."""
    name = setting(session, f"office.{shown.language}", shown.today)
    return OfficeSeen(name=name, phone=setting(session, "office.phone", shown.today) or "")


def _told(stamps: StampRange, verdict: StampVerdict) -> Told:
    """The day and the reason that belong to a verdict."""
    if verdict in {StampVerdict.VOID, StampVerdict.LOST}:
        return day_of(stamps.since_at), ""  # why a stamp was voided is the cooperative's own matter
    if stamps.state == RangeState.RECALLED:
        return day_of(stamps.since_at), stamps.reason or ""
    tell = _TELL.get(verdict)
    return tell(stamps.batch) if tell and stamps.batch else NOTHING_TOLD


def _of_decision(batch: Batch, verdict: BatchVerdict) -> Told:
    decision = batch.last(verdict)
    if decision is None:
        return NOTHING_TOLD
    return day_of(decision.at), "\n".join(words for words in (decision.reason, decision.advice) if words)


def _of_suspension(batch: Batch) -> Told:
    """The batch's own suspension, or that of the certificate it stands on."""
    if batch.verdict is BatchVerdict.SUSPENDED:
        return _of_decision(batch, BatchVerdict.SUSPENDED)
    stopped = (gap.line.certificate for gap in uncovered(batch) if gap.state in STOPPED)
    return next(map(_last_stop, stopped), NOTHING_TOLD)


def _last_stop(certificate: Certificate) -> Told:
    stops = {CertificateVerdict.SUSPENDED, CertificateVerdict.CANCELLED, CertificateVerdict.REFUSED}
    for decision in reversed(certificate.decisions):
        if decision.verdict in stops:
            return day_of(decision.at), decision.reason or ""
    return NOTHING_TOLD


_TELL: dict[StampVerdict, Callable[[Batch], Told]] = {
    StampVerdict.RECALLED: lambda batch: _of_decision(batch, BatchVerdict.RECALLED),
    StampVerdict.SUSPENDED: _of_suspension,
    StampVerdict.LAPSED: lambda batch: (next((gap.line.certificate.expires_on for gap in uncovered(batch)), None), ""),
    StampVerdict.PAST_SHELF_LIFE: lambda batch: (shelf_life_ends_on(batch), ""),
}


def _lapse(batch: Batch) -> str:
    return next((gap.state.value for gap in uncovered(batch)), "")


def _events(session: Session, batch: Batch, activated_on: date | None) -> Iterator[EventSeen]:
    for day in sorted({line.harvested_on for line in batch.intake}):
        plots = [line.plot for line in batch.intake if line.harvested_on == day and line.plot]
        codes = sorted({plot.area_code for plot in plots if plot.area_code})
        yield EventSeen("harvested", day, declared=True, place_code=", ".join(codes))
    if batch.packed_on:
        yield EventSeen("packed", batch.packed_on, declared=True)
    if batch.submitted_at:
        yield EventSeen("submitted", day_of(batch.submitted_at), declared=True)
    for decision in batch.decisions:
        kind = "cleared" if decision.verdict == BatchVerdict.CERTIFIED else decision.verdict
        yield EventSeen(kind, day_of(decision.at), declared=False, text=decision.reason or "", by=decision.office or "")
    if activated_on:
        yield EventSeen("activated", activated_on, declared=True)
    for row in dispatches_seen(session, batch):
        yield EventSeen("dispatched", row.on, declared=True, place=row.place)


def dispatches_seen(session: Session, batch: Batch) -> tuple[DispatchSeen, ...]:
    """Days on which goods of the batch left; buyer and place only where the cooperative allows it."""
    query = (
        select(Dispatch)
        .join(DispatchLine, DispatchLine.dispatch_id == Dispatch.id)
        .where(DispatchLine.batch_id == batch.id, Dispatch.voided_reason.is_(None))
        .order_by(Dispatch.on_day, Dispatch.id)
        .distinct()
    )
    return tuple(
        DispatchSeen(row.on_day, place=row.place or "", buyer=row.buyer.name)
        if row.buyer.public
        else DispatchSeen(row.on_day)
        for row in session.scalars(query)
    )


def _history(session: Session, *subjects: str | None) -> tuple[HistorySeen, ...]:
    about = [subject for subject in subjects if subject]
    query = select(Entry.at, Entry.kind, Entry.index).where(Entry.subject.in_(about)).order_by(Entry.index.desc())
    rows = session.execute(query.limit(MOST_HISTORY)).all()
    return tuple(HistorySeen(day_of(at), kind, index) for at, kind, index in reversed(rows))
