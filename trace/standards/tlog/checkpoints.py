"""Checkpoints (C2SP tlog-checkpoint): a log's name, its size and its root, as the text of a signed note."""

import base64
import re
from dataclasses import dataclass

from .merkle import HASH_BYTES
from .notes import BadNote, Note, Signer, Verifier, unbase64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself. `extensions` are further lines, which mean nothing here and are kept."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a note. Raise BadNote."""
        if not text.endswith("\n"):
            raise BadNote("no line end")
        origin, size, root, *extensions = [*text[:-1].split("\n"), "", ""][: max(3, text.count("\n"))]
        if not origin or not re.fullmatch(r"0|[1-9][0-9]{0,18}", size) or not all(extensions):
            raise BadNote("not a checkpoint: no origin, no size, or an empty line")
        digest = unbase64(root)
        if len(digest) != HASH_BYTES:
            raise BadNote("a root has 32 bytes")
        return cls(origin, int(size), digest, tuple(extensions))

    def signed(self, signer: Signer) -> Note:
        """Return the checkpoint as a note with the log's signature."""
        return Note(self.text, (signer.sign(self.text),))


def open_checkpoint(content: bytes, verifier: Verifier) -> tuple[Checkpoint, Note]:
    """Read a signed checkpoint and make sure of the log's signature and name. Raise BadNote."""
    note = Note.parse(content)
    if verifier.check(note) is None:
        raise BadNote(f"not signed by {verifier.name}")
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != verifier.name:
        raise BadNote("the checkpoint of another log")
    return checkpoint, note
