"""Whether a stock's figures add up, each fault naming the figure to look at."""

from collections.abc import Iterator
from typing import Any

from .errors import LabelError

SLACK_MM = 0.05  # makers round their figures to a tenth
SMALLEST_MM, LARGEST_MM = 8.0, 450.0
MOST_ACROSS = 60


def faults(stock: Any) -> Iterator[LabelError]:
    """All that is wrong with a stock's figures, or with anything that has its fields."""
    yield from _figures(stock)
    yield from _fit(stock, "columns", ("left_mm", "width_mm", "pitch_x_mm", "page_width_mm"))
    yield from _fit(stock, "rows", ("top_mm", "height_mm", "pitch_y_mm", "page_height_mm"))


def _figures(stock: Any) -> Iterator[LabelError]:
    if stock.feed not in ("sheet", "gap", "mark"):
        yield LabelError("stock-feed", "Stock feeds as sheet, gap or mark, not as %(feed)r.", feed=stock.feed)
    for name in ("page_width_mm", "page_height_mm", "width_mm", "height_mm"):
        value = getattr(stock, name)
        if not SMALLEST_MM - 1e-6 <= value <= LARGEST_MM + 1e-6:  # false for NaN too
            yield LabelError(
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
            yield LabelError(
                "stock-negative", "%(field)s is %(value)s; it cannot be less than 0.", field=name, value=_mm(value)
            )
    for name in ("columns", "rows"):
        if not 1 <= getattr(stock, name) <= MOST_ACROSS:
            yield LabelError(
                "stock-count",
                "%(field)s is %(value)d; it must lie between 1 and %(most)d.",
                field=name,
                value=getattr(stock, name),
                most=MOST_ACROSS,
            )
    if stock.round and abs(stock.width_mm - stock.height_mm) > SLACK_MM:
        yield LabelError(
            "stock-round",
            "A round label is as wide as high; %(width)s and %(height)s mm differ.",
            width=_mm(stock.width_mm),
            height=_mm(stock.height_mm),
        )
    if stock.corner_mm > min(stock.width_mm, stock.height_mm) / 2:
        yield LabelError(
            "stock-corner", "corner_mm is %(value)s mm, more than half of the label.", value=_mm(stock.corner_mm)
        )


def _fit(stock: Any, counted: str, names: tuple[str, str, str, str]) -> Iterator[LabelError]:
    """Sums along one axis, each refusal naming the figure to look at."""
    count = getattr(stock, counted)
    start, size, pitch, page = (getattr(stock, name) for name in names)
    if size > page + SLACK_MM:
        yield LabelError(
            "stock-larger-than-page",
            "The label (%(size)s mm) is larger than %(page_field)s (%(page)s mm).",
            size=_mm(size),
            page_field=names[3],
            page=_mm(page),
        )
        return
    if not pitch >= size - SLACK_MM and count > 1:
        yield LabelError(
            "stock-overlap",
            "%(field)s is %(pitch)s mm, less than the label's %(size)s mm: labels would overlap.",
            field=names[2],
            pitch=_mm(pitch),
            size=_mm(size),
        )
    end = start + (count - 1) * pitch + size
    if not end <= page + SLACK_MM:
        yield LabelError(
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
