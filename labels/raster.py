"""Labels in printer dots: black or white, the symbol in whole dots, type by FreeType: printers lack Vietnamese."""

from functools import lru_cache
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from .errors import LabelError
from .layout import Box, Drawing, Slot
from .overprint import ANGLE, Band, band_of
from .qr import symbols
from .run import Plan
from .stamp import Columns
from .typefaces import FIXED, FIXED_LETTERS, FIXED_PITCH, typeface

Bits = NDArray[np.bool_]
DARK = 140  # a dot is black from 45 % cover: thin strokes survive, small counters stay open
LEAST_DOTS = 2


def dots(mm: float, dpi: int) -> int:
    return round(mm * dpi / 25.4)


@lru_cache(maxsize=256)
def font(face: str, size: float) -> ImageFont.FreeTypeFont:
    """A face at a size in dots."""
    return ImageFont.truetype(BytesIO(typeface(face).data), size, layout_engine=ImageFont.Layout.BASIC)


def art(drawing: Drawing, wide: float, high: float, dpi: int) -> Bits:
    """The unchanging part of a label of `wide` × `high` mm, dark = True."""
    scale = dpi / 25.4
    image = Image.new("L", (dots(wide, dpi), dots(high, dpi)), 255)
    for box, picture in drawing.pictures:
        size = max(1, dots(box.width, dpi)), max(1, dots(box.height, dpi))
        halftone = picture.image().convert("L").resize(size, Image.Resampling.LANCZOS).convert("1")
        image.paste(halftone, (dots(box.x, dpi), dots(box.y, dpi)))
    pen = ImageDraw.Draw(image)
    for box in drawing.blacks:
        pen.rectangle(_corners(box, dpi), fill=0)
    for box in drawing.frames:
        pen.rectangle(_corners(box, dpi), outline=0, width=max(1, dots(0.15, dpi)))
    for run in drawing.runs:
        place = (run.x * scale, run.baseline * scale)
        pen.text(place, run.text, fill=255 if run.white else 0, font=font(run.face, run.size * scale), anchor="ls")
    return np.asarray(image) < DARK


def _corners(box: Box, dpi: int) -> tuple[int, int, int, int]:
    left, top = dots(box.x, dpi), dots(box.y, dpi)
    right, foot = dots(box.x + box.width, dpi), dots(box.y + box.height, dpi)
    return left, top, max(left, right - 1), max(top, foot - 1)


