"""Whole files or none: written beside their place and moved there when finished."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path
from typing import Any, BinaryIO

from .errors import LabelError

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What went out: labels, sheets (rows on a roll), bytes, and the file's SHA-256 in hex."""

    labels: int
    sheets: int
    size: int
    sha256: str


class Meter(RawIOBase, BinaryIO):
    """A stream that counts and hashes what passes, and tells of progress."""

    def __init__(self, out: BinaryIO, total: int | None, progress: Progress | None) -> None:
        self.out, self.total, self.progress = out, total, progress
        self.length = self.labels = 0
        self.hash = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, labels: int = 0) -> int:
        self.out.write(data)
        self.hash.update(data)
        self.length += len(data)
        self.count(labels)
        return len(data)

    def count(self, labels: int) -> None:
        """So many more labels are done."""
        self.labels += labels
        if labels and self.progress:
            self.progress(self.labels, self.total)

    def written(self, sheets: int) -> Written:
        return Written(self.labels, sheets, self.length, self.hash.hexdigest())


@contextmanager
def whole(path: Path | str) -> Iterator[BinaryIO]:
    """A file that appears under its name only when the block ends well. Raises LabelError where the disk says no."""
    path = Path(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("xb", buffering=1 << 20) as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise LabelError(
            "not-written",
            "%(path)s could not be written: %(reason)s.",
            path=str(path),
            reason=error.strerror or str(error),
        ) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def opened(out: Path | str | BinaryIO) -> Iterator[BinaryIO]:
    """A path as a whole file, or a stream as it is."""
    if isinstance(out, Path | str):
        with whole(out) as stream:
            yield stream
    else:
        yield out
