"""Recomputing the whole history: entries, records, tiles, against what was signed; naming what differs first.

The entries are read once, as bare columns: a million of them in seconds, a few thousand in memory at a time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Entry, LogCheckpoint, LogTile
from ..standards.tlog import BadNote, Tile, Tree, Verifier, leaf_hash, open_checkpoint
from .history import START_OF_CHAIN, chain_after
from .log import current_shard
from .log_rows import Said, changed_rows
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
    shard = current_shard(session)
    query = select(LogCheckpoint).where(LogCheckpoint.shard == shard).order_by(LogCheckpoint.size)
    checkpoints = list(session.scalars(query))
    yield from _badly_signed(checkpoints, verifier)
    reading = _Reading(session, checkpoints)
    yield from reading.tiles(shard)
    yield from reading.found
    if not reading.broken:  # entries that do not hold prove nothing
        for changed in changed_rows(session, reading.said):
            what = f"{changed.kind} {changed.subject} differs from the history: {changed.what}"
            yield Difference(what, changed.index)


def hold_still(session: Session) -> None:
    """See the database as it is now until the transaction ends, whoever writes meanwhile; SQLite's readers always do.
    To be called first in a transaction that only reads."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _badly_signed(checkpoints: list[LogCheckpoint], verifier: Verifier) -> Iterator[Difference]:
    """Checkpoints whose note is not by the log's key, or says something else than their row."""
    for row in checkpoints:
        try:
            checkpoint, _ = open_checkpoint(row.note.encode(), verifier)
        except BadNote as wrong:
            yield Difference(f"the checkpoint of size {row.size} is not as signed: {wrong}")
            continue
        if (checkpoint.size, checkpoint.root) != (row.size, row.root):
            yield Difference(f"the checkpoint of size {row.size} does not fit its note")


class _Reading:
    """One way through the entries: judged one by one, grown into the tree, and heard for what they say of records."""

    def __init__(self, session: Session, checkpoints: list[LogCheckpoint]) -> None:
        self._session = session
        self._signed = {row.size: row.root for row in checkpoints}
        self._tree = Tree()
        self.said = Said()
        self.found: list[Difference] = []
        self.broken = False

    def tiles(self, shard: int) -> Iterator[Difference]:
        """Go through all, yielding tiles that are not what the entries give; the rest is in `found` afterwards."""
        newest = max(self._signed, default=0)
        for path, content in self._tree.add(self._bodies(newest)):
            yield from _same_tile(self._session, shard, path, content)
        if self.broken:
            return
        for path, content in self._tree.edges():
            yield from _same_tile(self._session, shard, path, content)
        self._compare_root()
        if self._tree.size < newest:
            self.found.append(Difference("signed entries are missing", self._tree.size))

    def _bodies(self, newest: int) -> Iterator[bytes]:
        """The bodies up to the newest checkpoint; entries behind it are judged, too, and stand in no tree yet."""
        chain = START_OF_CHAIN
        for expected, (index, kind, subject_kind, subject, body, kept_leaf, kept_chain) in enumerate(
            _entries(self._session)
        ):
            leaf = leaf_hash(body)
            chain = chain_after(chain, leaf)
            self.broken = True
            if index != expected:
                self.found.append(Difference("an entry is missing", expected))
                return
            if (leaf, chain) != (kept_leaf, kept_chain) or not _says(body, index, kind, subject_kind, subject):
                self.found.append(Difference("an entry was changed", expected))
                return
            self.broken = False
            self.said.hear(index, kind, (subject_kind, subject), body)
            if index < newest:
                self._compare_root()
                yield body

    def _compare_root(self) -> None:
        """What was signed at this size, if something was, must be the root of the tree as it stands."""
        size = self._tree.size
        if size in self._signed and self._signed[size] != self._tree.root():
            self.found.append(Difference(f"the checkpoint of size {size} has another root than the entries"))


def _says(body: bytes, index: int, kind: str, subject_kind: str, subject: str) -> bool:
    """Whether the columns beside the bytes are those in the bytes (RFC 8785: keys in order, no blanks)."""
    head = f'"index":{index},"kind":"{kind}","previous":'.encode()
    tail = f'"subject":{{"id":"{subject}","kind":"{subject_kind}"}}'.encode()
    return head in body and tail in body


def _entries(session: Session) -> Iterator[Any]:
    start = 0
    columns = (
        Entry.index,
        Entry.kind,
        Entry.subject_kind,
        Entry.subject,
        Entry.body,
        Entry.leaf_hash,
        Entry.chain_hash,
    )
    while rows := session.execute(
        select(*columns).where(Entry.index >= start).order_by(Entry.index).limit(AT_A_TIME)
    ).all():
        yield from rows
        start = rows[-1][0] + 1


def _same_tile(session: Session, shard: int, path: str, content: bytes) -> Iterator[Difference]:
    tile = Tile.parse(path)
    assert tile is not None
    level = BUNDLES if tile.level is None else tile.level
    kept = session.scalar(
        select(LogTile.content).where(LogTile.shard == shard, LogTile.level == level, LogTile.position == tile.index)
    )
    if kept != content:
        yield Difference(f"{path} differs from the entries")
