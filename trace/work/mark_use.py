"""The use of a mark: who may use it by the owner's consent, and on which batches and how many stamps it stood."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, selectinload

from ..records import Batch, RangeState, StampRange, Trademark, TrademarkConsent
from .actor import Actor
from .history import record
from .refused import Refused, refuse_all


@dataclass(frozen=True, slots=True)
class Use:
    """One batch that bore the mark: stamps activated on it, and those made void since."""

    batch: Batch
    active: int
    gone: int


def uses(session: Session, mark: Trademark, start: date, end: date) -> list[Use]:
    """Batches handed in under the mark and packed between two days, in the order of their packing."""
    size = StampRange.last - StampRange.first + 1
    active = func.sum(case((StampRange.state == RangeState.ACTIVE, size), else_=0))
    gone = func.sum(case((StampRange.state != RangeState.ACTIVE, size), else_=0))
    counted = select(StampRange.batch_id, active.label("active"), gone.label("gone")).group_by(StampRange.batch_id)
    stamps = counted.where(StampRange.batch_id.is_not(None)).subquery()
    query = (
        select(Batch, func.coalesce(stamps.c.active, 0), func.coalesce(stamps.c.gone, 0))
        .outerjoin(stamps, stamps.c.batch_id == Batch.id)
        .where(Batch.trademark_id == mark.id, Batch.submitted_at.is_not(None), Batch.packed_on.between(start, end))
        .order_by(Batch.packed_on, Batch.id)
        .options(selectinload(Batch.product), selectinload(Batch.intake), selectinload(Batch.decisions))
    )
    return [Use(batch, int(count), int(void)) for batch, count, void in session.execute(query)]


def consent(
    session: Session,
    mark: Trademark,
    holder: str,
    *,
    document: str | None,
    from_on: date,
    to_on: date | None,
    actor: Actor,
    now: datetime,
) -> TrademarkConsent:
    """The owner lets `holder` use the mark, under its rules of use."""
    found = []
    if not holder.strip():
        found.append(Refused("Write who may use it.", field="holder"))
    if to_on is not None and to_on < from_on:
        found.append(Refused("The last day lies before the first.", field="to_on"))
    ends = mark.term_ends_on
    if ends is not None and from_on > ends:
        found.append(Refused("This day lies after the mark's term.", field="from_on"))
    refuse_all(found)
    given = TrademarkConsent(
        cooperative_id=mark.cooperative_id,
        holder=holder.strip(),
        document=(document or "").strip() or None,
        from_on=from_on,
        to_on=to_on,
        created_at=now,
    )
    mark.consents.append(given)
    session.flush()
    record(session, "trademark.consented", given, actor=actor, now=now)
    return given


def withdraw_consent(
    session: Session,
    given: TrademarkConsent,
    day: date,
    reason: str | None,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    found = []
    if given.withdrawn_on is not None:
        found.append(Refused("This consent has been withdrawn already.", conflict=True))
    if not given.from_on <= day <= today:
        found.append(Refused("This day lies in the future, or before the consent.", field="day"))
    if not (reason or "").strip():
        found.append(Refused("Say why it is withdrawn.", field="reason"))
    refuse_all(found)
    given.withdrawn_on, given.reason = day, (reason or "").strip()
    session.flush()
    record(session, "trademark.consent_withdrawn", given, actor=actor, now=now)
