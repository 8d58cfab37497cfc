"""Publishing the history as one append-only Merkle log (C2SP tlog-tiles), and never signing two histories.

One process publishes, under a lock. Before it signs, the tree it is about to sign is grown from the one last signed:
the tiles must still give the root that was signed, and the consistency proof must hold. The last signed size and root
also stand outside the database; a database that does not contain them (an old backup) is never signed over.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from ..records import Deployment, Entry, LogCheckpoint
from ..standards.tlog import (
    EMPTY_ROOT,
    Checkpoint,
    Frontier,
    HashReader,
    Proof,
    Signer,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
)
from ..standards.tlog.notes import Note
from .log_tiles import keep_all, tile_reader

PUBLISH_LOCK = 0x746C_6F67  # any number of our own; "tlog"
AT_A_TIME = 8_192
MOST_AT_ONCE = 1 << 16
"""Entries that one checkpoint brings in: nobody who writes waits long behind a history that was left to grow."""


class Forked(Exception):  # noqa: N818 - what has happened, not a slip of the program
    """The database does not continue the history that was signed: nothing more is signed until a person decides."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A tree that was signed, as remembered outside the database."""

    shard: int
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Publisher:
    """The log's key, and its memory outside the database."""

    signer_for: Callable[[str], Signer]
    last: Callable[[], Signed | None]
    remember: Callable[[Signed], None]


def origin(session: Session, shard: int) -> str:
    """The log's name: the deployment's, which never changes, and the shard's number."""
    return f"{session.get_one(Deployment, 1).name}/log/{shard}"


def current_shard(session: Session) -> int:
    return session.scalar(select(func.max(LogCheckpoint.shard))) or 1


def newest_checkpoint(session: Session, shard: int) -> LogCheckpoint | None:
    query = select(LogCheckpoint).where(LogCheckpoint.shard == shard)
    return session.scalars(query.order_by(LogCheckpoint.size.desc()).limit(1)).first()


def has_unsigned(session: Session) -> bool:
    """Whether a checkpoint is to be signed: there is none yet, or there are entries that stand under none."""
    last = newest_checkpoint(session, current_shard(session))
    return last is None or session.scalar(select(func.max(Entry.index))) != (last.size - 1 if last.size else None)


def publish(session: Session, publisher: Publisher, *, now: datetime) -> LogCheckpoint | None:
    """Bring committed entries, at most `MOST_AT_ONCE`, under a signed checkpoint; None where nothing is new.

    The caller commits, and calls again until nothing is new. What is remembered outside is written before, so that a
    crash between the two is found to agree with the entries. Raises `Forked` rather than sign a second history.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": PUBLISH_LOCK})
    shard = current_shard(session)
    last = newest_checkpoint(session, shard)
    _refuse_lost_history(session, publisher.last(), last, shard)
    old_size, old_root = (last.size, last.root) if last else (0, EMPTY_ROOT)
    if not has_unsigned(session):
        return None
    tree = _resumed(session, shard, last)
    keep_all(session, shard, tree.add(islice(_bodies(session, old_size), MOST_AT_ONCE)))
    if last is not None and tree.size == old_size:
        return None
    keep_all(session, shard, tree.edges())
    _prove_growth(session, shard, (old_size, old_root), (tree.size, tree.root()))
    return _sign(session, publisher, Signed(shard, tree.size, tree.root()), now)


def _sign(session: Session, publisher: Publisher, signed: Signed, now: datetime) -> LogCheckpoint:
    name = origin(session, signed.shard)
    note = Checkpoint(name, signed.size, signed.root).signed(publisher.signer_for(name))
    row = LogCheckpoint(shard=signed.shard, size=signed.size, root=signed.root, note=str(note), signed_at=now)
    session.add(row)
    session.flush()
    publisher.remember(signed)
    return row


def _bodies(session: Session, start: int) -> Iterator[bytes]:
    """Entries' bytes from an index on, a few thousand at a time."""
    while bodies := session.scalars(
        select(Entry.body).where(Entry.index >= start).order_by(Entry.index).limit(AT_A_TIME)
    ).all():
        yield from bodies
        start += len(bodies)


def _resumed(session: Session, shard: int, last: LogCheckpoint | None) -> Tree:
    if last is None:
        return Tree()
    tree = Tree.resume(last.size, tile_reader(session, shard))
    if tree.root() != last.root:
        raise Forked(f"The kept tiles no longer give the root that was signed at size {last.size}.")
    return tree


def _prove_growth(session: Session, shard: int, old: tuple[int, bytes], new: tuple[int, bytes]) -> None:
    if not old[0]:
        return
    proof = consistency_proof(old[0], new[0], HashReader(new[0], tile_reader(session, shard)))
    if not verify_consistency(*old, *new, proof):
        raise Forked(f"The tree of {new[0]} entries does not continue the one signed at {old[0]}.")


def _refuse_lost_history(session: Session, outside: Signed | None, last: LogCheckpoint | None, shard: int) -> None:
    """The tree remembered outside must be contained in this database, entry for entry."""
    if outside is None or (
        last is not None and (last.shard, last.size, last.root) == (outside.shard, outside.size, outside.root)
    ):
        return
    if outside.shard < shard:
        return  # closed by the opening of this shard
    if root_of_entries(session, outside.size) != outside.root:
        raise Forked(
            f"A history of {outside.size} entries was signed that this database does not contain (a backup from "
            "before?). Restore a newer backup, or open the next shard, which names what was lost."
        )


def root_of_entries(session: Session, size: int) -> bytes | None:
    """The root over the first `size` entries as they now stand; None when there are fewer."""
    frontier = Frontier()
    seen = 0
    for body in _bodies(session, 0):
        if seen == size:
            break
        frontier.append(leaf_hash(body))
        seen += 1
    return frontier.root() if seen == size else None


def open_next_shard(session: Session, publisher: Publisher, *, now: datetime) -> LogCheckpoint:
    """Begin a new log over the entries as they are, after its first entry has named the one that cannot go on.

    The caller has recorded that entry (`log.shard_opened`) and committed it.
    """
    outside = publisher.last()
    shard = max(current_shard(session), outside.shard if outside else 1) + 1
    tree = Tree()
    keep_all(session, shard, tree.add(_bodies(session, 0)))
    keep_all(session, shard, tree.edges())
    return _sign(session, publisher, Signed(shard, tree.size, tree.root()), now)


def proof_of(session: Session, index: int) -> Proof | None:
    """A file that proves to anybody, without a network, that an entry stands in the signed history."""
    shard = current_shard(session)
    newest = newest_checkpoint(session, shard)
    if newest is None or index >= newest.size:
        return None
    path = inclusion_proof(index, newest.size, HashReader(newest.size, tile_reader(session, shard)))
    return Proof(index, tuple(path), Note.parse(newest.note.encode()))
