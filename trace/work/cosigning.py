"""Witnesses of the history: what each of them cosigned, and which checkpoint an outsider is therefore shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import LogCheckpoint, LogCosignature
from ..standards.tlog import HashReader, Note, Verifier, consistency_proof
from ..standards.tlog.notes import parse_signatures
from ..standards.tlog.witness import Request, read_cosignatures
from .log import current_shard, newest_checkpoint
from .log_tiles import tile_reader

WAITS_FOR_WITNESSES = timedelta(seconds=45)
"""How long a new checkpoint is kept back for its cosignatures: an entry must stand under one after a minute."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A checkpoint that a witness has not cosigned yet, and what is sent to it."""

    checkpoint: LogCheckpoint
    old_size: int
    body: bytes


def question(session: Session, witness: Verifier, *, old_size: int | None = None) -> Asked | None:
    """What to ask a witness now; None where it has cosigned the newest checkpoint. `old_size`: as it told us itself."""
    shard = current_shard(session)
    newest = newest_checkpoint(session, shard)
    if newest is None:
        return None
    seen = session.scalar(
        select(func.max(LogCosignature.size)).where(
            LogCosignature.shard == shard, LogCosignature.witness == witness.name
        )
    )
    if seen == newest.size:
        return None
    old = (seen or 0) if old_size is None else min(old_size, newest.size)
    proof = consistency_proof(old, newest.size, HashReader(newest.size, tile_reader(session, shard))) if old else ()
    return Asked(newest, old, str(Request(old, tuple(proof), Note.parse(newest.note.encode()))).encode())


def keep(session: Session, asked: Asked, witness: Verifier, answer: str, *, now: datetime) -> bool:
    """Keep a witness's line; False where its answer holds none. Raise BadNote if the signature does not hold."""
    note = Note.parse(asked.checkpoint.note.encode())
    lines = read_cosignatures(answer, note, [witness])
    for line in lines:
        session.add(
            LogCosignature(
                shard=asked.checkpoint.shard, size=asked.checkpoint.size, witness=line.name, line=line.line, at=now
            )
        )
    session.flush()
    return bool(lines)


def newest_of_each(session: Session) -> list[LogCosignature]:
    """The newest line of each witness of the present log."""
    newest = (
        select(LogCosignature.witness, func.max(LogCosignature.size).label("size"))
        .where(LogCosignature.shard == current_shard(session))
        .group_by(LogCosignature.witness)
        .subquery()
    )
    same = (LogCosignature.witness == newest.c.witness) & (LogCosignature.size == newest.c.size)
    return list(
        session.scalars(
            select(LogCosignature)
            .join(newest, same)
            .where(LogCosignature.shard == current_shard(session))
            .order_by(LogCosignature.witness)
        )
    )


def shown_checkpoint(session: Session, shard: int, witnesses: Iterable[str], *, now: datetime) -> str | None:
    """The note that is served: the newest checkpoint, with every cosignature it has; for a moment the one before,
    while the newest still waits for the witnesses named."""
    newest = newest_checkpoint(session, shard)
    if newest is None:
        return None
    wanted = set(witnesses)
    lines = _lines(session, newest)
    if wanted - lines.keys() and now - newest.signed_at < WAITS_FOR_WITNESSES:
        complete = _newest_complete(session, shard, wanted)
        newest, lines = (complete, _lines(session, complete)) if complete else (newest, lines)
    signatures = [one for line in lines.values() for one in parse_signatures(line)]
    return str(Note.parse(newest.note.encode()).with_signatures(signatures))


def _lines(session: Session, checkpoint: LogCheckpoint) -> dict[str, str]:
    rows = session.scalars(
        select(LogCosignature)
        .where(LogCosignature.shard == checkpoint.shard, LogCosignature.size == checkpoint.size)
        .order_by(LogCosignature.witness)
    )
    return {row.witness: row.line for row in rows}


def _newest_complete(session: Session, shard: int, wanted: set[str]) -> LogCheckpoint | None:
    complete = (
        select(LogCosignature.size)
        .where(LogCosignature.shard == shard, LogCosignature.witness.in_(wanted))
        .group_by(LogCosignature.size)
        .having(func.count() == len(wanted))
        .order_by(LogCosignature.size.desc())
        .limit(1)
    )
    size = session.scalar(complete)
    return None if size is None else session.get(LogCheckpoint, (shard, size))
