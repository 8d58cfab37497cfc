"""Label stock: where labels sit on a sheet or a roll. Everything in millimetres, from the top left corner.

A roll is stock whose page is one row of labels: that is how label printers' own drivers think of it.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from .errors import LabelError
from .sums import faults

Feed = Literal["sheet", "gap", "mark"]


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
        for fault in faults(self):
            raise fault

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
