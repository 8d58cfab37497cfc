"""Asking for a dossier, and keeping what the worker makes of it."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ..records import Batch, Dossier, Upload
from .actor import SERVICE, Actor
from .history import record
from .refused import Refused

STEPS = 3
GIVEN_UP = timedelta(hours=1)


def ask_dossier(session: Session, batch: Batch, *, by: Actor, now: datetime) -> Dossier:
    """One at a time for a batch; the worker makes it within seconds."""
    waiting = select(Dossier.id).where(
        Dossier.batch_id == batch.id, Dossier.ended_at.is_(None), Dossier.created_at > now - GIVEN_UP
    )
    if session.scalar(waiting.limit(1)) is not None:
        raise Refused("A dossier of this batch is being made already.", conflict=True)
    dossier = Dossier(
        cooperative_id=batch.cooperative_id, batch_id=batch.id, by_person_id=by.person_id, steps=STEPS, created_at=now
    )
    session.add(dossier)
    session.flush()
    record(session, "dossier.asked", dossier, actor=by, now=now, facts={"batch": batch.public_id})
    return dossier


def dossiers_of(session: Session, batch: Batch, most: int = 5) -> list[Dossier]:
    query = select(Dossier).where(Dossier.batch_id == batch.id).order_by(Dossier.id.desc())
    return list(session.scalars(query.limit(most)))


def waits(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(Dossier.ended_at.is_(None)))))


def make_dossiers(
    session: Session, paper: Callable[[Batch], bytes], tables: Callable[[Batch], bytes], *, now: datetime
) -> None:
    """Make what waits, committing step by step so that its page can tell how far it is."""
    for dossier in list(session.scalars(select(Dossier).where(Dossier.ended_at.is_(None)).order_by(Dossier.id))):
        try:
            _make(session, dossier, paper, tables, now)
        except Exception as error:
            session.rollback()
            dossier.ended_at, dossier.problem = now, type(error).__name__
            session.commit()
            raise


def _make(
    session: Session,
    dossier: Dossier,
    paper: Callable[[Batch], bytes],
    tables: Callable[[Batch], bytes],
    now: datetime,
) -> None:
    batch = dossier.batch
    drawn = paper(batch)
    dossier.done = 1
    session.commit()
    packed = tables(batch)
    dossier.done = 2
    session.commit()
    dossier.paper = _keep(session, dossier, drawn, f"ho-so-{batch.code}.pdf", "application/pdf", now=now)
    dossier.tables = _keep(session, dossier, packed, f"ho-so-{batch.code}.zip", "application/zip", now=now)
    session.flush()
    dossier.done, dossier.ended_at = STEPS, now
    facts = {"batch": batch.public_id, "paper": dossier.paper.sha256, "tables": dossier.tables.sha256}
    record(session, "dossier.made", dossier, actor=SERVICE, now=now, facts=facts)
    session.commit()


def _keep(session: Session, dossier: Dossier, content: bytes, name: str, media_type: str, *, now: datetime) -> Upload:
    upload = Upload(
        cooperative_id=dossier.cooperative_id,
        name=name,
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        content=content,
        created_at=now,
    )
    session.add(upload)
    return upload
