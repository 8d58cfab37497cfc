"""The demonstration's blank roll: printed first, handed to households, partly activated, returned and lost; and an
order from the morning on which the province tried approving stamps beforehand."""

from datetime import datetime

from sqlalchemy import select

from ..records import Batch, Run
from ..work.activating import activate
from ..work.days import day_of
from ..work.deployments import change_setting
from ..work.gate_rules import Gate
from ..work.gates import failing_at
from ..work.hand_overs import Handing, hand_over, take_back
from ..work.own_lists import stamps_made_for
from ..work.stamp_orders import Wanted, approve_order, place_order
from ..work.stamps import issue_stamps, mark_delivered, mark_printed, report_lost
from ..work.standing import is_cleared
from .prints import plan_prints
from .stage import Stage

HOUSE, PRODUCT = "suong-som", "hong"
ACTIVATED = 175


def plan_rolls(stage: Stage) -> None:
    stage.tell(stage.day(50), 10, lambda now: _order_on_trial(stage, now))
    stage.tell(stage.day(15), 8, lambda now: _print_a_roll(stage, now))


def _order_on_trial(stage: Stage, now: datetime) -> None:
    """One morning on which orders were on: an order, approved in part."""
    session, operator, today = stage.session, stage.by_staff("operator"), day_of(now)
    change_setting(session, "stamp_orders", True, from_on=today, actor=operator, now=now)
    wanted = Wanted(600, product=stage.products["hong"], note="Vụ hồng năm nay")
    house = stage.cooperatives["suong-som"]
    order = place_order(
        session, stage.keyring, stage.numbering, house, wanted,
        released=True, actor=stage.by_manager("suong-som"), now=now,
    )  # fmt: skip
    reason = "Duyệt theo sản lượng hai vườn đã đánh giá (dữ liệu mẫu)."
    approve_order(session, order, 450, reason=reason, by=stage.by_staff("officer"), now=now)
    change_setting(session, "stamp_orders", False, from_on=today, actor=operator, now=now)
    plan_prints(stage, order.run)


def _print_a_roll(stage: Stage, now: datetime) -> None:
    session, actor = stage.session, stage.by_manager(HOUSE)
    run = issue_stamps(
        session, stage.keyring, stage.numbering, stage.cooperatives[HOUSE], 600,
        actor=actor, now=now, product=stage.products[PRODUCT],
    )  # fmt: skip
    mark_printed(session, run, [(1, 520)], actor=actor, now=now)
    mark_delivered(session, run, 1, 500, actor=actor, now=now)
    stage.tell(stage.day(14), 9, lambda now: _hand_over(stage, run, now))


def _hand_over(stage: Stage, run: Run, now: datetime) -> None:
    session, actor, today = stage.session, stage.by_manager(HOUSE), day_of(now)
    first = Handing(stage.growers["hong"], 400_000, today)
    handed = hand_over(session, run, (1, 200), first, actor=actor, now=now, today=today)
    second = Handing(stage.growers["thach"], 240_000, today, "Nhận tại kho hợp tác xã")
    hand_over(session, run, (201, 320), second, actor=actor, now=now, today=today)

    def come_back(now: datetime) -> None:
        batch = _cleared_batch(stage)
        if batch is not None:
            activate(session, run, 1, ACTIVATED, batch, actor=actor, now=now)
        take_back(session, handed, [(176, 188), (190, 200)], actor=actor, now=now)
        report_lost(session, run, 311, 315, "Rơi trên đường về vườn (dữ liệu mẫu).", actor=actor, now=now)

    stage.tell(stage.day(6), 16, come_back)


def _cleared_batch(stage: Stage) -> Batch | None:
    """The lot that has packs and no stamps yet, if every gate lets its stamps through."""
    session, today = stage.session, stage.today
    product = stage.products[PRODUCT]
    for batch in session.scalars(select(Batch).where(Batch.product_id == product.id, Batch.packs >= ACTIVATED)):
        fits = is_cleared(batch) and stamps_made_for(session, batch) == 0
        if fits and not failing_at(session, Gate.ACTIVATE, batch, today, stamps=ACTIVATED):
            return batch
    return None
