"""Type: Be Vietnam Pro from its package, measured here and embedded as subsets; Chinese if a font package is installed.

Codes, serials and PINs are set in a fixed pitch cut from the same face: every stamp of a run is equally wide, and can
be written without being measured.
"""

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from fontTools import subset
from fontTools.misc.transform import Transform
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables.ttProgram import Program

from .errors import LabelError

PT_MM = 25.4 / 72
WEIGHTS = {"regular": "Regular", "medium": "Medium", "semibold": "SemiBold", "bold": "Bold"}
HAN = "han"
HAN_PACKAGE, HAN_FILE = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"
FIXED = "fixed"
FIXED_FROM, FIXED_PITCH = "SemiBold", 660  # thousandths of the size
FIXED_LETTERS = "".join(map(chr, range(32, 127)))


class Typeface:
    """One weight: what it holds and how wide it runs."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        self.data = data
        self.font = TTFont(BytesIO(data), lazy=True)
        self.units = int(self.font["head"].unitsPerEm)
        self.glyphs: dict[int, str] = self.font.getBestCmap()
        self.advances: dict[str, tuple[int, int]] = dict(self.font["hmtx"].metrics)
        os2 = self.font["OS/2"]
        self.cap_height = getattr(os2, "sCapHeight", 0.7 * self.units) / self.units
        self.ascent = self.font["hhea"].ascent / self.units
        self.descent = -self.font["hhea"].descent / self.units

    def width(self, text: str) -> float:
        """Advance width for a size of 1 (so: times the size, in the size's unit)."""
        return sum(self.advances[self.glyphs[ord(letter)]][0] for letter in text) / self.units

    def lacks(self, text: str) -> str:
        """The letters it cannot draw."""
        return "".join(sorted({letter for letter in text if ord(letter) not in self.glyphs}))

    def subset(self, letters: set[str]) -> tuple[bytes, dict[str, int], dict[str, int]]:
        """A font program of these letters only; each letter's glyph number and its width in thousandths."""
        options = subset.Options(
            layout_features=[],
            hinting=False,
            notdef_outline=True,
            name_IDs=[1, 2, 6],
            glyph_names=False,
            drop_tables=["GSUB", "GPOS", "GDEF", "DSIG", "STAT", "BASE", "VORG", "vhea", "vmtx"],
        )
        font = TTFont(BytesIO(self.data))
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[ord(letter) for letter in letters])
        cutter.subset(font)
        ids = font.getReverseGlyphMap()
        cmap = font.getBestCmap()
        numbers = {letter: ids[cmap[ord(letter)]] for letter in letters}
        widths = {letter: round(font["hmtx"][cmap[ord(letter)]][0] * 1000 / self.units) for letter in letters}
        return _bytes(font), numbers, widths


@cache
def typeface(name: str) -> Typeface:
    """A weight by its name, the fixed pitch, or the Chinese face. Raises LabelError if there is none."""
    if name == HAN:
        return Typeface(HAN, _han())
    if name == FIXED:
        return Typeface(FIXED, _fixed())
    return Typeface(name, _be_vietnam(WEIGHTS.get(name, "Regular")))


def clean(text: str) -> str:
    """Text as it will be drawn: composed letters, single spaces. Raises LabelError for letters that no face has."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    missing = "".join(
        letter for letter in typeface("regular").lacks(text) if not has_han() or typeface(HAN).lacks(letter)
    )
    if missing:
        raise LabelError(
            "no-glyph", "No installed font draws %(letters)s in %(text)r.", letters=" ".join(missing), text=text
        )
    return text


def has_han() -> bool:
    """Whether a package with Chinese letters is installed."""
    return find_spec(HAN_PACKAGE) is not None


def pieces(text: str, weight: str) -> list[tuple[str, str]]:
    """(face, letters) in order: the Chinese face takes over only where the weight lacks the letter."""
    main = typeface(weight)
    out: list[tuple[str, str]] = []
    for letter in text:
        name = weight if ord(letter) in main.glyphs else HAN
        if out and out[-1][0] == name:
            out[-1] = (name, out[-1][1] + letter)
        else:
            out.append((name, letter))
    return out


@lru_cache(maxsize=4096)
def width(text: str, weight: str) -> float:
    """Advance width at size 1, over as many faces as the text needs."""
    return sum(typeface(name).width(part) for name, part in pieces(text, weight))


def _be_vietnam(style: str) -> bytes:
    return (files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{style}.ttf").read_bytes()


def _han() -> bytes:
    if not has_han():
        raise LabelError(
            "no-chinese", "Chinese needs the font package %(package)s.", package=HAN_PACKAGE.replace("_", "-")
        )
    return (files(HAN_PACKAGE) / HAN_FILE).read_bytes()


def unhinted(font: TTFont) -> None:
    """Give a TrueType font a program that does nothing: without any, FreeType's automatic hinter bends its outlines."""
    font["fpgm"] = newTable("fpgm")
    font["fpgm"].program = Program()
    font["fpgm"].program.fromBytecode(b"\xb0\x00\x21")  # push 0, pop


def _bytes(font: TTFont) -> bytes:
    if "glyf" in font:
        unhinted(font)
    font.recalcTimestamp = False  # the same letters give the same bytes
    out = BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()


def _fixed() -> bytes:
    """The visible ASCII letters at one pitch: centred in it, the widest ones condensed to it."""
    options = subset.Options(layout_features=[], hinting=False, drop_tables=["GSUB", "GPOS", "GDEF", "DSIG", "STAT"])
    font = TTFont(BytesIO(_be_vietnam(FIXED_FROM)))
    cutter = subset.Subsetter(options)
    cutter.populate(text=FIXED_LETTERS)
    cutter.subset(font)
    pitch = FIXED_PITCH * font["head"].unitsPerEm // 1000
    glyphs = font.getGlyphSet()
    drawn = {name: _in_pitch(font, glyphs, name, pitch) for name in font.getGlyphOrder()}
    for name, glyph in drawn.items():
        glyph.recalcBounds(font["glyf"])
        font["glyf"][name] = glyph
        font["hmtx"][name] = (pitch, getattr(glyph, "xMin", 0))
    for record in font["name"].names:
        record.string = str(record).replace("Be Vietnam Pro", "Tem Fixed").replace("BeVietnamPro", "TemFixed")
    return _bytes(font)


def _in_pitch(font: TTFont, glyphs: Any, name: str, pitch: int) -> Any:
    advance = font["hmtx"][name][0]
    scale = min(1.0, pitch / advance) if advance else 1.0
    pen = TTGlyphPen(None)
    outline = DecomposingRecordingPen(glyphs)
    glyphs[name].draw(outline)
    outline.replay(TransformPen(pen, Transform(scale, 0, 0, 1, (pitch - advance * scale) / 2, 0)))
    return pen.glyph()
