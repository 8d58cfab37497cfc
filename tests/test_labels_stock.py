"""Label papers: figures that add up, and sheets on which every label has one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels import STOCKS, LabelError, Sheet, Stock, free_cells, pages
from labels.sheet import deal

SIZE = {"page_width_mm": 210.0, "page_height_mm": 297.0, "width_mm": 50.0, "height_mm": 30.0}


@st.composite
def stocks(draw: st.DrawFn) -> Stock:
    columns, rows = draw(st.integers(1, 8)), draw(st.integers(1, 12))
    width, height = draw(st.floats(8, 45)), draw(st.floats(8, 30))
    gap_x, gap_y, left, top = (draw(st.floats(0, 6)) for _ in range(4))
    spare = draw(st.floats(0, 5))
    return Stock(
        name="own",
        page_width_mm=left + columns * (width + gap_x) - gap_x + spare,
        page_height_mm=top + rows * (height + gap_y) - gap_y + spare,
        width_mm=width,
        height_mm=height,
        columns=columns,
        rows=rows,
        left_mm=left,
        top_mm=top,
        pitch_x_mm=width + gap_x,
        pitch_y_mm=height + gap_y,
    )


@given(stocks(), st.data())
def test_every_label_has_one_place_inside_the_page_and_apart_from_the_others(stock: Stock, data: st.DataObject) -> None:
    cells = st.frozensets(st.integers(0, stock.cells - 1), max_size=stock.cells - 1)
    sheet = Sheet(used=tuple(data.draw(st.lists(cells, max_size=3))))
    count = data.draw(st.integers(1, 3 * stock.cells))

    dealt = list(deal(stock, sheet, count))

    assert sum(map(len, dealt)) == count
    assert len(dealt) == pages(stock, sheet, count)
    for page, cells_of in enumerate(dealt):
        assert len(set(cells_of)) == len(cells_of)
        assert set(cells_of) <= set(free_cells(stock, sheet, page))
        boxes = [(*stock.place(cell), stock.width_mm, stock.height_mm) for cell in cells_of]
        for i, (x, y, wide, high) in enumerate(boxes):
            assert x >= 0
            assert y >= 0
            assert x + wide <= stock.page_width_mm + 0.06
            assert y + high <= stock.page_height_mm + 0.06
            for a, b, w, h in boxes[i + 1 :]:
                assert x + wide <= a + 0.06 or a + w <= x + 0.06 or y + high <= b + 0.06 or b + h <= y + 0.06


@given(stocks())
def test_a_stock_kept_as_data_comes_back_the_same(stock: Stock) -> None:
    assert Stock.from_dict(stock.to_dict()) == stock


@pytest.mark.parametrize(
    ("figures", "named"),
    [
        ({"columns": 5}, "page_width_mm"),
        ({"rows": 10}, "page_height_mm"),
        ({"columns": 2, "pitch_x_mm": 40}, "pitch_x_mm"),
        ({"rows": 2, "pitch_y_mm": 29}, "pitch_y_mm"),
        ({"width_mm": 220}, "page_width_mm"),
        ({"width_mm": 5}, "width_mm"),
        ({"height_mm": float("nan")}, "height_mm"),
        ({"left_mm": -1}, "left_mm"),
        ({"columns": 0}, "columns"),
        ({"rows": 61}, "rows"),
        ({"corner_mm": 20}, "corner_mm"),
        ({"round": True}, "round"),
        ({"feed": "hand"}, "hand"),
    ],
)
def test_figures_that_do_not_add_up_are_refused_by_name(figures: dict[str, object], named: str) -> None:
    with pytest.raises(LabelError, match=named):
        Stock.from_dict({"name": "own", **SIZE, **figures})


@pytest.mark.parametrize(
    "data", [{"name": "x"}, {**SIZE}, {"name": "x", **SIZE, "colour": 1}, {"name": "x", **SIZE, "left_mm": "wide"}]
)
def test_stock_data_with_fields_missing_strange_or_no_number_are_refused(data: dict[str, object]) -> None:
    with pytest.raises(LabelError):
        Stock.from_dict(data)


def test_the_catalogue_has_what_shops_sell() -> None:
    for page in ("a4", "a5"):
        for many in (65, 40, 24, 21, 12, 8, 4):
            assert STOCKS[f"{page}-{many}"].cells == many
        for side in (15, 20, 25, 30):
            assert STOCKS[f"{page}-seal-{side}"].width_mm == STOCKS[f"{page}-seal-{side}"].height_mm == side
        for across in (22, 30):
            assert STOCKS[f"{page}-round-{across}"].round
    for name, across in (("50x30", 1), ("40x30", 1), ("35x22-3", 3), ("30x20-3", 3), ("50x20-2", 2), ("100x50", 1)):
        assert STOCKS[f"roll-{name}"].columns == across
    assert {stock.feed for stock in STOCKS.values()} == {"sheet", "gap", "mark"}
    assert all(
        stock.name.startswith("a4-")
        for stock in STOCKS.values()
        if (stock.page_width_mm, stock.page_height_mm) == (210, 297)
    )


def test_a_sheet_whose_cells_are_all_used_or_do_not_exist_is_refused() -> None:
    stock = STOCKS["a4-24"]
    with pytest.raises(LabelError, match="no cell 25"):
        Sheet(used=(frozenset({24}),)).check(stock)
    with pytest.raises(LabelError, match="All 24 cells"):
        Sheet(used=(frozenset(range(24)),)).check(stock)
