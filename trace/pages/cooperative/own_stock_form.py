"""The form of a label paper: the figures that a ruler gives, numbered as in the drawing beside it."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField

from labels import Stock

from ...work.own_stocks import NUMBERS, checked, gaps_of
from ..choices import ChoiceField
from ..fields import CountField, WordsField, needed
from ..forms import Form
from .printers import MillimetresField

PAGES = {"A4": (210.0, 297.0), "A5": (148.0, 210.0)}
FEEDS = {
    "sheet": lazy_gettext("Separate sheets"),
    "gap": lazy_gettext("Roll with gaps"),
    "mark": lazy_gettext("Roll with black marks"),
}
DPIS = {"203": "203 dpi", "300": "300 dpi", "600": "600 dpi"}


class Millimetres(MillimetresField):
    """25,4 as people write it here."""

    def show(self, value: Any) -> str:
        return f"{value:g}".replace(".", ",")


class StockForm(Form):
    name = WordsField(lazy_gettext("Name"), validators=[needed()], longest=60)
    feed = ChoiceField(lazy_gettext("Kind"))
    page = ChoiceField(lazy_gettext("Size of the sheet"))
    page_width_mm = Millimetres(lazy_gettext("1 · Width of the paper"))
    page_height_mm = Millimetres(lazy_gettext("2 · Height of the sheet"))
    width_mm = Millimetres(lazy_gettext("3 · Width of a stamp"), validators=[needed()])
    height_mm = Millimetres(lazy_gettext("4 · Height of a stamp"), validators=[needed()])
    columns = CountField(lazy_gettext("5 · Stamps side by side"), validators=[needed()])
    rows = CountField(lazy_gettext("6 · Stamps from top to bottom"))
    left_mm = Millimetres(lazy_gettext("7 · From the left edge to the first stamp"))
    top_mm = Millimetres(lazy_gettext("8 · From the top edge to the first stamp"))
    gap_x_mm = Millimetres(lazy_gettext("9 · Between two stamps side by side"))
    gap_y_mm = Millimetres(lazy_gettext("10 · Between two rows"))
    corner_mm = Millimetres(lazy_gettext("11 · Radius of the corners"))
    feed_gap_mm = Millimetres(lazy_gettext("12 · On a roll: height of the gap or black mark"))
    round = BooleanField(lazy_gettext("The stamps are round (then 3 and 4 are the diameter)"))
    dpi = ChoiceField(lazy_gettext("On a roll: the printer's dots"))

    def offer(self) -> None:
        self.feed.choices = [(name, str(words)) for name, words in FEEDS.items()]
        other = str(lazy_gettext("Another one: give 1 and 2"))
        self.page.choices = [*((name, f"{name} ({w:g} × {h:g} mm)") for name, (w, h) in PAGES.items()), ("", other)]
        self.dpi.choices = list(DPIS.items())

    def figures(self) -> dict[str, Any]:
        """As `work.own_stocks` takes them; what is left empty is what remains, halved, or nothing."""
        typed = {name: getattr(self, name).data for name in NUMBERS}
        feed = self.feed.data or "sheet"
        if feed == "sheet" and self.page.data in PAGES:
            typed["page_width_mm"], typed["page_height_mm"] = PAGES[str(self.page.data)]
        found = {name: value or 0.0 for name, value in typed.items()}
        found["columns"], found["rows"] = int(typed["columns"] or 0), int(typed["rows"] or 1)
        for start, size, gap, count, page in (
            ("left_mm", "width_mm", "gap_x_mm", "columns", "page_width_mm"),
            ("top_mm", "height_mm", "gap_y_mm", "rows", "page_height_mm"),
        ):
            long = found[count] * (found[size] + found[gap]) - found[gap]
            if typed[page] is None:
                found[page] = long + 2 * found[start]
            if typed[start] is None:
                found[start] = max(0.0, round((found[page] - long) / 2, 3))
        dpi = int(self.dpi.data or 203) if feed != "sheet" else 0
        return found | {"feed": feed, "round": bool(self.round.data), "dpi": dpi}

    def drawn(self) -> Stock:
        """What the figures make, for a picture. Raises `Refused` while they do not add up."""
        return Stock.from_dict({"name": "own"} | checked(self.figures()))


def data_of(name: str, stock: Stock) -> dict[str, Any]:
    """What stands in the form of a paper that is known."""
    page = next((one for one, size in PAGES.items() if size == (stock.page_width_mm, stock.page_height_mm)), "")
    return stock.to_dict() | gaps_of(stock) | {"name": name, "page": page, "dpi": str(stock.dpi or 203)}
