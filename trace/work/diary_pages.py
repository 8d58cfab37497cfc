"""Pages of the diary filled in by hand: photographed first, typed afterwards, all lines or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from ..records import Cooperative, DiaryEntry, DiaryPage, Grower, Upload
from .actor import Actor
from .diary import DiaryFacts, enter, objections
from .history import record
from .refused import Refused, refuse_all

FIRST_MONTH = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class PageTold:
    """A photographed page and how many lines have been typed from it."""

    page: DiaryPage
    lines: int


def month_of(day: date) -> date:
    return day.replace(day=1)


def attach_page(
    session: Session, grower: Grower, month: date, photo: Upload, *, actor: Actor, now: datetime, today: date
) -> DiaryPage:
    """A photograph of a filled-in page of a household's month: from now on its lines count as told."""
    month = month_of(month)
    if not FIRST_MONTH <= month <= month_of(today):
        raise Refused("This month has not begun, or lies too far back.", field="photo")
    page = DiaryPage(
        cooperative_id=grower.cooperative_id,
        grower_id=grower.id,
        month_on=month,
        upload_id=photo.id,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(page)
    session.flush()
    record(session, "diary.photographed", page, actor=actor, now=now)
    return page


def type_page(
    session: Session,
    cooperative: Cooperative,
    page: DiaryPage,
    lines: Sequence[DiaryFacts],
    *,
    finished: bool,
    actor: Actor,
    now: datetime,
    today: date,
) -> list[DiaryEntry]:
    """Write the lines typed from a page, all or none; complaints name `lines-2-material`, the third line's name."""
    lines = [line.only_of_its_kind for line in lines]
    refuse_all(
        [
            Refused(each.message, field=f"lines-{place}-{each.field}", **each.figures)
            for place, line in enumerate(lines)
            for each in objections(line, today)
        ]
    )
    if not lines and not finished:
        raise Refused("Type at least one line.", field="lines")
    if finished:
        finish_page(session, page, actor=actor, now=now)
    return [enter(session, cooperative, line, page=page, actor=actor, now=now, today=today) for line in lines]


def finish_page(session: Session, page: DiaryPage, *, actor: Actor, now: datetime) -> None:
    """Everything on the page has been typed."""
    session.refresh(page, ["typed_at"], with_for_update=True)
    if page.typed_at is not None:
        raise Refused("This page has been typed already.", conflict=True)
    page.typed_at = now
    session.flush()
    record(session, "diary.page_typed", page, actor=actor, now=now, facts={"typed_at": now.isoformat()})


def pages_of(session: Session, grower: Grower, month: date) -> list[PageTold]:
    query = _told().where(DiaryPage.grower_id == grower.id, DiaryPage.month_on == month_of(month))
    return [PageTold(page, lines) for page, lines in session.execute(query.order_by(DiaryPage.id))]


def pages_waiting(session: Session, cooperative: Cooperative, most: int = 50) -> list[PageTold]:
    """Photographed and not yet typed to the end, the oldest first."""
    query = _told().where(DiaryPage.cooperative_id == cooperative.id, DiaryPage.typed_at.is_(None))
    return [PageTold(page, lines) for page, lines in session.execute(query.order_by(DiaryPage.id).limit(most))]


def _told() -> Any:
    """A select of (page, lines typed from it)."""
    typed = (
        select(func.count(DiaryEntry.id))
        .where(DiaryEntry.page_id == DiaryPage.id, DiaryEntry.corrects_id.is_(None))
        .scalar_subquery()
    )
    return select(DiaryPage, typed).options(selectinload(DiaryPage.grower), selectinload(DiaryPage.upload))
