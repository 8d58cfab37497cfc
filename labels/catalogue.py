"""The stocks that shops sell. Own stock is made with `Stock(...)`, and refused if its figures do not add up."""

from difflib import get_close_matches

from .errors import LabelError
from .stock import Stock

A4 = (210.0, 297.0)
A5 = (148.0, 210.0)
GAP_MM = 3.0  # between labels on a roll, along the feed
DPI = 203  # of the cheap thermal printers; a finer one only gains


def _sheet(
    name: str,
    page: tuple[float, float],
    size: tuple[float, float],
    grid: tuple[int, int],
    gap: tuple[float, float] = (0.0, 0.0),
    *,
    maker: str = "",
    corner: float = 0.0,
    circle: bool = False,
    left: float | None = None,
    top: float | None = None,
) -> Stock:
    """A sheet of `grid` labels; margins not given are what remains, halved."""
    pitch = (size[0] + gap[0], size[1] + gap[1])
    spare = [page[i] - (grid[i] - 1) * pitch[i] - size[i] for i in (0, 1)]
    shape = f"Ø {size[0]:g}" if circle else f"{size[0]:g} × {size[1]:g}"
    return Stock(
        name=name,
        title=f"{name[:2].upper()}, {shape} mm, {grid[0] * grid[1]} up",
        maker=maker,
        page_width_mm=page[0],
        page_height_mm=page[1],
        width_mm=size[0],
        height_mm=size[1],
        columns=grid[0],
        rows=grid[1],
        left_mm=round(spare[0] / 2, 3) if left is None else left,
        top_mm=round(spare[1] / 2, 3) if top is None else top,
        pitch_x_mm=pitch[0],
        pitch_y_mm=pitch[1],
        corner_mm=corner,
        round=circle,
    )


def _roll(
    size: tuple[float, float], across: int = 1, *, feed: str = "gap", between: float = 2.0, edge: float = 1.0
) -> Stock:
    """A roll: its page is one row of `across` labels, with the backing paper's edges left and right."""
    pitch = size[0] + between
    tail = "" if across == 1 else f"-{across}"
    return Stock(
        name=f"roll-{size[0]:g}x{size[1]:g}{tail}{'-mark' if feed == 'mark' else ''}",
        title=f"Roll, {size[0]:g} × {size[1]:g} mm, {across} across{', black mark' if feed == 'mark' else ''}",
        feed="mark" if feed == "mark" else "gap",
        page_width_mm=2 * edge + (across - 1) * pitch + size[0],
        page_height_mm=size[1],
        width_mm=size[0],
        height_mm=size[1],
        columns=across,
        left_mm=edge,
        pitch_x_mm=pitch,
        corner_mm=1.0,
        feed_gap_mm=GAP_MM,
        dpi=DPI,
    )


_ALL = [
    _sheet("a4-65", A4, (38.1, 21.2), (5, 13), (2.5, 0), maker="Avery L7651", corner=1.5),
    _sheet("a4-40", A4, (52.5, 29.7), (4, 10), maker="Herma 4461"),
    _sheet("a4-24", A4, (64.0, 33.9), (3, 8), (2.5, 0), maker="Avery L7159", corner=1.5),
    _sheet("a4-24-full", A4, (70.0, 37.0), (3, 8), maker="Avery 3474"),
    _sheet("a4-21", A4, (63.5, 38.1), (3, 7), (2.5, 0), maker="Avery L7160", corner=1.5),
    _sheet("a4-12", A4, (63.5, 72.0), (3, 4), (2.5, 0), maker="Avery L7164", corner=1.5),
    _sheet("a4-8", A4, (99.1, 67.7), (2, 4), (2.5, 0), maker="Avery L7165", corner=1.5),
    _sheet("a4-4", A4, (99.1, 139.0), (2, 2), (2.5, 0), maker="Avery L7169", corner=1.5),
    _sheet("a4-seal-15", A4, (15.0, 15.0), (11, 16), (2.5, 2.5)),
    _sheet("a4-seal-20", A4, (20.0, 20.0), (9, 12), (2.0, 2.0)),
    _sheet("a4-seal-25", A4, (25.0, 25.0), (7, 10), (2.0, 2.0)),
    _sheet("a4-seal-30", A4, (30.0, 30.0), (6, 8), (2.0, 2.0)),
    _sheet("a4-round-22", A4, (22.0, 22.0), (8, 11), (2.0, 2.0), circle=True),
    _sheet("a4-round-30", A4, (30.0, 30.0), (6, 8), (2.0, 3.0), circle=True),
    _sheet("a5-65", A5, (25.4, 13.0), (5, 13), (2.0, 1.6)),
    _sheet("a5-40", A5, (32.0, 18.0), (4, 10), (2.0, 1.0)),
    _sheet("a5-24", A5, (44.0, 23.0), (3, 8), (2.0, 1.0)),
    _sheet("a5-21", A5, (44.0, 27.0), (3, 7), (2.0, 1.0)),
    _sheet("a5-12", A5, (44.0, 48.0), (3, 4), (2.0, 1.0)),
    _sheet("a5-8", A5, (67.0, 48.0), (2, 4), (2.0, 1.0)),
    _sheet("a5-4", A5, (67.0, 98.0), (2, 2), (2.0, 2.0)),
    _sheet("a5-seal-15", A5, (15.0, 15.0), (8, 11), (2.5, 2.5)),
    _sheet("a5-seal-20", A5, (20.0, 20.0), (6, 9), (2.0, 2.0)),
    _sheet("a5-seal-25", A5, (25.0, 25.0), (5, 7), (2.0, 2.0)),
    _sheet("a5-seal-30", A5, (30.0, 30.0), (4, 6), (2.0, 2.0)),
    _sheet("a5-round-22", A5, (22.0, 22.0), (5, 8), (2.0, 2.0), circle=True),
    _sheet("a5-round-30", A5, (30.0, 30.0), (4, 6), (2.0, 2.0), circle=True),
    _roll((50, 30)),
    _roll((40, 30)),
    _roll((50, 20)),
    _roll((60, 40)),
    _roll((100, 50)),
    _roll((100, 150)),
    _roll((20, 20)),
    _roll((25, 25)),
    _roll((30, 20)),
    _roll((35, 22)),
    _roll((50, 20), 2),
    _roll((50, 30), 2),
    _roll((35, 22), 2),
    _roll((35, 22), 3),
    _roll((30, 20), 3),
    _roll((25, 15), 3),
    _roll((20, 20), 4),
    _roll((50, 30), feed="mark"),
    _roll((100, 50), feed="mark"),
]

STOCKS: dict[str, Stock] = {stock.name: stock for stock in _ALL}


def stock_named(name: str) -> Stock:
    """Raises LabelError, with the nearest names, for a stock that is not in the catalogue."""
    if name in STOCKS:
        return STOCKS[name]
    near = ", ".join(get_close_matches(name, STOCKS, 3, 0.4)) or "python -m labels stocks"
    raise LabelError("unknown-stock", "There is no stock named %(name)r. Near: %(near)s.", name=name, near=near)
