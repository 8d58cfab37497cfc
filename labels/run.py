"""One run made ready: what its stamps need at most, the face fitted to the stock, everything placed and sized."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from .errors import LabelError
from .face import Face
from .faces import Design
from .fit import fitted
from .layout import Box, Drawing, lay_out
from .qr import LEVELS, size_of, version_of
from .sheet import MOST_STAMPS, Sheet
from .stamp import LONGEST_TEXT, Stamp, check_link, code_of, grouped, gtin_of
from .stock import Stock
from .words import Words

PEEK = 1000


@dataclass(frozen=True, slots=True)
class Survey:
    """The most that any stamp of a run needs. `count` is None where the run could not be counted beforehand."""

    count: int | None
    version: int
    code: int
    serial: int
    pin: int
    gtin: str = ""
    """Of the goods, where every link carries the same."""

    @property
    def lengths(self) -> dict[str, int]:
        return {"code": self.code, "serial": self.serial, "pin": self.pin}


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a writer needs besides the stamps themselves."""

    stock: Stock
    face: Face
    drawing: Drawing
    sheet: Sheet
    survey: Survey
    level: str
    language: str


def survey(
    stamps: Iterable[Stamp], level: str = "M", count: int | None = None, copies: int = 1
) -> tuple[Survey, Iterable[Stamp]]:
    """Look at a run before it is drawn: all of it if it has a length, else the first thousand (later ones: no more).

    Give back the run to draw, whole. Raises LabelError for an empty run, one beyond two million, or a bad link.
    """
    if level not in LEVELS:
        raise LabelError("bad-level", "The error correction level is L, M, Q or H, not %(level)r.", level=level)
    if isinstance(stamps, Collection):
        seen: Collection[Stamp] = stamps
        count = len(stamps)
    else:
        source = iter(stamps)
        seen = list(islice(source, PEEK))
        stamps = chain(seen, source)
        count = len(seen) if len(seen) < PEEK else count
    if not seen:
        raise LabelError("no-stamps", "There is no stamp to print.")
    if copies < 1 or (count or 0) * copies > MOST_STAMPS:
        raise LabelError(
            "too-many-stamps",
            "%(count)d labels in one run: between 1 and %(most)d can be printed.",
            count=(count or 0) * copies,
            most=MOST_STAMPS,
        )
    found = _measure(seen, level, None if count is None else count * copies)
    if found.gtin and not isinstance(stamps, Collection):
        stamps = _of_one_gtin(stamps, found.gtin)
    return found, stamps


def _of_one_gtin(stamps: Iterable[Stamp], gtin: str) -> Iterator[Stamp]:
    """Under every symbol stands the number that the first links carry: a later link must carry it, too."""
    for stamp in stamps:
        if gtin_of(stamp.link) != gtin:
            raise LabelError(
                "other-gtin", "The link %(link)r is of other goods than the run's first ones.", link=stamp.link
            )
        yield stamp


def _measure(stamps: Iterable[Stamp], level: str, count: int | None) -> Survey:
    longest: dict[tuple[int, bool], str] = {}
    code = serial = pin = 0
    gtins = set()
    for stamp in stamps:
        longest.setdefault((len(stamp.link), stamp.link == stamp.link.upper()), stamp.link)
        code = max(code, len(stamp.code) or len(code_of(stamp.link)))
        serial = max(serial, len(stamp.serial))
        pin = max(pin, len(stamp.pin or ""))
        gtins.add(gtin_of(stamp.link))
    code = len(grouped("X" * code))
    version = max(version_of(check_link(link), level) for link in longest.values())
    for name, length in (("code", code), ("serial", serial), ("pin", pin)):
        if length > LONGEST_TEXT:
            raise LabelError(
                "long-text",
                "A %(field)s of %(length)d letters is more than a label can show (%(most)d).",
                field=name,
                length=length,
                most=LONGEST_TEXT,
            )
    return Survey(count, version, code, serial, pin, gtins.pop() if len(gtins) == 1 else "")


def plan(
    found: Survey, stock: Stock, face: Design | Face, words: Words, sheet: Sheet, *, level: str = "M", dpi: int = 0
) -> Plan:
    """Fit the face and place everything. With `dpi` (else the stock's) modules are whole printer dots.

    Raises LabelError where something does not fit; an own face must be as large as the stock's labels.
    """
    sheet.check(stock)
    modules = size_of(found.version)
    words = replace(words, gtin=words.gtin or found.gtin)
    if isinstance(face, Design):
        face = fitted(face, stock, words, modules, found.lengths)
    elif abs(face.width_mm - stock.width_mm) > 0.1 or abs(face.height_mm - stock.height_mm) > 0.1:
        raise LabelError(
            "face-size",
            "The face is %(face)s mm, the labels of %(stock)s are %(label)s mm.",
            stock=stock.name,
            face=f"{face.width_mm:g} × {face.height_mm:g}",
            label=f"{stock.width_mm:g} × {stock.height_mm:g}",
        )
    drawing = snapped(lay_out(face, words, modules, found.lengths), modules, dpi or stock.dpi)
    return Plan(stock, face, drawing, sheet, found, level, words.language)


def snapped(drawing: Drawing, modules: int, dpi: int) -> Drawing:
    """The symbol shrunk to whole dots a module and moved onto whole dots; unchanged at 0 dpi or under one dot."""
    dots = int(drawing.module * dpi / 25.4 + 1e-6) if dpi else 0
    if not dots:
        return drawing
    module = dots * 25.4 / dpi
    side = module * (modules + 8)
    box = drawing.symbol
    x, y = (_on_dot(start + (box.width - side) / 2, dpi) for start in (box.x, box.y))
    return replace(drawing, symbol=Box(x, y, side, side), module=module)


def _on_dot(value: float, dpi: int) -> float:
    return round(value * dpi / 25.4) * 25.4 / dpi
