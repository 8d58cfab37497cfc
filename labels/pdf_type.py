"""Type in a PDF: faces collect letters while pages are written, and are embedded at the end, cut down to these."""

from .pdf import PdfFile
from .pdf_embed import PLAIN, SYMBOLIC, Simple, put_face, put_simple
from .typefaces import FIXED, FIXED_LETTERS, FIXED_PITCH, HAN, typeface


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
        from .cutting import eights

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
