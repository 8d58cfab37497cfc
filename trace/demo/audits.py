"""The demonstration's audits: one that found something and was closed, one still to come."""

from datetime import datetime, timedelta

from ..records import Finding, FindingGrade, FindingMove, PointAnswer, VisitResult
from ..work.days import day_of
from ..work.findings import FindingFacts, add_finding, step_finding
from ..work.visit_closing import Closing, close_visit
from ..work.visits import Plan, answer_point, plan_visit
from .stage import Stage

DONE, TO_COME = "suong-som", "nang-dong"
DONE_DAYS_AGO = 70


def plan_audits(stage: Stage) -> None:
    stage.tell(stage.day(DONE_DAYS_AGO), 9, lambda now: _visit(stage, now))
    stage.tell(stage.day(3), 10, lambda now: _plan(stage, now))


def _visit(stage: Stage, now: datetime) -> None:
    session, by, today = stage.session, stage.by_staff("auditor"), day_of(now)
    plan = Plan(stage.cooperatives[DONE], today, "Đánh giá giám sát trước vụ", 20)
    visit = plan_visit(session, plan, by=by, now=now, today=today)
    for place, point in enumerate(visit.checklist.points):
        answer = PointAnswer.BAD if place in {8, 12} else PointAnswer.GOOD
        answer_point(session, visit, point.key, answer, None, by=by, now=now)
    due_on = today + timedelta(days=30)
    store, diary = visit.checklist.points[8].key, visit.checklist.points[12].key
    found = FindingFacts(FindingGrade.MINOR, "Kho thuốc chưa khóa, vỏ bao để lẫn với dụng cụ.", due_on, store)
    first = add_finding(session, visit, found, None, by=by, now=now, today=today)
    found = FindingFacts(FindingGrade.OBSERVATION, "Nên ghi nhật ký ngay trong ngày.", None, diary)
    add_finding(session, visit, found, None, by=by, now=now, today=today)
    closing = Closing(VisitResult.NOTHING, "Đạt, có một điểm không phù hợp nhẹ cần khắc phục.")
    close_visit(session, visit, closing, by=by, now=now, today=today)
    stage.tell(today + timedelta(days=6), 9, lambda later: _put_right(stage, first, later))


def _put_right(stage: Stage, finding: Finding, now: datetime) -> None:
    done = "Đã mua khóa và thùng đựng vỏ bao."
    step_finding(stage.session, finding, FindingMove.CORRECTED, done, actor=stage.by_manager(DONE), now=now)


def _plan(stage: Stage, now: datetime) -> None:
    plan = Plan(stage.cooperatives[TO_COME], stage.today + timedelta(days=4), "Đếm chè trong kho, quét tem", 50)
    plan_visit(stage.session, plan, by=stage.by_staff("auditor"), now=now, today=day_of(now))
