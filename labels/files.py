"""Whole files or none: written beside their place and moved there when finished."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .errors import LabelError


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
