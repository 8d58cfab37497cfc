"""Orders of stamps: off until the province turns them on; then no stamp is made that an officer has not approved.

An order is a run whose stamps are `ordered`. Approval makes them; what is not approved of it is void.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from ..records import (
    Batch,
    Cooperative,
    OrderVerdict,
    Product,
    RangeState,
    Run,
    StampOrder,
    StampOrderDecision,
)
from .actor import Actor
from .days import day_of
from .history import record
from .keyring import Keyring
from .notices import notify
from .ranges import locked, move
from .refused import Refused
from .run_numbers import Numbering
from .stamp_limits import limit_of
from .stamps import issue_stamps, orders_on


@dataclass(frozen=True, slots=True)
class Wanted:
    count: int
    product: Product | None = None
    batch: Batch | None = None
    note: str | None = None


def place_order(
    session: Session,
    keyring: Keyring,
    numbering: Numbering,
    cooperative: Cooperative,
    wanted: Wanted,
    *,
    released: bool,
    actor: Actor,
    now: datetime,
) -> StampOrder:
    """Ask for a run. It has its numbers at once; its stamps are nobody's to print until an officer approves."""
    today = day_of(now)
    if not orders_on(session, today):
        raise Refused("Stamps need no order here: issue them.")
    product = wanted.batch.product if wanted.batch else wanted.product
    if product is None:
        raise Refused("Choose a batch, or the product that the stamps are for.", field="batch")
    if not released:
        raise Refused("Stamps can be ordered once the operator has confirmed the public address.")
    session.get_one(Cooperative, cooperative.id, with_for_update=True)  # two orders at once share one limit
    limit = limit_of(session, cooperative, product, today)
    if wanted.count > limit.left:
        raise Refused(
            "The certificates allow %(left)s more stamps of this product in this certificate year.",
            field="count",
            left=limit.left,
        )
    run = issue_stamps(
        session, keyring, numbering, cooperative, wanted.count,
        actor=actor, now=now, batch=wanted.batch, product=product, released=released, state=RangeState.ORDERED,
    )  # fmt: skip
    order = StampOrder(
        cooperative_id=cooperative.id,
        run_id=run.id,
        product_id=product.id,
        batch_id=wanted.batch.id if wanted.batch else None,
        count=wanted.count,
        limit_count=limit.left,
        note=wanted.note,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(order)
    session.flush()
    record(session, "stamps.ordered", order, actor=actor, now=now)
    message = "%(name)s orders %(count)s stamps and waits for your decision."
    url = f"/office/orders/{order.public_id}"
    notify(session, message, now=now, office="officer", url=url, name=cooperative.name, count=wanted.count)
    return order


def approve_order(
    session: Session, order: StampOrder, count: int | None, *, by: Actor, now: datetime, reason: str | None = None
) -> None:
    """All of it, or the first `count`; whoever approves fewer says why."""
    run = _open(session, order, by)
    count = order.count if count is None else count
    if not 1 <= count <= order.count:
        raise Refused("Approve 1 to %(most)s stamps.", field="count", most=order.count)
    if count < order.count and not (reason or "").strip():
        raise Refused("Say why fewer are approved: the cooperative will read it.", field="reason")
    move(session, run, 1, count, RangeState.MADE, actor=by, now=now)
    if count < order.count:
        move(session, run, count + 1, order.count, RangeState.VOID, actor=by, now=now, reason=(reason or "").strip())
    _decide(session, order, OrderVerdict.APPROVED, count, reason, by=by, now=now)
    _tell(session, order, "Your order of stamps %(run)s is approved: print them.", now)


def refuse_order(session: Session, order: StampOrder, reason: str, *, by: Actor, now: datetime) -> None:
    run = _open(session, order, by)
    if not reason.strip():
        raise Refused("Give the reason: the cooperative will read it.", field="reason")
    move(session, run, 1, order.count, RangeState.VOID, actor=by, now=now, reason=reason.strip())
    _decide(session, order, OrderVerdict.REFUSED, 0, reason, by=by, now=now)
    _tell(session, order, "Your order of stamps %(run)s is refused: the reason stands on its page.", now)


def _open(session: Session, order: StampOrder, by: Actor) -> Run:
    run = locked(session, session.get_one(Run, order.run_id))
    session.refresh(order, ["decision"])
    if order.decision is not None:
        raise Refused("This order has been decided already.", conflict=True)
    if order.cooperative_id in by.belongs_to:
        raise Refused("You belong to this cooperative: somebody else decides on its orders.")
    return run


def _decide(
    session: Session, order: StampOrder, verdict: OrderVerdict, count: int, reason: str | None, *, by: Actor,
    now: datetime,
) -> None:  # fmt: skip
    order.decision = StampOrderDecision(
        cooperative_id=order.cooperative_id,
        verdict=verdict,
        count=count,
        reason=(reason or "").strip() or None,
        at=now,
        by_person_id=by.person_id,
    )
    session.flush()
    facts = {"verdict": verdict.value, "count": count, "reason": order.decision.reason}
    kind = "stamps.order_approved" if verdict is OrderVerdict.APPROVED else "stamps.order_refused"
    record(session, kind, order, actor=by, now=now, facts=facts)


def _tell(session: Session, order: StampOrder, message: str, now: datetime) -> None:
    url = f"/my/stamps/orders/{order.public_id}"
    notify(session, message, now=now, cooperative_id=order.cooperative_id, url=url, run=order.run.label)


def orders(session: Session, cooperative: Cooperative | None = None, *, most: int = 200) -> Iterator[StampOrder]:
    """The newest first; for an office those that wait come first."""
    query = select(StampOrder).options(selectinload(StampOrder.decision), selectinload(StampOrder.run))
    if cooperative is not None:
        query = query.where(StampOrder.cooperative_id == cooperative.id)
    rows = list(session.scalars(query.order_by(StampOrder.id.desc()).limit(most)))
    return iter(rows if cooperative is not None else sorted(rows, key=lambda row: row.decision is not None))


def orders_waiting(session: Session) -> int:
    decided = select(StampOrderDecision.order_id)
    return session.scalar(select(func.count(StampOrder.id)).where(StampOrder.id.not_in(decided))) or 0
