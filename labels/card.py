"""Pictures for elsewhere: a wide one to post, and an A5 card for the stall, whose symbol any phone reads from afar."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from .face import Element, Face
from .qr import symbol
from .stamp import Stamp
from .stock import Stock
from .typefaces import typeface
from .words import Words
from .writing import write_pdf

WIDE = (1200, 630)
"""What shops and social pages show of a link, in pixels."""
PAPER, INK, GREEN, QUIET = "#fbfaf5", "#1b2a22", "#1e6b3a", "#5c6a61"
A5 = Stock(name="a5-card", page_width_mm=148, page_height_mm=210, width_mm=148, height_mm=210)
STALL = Face(
    name="stall",
    width_mm=148,
    height_mm=210,
    elements=(
        Element(kind="rule", x=14, y=10, width=120, height=1.2),
        Element(kind="rule", x=14, y=201, width=120, height=0.4),
        Element(kind="text", text="{product}", x=14, y=14, width=120, height=30, size_pt=34, floor_pt=14,
                weight="bold", lines=2),
        Element(kind="text", text="{cooperative}", x=14, y=46, width=120, height=12, size_pt=17, floor_pt=9,
                weight="semibold"),
        Element(kind="text", text="{certificate}", x=14, y=59, width=120, height=8, size_pt=12, floor_pt=7),
        Element(kind="symbol", x=24, y=70, width=100, height=100),
        Element(kind="text", text="{harvest_day}", x=14, y=174, width=120, height=9, size_pt=14, floor_pt=8,
                weight="semibold"),
        Element(kind="text", text="{contact}", x=14, y=184, width=120, height=9, size_pt=12, floor_pt=8),
        Element(kind="text", text="{weight}", x=14, y=194, width=120, height=6, size_pt=8, floor_pt=6),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on it, as it shall be read. `picture` is a JPEG or WebP, or None; an unreadable one is left out."""

    title: str
    by: str
    lines: tuple[str, ...]
    link: str
    picture: bytes | None = None


def stall_card(card: Card) -> bytes:
    """A PDF of one A5 page. Raises LabelError for words that no type can hold."""
    certificate, harvested, contact, small = (*card.lines, "", "", "", "")[:4]
    words = Words(product=card.title, cooperative=card.by, certificate=certificate, harvest_day=harvested,
                  contact=contact, weight=small)  # fmt: skip
    out = BytesIO()
    write_pdf(out, [Stamp(card.link)], stock=A5, face=STALL, words=words, title=card.title)
    return out.getvalue()


def post_card(card: Card) -> bytes:
    """A PNG of 1200 × 630 pixels."""
    image = Image.new("RGB", WIDE, PAPER)
    draw = ImageDraw.Draw(image)
    photo = _photo(card.picture)
    left = 60
    if photo is not None:
        image.paste(ImageOps.fit(photo, (560, 630)), (0, 0))
        left = 610
    draw.rectangle((left, 0, left + 90, 12), fill=GREEN)
    y = _write(draw, card.title, (left, 50), _Type("bold", 58, INK, most=3))
    y = _write(draw, card.by, (left, y + 14), _Type("semibold", 32, GREEN, most=2))
    for line in card.lines[:2]:
        y = _write(draw, line, (left, y + 8), _Type("regular", 26, QUIET, most=1))
    image.paste(_code(card.link, 190), (960, 420))
    draw.text((left, 560), "Tem Gốc", font=_font("semibold", 30), fill=INK)
    out = BytesIO()
    image.quantize(192).save(out, "PNG", optimize=True) if photo is None else image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _photo(data: bytes | None) -> Image.Image | None:
    if data is None:
        return None
    try:
        with Image.open(BytesIO(data), formats=["JPEG", "WEBP", "PNG"]) as opened:
            return opened.convert("RGB")
    except (UnidentifiedImageError, OSError):
        return None


def _code(link: str, side: int) -> Image.Image:
    """The symbol with its quiet zone, in whole pixels a module, at most `side` wide."""
    matrix = symbol(link)
    small = Image.fromarray(~matrix).convert("L")
    framed = ImageOps.expand(small, 4, 255)
    scale = max(1, side // framed.width)
    return framed.resize((framed.width * scale, framed.height * scale), Image.Resampling.NEAREST).convert("RGB")


def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(typeface(weight).data), size)


@dataclass(frozen=True, slots=True)
class _Type:
    weight: str
    size: int
    ink: str
    most: int
    """Lines."""


def _write(draw: ImageDraw.ImageDraw, text: str, at: tuple[int, int], kind: _Type) -> int:
    """Write words up to the right margin, smaller where they need it; returns where the next may begin."""
    left, y = at
    for size in range(kind.size, kind.size // 2, -2):
        font = _font(kind.weight, size)
        lines = _broken(text, font, WIDE[0] - 50 - left)
        if len(lines) <= kind.most:
            break
    for line in lines[: kind.most]:
        draw.text((left, y), line, font=font, fill=kind.ink)
        y += round(size * 1.28)
    return y


def _broken(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
