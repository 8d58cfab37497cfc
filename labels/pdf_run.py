"""A whole run as one PDF: sheets, or a roll with one row a page."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from .files import Progress
from .marks import Margins
from .notices import notice
from .overprint import band_of
from .pdf import MM_PT, PdfFile, num
from .pdf_pages import Changing, fill
from .pdf_static import art, crop_marks, outline, overprint, put_picture
from .pdf_type import Fonts
from .pool import spread
from .rows import EMPTY, Row, cut, name_of, rows
from .run import Plan
from .sheet import pages
from .stamp import Columns, Stamp

CHUNK = 2000  # labels handed to a process at a time
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
        self.over = self._form(overprint(band_of(plan), plan.stock, self.fonts)) if plan.sheet.overprint else b""
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
        for block in rows(self.plan, stamps, copies, CHUNK):
            stamped = [row for row in block if row.cells]
            count = sum(len(row.cells) for row in stamped)
            first = stamped[0].first if stamped else 0
            columns = cut(stamped[0].stamps, first, first + count) if stamped else EMPTY
            yield columns, [self._deal(row) for row in block]

    def _deal(self, row: Row) -> Deal:
        if row.notice:
            return (), self._notice(list(row.notice)), b""
        self.sheets += 1
        over = b"\n".join(self._at(cell, self.over) for cell in row.cells) if self.over else b""
        last = row.first + len(row.cells) - 1
        return row.cells, self._beneath(row.cells), over + self.margins.of(
            self.sheets, name_of(row.stamps, row.first), name_of(row.stamps, last))  # fmt: skip

    def _notice(self, lines: list[str]) -> bytes:
        """A form with a notice on every label of a row."""
        stock = self.plan.stock
        label = self._form(art(notice(lines, stock), stock.height_mm, self.fonts, {}))
        return self._form(b"\n".join(self._at(cell, label) for cell in range(stock.cells)))

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
                out += [self._at(cell, b"", crop_marks(stock, cell, sheet.bleed_mm)) for cell in cells]
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


def _boxes(plan: Plan) -> bytes:
    """The page's boxes, in points; where the page is one label to be cut out, its trim and bleed are the label's."""
    stock, bleed = plan.stock, plan.sheet.bleed_mm
    page = (0.0, 0.0, stock.page_width_mm, stock.page_height_mm)
    left, top = stock.place(0)
    foot = stock.page_height_mm - top - stock.height_mm
    trim = (left, foot, left + stock.width_mm, foot + stock.height_mm) if stock.cells == 1 and not stock.roll else page
    bled = (
        max(0, trim[0] - bleed),
        max(0, trim[1] - bleed),
        min(page[2], trim[2] + bleed),
        min(page[3], trim[3] + bleed),
    )
    named = {b"MediaBox": page, b"CropBox": page, b"BleedBox": bled, b"TrimBox": trim}
    return b"".join(b"/%b[%b]" % (name, b" ".join(num(value * MM_PT) for value in box)) for name, box in named.items())
