"""Faces of a cooperative's own: every change is another version, so that a reprint looks as the first print did."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import Face, LabelError

from ..records import Cooperative, OwnFace, OwnFaceVersion
from .actor import Actor
from .history import record
from .label_refusals import as_refusal
from .refused import Refused

MOST_FACES, MOST_VERSIONS = 40, 500


def own_faces(session: Session, cooperative_id: int) -> list[OwnFace]:
    """Those in use, by name."""
    query = select(OwnFace).where(OwnFace.cooperative_id == cooperative_id, OwnFace.ended_at.is_(None))
    return list(session.scalars(query.order_by(OwnFace.name, OwnFace.id)))


def face_of(own: OwnFace) -> Face:
    """As it stands now."""
    return Face.from_json(own.last.body)


def add_face(
    session: Session, cooperative: Cooperative, name: str, face: Face, *, actor: Actor, now: datetime
) -> OwnFace:
    """Keep a face under a name that no other one in use has. Raises `Refused`."""
    if len(own_faces(session, cooperative.id)) >= MOST_FACES:
        raise Refused("At most %(most)s faces of your own can be kept.", most=MOST_FACES)
    _refuse_same_name(session, cooperative.id, name, None)
    own = OwnFace(name=name, cooperative_id=cooperative.id, created_at=now)
    session.add(own)
    session.flush()
    _write(own, face, 1, actor, now)
    session.flush()
    record(session, "own_face.added", own, actor=actor, now=now, facts={"name": name})
    return own


def change_face(
    session: Session, own: OwnFace, name: str, face: Face, *, seen: int, actor: Actor, now: datetime
) -> OwnFace:
    """Another version; `seen` is the one that was changed. Raises `Refused` if somebody else wrote one meanwhile."""
    refuse_ended(own)
    last = own.last.number
    if seen != last:
        raise Refused("Somebody else has changed this face meanwhile: open it again.", conflict=True)
    if last >= MOST_VERSIONS:
        raise Refused("This face has been changed %(most)s times: go on with a copy.", most=MOST_VERSIONS)
    _refuse_same_name(session, own.cooperative_id, name, own)
    own.name = name
    if face.to_json() != own.last.body:
        _write(own, face, last + 1, actor, now)
        session.flush()
    record(session, "own_face.changed", own, actor=actor, now=now, facts={"name": name, "version": own.last.number})
    return own


def retire_face(session: Session, own: OwnFace, *, actor: Actor, now: datetime) -> None:
    """It is offered no more; what was printed with it stays as it was."""
    refuse_ended(own)
    own.ended_at = now
    record(session, "own_face.retired", own, actor=actor, now=now, facts={"name": own.name})


def refuse_ended(own: OwnFace) -> None:
    if own.ended_at is not None:
        raise Refused("Somebody else has removed this face meanwhile.", conflict=True)


def read_face(data: bytes) -> Face:
    """A face from a file of another cooperative or of ours. Raises `Refused` beside `file`."""
    try:
        return Face.from_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("This file does not hold a face.", field="file") from None
    except LabelError as error:
        raise as_refusal(error, "file") from error


def free_name(session: Session, cooperative_id: int, name: str) -> str:
    """The name, with a number behind it where it is taken."""
    taken = {one.name for one in own_faces(session, cooperative_id)}
    name = name.strip()[:50] or "1"
    return next(tried for tried in (name, *(f"{name} ({n})" for n in range(2, 100))) if tried not in taken)


def _refuse_same_name(session: Session, cooperative_id: int, name: str, but: OwnFace | None) -> None:
    if any(one.name == name and one is not but for one in own_faces(session, cooperative_id)):
        raise Refused("There is a face of this name already.", field="name", conflict=True)


def _write(own: OwnFace, face: Face, number: int, actor: Actor, now: datetime) -> None:
    own.versions.append(
        OwnFaceVersion(
            number=number,
            body=face.to_json(),
            by_person_id=actor.person_id,
            made_at=now,
            cooperative_id=own.cooperative_id,
        )
    )
