"""Documents on A4: headings, paragraphs, facts, tables, pictures, codes and lines to sign, with numbered pages.

A paper knows type and millimetres and nothing else: whoever makes one brings the words in their language. Type is Be
Vietnam Pro, embedded; a letter that it lacks is drawn as ? rather than left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from io import BytesIO
from typing import Any, Literal

import numpy as np
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableCellFillMode, XPos, YPos
from fpdf.fonts import FontFace
from fpdf.outline import OutlineSection, TableOfContents
from PIL import Image

from labels.qr import symbol
from labels.typefaces import typeface

FAMILY = "BeVietnam"
MARGIN_MM = 15.0
SMALL_PT, TEXT_PT, TABLE_PT = 8.0, 10.0, 8.5
LINE = 1.35
PT_MM = 25.4 / 72
QUIET = (92, 106, 97)
PALE = (238, 242, 238)
HEADINGS_PT = {1: 14.0, 2: 11.5, 3: 10.0}
SHORTEST_DOT_PX = 8
Align = Literal["L", "R", "C"]


@dataclass(frozen=True, slots=True)
class Column:
    """Width as a share of the whole: 1, 2, 1 gives the second half of it."""

    head: str
    share: float = 1.0
    align: Align = "L"


class _Sheet(FPDF):
    """What stands on every page: title and owner below the edge, and the page's number of how many."""

    def __init__(self, landscape: bool, foot: str, page_of: str) -> None:
        super().__init__("landscape" if landscape else "portrait", "mm", "A4")
        self.foot, self.page_of = foot, page_of

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font(FAMILY, "", SMALL_PT)
        self.set_text_color(*QUIET)
        self.cell(self.epw * 0.8, 5, self.foot[:140])
        # {nb} is put in by the library once all pages are known.
        self.cell(0, 5, self.page_of % {"page": self.page_no(), "pages": "{nb}"}, align="R")
        self.set_text_color(0)


