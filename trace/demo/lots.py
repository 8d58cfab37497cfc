"""The demonstration's lots: drafted, handed in, decided, stamped and sold, each on its day."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from ..records import Batch, BatchVerdict, CertificateVerdict, Run
from ..work.activating import activate
from ..work.batches import decide, submit
from ..work.certifying import decide_certificate
from ..work.days import day_of
from ..work.dispatches import Leaving, dispatch
from ..work.drafts import Draft, Intake, draft_batch
from ..work.goods_left import Going
from ..work.seasons import Clearance, clear_season
from ..work.stamps import issue_stamps, mark_printed, void
from .data import PRODUCTS, SUSPENDED_PAPER
from .diary import report_failure, write_harvest
from .stage import Stage
from .story import BUYERS, End, Lot, Sold, fresh_lots, last_in_season

SEASON_DAYS = 60
LOSS_PERCENT = 4


def plan_fresh(stage: Stage) -> None:
    """This month's lots, under a season that an auditor cleared for just the first of them."""
    lots = fresh_lots(stage.today)
    first = lots[0]
    stage.tell(stage.day(20), 9, lambda now: _clear_season(stage, first, now))
    for lot in lots:
        plan_lot(stage, lot)


def plan_lot(stage: Stage, lot: Lot) -> None:
    packed_on = _packed_on(stage, lot)
    stage.tell(packed_on, 14, lambda now: _harvest(stage, lot, packed_on, now))
    if lot.paper == SUSPENDED_PAPER:
        stage.tell(packed_on + timedelta(days=6), 9, lambda now: _suspend_paper(stage, packed_on, now))


def _packed_on(stage: Stage, lot: Lot) -> date:
    return last_in_season(lot.product, stage.day(lot.days_ago)) if lot.days_ago > 1 else stage.day(lot.days_ago)


def _harvested_on(lot: Lot, packed_on: date) -> date:
    return packed_on - timedelta(days=0 if lot.days_ago == 0 else lot.harvested_before_days)


def harvests(stage: Stage, lots: Iterable[Lot]) -> dict[str, set[date]]:
    """By grower, the days on which something is cut for these lots."""
    found: dict[str, set[date]] = {}
    for lot in lots:
        day = _harvested_on(lot, _packed_on(stage, lot))
        for grower, _ in lot.growers:
            found.setdefault(grower, set()).add(day)
    return found


def _house_of(lot: Lot) -> str:
    return next(product.house for product in PRODUCTS if product.key == lot.product)


def _clear_season(stage: Stage, lot: Lot, now: datetime) -> None:
    kilograms = sum(weight for _, weight in lot.growers)
    wanted = Clearance(
        product=stage.products[lot.product],
        plots=[stage.plots[grower] for grower, _ in lot.growers],
        from_on=stage.day(3),  # what was picked before stands on an auditor's own decisions
        to_on=stage.today + timedelta(days=SEASON_DAYS),
        limit_g=(kilograms + 20) * 1000,
        note="Đã kiểm tra vườn và sổ ghi chép trước vụ.",
    )
    cooperative = stage.cooperatives[_house_of(lot)]
    clear_season(stage.session, cooperative, wanted, by=stage.by_staff("auditor"), now=now, today=day_of(now))


def _suspend_paper(stage: Stage, packed_on: date, now: datetime) -> None:
    reason = "Đánh giá giám sát: chưa khắc phục điểm không phù hợp (dữ liệu mẫu)."
    reaches_from = packed_on - timedelta(days=3)
    paper, auditor = stage.papers[SUSPENDED_PAPER], stage.by_staff("auditor")
    decide_certificate(
        stage.session,
        paper,
        CertificateVerdict.SUSPENDED,
        by=auditor,
        now=now,
        reaches_from=reaches_from,
        reason=reason,
    )


