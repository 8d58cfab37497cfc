"""What the support bought: each enrolment names the certificates, trademarks and runs that came of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from ..records import Certificate, Enrolment, EnrolmentResult, Run, SupportKind, Trademark
from .actor import Actor
from .enrolments import held
from .history import record
from .refused import Refused, refuse_all

COLUMNS = {Certificate: "certificate_id", Trademark: "trademark_id", Run: "run_id"}


def add_result(
    session: Session,
    enrolment: Enrolment,
    kind: SupportKind,
    thing: Certificate | Trademark | Run,
    *,
    actor: Actor,
    now: datetime,
) -> EnrolmentResult:
    """Name one thing of the enrolled unit itself, once."""
    enrolment, column = held(session, enrolment), COLUMNS[type(thing)]
    found = []
    if kind.id not in {asked.kind_id for asked in enrolment.asked}:
        found.append(Refused("The enrolment did not ask for this kind.", field="kind"))
    if thing.cooperative_id != enrolment.unit.registered_id:
        found.append(Refused("This belongs to another unit.", field="thing"))
    if thing.id in {getattr(result, column) for result in enrolment.results}:
        found.append(Refused("This has been named already.", field="thing"))
    refuse_all(found)
    result = EnrolmentResult(kind=kind, at=now, **{column: thing.id})
    enrolment.results.append(result)
    session.flush()
    facts = {"kind": kind.key, "what": thing.__tablename__, "id": thing.public_id}
    record(session, "enrolment.result", enrolment, actor=actor, now=now, facts=facts)
    return result
