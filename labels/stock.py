"""Label stock: where labels sit on a sheet or a roll. Everything in millimetres, from the top left corner.

A roll is stock whose page is one row of labels: that is how label printers' own drivers think of it.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from .errors import LabelError

Feed = Literal["sheet", "gap", "mark"]
SLACK_MM = 0.05  # makers round their figures to a tenth
SMALLEST_MM, LARGEST_MM = 8.0, 450.0
MOST_ACROSS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A label paper. `gap` and `mark` stock comes on a roll, between gaps or black marks `feed_gap_mm` long.

    `round` labels have `width_mm` = `height_mm` = the diameter. Raises LabelError naming the figure that is wrong.
    """

    name: str
    title: str = ""
    maker: str = ""  # maker's number, where it is a public fact
    feed: Feed = "sheet"
    page_width_mm: float
    page_height_mm: float
    width_mm: float
    height_mm: float
    columns: int = 1
    rows: int = 1
    left_mm: float = 0.0
    top_mm: float = 0.0
    pitch_x_mm: float = 0.0  # from one label's left edge to the next; 0 with a single column
    pitch_y_mm: float = 0.0
    corner_mm: float = 0.0
    round: bool = False
    feed_gap_mm: float = 0.0
    dpi: int = 0  # the printer's dots an inch, where the stock tells (thermal rolls); 0 = finer than matters

    def __post_init__(self) -> None:
        for name in ("pitch_x_mm", "pitch_y_mm"):
            if not getattr(self, name):
                object.__setattr__(self, name, self.width_mm if "x" in name else self.height_mm)
        _check_figures(self)
        _check_fit(self, "columns", ("left_mm", "width_mm", "pitch_x_mm", "page_width_mm"))
        _check_fit(self, "rows", ("top_mm", "height_mm", "pitch_y_mm", "page_height_mm"))

    @property
    def roll(self) -> bool:
        return self.feed != "sheet"

    @property
    def cells(self) -> int:
        """Labels on one page (for a roll: in one row)."""
        return self.columns * self.rows

    def place(self, cell: int) -> tuple[float, float]:
        """(left, top) of a cell; cells are numbered from 0, row by row, as one reads."""
        row, column = divmod(cell, self.columns)
        return self.left_mm + column * self.pitch_x_mm, self.top_mm + row * self.pitch_y_mm

    @property
    def margins_mm(self) -> dict[str, float]:
        """Free paper between the outermost labels and the page's edges."""
        right = self.page_width_mm - self.left_mm - (self.columns - 1) * self.pitch_x_mm - self.width_mm
        bottom = self.page_height_mm - self.top_mm - (self.rows - 1) * self.pitch_y_mm - self.height_mm
        return {"top": self.top_mm, "bottom": bottom, "left": self.left_mm, "right": right}

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Stock":
        """Read `to_dict`'s shape. Raises LabelError for unknown or missing fields and for figures that are none."""
        known = {field.name: field.type for field in fields(cls)}
        strange = sorted(set(data) - set(known))
        if strange:
            raise LabelError("stock-field", "A stock has no field %(field)s.", field=strange[0])
        for need in ("name", "page_width_mm", "page_height_mm", "width_mm", "height_mm"):
            if need not in data:
                raise LabelError("stock-field-missing", "The stock lacks %(field)s.", field=need)
        return cls(**{name: _read(name, value) for name, value in data.items()})


_TEXTS = ("name", "title", "maker", "feed")
_COUNTS = ("columns", "rows", "dpi")


def _read(name: str, value: Any) -> Any:
    try:
        if name in _TEXTS:
            return str(value)
        if name in _COUNTS:
            return int(value)
        return bool(value) if name == "round" else float(value)
    except (TypeError, ValueError) as error:
        raise LabelError(
            "stock-figure", "%(field)s must be a number, not %(value)r.", field=name, value=value
        ) from error


def _check_figures(stock: Stock) -> None:
    if stock.feed not in ("sheet", "gap", "mark"):
        raise LabelError("stock-feed", "Stock feeds as sheet, gap or mark, not as %(feed)r.", feed=stock.feed)
    for name in ("page_width_mm", "page_height_mm", "width_mm", "height_mm"):
        value = getattr(stock, name)
        if not SMALLEST_MM <= value <= LARGEST_MM:  # false for NaN too
            raise LabelError(
                "stock-size",
                "%(field)s is %(value)s mm; it must lie between %(least)s and %(most)s mm.",
                field=name,
                value=_mm(value),
                least=_mm(SMALLEST_MM),
                most=_mm(LARGEST_MM),
            )
    for name in ("left_mm", "top_mm", "corner_mm", "feed_gap_mm", "dpi"):
        value = getattr(stock, name)
        if not 0 <= value <= 2400:
            raise LabelError(
                "stock-negative", "%(field)s is %(value)s; it cannot be less than 0.", field=name, value=_mm(value)
            )
    for name in ("columns", "rows"):
        if not 1 <= getattr(stock, name) <= MOST_ACROSS:
            raise LabelError(
                "stock-count",
                "%(field)s is %(value)d; it must lie between 1 and %(most)d.",
                field=name,
                value=getattr(stock, name),
                most=MOST_ACROSS,
            )
    if stock.round and abs(stock.width_mm - stock.height_mm) > SLACK_MM:
        raise LabelError(
            "stock-round",
            "A round label is as wide as high; %(width)s and %(height)s mm differ.",
            width=_mm(stock.width_mm),
            height=_mm(stock.height_mm),
        )
    if stock.corner_mm > min(stock.width_mm, stock.height_mm) / 2:
        raise LabelError(
            "stock-corner", "corner_mm is %(value)s mm, more than half of the label.", value=_mm(stock.corner_mm)
        )


def _check_fit(stock: Stock, counted: str, names: tuple[str, str, str, str]) -> None:
    """Sums along one axis, each refusal naming the figure to look at."""
    count = getattr(stock, counted)
    start, size, pitch, page = (getattr(stock, name) for name in names)
    if size > page + SLACK_MM:
        raise LabelError(
            "stock-larger-than-page",
            "The label (%(size)s mm) is larger than %(page_field)s (%(page)s mm).",
            size=_mm(size),
            page_field=names[3],
            page=_mm(page),
        )
    if not pitch >= size - SLACK_MM and count > 1:
        raise LabelError(
            "stock-overlap",
            "%(field)s is %(pitch)s mm, less than the label's %(size)s mm: labels would overlap.",
            field=names[2],
            pitch=_mm(pitch),
            size=_mm(size),
        )
    end = start + (count - 1) * pitch + size
    if not end <= page + SLACK_MM:
        raise LabelError(
            "stock-past-page",
            "%(count)d %(field)s end at %(end)s mm, past %(page_field)s (%(page)s mm), by %(over)s mm.",
            count=count,
            field=counted,
            end=_mm(end),
            page_field=names[3],
            page=_mm(page),
            over=_mm(end - page),
        )


def _mm(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
