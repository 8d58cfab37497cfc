"""Labels that carry no stamp: a roll's beginning, its end, and the divider after every so many."""

from .face import Element
from .layout import Box, Drawing, Run, lay_lines
from .sheet import Note
from .stock import Stock
from .typefaces import clean
from .words import captions


def leader(note: Note, count: int | None, first: str) -> list[str]:
    """What the first label of a roll says, the most important line first."""
    say = captions(note.language)
    number = say["count"].format(count=count) if count else ""
    return [say["leader"], f"{first} – …", number, *_job(note)]


def end(note: Note, count: int, first: str, last: str) -> list[str]:
    """What the last label of a roll says."""
    say = captions(note.language)
    return [say["end"], first if first == last else f"{first} – {last}", say["count"].format(count=count), *_job(note)]


def divider(note: Note, count: int, last: str) -> list[str]:
    """What a divider says after `count` stamps."""
    return [captions(note.language)["divider"].format(count=count), last]


def _job(note: Note) -> list[str]:
    say = captions(note.language)
    facts = (("job", {"job": note.job}), ("batch", {"batch": note.batch}), ("printed", {"day": note.day}))
    return [say[name].format(**fact) for name, fact in facts if any(fact.values())]


def notice(lines: list[str], stock: Stock) -> Drawing:
    """The lines on a label of this stock, in a frame: the first in bold, each as large as fits."""
    lines = [clean(line) for line in lines if line]
    edge = 0.29 * min(stock.width_mm, stock.height_mm) / 2 if stock.round else 1.5
    wide, high = stock.width_mm - 2 * edge, (stock.height_mm - 2 * edge) / (len(lines) + 0.5)
    runs: list[Run] = []
    top = edge
    for index, line in enumerate(lines):
        tall = high * (1.5 if index == 0 else 1)
        box = Element(
            kind="text", x=edge, y=top, width=wide, height=tall, size_pt=max(4.0, min(16, tall / 0.43)), floor_pt=4.0,
            weight="medium" if index else "bold", lines=2)  # fmt: skip
        runs += lay_lines(box, line)
        top += tall
    frame = [] if stock.round else [Box(0.6, 0.6, stock.width_mm - 1.2, stock.height_mm - 1.2)]
    return Drawing(Box(0, 0, 0, 0), 0, runs=runs, frames=frame)
