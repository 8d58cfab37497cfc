"""Files that people hand to the commands: lists of links, stocks and faces of their own, pictures."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from .errors import LabelError
from .stamp import Stamp, check_link


class LinkFile(Collection[Stamp]):
    """The stamps of a file of links, read anew each time: a million of them take no more memory than one.

    Raises LabelError, when made, naming the first line that is wrong.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checked = False
        self.count = sum(1 for _ in self)
        self.checked = True

    def __len__(self) -> int:
        return self.count

    def __contains__(self, stamp: object) -> bool:
        return any(stamp == own for own in self)

    def __iter__(self) -> Iterator[Stamp]:
        try:
            with self.path.open(encoding="utf-8-sig") as lines:
                yield from _stamps(lines, self.checked)
        except OSError as error:
            raise _unreadable(self.path, error.strerror) from error
        except UnicodeDecodeError as error:
            raise _unreadable(self.path, "no UTF-8 text") from error


def _stamps(lines: Iterable[str], checked: bool) -> Iterator[Stamp]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        link, serial, pin, *_ = [*(part.strip() for part in line.split("\t")), "", ""]
        try:
            yield Stamp(link if checked else check_link(link), "", serial, pin or None)
        except LabelError as error:
            raise LabelError("bad-line", "Line %(line)d: %(reason)s", line=number, reason=str(error)) from error


def _unreadable(path: object, reason: str | None) -> LabelError:
    return LabelError("unreadable", "%(path)s could not be read: %(reason)s.", path=str(path), reason=reason or "?")


def read_json(path: str) -> dict[str, Any]:
    """The object in a JSON file. Raises LabelError."""
    text = read_text(Path(path))
    try:
        data = json.loads(text)
    except ValueError as error:
        raise _unreadable(path, str(error)) from error
    if not isinstance(data, dict):
        raise _unreadable(path, "no object in it")
    return data


def read_text(path: Path) -> str:
    """A UTF-8 text. Raises LabelError."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(path, "no UTF-8 text") from error


def read_bytes(path: Path) -> bytes:
    """A file. Raises LabelError, with the system's reason."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error.strerror) from error


def cells(text: str) -> set[int]:
    """`1-5,9` as cells counted from 0. Raises LabelError."""
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        span = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", part)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (1, 0)
        if not 1 <= first <= last:
            raise LabelError("bad-cells", "%(text)r is no list of cells such as 1-5,9.", text=text)
        found.update(range(first - 1, last))
    return found
