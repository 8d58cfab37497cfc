"""What a log and a witness say to each other (C2SP tlog-witness, add-checkpoint), without the wire between them.

A witness keeps one checkpoint a log. Whoever calls `answer` must read the last one, and store the new one, in one step
that no second request can come between, and must have stored it before answering.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .checkpoints import Checkpoint, open_checkpoint
from .merkle import EMPTY_ROOT, verify_consistency
from .notes import BadNote, Kind, Note, Signature, Signer, Verifier, parse_signatures
from .proofs import read_hashes, write_hashes

LONGEST_REQUEST: Final = 64_000


@dataclass(frozen=True, slots=True)
class Request:
    """A log's new checkpoint, and the proof that it extends the tree the witness saw last."""

    old_size: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        return f"old {self.old_size}\n{write_hashes(self.proof)}\n{self.note}"

    @classmethod
    def parse(cls, content: bytes) -> "Request":
        """Read the body of add-checkpoint. Raise BadNote."""
        head, gap, note = content.partition(b"\n\n")
        lines = head.decode(errors="replace").split("\n")
        old = re.fullmatch(r"old (0|[1-9][0-9]{0,18})", lines[0])
        if not old or not gap or len(content) > LONGEST_REQUEST:
            raise BadNote("not a request to add a checkpoint")
        return cls(int(old[1]), read_hashes(lines[1:]), Note.parse(note))


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. `seen` is the checkpoint to store before it is sent, None if nothing changes."""

    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    seen: Checkpoint | None = None


def answer(
    content: bytes, logs: Iterable[Verifier], last: dict[str, Checkpoint], witness: Signer, *, time: int
) -> Answer:
    """Judge a request. `logs` are the keys trusted, `last` the checkpoint seen last by origin, `time` is POSIX."""
    try:
        request = Request.parse(content)
        checkpoint = Checkpoint.parse(request.note.text)
    except BadNote:
        return Answer(400)
    keys = [key for key in logs if key.name == checkpoint.origin]
    if not keys:
        return Answer(404)
    if not any(_signed(request.note, key) for key in keys):
        return Answer(403)
    return _compare(request, checkpoint, last.get(checkpoint.origin), witness, time)


def _signed(note: Note, key: Verifier) -> bool:
    try:
        open_checkpoint(str(note).encode(), key)
    except BadNote:
        return False
    return True


def _compare(request: Request, new: Checkpoint, last: Checkpoint | None, witness: Signer, time: int) -> Answer:
    seen_size, seen_root = (last.size, last.root) if last else (0, EMPTY_ROOT)
    if request.old_size > new.size:
        return Answer(400)
    if request.old_size != seen_size:
        return Answer(409, f"{seen_size}\n", "text/x.tlog.size")
    if new.size == seen_size and new.root != seen_root:
        return Answer(409)
    if not verify_consistency(seen_size, seen_root, new.size, new.root, request.proof):
        return Answer(422)
    return Answer(200, witness.cosign(request.note.text, time).line, seen=new)


def read_cosignatures(body: str, note: Note, witnesses: Sequence[Verifier]) -> tuple[Signature, ...]:
    """Return those signatures of an answer that known witnesses made under the note; others are left out.

    Raise BadNote if a known witness's signature does not hold.
    """
    offered = Note(note.text, parse_signatures(body))
    checked = (witness.check(offered) for witness in witnesses if witness.kind is Kind.COSIGNATURE)
    return tuple(signature for signature in checked if signature is not None)
