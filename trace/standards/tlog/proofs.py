"""A proof in one file (C2SP tlog-proof): entry, place, audit path and signed checkpoint, checked without a network."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .checkpoints import Checkpoint, open_checkpoint
from .merkle import HASH_BYTES, leaf_hash, verify_inclusion
from .notes import BadNote, Note, Verifier, unbase64

_HEAD: Final = "c2sp.org/tlog-proof@v1"
_MOST_HASHES: Final = 63


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands at `index` in the tree of a checkpoint. `extra` is whatever helps, and proves nothing."""

    index: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes = b""

    def __str__(self) -> str:
        extra = f"extra {base64.b64encode(self.extra).decode()}\n" if self.extra else ""
        return f"{_HEAD}\n{extra}index {self.index}\n{write_hashes(self.path)}\n{self.note}"

    @classmethod
    def parse(cls, content: bytes) -> "Proof":
        """Read a proof file. Raise BadNote."""
        head, gap, note = content.partition(b"\n\n")
        try:
            lines = head.decode().split("\n")
        except UnicodeDecodeError as wrong:
            raise BadNote("not UTF-8") from wrong
        if not gap or lines.pop(0) != _HEAD:
            raise BadNote("not a proof of this form")
        extra = unbase64(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else b""
        index = re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines.pop(0) if lines else "")
        if not index:
            raise BadNote("no index")
        return cls(int(index[1]), read_hashes(lines), Note.parse(note), extra)

    def verify(self, entry: bytes, log: Verifier) -> Checkpoint:
        """Return the checkpoint under which the entry stands. Raise BadNote if anything does not hold."""
        checkpoint, _ = open_checkpoint(str(self.note).encode(), log)
        if not verify_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.path, checkpoint.root):
            raise BadNote("the entry does not stand there")
        return checkpoint


def write_hashes(hashes: Iterable[bytes]) -> str:
    """Return hashes one a line in base 64, as proofs are sent."""
    return "".join(f"{base64.b64encode(digest).decode()}\n" for digest in hashes)


def read_hashes(lines: Iterable[str]) -> tuple[bytes, ...]:
    """Read hashes one a line, 63 at most. Raise BadNote."""
    hashes = tuple(unbase64(line) for line in lines)
    if len(hashes) > _MOST_HASHES or any(len(digest) != HASH_BYTES for digest in hashes):
        raise BadNote("a proof has at most 63 hashes of 32 bytes")
    return hashes
