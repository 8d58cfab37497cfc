"""Complaints about goods: from a call or from a stamp's page, answered within the days the province set."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import (
    Batch,
    Complaint,
    ComplaintAbout,
    ComplaintAnswer,
    ComplaintSource,
    ComplaintState,
    Cooperative,
    Dispatch,
    Doubt,
)
from .actor import ANONYMOUS, Actor
from .days import day_of
from .deployments import setting
from .doubts import About, Telling, flush_once, refuse_telling
from .history import record
from .notices import notify
from .refused import Refused, refuse_all
from .uploads import PICTURES, keep

DAYS_KEY = "complaint_answer_days"


@dataclass(frozen=True, slots=True)
class ComplaintFacts:
    """What a cooperative enters. `complainant` names a person only as far as that person agreed."""

    source: ComplaintSource
    about: ComplaintAbout
    words: str
    received_on: date
    complainant: str | None = None
    batch: Batch | None = None
    dispatch: Dispatch | None = None
    copies_suspected: bool = False
    """The offices are told at once."""


def enter_complaint(
    session: Session, cooperative: Cooperative, facts: ComplaintFacts, *, actor: Actor, now: datetime
) -> Complaint:
    """A complaint that came by telephone, in person or on paper."""
    refuse_all(_objections(facts, day_of(now)))
    complaint = Complaint(
        cooperative_id=cooperative.id,
        reference=_next_reference(session, cooperative, facts.received_on),
        source=facts.source,
        about=facts.about,
        words=facts.words.strip(),
        received_on=facts.received_on,
        due_on=_due(session, facts.received_on),
        complainant=(facts.complainant or "").strip() or None,
        batch_id=facts.batch.id if facts.batch else None,
        dispatch_id=facts.dispatch.id if facts.dispatch else None,
        copies_suspected=facts.copies_suspected,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(complaint)
    session.flush()
    _record(session, complaint, "complaint.entered", actor, now)
    if complaint.copies_suspected:
        _tell_offices(session, complaint, cooperative, now)
    return complaint


def _tell_offices(session: Session, complaint: Complaint, cooperative: Cooperative, now: datetime) -> None:
    for office in ("officer", "auditor"):
        notify(
            session,
            "%(cooperative)s reports stamps that may be copied: %(reference)s.",
            now=now,
            office=office,
            url=f"/staff/complaints/{complaint.public_id}",
            cooperative=cooperative.name,
            reference=complaint.reference,
        )


def _objections(facts: ComplaintFacts, today: date) -> list[Refused]:
    found = []
    if facts.received_on > today:
        found.append(Refused("The day lies in the future.", field="received_on"))
    if not facts.words.strip():
        found.append(Refused("Write what is complained about.", field="words"))
    if facts.batch is None and facts.dispatch is None:
        found.append(Refused("Choose the batch or the delivery slip it is about.", field="batch"))
    return found


def tell_complaint(
    session: Session, kind: ComplaintAbout, about: About, telling: Telling, nonce: bytes, *, now: datetime
) -> Complaint:
    """A complaint about the goods, from a stamp's page: the cooperative is told, the offices see it too."""
    refuse_telling(telling, words_needed=True)
    stamps = about.stamps
    assert stamps is not None  # a page without a stamp offers doubts only
    cooperative = session.get_one(Cooperative, stamps.cooperative_id)
    today = day_of(now)
    complaint = Complaint(
        cooperative_id=cooperative.id,
        reference=_next_reference(session, cooperative, today),
        source=ComplaintSource.PAGE,
        about=kind,
        words="\n".join(words for words in (telling.words, telling.seller) if words),
        received_on=today,
        due_on=_due(session, today),
        complainant=telling.contact,
        batch_id=stamps.batch_id,
        run_id=stamps.run_id,
        number=about.number,
        nonce=nonce,
        created_at=now,
    )
    if telling.photo:
        photo = keep(
            session,
            cooperative.id,
            telling.photo,
            telling.photo_name,
            PICTURES,
            actor=ANONYMOUS,
            now=now,
            field="photo",
        )
        complaint.photo_id = photo.id
    session.add(complaint)
    flush_once(session)
    _record(session, complaint, "complaint.received", ANONYMOUS, now)
    message = "A consumer complains: %(reference)s. Answer it by %(day)s."
    notify(
        session,
        message,
        now=now,
        cooperative_id=cooperative.id,
        url=f"/my/complaints/{complaint.public_id}",
        reference=complaint.reference,
        day=complaint.due_on,
    )
    return complaint