def banded(band: Band, shape: tuple[int, ...], dpi: int) -> tuple[Bits, Bits]:
    """What a band clears of a label of this shape in dots, and what it then blackens."""
    scale = dpi / 25.4
    flat = Image.new("LA", (dots(band.length, dpi), dots(band.height, dpi)), (255, 255))
    pen = ImageDraw.Draw(flat)
    pen.rectangle((0, 0, flat.width - 1, flat.height - 1), outline=(0, 255), width=max(1, dots(0.3, dpi)))
    middle = (flat.width / 2, flat.height / 2)
    pen.text(middle, band.text, fill=(0, 255), font=font("bold", band.size * scale), anchor="mm")
    turned = flat.rotate(ANGLE, Image.Resampling.BILINEAR, expand=True)
    label = Image.new("LA", (shape[1], shape[0]), (255, 0))
    label.paste(turned, (dots(band.x, dpi) - turned.width // 2, dots(band.y, dpi) - turned.height // 2))
    pixels = np.asarray(label)
    covered = pixels[:, :, 1] > 127
    return covered, covered & (pixels[:, :, 0] < DARK)


class Raster:
    """Draws a planned run's labels at one resolution. Raises LabelError if modules are not two whole dots or more."""

    def __init__(self, plan: Plan, dpi: int) -> None:
        self.plan, self.dpi = plan, dpi
        self.module = dots(plan.drawing.module, dpi)
        if self.module < LEAST_DOTS or abs(self.module - plan.drawing.module * dpi / 25.4) > 0.01:
            raise LabelError(
                "module-dots",
                "A module of %(module).3f mm is not %(least)d whole dots or more at %(dpi)d dpi: take a larger label.",
                module=plan.drawing.module,
                least=LEAST_DOTS,
                dpi=dpi,
            )
        self.art = art(plan.drawing, plan.stock.width_mm, plan.stock.height_mm, dpi)
        self.band = banded(band_of(plan), self.art.shape, dpi) if plan.sheet.overprint else None
        box = plan.drawing.symbol
        self.corner = dots(box.y, dpi) + 4 * self.module, dots(box.x, dpi) + 4 * self.module
        self.glyphs = {slot.size: self._letters(slot.size) for slot in plan.drawing.slots}

    def symbols(self, stamps: Columns) -> NDArray[np.uint8]:
        """(stamps, size, size) modules, dark = 1."""
        drawn = symbols(stamps.links, self.plan.level, self.plan.survey.version)
        return np.unpackbits(drawn.row_bytes(), axis=2)[:, :, : drawn.size]

    def labels(self, stamps: Columns) -> Bits:
        """(stamps, height, width) whole labels."""
        out = np.repeat(self.art[None], len(stamps), axis=0)
        big = self.symbols(stamps).repeat(self.module, axis=1).repeat(self.module, axis=2).astype(bool)
        top, left = self.corner
        out[:, top : top + big.shape[1], left : left + big.shape[2]] = big
        for slot in self.plan.drawing.slots:
            (y, x), patch = self.place(slot), self.text(slot, stamps)
            high, wide = min(patch.shape[1], out.shape[1] - y), min(patch.shape[2], out.shape[2] - x)
            out[:, y : y + high, x : x + wide] |= patch[:, :high, :wide]
        if self.band is not None:
            out = (out & ~self.band[0]) | self.band[1]
        return out

    def place(self, slot: Slot) -> tuple[int, int]:
        """(top, left) dots of a slot's patch in its label."""
        ascent = self.glyphs[slot.size].shape[1] - self._below(slot.size)
        return max(0, dots(slot.baseline, self.dpi) - ascent), dots(slot.x, self.dpi)

    def text(self, slot: Slot, stamps: Columns) -> Bits:
        """(stamps, height, width) the slot's letters."""
        column = {"code": stamps.codes, "serial": stamps.serials, "pin": stamps.pins}[slot.kind]
        length = self.plan.survey.lengths[slot.kind]
        letters = _codes(slot.kind, column, length)[:, slot.first : slot.last]
        glyphs = self.glyphs[slot.size]
        pitch = slot.size * self.dpi / 25.4 * FIXED_PITCH / 1000
        high, wide = glyphs.shape[1:]
        out = np.zeros((len(stamps), high, round(pitch * letters.shape[1]) + wide), bool)
        for index in range(letters.shape[1]):
            left = round(index * pitch)
            out[:, :, left : left + wide] |= glyphs[letters[:, index]]
        return out[:, :, : round(pitch * letters.shape[1]) + 1]

    def _letters(self, size: float) -> Bits:
        """(95, height, width) the fixed pitch's letters at a size in mm."""
        face = font(FIXED, size * self.dpi / 25.4)
        wide = round(size * self.dpi / 25.4 * FIXED_PITCH / 1000) + 1
        below = self._below(size)
        high = round(0.8 * size * self.dpi / 25.4) + below
        out = np.zeros((len(FIXED_LETTERS), high, wide), bool)
        for index, letter in enumerate(FIXED_LETTERS):
            image = Image.new("L", (wide, high), 255)
            ImageDraw.Draw(image).text((0, high - below), letter, fill=0, font=face, anchor="ls")
            out[index] = np.asarray(image) < DARK
        return out

    def _below(self, size: float) -> int:
        return round(0.24 * size * self.dpi / 25.4)


def _codes(kind: str, column: list[str], length: int) -> NDArray[np.uint8]:
    """(stamps, length) each letter's place among the visible ASCII ones; shorter texts are centred."""
    long = next((text for text in column if len(text) > length), None)
    if long is not None:
        raise LabelError(
            "longer-than-first",
            "The %(kind)s %(text)r is longer than the %(length)d letters that the run began with.",
            kind=kind,
            text=long,
            length=length,
        )
    joined = "".join(text.center(length) for text in column)
    if not joined.isascii() or not joined.isprintable():
        raise LabelError("bad-text", "A %(kind)s may hold only visible ASCII characters.", kind=kind)
    return np.frombuffer(joined.encode(), np.uint8).reshape(len(column), length) - 32
