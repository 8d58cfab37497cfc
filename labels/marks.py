"""What stands in a sheet's margin: job, sheet 12/46, first and last serial, batch, day."""

from .pdf import num
from .pdf_static import line
from .pdf_type import Fonts
from .run import Plan
from .sheet import Note
from .typefaces import clean, width
from .words import captions

SIZE_MM, LEAST_MM = 2.1, 1.4
CLEAR_MM = 1.2  # between the words and the labels or the paper's edge
DEEP_MM = 5.0  # most printers leave 4 to 5 mm of paper untouched


def note_text(note: Note, sheet: int, sheets: int | None, first: str, last: str) -> str:
    """The words of one sheet's margin."""
    say = captions(note.language)
    number = say["sheet"].format(sheet=sheet) if sheets is None else say["sheet_of"].format(sheet=sheet, sheets=sheets)
    parts = [
        say["job"].format(job=note.job) if note.job else "",
        number,
        first if first == last else f"{first} – {last}",
        say["batch"].format(batch=note.batch) if note.batch else "",
        say["printed"].format(day=note.day) if note.day else "",
    ]
    return clean(" · ".join(part for part in parts if part))


class Margins:
    """Writes each sheet's note into the deepest margin; nothing where there is none, or on rolls."""

    def __init__(self, plan: Plan, fonts: Fonts, sheets: int | None) -> None:
        self.plan, self.fonts = plan, fonts
        self.sheets = None if sheets is None else sheets + plan.sheet.first_sheet - 1
        self.side = margin_for_note(plan)

    def of(self, sheet: int, first: str, last: str) -> bytes:
        """Operators for the note of that sheet of this run (from 1)."""
        if not self.side:
            return b""
        text = note_text(self.plan.sheet.note, sheet + self.plan.sheet.first_sheet - 1, self.sheets, first, last)
        stock = self.plan.stock
        deep = stock.margins_mm[self.side]
        long = stock.page_width_mm if self.side in ("top", "bottom") else stock.page_height_mm
        size = min(SIZE_MM, deep - 2 * CLEAR_MM, (long - 20) / width(text, "regular"))
        away = max(CLEAR_MM, min(DEEP_MM, deep - CLEAR_MM - size))  # from the paper's edge to the words
        start = (long - width(text, "regular") * size) / 2
        turn, x, y = {
            "top": (b"1 0 0 1", start, stock.page_height_mm - away - size * 0.75),
            "bottom": (b"1 0 0 1", start, away + size * 0.05),
            "left": (b"0 1 -1 0", away + size * 0.75, start),
            "right": (b"0 1 -1 0", stock.page_width_mm - away, start),
        }[self.side]
        return b"\nq %b %b %b cm %b Q\n" % (turn, num(x), num(y), line(text, 0, 0, size, self.fonts))


def margin_for_note(plan: Plan) -> str:
    """The margin for the note: top and bottom first, then the sides; empty if there is none, or no note."""
    if plan.stock.roll or plan.sheet.note.empty:
        return ""
    margins = plan.stock.margins_mm
    for side in sorted(margins, key=lambda side: (side in ("left", "right"), -min(margins[side], DEEP_MM + 4))):
        if margins[side] >= LEAST_MM + 2 * CLEAR_MM:
            return side
    return ""
