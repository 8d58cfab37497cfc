"""Type: Be Vietnam Pro from its package, measured here and embedded as subsets; Chinese if a font package is installed.

Codes, serials and PINs are set in a fixed pitch cut from the same face: every stamp of a run is equally wide, and can
be written without being measured.
"""

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from io import BytesIO

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
        from fontTools.ttLib import TTFont

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
        from .cutting import cut_down

        return cut_down(self.data, letters)


@cache
def typeface(name: str) -> Typeface:
    """A weight by its name, the fixed pitch, or the Chinese face. Raises LabelError if there is none."""
    if name == HAN:
        return Typeface(HAN, _han())
    if name == FIXED:
        from .cutting import at_one_pitch

        return Typeface(FIXED, at_one_pitch(_be_vietnam(FIXED_FROM)))
    return Typeface(name, _be_vietnam(WEIGHTS.get(name, "Regular")))


@lru_cache(maxsize=1024)
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
