"""Recomputing the whole history: entries, records, tiles, against what was signed; naming what differs first."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain as chain_together

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Entry, LogCheckpoint, LogTile
from ..standards.tlog import BadNote, Frontier, Tile, Tree, Verifier, leaf_hash, open_checkpoint
from .history import START_OF_CHAIN, chain_after
from .log import current_shard, newest_checkpoint
from .log_rows import changed_rows
from .log_tiles import BUNDLES

AT_A_TIME = 4_096


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that does not hold: an entry's index, or a tile or checkpoint by name."""

    what: str
    index: int | None = None

    def __str__(self) -> str:
        return self.what if self.index is None else f"{self.what} at index {self.index}"


def differences(session: Session, verifier: Verifier) -> Iterator[Difference]:
    """Everything about the history that does not hold. Nothing yielded means: all of it holds."""
    broken = list(_rows(session))
    yield from broken
    for changed in () if broken else changed_rows(session):  # entries that do not hold prove nothing
        yield Difference(f"{changed.kind} {changed.subject} differs from the history: {changed.what}", changed.index)
    shard = current_shard(session)
    newest = newest_checkpoint(session, shard)
    if newest is not None:
        yield from _tiles(session, shard, newest)
        yield from _checkpoints(session, shard, verifier)


def _entries(session: Session) -> Iterator[Entry]:
    start = 0
    while rows := session.scalars(
        select(Entry).where(Entry.index >= start).order_by(Entry.index).limit(AT_A_TIME)
    ).all():
        yield from rows
        start = rows[-1].index + 1
        session.expunge_all()


def _rows(session: Session) -> Iterator[Difference]:
    """Indices gapless from 0, each leaf the hash of its bytes, each link the hash of the one before and its leaf."""
    chain = START_OF_CHAIN
    for expected, entry in enumerate(_entries(session)):
        if entry.index != expected:
            yield Difference("an entry is missing", expected)
            return
        leaf = leaf_hash(entry.body)
        chain = chain_after(chain, leaf)
        if leaf != entry.leaf_hash or chain != entry.chain_hash:
            yield Difference("an entry was changed", expected)
            return


def _tiles(session: Session, shard: int, newest: LogCheckpoint) -> Iterator[Difference]:
    """Every tile is what the entries give."""
    tree = Tree()
    bodies = (entry.body for _, entry in zip(range(newest.size), _entries(session), strict=False))
    for path, content in chain_together(tree.add(bodies), tree.edges()):
        yield from _same_tile(session, shard, path, content)
    if tree.size != newest.size:
        yield Difference("signed entries are missing", tree.size)
    elif tree.root() != newest.root:
        yield Difference(f"the checkpoint of size {newest.size} has another root than the entries")


def _same_tile(session: Session, shard: int, path: str, content: bytes) -> Iterator[Difference]:
    tile = Tile.parse(path)
    assert tile is not None
    level = BUNDLES if tile.level is None else tile.level
    kept = session.scalar(
        select(LogTile.content).where(LogTile.shard == shard, LogTile.level == level, LogTile.position == tile.index)
    )
    if kept != content:
        yield Difference(f"{path} differs from the entries")


def _checkpoints(session: Session, shard: int, verifier: Verifier) -> Iterator[Difference]:
    """Every checkpoint ever signed is signed by the log, and its root is that of the entries up to its size."""
    rows = session.scalars(select(LogCheckpoint).where(LogCheckpoint.shard == shard).order_by(LogCheckpoint.size)).all()
    frontier = Frontier()
    leaves = (leaf_hash(entry.body) for entry in _entries(session))
    size = 0
    for row in rows:
        try:
            checkpoint, _ = open_checkpoint(row.note.encode(), verifier)
        except BadNote as wrong:
            yield Difference(f"the checkpoint of size {row.size} is not as signed: {wrong}")
            continue
        while size < row.size and (leaf := next(leaves, None)) is not None:
            frontier.append(leaf)
            size += 1
        if (checkpoint.size, checkpoint.root) != (row.size, row.root) or (size, frontier.root()) != (
            row.size,
            row.root,
        ):
            yield Difference(f"the checkpoint of size {row.size} does not fit the entries")