def _harvest(stage: Stage, lot: Lot, packed_on: date, now: datetime) -> None:
    """Draft the lot, hand it in unless it stays a draft, and plan what becomes of it."""
    house = _house_of(lot)
    actor, cooperative = stage.by_manager(house), stage.cooperatives[house]
    batch = draft_batch(
        stage.session, cooperative, _draft(stage, lot, packed_on), actor=actor, now=now, today=day_of(now)
    )
    if lot.end is End.DRAFT:
        return
    submit(stage.session, batch, actor=actor, now=now, today=day_of(now))
    stage.tell(packed_on, 18, lambda now: write_harvest(stage, house, batch, now))
    if lot.end is not End.WAITING:
        _become(stage, lot, batch, packed_on)


def _draft(stage: Stage, lot: Lot, packed_on: date) -> Draft:
    scope = {line.plot_id: line for line in stage.papers[lot.paper].scope}
    harvested_on = _harvested_on(lot, packed_on)
    lines = tuple(
        Intake(
            harvested_on=harvested_on,
            weight_g=kilograms * 1000,
            plot=stage.plots[grower],
            scope_line=scope[stage.plots[grower].id],
        )
        for grower, kilograms in lot.growers
    )
    return Draft(
        product=stage.products[lot.product],
        lines=lines,
        packed_on=packed_on,
        packs=lot.packs,
        loss_g=sum(line.weight_g for line in lines) * LOSS_PERCENT // 100,
        trademark=stage.marks[lot.mark] if lot.mark else None,
        note=lot.note,
    )


def _become(stage: Stage, lot: Lot, batch: Batch, packed_on: date) -> None:
    def decided(verdict: BatchVerdict, days: int, hour: int) -> None:
        adverse = verdict is not BatchVerdict.CERTIFIED
        reason, advice = (lot.reason, lot.advice) if adverse else (None, None)
        auditor = stage.by_staff("auditor")
        day = packed_on + timedelta(days=days)
        stage.tell(
            day,
            hour,
            lambda now: _ignore(
                decide(stage.session, batch, verdict, by=auditor, now=now, reason=reason, advice=advice)
            ),
        )

    if lot.end is End.REFUSED:
        return decided(BatchVerdict.REFUSED, 1, 10)
    if lot.end is not End.BY_RULE:
        decided(BatchVerdict.CERTIFIED, 0, 16)
    if lot.stamps:
        stage.tell(packed_on, 17, lambda now: _stamp(stage, lot, batch, now))
    for sold in lot.sold:
        day = min(packed_on + timedelta(days=sold.days_after), stage.today)
        stage.tell(day, 18, lambda now, sold=sold: _sell(stage, lot, batch, sold, now))  # type: ignore[misc]
    if lot.end is End.RECALLED:
        stage.tell(packed_on + timedelta(days=3), 8, lambda now: report_failure(stage, _house_of(lot), batch, now))
        decided(BatchVerdict.RECALLED, 3, 9)
    if lot.end is End.SUSPENDED:
        decided(BatchVerdict.SUSPENDED, 2, 9)
    return None


def _ignore(_result: object) -> None:
    """An event gives nothing back."""


def _stamp(stage: Stage, lot: Lot, batch: Batch, now: datetime) -> None:
    assert lot.stamps is not None
    house = _house_of(lot)
    session, actor, told = stage.session, stage.by_manager(house), lot.stamps
    cooperative = stage.cooperatives[house]
    run: Run = issue_stamps(
        session, stage.keyring, stage.numbering, cooperative, told.count, actor=actor, now=now, product=batch.product
    )
    mark_printed(session, run, [(1, told.printed)], actor=actor, now=now)
    if told.void:
        void(session, run, *told.void, "Tem in lệch, đã cắt bỏ.", actor=actor, now=now)
    activate(session, run, 1, told.active, batch, actor=actor, now=now)
    stage.runs[lot.key] = run


def _sell(stage: Stage, lot: Lot, batch: Batch, sold: Sold, now: datetime) -> None:
    house = _house_of(lot)
    name, place, public = BUYERS[sold.buyer]
    leaving = Leaving(on_day=day_of(now), buyer=name, place=place, public=public)
    going = [Going(batch, packs=sold.packs)]
    actor, cooperative = stage.by_manager(house), stage.cooperatives[house]
    dispatch(stage.session, cooperative, leaving, going, actor=actor, now=now, today=day_of(now))
