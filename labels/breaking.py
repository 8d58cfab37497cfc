"""Words broken into lines: at spaces, between Chinese letters, after the hyphens of a number too long for a line."""

from functools import lru_cache

from .typefaces import width


def balanced(text: str, weight: str, room: float, size: float, most: int) -> list[str] | None:
    """As `broken`, with lines about equally long: no last word stands alone where it need not."""
    lines = broken(text, weight, room, size, most)
    if lines is None or len(lines) < 2:
        return lines
    low, high = room / len(lines) / 2, room
    while high - low > size / 10:
        middle = (low + high) / 2
        tried = broken(text, weight, middle, size, len(lines))
        if tried is None or _hyphens(tried) > _hyphens(lines):
            low = middle
        else:
            high, lines = middle, tried
    # A first line that is a little longer reads better than a name torn apart.
    fuller = broken(text, weight, min(room, high * 1.15), size, len(lines))
    return fuller if fuller and len(fuller) == len(lines) and _hyphens(fuller) <= _hyphens(lines) else lines


def _hyphens(lines: list[str]) -> int:
    """Lines that end within a number."""
    return sum(line.endswith("-") for line in lines)


def broken(text: str, weight: str, room: float, size: float, most: int) -> list[str] | None:
    """The text in at most `most` lines no wider than `room` at this size (same unit), or None."""
    lines: list[str] = []
    line = ""
    for word in _breakable(text, weight, room / size):
        longer = line + word
        if width(longer.strip(), weight) * size <= room:
            line = longer
            continue
        if line.strip():
            lines.append(line.strip())
        line = word
        if len(lines) >= most or width(word.strip(), weight) * size > room:
            return None
    lines.append(line.strip())
    return lines if len(lines) <= most else None


def _breakable(text: str, weight: str, room: float) -> list[str]:
    """Words with the space before them. Chinese parts anywhere; a number too long for a line, after hyphens."""
    words = _words(text)
    return [part for word in words for part in (_at_hyphens(word) if width(word.strip(), weight) > room else [word])]


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    out: list[str] = []
    for before, letter in zip(" " + text, text, strict=False):
        if not out or letter == " " or max(ord(letter), ord(before)) > 0x2E80:
            out.append(letter)
        else:
            out[-1] += letter
    return tuple(out)


def _at_hyphens(word: str) -> list[str]:
    parts = word.split("-")
    return [f"{part}-" for part in parts[:-1]] + parts[-1:]
