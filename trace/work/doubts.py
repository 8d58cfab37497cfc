"""Doubts from stamps' pages: received at once, looked into by the offices, answered where the reporter reads."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..records import Batch, Cooperative, Doubt, DoubtKind, DoubtState, DoubtStep, StampRange
from .actor import ANONYMOUS, Actor
from .deployments import setting
from .history import record
from .notices import notify
from .refused import Refused, refuse_all
from .uploads import PICTURES, keep

TAKEN = "This page has sent its report already. Scan the stamp again for another one."


@dataclass(frozen=True, slots=True)
class Telling:
    """What a reporter tells; of themselves only what they want."""

    words: str | None = None
    seller: str | None = None
    province: str | None = None
    contact: str | None = None
    consent: bool = False
    photo: bytes = b""
    photo_name: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """The stamp whose page was open: its range and serial number; or, with neither, the code that was typed."""

    stamps: StampRange | None = None
    number: int | None = None
    code: str | None = None


def tell_doubt(
    session: Session, kind: DoubtKind, about: About, telling: Telling, nonce: bytes, *, now: datetime
) -> Doubt:
    """Keep a doubt and tell the offices at once. Its public id is the reference number."""
    refuse_telling(telling, kind is DoubtKind.OTHER)
    doubt = Doubt(
        kind=kind,
        words=telling.words,
        seller=telling.seller,
        province=telling.province,
        code=about.code,
        run_id=about.stamps.run_id if about.stamps else None,
        number=about.number if about.stamps else None,
        batch_id=about.stamps.batch_id if about.stamps else None,
        cooperative_id=about.stamps.cooperative_id if about.stamps else None,
        contact=telling.contact,
        nonce=nonce,
        created_at=now,
    )
    if telling.photo:  # of no cooperative: the offices alone see it
        photo = keep(
            session, None, telling.photo, telling.photo_name, PICTURES, actor=ANONYMOUS, now=now, field="photo"
        )
        doubt.photo_id = photo.id
    session.add(doubt)
    flush_once(session)
    facts = {"kind": kind.value, "stamp": doubt.serial, "photo": doubt.photo_id is not None}
    record(session, "doubt.received", doubt, actor=ANONYMOUS, now=now, facts=facts, cooperative_id=doubt.cooperative_id)
    for office in ("officer", "auditor"):
        message = "A consumer doubts a stamp: %(stamp)s. Look into it."
        stamp = doubt.serial or about.code or "–"
        notify(session, message, now=now, office=office, url=f"/staff/doubts/{doubt.public_id}", stamp=stamp)
    return doubt


def refuse_telling(telling: Telling, words_needed: bool) -> None:
    found = []
    if telling.contact and not telling.consent:
        found.append(Refused("Tick that we may keep this to answer you, or leave it empty.", field="consent"))
    if words_needed and not (telling.words or "").strip():
        found.append(Refused("Tell in a few words what is odd.", field="words"))
    refuse_all(found)


def flush_once(session: Session) -> None:
    """A page's token sends one report; the second press meets the first one's row."""
    try:
        session.flush()
    except IntegrityError as twice:
        raise Refused(TAKEN, conflict=True) from twice


def doubts(session: Session, state: DoubtState | None = None, *, most: int = 300) -> list[Doubt]:
    """The longest waiting first; answered ones the newest first."""
    newest = select(func.max(DoubtStep.id)).group_by(DoubtStep.doubt_id)
    stepped = select(DoubtStep.doubt_id)
    query = select(Doubt).limit(most)
    if state is DoubtState.RECEIVED:
        query = query.where(Doubt.id.not_in(stepped))
    elif state is not None:
        query = query.where(Doubt.id.in_(stepped.where(DoubtStep.id.in_(newest), DoubtStep.state == state)))
    order = Doubt.id.desc() if state is DoubtState.ANSWERED else Doubt.id
    return list(session.scalars(query.order_by(order)))


def count_waiting(session: Session) -> int:
    answered = select(DoubtStep.doubt_id).where(DoubtStep.state == DoubtState.ANSWERED)
    return session.scalar(select(func.count(Doubt.id)).where(Doubt.id.not_in(answered))) or 0


def settle_doubt(
    session: Session,
    doubt: Doubt,
    state: DoubtState,
    *,
    by: Actor,
    now: datetime,
    answer: str | None = None,
    note: str | None = None,
) -> DoubtStep:
    """Take a doubt up, or answer it. The answer shows on the reporter's page; the note never does."""
    session.execute(select(Doubt.id).where(Doubt.id == doubt.id).with_for_update()).one()
    session.refresh(doubt, ["steps"])
    answer, note = (answer or "").strip() or None, (note or "").strip() or None
    if doubt.cooperative_id in by.belongs_to:
        raise Refused("You belong to this cooperative: somebody else looks into it.")
    if state is DoubtState.RECEIVED or (state is DoubtState.LOOKING and doubt.state is state and note is None):
        raise Refused("Somebody else has written this already: look again.", conflict=True)
    if state is DoubtState.ANSWERED and answer is None:
        raise Refused("Write the answer: the reporter reads it on the page of the report.", field="answer")
    office = setting(session, "office.vi", now.date())
    step = DoubtStep(state=state, answer=answer, note=note, office=office, at=now, by_person_id=by.person_id)
    doubt.steps.append(step)
    session.flush()
    facts = {"state": state.value, "answer": answer, "office": office}
    record(session, f"doubt.{state.value}", doubt, actor=by, now=now, facts=facts, cooperative_id=doubt.cooperative_id)
    return step


def doubts_of_stamp(session: Session, run_id: int, number: int) -> list[Doubt]:
    return list(session.scalars(select(Doubt).where(Doubt.run_id == run_id, Doubt.number == number)))


def doubts_of_batch(session: Session, batch: Batch) -> list[Doubt]:
    return list(session.scalars(select(Doubt).where(Doubt.batch_id == batch.id).order_by(Doubt.id)))


def doubts_of(session: Session, cooperative: Cooperative) -> int:
    return session.scalar(select(func.count(Doubt.id)).where(Doubt.cooperative_id == cooperative.id)) or 0
