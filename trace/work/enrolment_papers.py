"""Documents of an enrolment, and the audit of tools (5S) before and after, criterion by criterion."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Enrolment, EnrolmentDocument, EnrolmentScore, ScorePhase, Upload
from .actor import Actor
from .enrolments import ENDED_EARLY
from .history import record
from .refused import Refused, refuse_all

FIVE_S = ("Sàng lọc", "Sắp xếp", "Sạch sẽ", "Săn sóc", "Sẵn sàng")
"""The criteria of a 5S audit; a score keeps the criterion by its name."""
FULL_POINTS = 100


def add_document(
    session: Session, enrolment: Enrolment, name: str, upload: Upload, *, actor: Actor, now: datetime
) -> EnrolmentDocument:
    if not name.strip():
        raise Refused("Say what this document is.", field="name")
    document = EnrolmentDocument(enrolment_id=enrolment.id, name=name.strip(), upload=upload, created_at=now)
    session.add(document)
    session.flush()
    facts = {"sha256": upload.sha256, "upload": upload.public_id}
    record(session, "enrolment.document", enrolment, actor=actor, now=now, facts=facts)
    return document


def documents_of(session: Session, enrolment: Enrolment) -> Sequence[EnrolmentDocument]:
    query = select(EnrolmentDocument).where(EnrolmentDocument.enrolment_id == enrolment.id)
    return session.scalars(query.order_by(EnrolmentDocument.id)).all()


@dataclass(frozen=True, slots=True)
class Scored:
    points: int
    photo: Upload | None = None


def add_scores(
    session: Session,
    enrolment: Enrolment,
    phase: ScorePhase,
    on_day: date,
    scores: Mapping[str, Scored],
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    """One audit, by criterion, in points of a hundred."""
    found = []
    if enrolment.state in ENDED_EARLY:
        found.append(Refused("This enrolment has ended.", conflict=True))
    if on_day > today:
        found.append(Refused("This day lies in the future.", field="on_day"))
    if any(not 0 <= scored.points <= FULL_POINTS for scored in scores.values()):
        found.append(Refused("Points go from 0 to 100."))
    refuse_all(found)
    session.add_all(
        EnrolmentScore(
            enrolment_id=enrolment.id, phase=phase, criterion=criterion, points=scored.points, on_day=on_day,
            photo=scored.photo, created_at=now,
        )
        for criterion, scored in scores.items()
    )  # fmt: skip
    session.flush()
    points = {criterion: scored.points for criterion, scored in scores.items()}
    facts = {"phase": phase.value, "on": on_day.isoformat(), "points": points}
    record(session, "enrolment.scored", enrolment, actor=actor, now=now, facts=facts)


@dataclass(frozen=True, slots=True)
class ScoreRow:
    criterion: str
    before: EnrolmentScore | None
    after: EnrolmentScore | None

    @property
    def gained(self) -> int | None:
        return None if self.before is None or self.after is None else self.after.points - self.before.points


def score_table(session: Session, enrolment: Enrolment) -> list[ScoreRow]:
    """The five criteria, then any other that was scored; empty where nothing was scored."""
    query = select(EnrolmentScore).where(EnrolmentScore.enrolment_id == enrolment.id).order_by(EnrolmentScore.id)
    newest = {(score.criterion, score.phase): score for score in session.scalars(query)}
    if not newest:
        return []
    criteria = list(dict.fromkeys([*FIVE_S, *(criterion for criterion, _ in newest)]))
    return [
        ScoreRow(name, newest.get((name, ScorePhase.BEFORE)), newest.get((name, ScorePhase.AFTER))) for name in criteria
    ]
