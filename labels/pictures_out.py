"""Labels and pages as PNG, at a resolution that the file names."""

from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from .raster import Raster
from .run import Plan
from .stamp import Columns


class PngMaker:
    """Labels in printer dots, one PNG each."""

    def __init__(self, plan: Plan, dpi: int) -> None:
        self.raster, self.dpi = Raster(plan, dpi), dpi

    def __call__(self, stamps: Columns) -> Iterator[bytes]:
        for bits in self.raster.labels(stamps):
            yield png(Image.fromarray(bits).point(lambda dark: 0 if dark else 255), self.dpi)


def png(image: Image.Image, dpi: int) -> bytes:
    """The file, with its scale in it."""
    out = BytesIO()
    image.save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def drawn(pdf: bytes, page: int, dpi: int) -> bytes:
    """One page of a PDF as a PNG."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        image = document[min(page, len(document) - 1)].render(scale=dpi / 72).to_pil()
    return png(image, dpi)
