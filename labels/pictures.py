"""A cooperative's picture, made safe for print: opaque, upright, RGB or grey, and no larger than it needs to be."""

from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageOps

from .errors import LabelError

MOST_PIXELS = 40_000_000
KEPT_PIXELS = 1200  # a side: 50 mm at 600 dpi
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP")


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of grey (1 byte) or RGB (3 bytes) pixels. `notes`: codes of what had to be changed, for a page to word."""

    width: int
    height: int
    grey: bool
    pixels: bytes = field(repr=False)
    notes: tuple[str, ...] = ()

    def image(self) -> Image.Image:
        return Image.frombytes("L" if self.grey else "RGB", (self.width, self.height), self.pixels)


def read_picture(data: bytes) -> Picture:
    """Any common picture file. Transparent parts become white, CMYK becomes RGB, large ones are reduced; each is noted.

    Raises LabelError for what is no picture, is moving, or has an absurd number of pixels.
    """
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
        _check(image)
        image.load()
        return _plain(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _huge() from error
    except LabelError:
        raise
    except (OSError, ValueError, SyntaxError) as error:
        raise LabelError(
            "picture-unreadable", "This is not a picture that can be read (PNG or JPEG is best)."
        ) from error


def _huge() -> LabelError:
    return LabelError("picture-huge", "The picture has more than %(most)d pixels: make it smaller.", most=MOST_PIXELS)


def _check(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise _huge()
    frames = getattr(image, "n_frames", 1)
    if frames > 1:
        raise LabelError(
            "picture-moves",
            "The picture moves: it has %(frames)d frames. Save one frame as PNG or JPEG.",
            frames=frames,
        )


def _plain(image: Image.Image) -> Picture:
    notes: list[str] = []
    image = ImageOps.exif_transpose(image)
    if image.mode == "CMYK":
        notes.append("picture-cmyk")
    if image.has_transparency_data:
        notes.append("picture-transparent")
        over = image.convert("RGBA")
        image = Image.new("RGBA", over.size, "white")
        image.alpha_composite(over)
    image = image.convert("L" if image.mode in ("1", "L", "I;16") else "RGB")
    if max(image.size) > KEPT_PIXELS:
        image.thumbnail((KEPT_PIXELS, KEPT_PIXELS), Image.Resampling.LANCZOS)
        notes.append("picture-reduced")
    return Picture(image.width, image.height, image.mode == "L", image.tobytes(), tuple(notes))
