"""Type in a PDF: faces collect letters while pages are written, and are embedded at the end, cut down to these."""

from functools import cache
from io import BytesIO

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from .pdf import PdfFile
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
        _put_simple(self.file, self.eights, "TemSymbol", eights(), range(256), 1000, 4, b" " * 256)
        _put_simple(
            self.file,
            self.fixed,
            "TemFixed",
            typeface(FIXED).data,
            range(32, 127),
            FIXED_PITCH,
            32,
            FIXED_LETTERS.encode(),
        )
        for face, number in self.numbers.items():
            _put_face(self.file, number, face, self.letters[face])
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


def _put_simple(
    file: PdfFile, number: int, name: str, data: bytes, codes: range, wide: int, flags: int, letters: bytes
) -> None:
    """A font of one-byte codes and one width. `letters`: what each code reads as when text is taken out of the page."""
    descriptor, program, unicode = file.number(), file.number(), file.number()
    widths = b" ".join([b"%d" % wide] * len(codes))
    encoding = b"/Encoding/WinAnsiEncoding" if flags == 32 else b""
    file.put(
        number,
        b"<</Type/Font/Subtype/TrueType/BaseFont/TEMGOC+%b/FirstChar %d/LastChar %d/Widths[%b]%b/FontDescriptor %d 0 R/ToUnicode %d 0 R>>"
        % (name.encode(), codes[0], codes[-1], widths, encoding, descriptor, unicode),
    )
    _put_descriptor(file, descriptor, name, flags, b"/FontFile2 %d 0 R" % program)
    file.stream(program, data, b"/Length1 %d" % len(data))
    file.stream(unicode, _to_unicode({code: chr(letter) for code, letter in zip(codes, letters, strict=True)}, 2))


def _put_descriptor(file: PdfFile, number: int, name: str, flags: int, program: bytes) -> None:
    file.put(
        number,
        b"<</Type/FontDescriptor/FontName/TEMGOC+%b/Flags %d/FontBBox[-500 -400 1500 1300]/ItalicAngle 0/Ascent 1000"
        b"/Descent -265/CapHeight 740/StemV 90%b>>" % (name.encode(), flags, program),
    )


def _put_face(file: PdfFile, number: int, face: str, letters: set[str]) -> None:
    """A composite font cut down to its letters."""
    data, glyphs, widths = typeface(face).subset(letters)
    child, descriptor, program, unicode = (file.number() for _ in range(4))
    name = b"TEMGOC+NotoSansSC" if face == HAN else b"TEMGOC+BeVietnamPro-" + face.capitalize().encode()
    codes = {letter: code_for(face, letter) for letter in letters}
    file.put(
        number,
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, child, unicode),
    )
    spans = b" ".join(b"%d[%d]" % (codes[letter], widths[letter]) for letter in sorted(letters))
    common = (
        b"<</Type/Font/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/W[%b]"
        % (name, descriptor, spans)
    )
    if face == HAN:
        file.put(child, common + b"/Subtype/CIDFontType0>>")
        _put_descriptor(file, descriptor, "NotoSansSC", 4, b"/FontFile3 %d 0 R" % program)
        file.stream(program, data, b"/Subtype/OpenType")
    else:
        mapping = file.number()
        file.put(child, common + b"/Subtype/CIDFontType2/CIDToGIDMap %d 0 R>>" % mapping)
        _put_descriptor(file, descriptor, name.decode().partition("+")[2], 4, b"/FontFile2 %d 0 R" % program)
        file.stream(program, data, b"/Length1 %d" % len(data))
        table = bytearray(2 * (max(codes.values()) + 1))
        for letter, code in codes.items():
            table[2 * code : 2 * code + 2] = glyphs[letter].to_bytes(2, "big")
        file.stream(mapping, bytes(table))
    file.stream(unicode, _to_unicode({codes[letter]: letter for letter in letters}, 4))


def _to_unicode(meaning: dict[int, str], digits: int) -> bytes:
    lines = [f"<{code:0{digits}x}> <{letter.encode('utf-16-be').hex()}>" for code, letter in sorted(meaning.items())]
    blocks = [lines[i : i + 100] for i in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    top = "f" * digits
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def"
        f" /CMapName /Adobe-Identity-UCS def /CMapType 2 def 1 begincodespacerange <{'0' * digits}> <{top}> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()