class Paper:
    """One document. Sizes in millimetres; what is added goes below what stands there already."""

    def __init__(
        self,
        title: str,
        *,
        foot: str = "",
        page_of: str = "%(page)s/%(pages)s",
        made_at: datetime,
        landscape: bool = False,
    ) -> None:
        self.pdf = _Sheet(landscape, _drawable(foot or title), _drawable(page_of))
        for style, weight in (("", "Regular"), ("B", "SemiBold")):
            path = files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{weight}.ttf"
            self.pdf.add_font(FAMILY, style, str(path))
        self.pdf.set_margins(MARGIN_MM, MARGIN_MM)
        self.pdf.set_auto_page_break(True, 16)
        self.pdf.set_title(title)
        self.pdf.set_lang("vi")
        self.pdf.set_creator("Tem Gốc")
        self.pdf.set_creation_date(made_at)
        self.pdf.set_font(FAMILY, "", TEXT_PT)
        self.pdf.add_page()
        self._beside_mm, self._beside_until_mm = 0.0, 0.0

    def title(self, text: str, lead: str = "") -> None:
        """At the head of the document, not in its contents."""
        self._words(text, 18, "B")
        if lead:
            self._words(lead, TEXT_PT, "", quiet=True)
        self.gap(3)

    def heading(self, text: str, level: int = 1, *, new_page: bool = False) -> None:
        """A heading that stands in the contents and in the reader's outline; never alone at the foot of a page."""
        size = HEADINGS_PT[level]
        if new_page and self.pdf.get_y() <= MARGIN_MM + 1:
            pass  # this page is still empty
        elif new_page or self.pdf.will_page_break(size * 0.5 + 22):
            self.pdf.add_page()
        else:
            self.gap(3 if level == 1 else 1.5)
        self.pdf.start_section(_drawable(text), level - 1)
        self._words(text, size, "B")
        self.gap(1)

    def contents(self, heading: str, pages: int = 1) -> None:
        """Where each heading stands, on a page of its own here; call it before the first heading."""
        self._words(heading, HEADINGS_PT[1], "B")
        self.gap(2)
        self.pdf.insert_toc_placeholder(_draw_contents, pages, allow_extra_pages=True)

    def say(self, text: str, *, bold: bool = False, quiet: bool = False) -> None:
        self._words(text, TEXT_PT, "B" if bold else "", quiet=quiet)
        self.gap(1)

    def facts(self, pairs: Sequence[tuple[str, str | None]]) -> None:
        """Label and value beside one another; pairs without a value are left out."""
        self.pdf.set_font(FAMILY, "", TEXT_PT)
        shown = [(_drawable(label), _drawable(value)) for label, value in pairs if value]
        if not shown:
            return
        beside = self._beside_mm if self.pdf.get_y() < self._beside_until_mm else 0
        with self.pdf.table(
            width=self.pdf.epw - beside,
            align="L",
            text_align="L",
            v_align="T",
            col_widths=(1, 2.2),
            borders_layout=TableBordersLayout.NONE,
            first_row_as_headings=False,
            line_height=TEXT_PT * LINE * PT_MM,
            padding=(0.6, 1.5, 0.6, 0),
        ) as table:
            for label, value in shown:
                row = table.row()
                row.cell(label, style=FontFace(color=QUIET))
                row.cell(value)
        self.gap(2)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, size_pt: float = TABLE_PT) -> None:
        """Its heads stand again on every page it runs over."""
        self.pdf.set_font(FAMILY, "", size_pt)
        self.pdf.set_draw_color(150)
        with self.pdf.table(
            col_widths=tuple(column.share for column in columns), text_align=tuple(column.align for column in columns),
            borders_layout=TableBordersLayout.ALL, line_height=size_pt * LINE * PT_MM, padding=(0.8, 1.2),
            v_align="T",
            headings_style=FontFace(emphasis="BOLD", fill_color=PALE), cell_fill_mode=TableCellFillMode.NONE,
        ) as table:  # fmt: skip
            for cells in ([column.head for column in columns], *rows):
                row = table.row()
                for cell in cells:
                    row.cell(_drawable(cell))
        self.gap(2)

    def picture(self, content: bytes, *, widest_mm: float = 120, tallest_mm: float = 160) -> None:
        """A photograph as large as fits; one that cannot be read is left out, and says nothing."""
        with Image.open(BytesIO(content)) as image:
            scale = min(widest_mm / image.width, tallest_mm / image.height)
            width, height = image.width * scale, image.height * scale
        if self.pdf.will_page_break(height):
            self.pdf.add_page()
        self.pdf.image(BytesIO(content), w=width, h=height)
        self.gap(2)

    def code(self, link: str, *, size_mm: float = 28, x_mm: float | None = None, y_mm: float | None = None) -> None:
        """A QR symbol with its quiet zone; without a place, in the upper right corner of this page."""
        dots = np.pad(symbol(link, "M"), 4)
        image = Image.fromarray(np.where(dots, 0, 255).astype(np.uint8)).resize(
            (dots.shape[1] * SHORTEST_DOT_PX, dots.shape[0] * SHORTEST_DOT_PX), Image.Resampling.NEAREST
        )
        x = self.pdf.w - MARGIN_MM - size_mm if x_mm is None else x_mm
        if x_mm is None:
            self._beside_mm, self._beside_until_mm = size_mm + 4, MARGIN_MM + size_mm
        self.pdf.image(image, x=x, y=MARGIN_MM if y_mm is None else y_mm, w=size_mm, h=size_mm)

    def signatures(self, labels: Sequence[str], hint: str = "", *, room_mm: float = 24) -> None:
        """Places to sign, side by side, kept together on one page."""
        if self.pdf.will_page_break(room_mm + 14):
            self.pdf.add_page()
        self.gap(4)
        width, top = self.pdf.epw / len(labels), self.pdf.get_y()
        for place, label in enumerate(labels):
            self.pdf.set_xy(MARGIN_MM + place * width, top)
            self.pdf.set_font(FAMILY, "B", TEXT_PT)
            self.pdf.multi_cell(width, 5, _drawable(label), align="C", new_x=XPos.LEFT, new_y=YPos.NEXT)
            if hint:
                self.pdf.set_font(FAMILY, "", SMALL_PT)
                self.pdf.multi_cell(width, 4, _drawable(hint), align="C")
        self.pdf.set_xy(MARGIN_MM, top + 10 + room_mm)

    def new_page(self) -> None:
        self.pdf.add_page()

    def gap(self, height_mm: float) -> None:
        self.pdf.set_y(self.pdf.get_y() + height_mm)

    def finish(self) -> bytes:
        return bytes(self.pdf.output())

    def _words(self, text: str, size_pt: float, style: str, *, quiet: bool = False) -> None:
        self.pdf.set_font(FAMILY, style, size_pt)
        self.pdf.set_text_color(*(QUIET if quiet else (0, 0, 0)))
        height = size_pt * LINE * PT_MM
        self.pdf.multi_cell(0, height, _drawable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.pdf.set_text_color(0)


def _draw_contents(pdf: FPDF, outline: list[OutlineSection]) -> None:
    pdf.set_font(FAMILY, "", TEXT_PT)
    contents = TableOfContents()
    contents.render_toc(pdf, outline)


def _drawable(text: Any) -> str:
    """Text without letters that the face lacks, and without what a line cannot hold."""
    words = str(text).replace("\r\n", "\n").replace("\t", " ")
    lacking = set(typeface("regular").lacks(words.replace("\n", " ")))
    return "".join("?" if letter in lacking and letter != "\n" else letter for letter in words)
