"""A whole run as one PDF: sheets, or a roll with one row a page."""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from .marks import Margins
from .pdf import MM_PT, PdfFile, num
from .pdf_pages import Changing, fill
from .pdf_static import art, crop_marks, outline, overprint, put_picture
from .pdf_type import Fonts
from .pool import spread
from .run import Plan
from .sheet import free_cells, pages
from .stamp import Columns, Stamp, in_columns

CHUNK = 2000  # labels handed to a process at a time
Progress = Callable[[int, int | None], None]
Deal = tuple[tuple[int, ...], bytes, bytes]


class PdfRun:
    """Writes one run; `labels` and `sheets` count what went on paper."""

    def __init__(self, out: BinaryIO, plan: Plan, title: str) -> None:
        self.plan = plan
        self.file = PdfFile(out, title)
        self.fonts = Fonts(self.file)
        self.resources = self.file.number()
        self.forms: dict[bytes, int] = {}
        self.named: dict[tuple[int, ...], bytes] = {}
        self.label = self._form(self._art())
        self.over = (
            self._form(overprint(plan.drawing, plan.stock, plan.sheet.overprint, self.fonts))
            if plan.sheet.overprint
            else b""
        )
        self.boxes = _boxes(plan)
        count = plan.survey.count
        self.margins = Margins(plan, self.fonts, None if count is None else pages(plan.stock, plan.sheet, count))
        self.labels = self.sheets = 0

    def write(self, stamps: Iterable[Stamp], copies: int, progress: Progress | None, processes: int | None) -> None:
        work = Changing.of(self.plan)
        total = self.plan.survey.count
        for done, contents in spread(fill, work, self._jobs(stamps, copies), total, processes):
            for content in contents:
                self.file.page(content, self.boxes, self.resources)
            self.labels += done
            if progress:
                progress(self.labels, total)
        self._close()

    def _jobs(self, stamps: Iterable[Stamp], copies: int) -> Iterator[tuple[Columns, list[Deal]]]:
        """Blocks of stamps that fill whole pages, with each page's cells, form and margin."""
        for block, deals in _by_page(self.plan, in_columns(stamps, CHUNK, copies)):
            yield block, [self._deal(cells, block, first) for cells, first in deals]

    def _deal(self, cells: tuple[int, ...], stamps: Columns, first: int) -> Deal:
        over = b"\n".join(self._at(cell, self.over) for cell in cells) if self.over else b""
        self.sheets += 1
        last = first + len(cells) - 1
        return (
            cells,
            self._beneath(cells),
            over + self.margins.of(self.sheets, _name(stamps, first), _name(stamps, last)),
        )

    def _art(self) -> bytes:
        pictures = {
            id(picture): self._image(put_picture(self.file, picture)) for _, picture in self.plan.drawing.pictures
        }
        return art(self.plan.drawing, self.plan.stock.height_mm, self.fonts, pictures)

    def _image(self, number: int) -> bytes:
        name = b"/I%d" % number
        self.forms[name] = number
        return name

    def _beneath(self, cells: tuple[int, ...]) -> bytes:
        """The form with all unchanging parts of a page that uses these cells."""
        if cells not in self.named:
            stock, sheet = self.plan.stock, self.plan.sheet
            out = [self._at(cell, self.label) for cell in cells]
            if sheet.outlines:
                edge = b"0 0 0 0.4 K 0.1 w " + outline(stock) + b" S"
                out += [self._at(cell, b"", edge) for cell in cells]
            if sheet.crop_marks:
                out += [self._at(cell, b"", crop_marks(stock, sheet.bleed_mm)) for cell in cells]
            self.named[cells] = self._form(b"\n".join(out))
        return self.named[cells]

    def _at(self, cell: int, form: bytes, operators: bytes = b"") -> bytes:
        left, top = self.plan.stock.place(cell)
        foot = self.plan.stock.page_height_mm - top - self.plan.stock.height_mm
        return b"q 1 0 0 1 %b %b cm %b Q" % (num(left), num(foot), form + b" Do" if form else operators)

    def _form(self, operators: bytes) -> bytes:
        """A form of these operators, in millimetres; its resource name."""
        number = self.file.number()
        wide, high = self.plan.stock.page_width_mm, self.plan.stock.page_height_mm
        self.file.stream(
            number,
            operators,
            b"/Type/XObject/Subtype/Form/BBox[%b %b %b %b]/Resources %d 0 R"
            % (num(-wide), num(-high), num(2 * wide), num(2 * high), self.resources),
        )
        name = b"/X%d" % number
        self.forms[name] = number
        return name

    def _close(self) -> None:
        fonts = self.fonts.finish()
        objects = b"".join(b"%b %d 0 R" % (name, number) for name, number in self.forms.items())
        self.file.put(self.resources, b"<<%b/XObject<<%b>>>>" % (fonts, objects))
        self.file.close()


def _name(stamps: Columns, index: int) -> str:
    """What people call a stamp: its serial, or its code."""
    return stamps.serials[index] or stamps.codes[index]


def _by_page(plan: Plan, blocks: Iterable[Columns]) -> Iterator[tuple[Columns, list[tuple[tuple[int, ...], int]]]]:
    """Cut the run into blocks of whole pages: the stamps, and each page's cells with its first stamp's place in the block."""
    page = 0
    held = Columns([], [], [], [])
    for block in blocks:
        held = _joined(held, block)
        deals, used, page = _whole_pages(plan, len(held), page)
        if deals:
            yield _cut(held, 0, used), deals
            held = _cut(held, used, len(held))
    if len(held):
        yield held, [(free_cells(plan.stock, plan.sheet, page)[: len(held)], 0)]


def _whole_pages(plan: Plan, count: int, page: int) -> tuple[list[tuple[tuple[int, ...], int]], int, int]:
    deals: list[tuple[tuple[int, ...], int]] = []
    used = 0
    while True:
        cells = free_cells(plan.stock, plan.sheet, page)
        if used + len(cells) > count:
            return deals, used, page
        deals.append((cells, used))
        used += len(cells)
        page += 1


def _joined(one: Columns, other: Columns) -> Columns:
    if not len(one):
        return other
    return Columns(one.links + other.links, one.codes + other.codes, one.serials + other.serials, one.pins + other.pins)


def _cut(stamps: Columns, first: int, last: int) -> Columns:
    return Columns(
        stamps.links[first:last], stamps.codes[first:last], stamps.serials[first:last], stamps.pins[first:last]
    )


def _boxes(plan: Plan) -> bytes:
    wide, high = num(plan.stock.page_width_mm * MM_PT), num(plan.stock.page_height_mm * MM_PT)
    return b"".join(b"/%b[0 0 %b %b]" % (box, wide, high) for box in (b"MediaBox", b"CropBox", b"TrimBox"))
