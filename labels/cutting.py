"""Fonts cut down to the letters that a file uses, cut anew to one pitch, or made of modules.

Imported where a font is made: fontTools is large, and most helpers never make one.
"""

from functools import cache
from io import BytesIO
from typing import Any

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.transform import Transform
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables.ttProgram import Program

from .typefaces import FIXED_LETTERS, FIXED_PITCH

LEFT_OUT = ["GSUB", "GPOS", "GDEF", "DSIG", "STAT", "BASE", "VORG", "vhea", "vmtx"]
EIGHTS_UNITS = 1024  # a glyph of eight modules is one em wide; one module is an eighth of it


def cut_down(data: bytes, letters: set[str]) -> tuple[bytes, dict[str, int], dict[str, int]]:
    """A font program of these letters only; each letter's glyph number and its width in thousandths."""
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, name_IDs=[1, 2, 6], drop_tables=LEFT_OUT
    )
    options.glyph_names = False
    font = TTFont(BytesIO(data))
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(letter) for letter in letters])
    cutter.subset(font)
    ids, cmap, units = font.getReverseGlyphMap(), font.getBestCmap(), font["head"].unitsPerEm
    numbers = {letter: ids[cmap[ord(letter)]] for letter in letters}
    widths = {letter: round(font["hmtx"][cmap[ord(letter)]][0] * 1000 / units) for letter in letters}
    data = _bytes(font)
    if "CFF " in font:  # a PDF takes the outlines alone
        data = TTFont(BytesIO(data)).reader["CFF "]
    return data, numbers, widths


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


def at_one_pitch(data: bytes) -> bytes:
    """A font of the visible ASCII letters at one pitch: centred in it, the widest ones condensed to it."""
    options = subset.Options(layout_features=[], hinting=False, drop_tables=["GSUB", "GPOS", "GDEF", "DSIG", "STAT"])
    font = TTFont(BytesIO(data))
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


@cache
def eights() -> bytes:
    """A font of 256 glyphs: glyph n is a row of eight modules whose dark ones are n's bits, the highest first.

    Glyph number, code and private letter agree, because programs differ in which of them they look up.
    """
    names = [".notdef", *(f"m{n:02x}" for n in range(1, 256))]
    font = FontBuilder(EIGHTS_UNITS, isTTF=True)
    font.setupGlyphOrder(names)
    glyphs = {name: _eight(n) for n, name in enumerate(names)}
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics({name: (EIGHTS_UNITS, getattr(glyphs[name], "xMin", 0)) for name in names})
    font.setupHorizontalHeader(ascent=EIGHTS_UNITS // 8, descent=0)
    font.setupCharacterMap({0xF000 + n: name for n, name in enumerate(names)})
    font.setupNameTable({"familyName": "Tem Symbol", "styleName": "Regular", "psName": "TemSymbol"})
    font.setupOS2()
    font.setupPost(keepGlyphNames=False)
    font.font["head"].created = font.font["head"].modified = 0
    font.font.recalcTimestamp = False
    unhinted(font.font)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _eight(bits: int) -> object:
    pen = TTGlyphPen(None)
    unit = EIGHTS_UNITS // 8
    start = None
    for place in range(9):
        dark = place < 8 and bits >> (7 - place) & 1
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            pen.moveTo((start * unit, 0))
            for corner in ((start * unit, unit), (place * unit, unit), (place * unit, 0)):
                pen.lineTo(corner)
            pen.closePath()
            start = None
    return pen.glyph()
