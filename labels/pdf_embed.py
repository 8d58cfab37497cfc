"""Fonts as PDF objects: one-byte fonts of one width, and faces cut down to the letters that were used."""

from dataclasses import dataclass

from .pdf import PdfFile
from .typefaces import HAN, typeface

SYMBOLIC, PLAIN = 4, 32  # PDF font flags


@dataclass(frozen=True, slots=True)
class Simple:
    """A font of one-byte codes from `first` and one width, in thousandths; `letters`: what each code reads as."""

    name: str
    program: bytes
    first: int
    letters: str
    width: int
    flags: int


def put_simple(file: PdfFile, number: int, font: Simple) -> None:
    """Write it as object `number`."""
    descriptor, program, unicode = file.number(), file.number(), file.number()
    widths = b" ".join([b"%d" % font.width] * len(font.letters))
    encoding = b"/Encoding/WinAnsiEncoding" if font.flags == PLAIN else b""
    last = font.first + len(font.letters) - 1
    file.put(
        number,
        b"<</Type/Font/Subtype/TrueType/BaseFont/TEMGOC+%b/FirstChar %d/LastChar %d/Widths[%b]%b"
        b"/FontDescriptor %d 0 R/ToUnicode %d 0 R>>"
        % (font.name.encode(), font.first, last, widths, encoding, descriptor, unicode),
    )
    _put_descriptor(file, descriptor, font.name, font.flags, b"/FontFile2 %d 0 R" % program)
    file.stream(program, font.program, b"/Length1 %d" % len(font.program))
    file.stream(unicode, _to_unicode(dict(enumerate(font.letters, font.first)), 2))


def _put_descriptor(file: PdfFile, number: int, name: str, flags: int, program: bytes) -> None:
    file.put(
        number,
        b"<</Type/FontDescriptor/FontName/TEMGOC+%b/Flags %d/FontBBox[-500 -400 1500 1300]/ItalicAngle 0/Ascent 1000"
        b"/Descent -265/CapHeight 740/StemV 90%b>>" % (name.encode(), flags, program),
    )


def put_face(file: PdfFile, number: int, face: str, codes: dict[str, int]) -> None:
    """A composite font cut down to its letters, each under its two-byte code."""
    data, glyphs, widths = typeface(face).subset(set(codes))
    child, descriptor, program, unicode = (file.number() for _ in range(4))
    name = b"TEMGOC+NotoSansSC" if face == HAN else b"TEMGOC+BeVietnamPro-" + face.capitalize().encode()
    file.put(
        number,
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, child, unicode),
    )
    spans = b" ".join(b"%d[%d]" % (codes[letter], widths[letter]) for letter in sorted(codes))
    system = b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    common = b"<</Type/Font/BaseFont/%b/CIDSystemInfo%b/FontDescriptor %d 0 R/W[%b]" % (name, system, descriptor, spans)
    if face == HAN:
        file.put(child, common + b"/Subtype/CIDFontType0>>")
        _put_descriptor(file, descriptor, "NotoSansSC", 4, b"/FontFile3 %d 0 R" % program)
        file.stream(program, data, b"/Subtype/CIDFontType0C")
    else:
        mapping = file.number()
        file.put(child, common + b"/Subtype/CIDFontType2/CIDToGIDMap %d 0 R>>" % mapping)
        _put_descriptor(file, descriptor, name.decode().partition("+")[2], 4, b"/FontFile2 %d 0 R" % program)
        file.stream(program, data, b"/Length1 %d" % len(data))
        table = bytearray(2 * (max(codes.values()) + 1))
        for letter, code in codes.items():
            table[2 * code : 2 * code + 2] = glyphs[letter].to_bytes(2, "big")
        file.stream(mapping, bytes(table))
    file.stream(unicode, _to_unicode({code: letter for letter, code in codes.items()}, 4))


def _to_unicode(meaning: dict[int, str], digits: int) -> bytes:
    lines = [f"<{code:0{digits}x}> <{letter.encode('utf-16-be').hex()}>" for code, letter in sorted(meaning.items())]
    blocks = [lines[i : i + 100] for i in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    top = "f" * digits
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap"
        " /CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def /CMapName /Adobe-Identity-UCS def"
        f" /CMapType 2 def 1 begincodespacerange <{'0' * digits}> <{top}> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()
