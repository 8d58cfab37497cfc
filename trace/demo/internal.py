"""The demonstration's internal audits: every household looked at, one finding put right, one still open."""

from datetime import datetime, timedelta
from functools import partial

from ..records import InternalAnswer, InternalAudit, InternalGrade
from ..work import internal_audits
from ..work.days import day_of
from ..work.internal_audits import FindingFacts
from .data import GROWERS, HOUSES
from .stage import Stage

BEGUN_DAYS_AGO = 200


def plan_internal_audits(stage: Stage) -> None:
    for house in HOUSES:
        if house.approved:
            stage.tell(stage.day(BEGUN_DAYS_AGO), 8, partial(_begin, stage, house.key, house.member))


def _begin(stage: Stage, house: str, led_by: str, now: datetime) -> None:
    cooperative, actor, today = stage.cooperatives[house], stage.by_manager(house), day_of(now)
    audit = internal_audits.begin(stage.session, cooperative, today, led_by, actor=actor, now=now, today=today)
    keys = [grower.key for grower in GROWERS if grower.house == house]
    stage.tell(today + timedelta(days=2), 15, partial(_look, stage, house, audit, keys))
    stage.tell(today + timedelta(days=20), 16, partial(_put_right, stage, house, audit))


def _look(stage: Stage, house: str, audit: InternalAudit, keys: list[str], now: datetime) -> None:
    actor, today = stage.by_manager(house), day_of(now)
    points = [point.key for point in audit.checklist.points]
    for place, key in enumerate(keys):
        bad = {points[8]} if place == 0 and len(points) > 8 else {points[0]} if place == 1 else set()
        answers = {point: InternalAnswer.BAD if point in bad else InternalAnswer.GOOD for point in points}
        internal_audits.look_at(stage.session, audit, stage.growers[key], answers, None, seen_on=today, actor=actor,
                                now=now, today=today)  # fmt: skip
    found = (
        FindingFacts(InternalGrade.MINOR, "Kho thuốc chưa có khóa.", today + timedelta(days=30),
                     "Lắp khóa, treo biển cảnh báo.", stage.growers[keys[0]]),
        FindingFacts(InternalGrade.OBSERVATION, "Chưa có tên trong danh sách tập huấn năm nay.",
                     stage.today + timedelta(days=25), "Dự lớp tập huấn tới.", stage.growers[keys[1]]),
    )  # fmt: skip
    for facts in found:
        internal_audits.find_fault(stage.session, audit, facts, actor=actor, now=now)


def _put_right(stage: Stage, house: str, audit: InternalAudit, now: datetime) -> None:
    actor, today = stage.by_manager(house), day_of(now)
    internal_audits.put_right(
        stage.session, audit.findings[0], "Đã lắp khóa và biển cảnh báo.", today, actor=actor, now=now, today=today
    )
    words = "Các hộ ghi chép đủ; còn một điểm lưu ý về tập huấn."
    internal_audits.close(stage.session, audit, words, actor=actor, now=now, today=today)
