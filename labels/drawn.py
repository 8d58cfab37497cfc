"""Pages drawn by PDFium, and the symbols that zxing-cpp finds on them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import LabelError

DPI = 300
TILE_MM, NEAR_MM = 110, 4
HOLDS = 16  # pages whose objects PDFium may keep before the file is opened anew: memory must not grow with the run


def read_pdf(path: Path, dpi: int = DPI) -> Iterator[list[str]]:
    """The links that a phone would find on each page of any PDF, from top to bottom. Raises LabelError."""
    with Drawn(path) as pdf:
        for number in range(len(pdf)):
            yield _links(pdf.page(number, dpi), dpi)


def _links(picture: NDArray[np.uint8], dpi: int) -> list[str]:
    """All symbols of a page. Looked at in overlapping parts: neighbours on a whole page may look like one."""
    part, near = round(TILE_MM * dpi / 25.4), round(NEAR_MM * dpi / 25.4)
    found: list[tuple[int, int, str]] = []
    for top in range(0, max(1, picture.shape[0] - part // 2), part // 2):
        for left in range(0, max(1, picture.shape[1] - part // 2), part // 2):
            for code in _codes(np.ascontiguousarray(picture[top : top + part, left : left + part])):
                y, x = top + code.position.top_left.y, left + code.position.top_left.x
                if not any(text == code.text and abs(y - b) + abs(x - a) < near for b, a, text in found):
                    found.append((y, x, code.text))
    return [text for _, _, text in sorted(found, key=lambda place: (place[0] // near, place[1]))]


class Drawn:
    """A PDF whose pages can be drawn. `len()` is their number. Raises LabelError for what is none."""

    def __init__(self, path: Path) -> None:
        self.path, self.held = path, 0
        self.pdf = _opened(path)

    def __enter__(self) -> "Drawn":
        return self

    def __exit__(self, *_: object) -> None:
        self.pdf.close()

    def __len__(self) -> int:
        return len(self.pdf)

    def page(self, number: int, dpi: int) -> NDArray[np.uint8]:
        """(height, width) grey values of a page, counted from 0."""
        if self.held == HOLDS:
            self.pdf.close()
            self.pdf, self.held = _opened(self.path), 0
        page = self.pdf[number]
        picture: NDArray[np.uint8] = page.render(scale=dpi / 72, grayscale=True).to_numpy().copy()
        page.close()
        self.held += 1
        return picture.reshape(picture.shape[:2])


def _opened(path: Path) -> Any:
    import pypdfium2

    if not path.is_file():
        raise unreadable(path, "no such file")
    try:
        return pypdfium2.PdfDocument(path)
    except (OSError, pypdfium2.PdfiumError) as error:
        raise unreadable(path, f"no PDF ({error})".replace(".)", ")")) from error


def unreadable(path: Path, reason: str) -> LabelError:
    return LabelError("unreadable", "%(path)s could not be read: %(reason)s.", path=str(path), reason=reason)


def read_one(picture: NDArray[np.uint8]) -> str:
    """The link of the one symbol in a picture."""
    quick = {"try_rotate": False, "try_invert": False, "try_downscale": False}
    found = _codes(picture, **quick) or _codes(picture)
    return str(found[0].text) if len(found) == 1 else " ".join(code.text for code in found)


def _codes(picture: NDArray[np.uint8], **how: bool) -> Any:
    import zxingcpp

    return zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCodeModel2, **how)  # type: ignore[arg-type]


def enlarged(matrix: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture of a symbol's modules, four dots each."""
    big = np.pad(matrix, 4).repeat(4, axis=0).repeat(4, axis=1)
    return np.where(big, np.uint8(0), np.uint8(255))