def _record(session: Session, complaint: Complaint, kind: str, actor: Actor, now: datetime) -> None:
    """Without the words: they may name a person."""
    facts = {
        "reference": complaint.reference,
        "source": str(complaint.source),
        "about": str(complaint.about),
        "received_on": complaint.received_on.isoformat(),
        "due_on": complaint.due_on.isoformat(),
        "batch": complaint.batch.public_id if complaint.batch else None,
        "copies_suspected": complaint.copies_suspected,
        "dispatch": complaint.dispatch.public_id if complaint.dispatch else None,
    }
    record(session, kind, complaint, actor=actor, now=now, facts=facts)


def _due(session: Session, received_on: date) -> date:
    return received_on + timedelta(days=int(setting(session, DAYS_KEY, received_on)))


def _next_reference(session: Session, cooperative: Cooperative, day: date) -> str:
    """HCL-KN26-007: the lines of a year's book, counted under the cooperative's lock."""
    session.execute(select(Cooperative.id).where(Cooperative.id == cooperative.id).with_for_update()).one()
    start = f"{cooperative.label}-KN{day:%y}-"
    query = select(func.count(Complaint.id)).where(
        Complaint.cooperative_id == cooperative.id, Complaint.reference.startswith(start, autoescape=True)
    )
    return f"{start}{(session.scalar(query) or 0) + 1:03d}"


def answer_complaint(
    session: Session, complaint: Complaint, words: str, *, final: bool, actor: Actor, now: datetime
) -> ComplaintAnswer:
    """What was found and done; the final one is the answer to the complainant, and shows on their page."""
    session.execute(select(Complaint.id).where(Complaint.id == complaint.id).with_for_update()).one()
    session.refresh(complaint, ["answers"])
    if not words.strip():
        raise Refused("Write what was found and done.", field="words")
    if complaint.state is ComplaintState.ANSWERED:
        raise Refused(
            "Complaint %(reference)s has been answered already.", conflict=True, reference=complaint.reference
        )
    answer = ComplaintAnswer(
        cooperative_id=complaint.cooperative_id,
        words=words.strip(),
        final=final,
        at=now,
        by_person_id=actor.person_id,
    )
    complaint.answers.append(answer)
    session.flush()
    kind = "complaint.answered" if final else "complaint.noted"
    record(session, kind, complaint, actor=actor, now=now, facts={"reference": complaint.reference})
    return answer


def complaints(
    session: Session, cooperative: Cooperative | None = None, *, year: int | None = None, open_only: bool = False
) -> list[Complaint]:
    """A cooperative's, or everybody's for the offices: the first to fall due first; a year's book in its order."""
    query = select(Complaint)
    if cooperative is not None:
        query = query.where(Complaint.cooperative_id == cooperative.id)
    if year is not None:
        query = query.where(Complaint.received_on.between(date(year, 1, 1), date(year, 12, 31)))
        return list(session.scalars(query.order_by(Complaint.received_on, Complaint.id)))
    final = select(ComplaintAnswer.complaint_id).where(ComplaintAnswer.final)
    if open_only:
        query = query.where(Complaint.id.not_in(final))
    rows = session.scalars(query.order_by(Complaint.due_on, Complaint.id).limit(500))
    return sorted(rows, key=lambda row: row.state is ComplaintState.ANSWERED)


def report_of(session: Session, public_id: str) -> Doubt | Complaint | None:
    """What was sent from a page, by its reference; whatever a cooperative entered itself is not for strangers."""
    doubt = session.scalars(select(Doubt).where(Doubt.public_id == public_id)).first()
    if doubt is not None:
        return doubt
    sent = (Complaint.public_id == public_id, Complaint.source == ComplaintSource.PAGE)
    return session.scalars(select(Complaint).where(*sent)).first()


def complaints_of_batch(session: Session, batch: Batch) -> list[Complaint]:
    return list(session.scalars(select(Complaint).where(Complaint.batch_id == batch.id).order_by(Complaint.id)))


def years_of(session: Session, cooperative: Cooperative) -> list[int]:
    days = session.scalars(select(Complaint.received_on).where(Complaint.cooperative_id == cooperative.id).distinct())
    return sorted({day.year for day in days}, reverse=True)


def recent_batches(session: Session, cooperative: Cooperative, *, most: int = 60) -> list[Batch]:
    """What a complaint may be about: batches that were handed in."""
    query = select(Batch).where(Batch.cooperative_id == cooperative.id, Batch.submitted_at.is_not(None))
    return list(session.scalars(query.order_by(Batch.id.desc()).limit(most)))


def recent_dispatches(session: Session, cooperative: Cooperative, *, most: int = 60) -> list[Dispatch]:
    query = select(Dispatch).where(Dispatch.cooperative_id == cooperative.id, Dispatch.voided_reason.is_(None))
    return list(session.scalars(query.order_by(Dispatch.id.desc()).limit(most)))
