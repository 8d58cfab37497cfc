"""Type in a PDF: faces collect letters while pages are written, and are embedded at the end, cut down to these."""

from functools import cache
from io import BytesIO

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from .pdf import PdfFile
from .pdf_embed import PLAIN, SYMBOLIC, Simple, put_face, put_simple
from .typefaces import FIXED, FIXED_LETTERS, FIXED_PITCH, HAN, typeface, unhinted

EIGHTS_UNITS = 1024  # a glyph of eight modules is one em wide; one module is an eighth of it


class Fonts:
    """The fonts of one file: resource names, letters seen, and the objects written by `finish`."""

    def __init__(self, file: PdfFile) -> None:
        self.file = file
        self.numbers: dict[str, int] = {}
        self.letters: dict[str, set[str]] = {}
        self.eights = file.number()
        self.fixed = file.number()

    def show(self, face: str, letters: str) -> bytes:
        """The hex string of these letters, which are noted."""
        self.name(face)
        self.letters[face].update(letters)
        return b"<" + b"".join(b"%04x" % code_for(face, letter) for letter in letters) + b">"

    def name(self, face: str) -> bytes:
        """The face's resource name."""
        if face not in self.numbers:
            self.numbers[face] = self.file.number()
            self.letters[face] = set()
        return b"/T" + face.encode()

    def finish(self) -> bytes:
        """Write all fonts; the /Font dictionary that names them."""
        # Taken out of the page as text, a symbol is as many spaces.
        put_simple(self.file, self.eights, Simple("TemSymbol", eights(), 0, " " * 256, 1000, SYMBOLIC))
        fixed = typeface(FIXED).data
        put_simple(self.file, self.fixed, Simple("TemFixed", fixed, 32, FIXED_LETTERS, FIXED_PITCH, PLAIN))
        for face, number in self.numbers.items():
            put_face(self.file, number, face, {letter: code_for(face, letter) for letter in self.letters[face]})
        named = b"".join(b"/T%b %d 0 R" % (face.encode(), number) for face, number in self.numbers.items())
        return b"/Font<</Q %d 0 R/C %d 0 R%b>>" % (self.eights, self.fixed, named)


def code_for(face: str, letter: str) -> int:
    """The two-byte code: the letter's own number; in the Chinese face its CID, which a CFF font reads by itself."""
    if face == HAN:
        return int(typeface(HAN).glyphs[ord(letter)].removeprefix("cid"))
    return ord(letter)


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
