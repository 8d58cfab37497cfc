"""Plots: area, commune, point, outline; and what cannot be one."""

import io
import json
import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_input import BAD_DAYS, BAD_QUANTITIES, BAD_WORDS, NOBODYS, entries_about, last_id, rows, variants
from tests.conftest import House
from trace.records import Entry, Plot
from trace.standards.places import (
    EAST,
    MOST_POINTS,
    NORTH,
    SOUTH,
    WEST,
    NotAPlace,
    Outline,
    Point,
    read_outline,
    read_point,
)

NEW = "/my/plots/new"
GOOD = {"name": "Vườn Khau Đồn", "area_m2": "1,2 ha", "commune_code": "06463", "area_code": "vn-lsor - 0007"}
CORNERS = [[106.57, 21.66], [106.571, 21.66], [106.571, 21.661], [106.57, 21.661], [106.57, 21.66]]
"""About 103 m × 111 m."""


def polygon(*rings: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def text(*rings: list[list[float]]) -> str:
    return json.dumps(polygon(*rings))


# ---- Reading places ----


@pytest.mark.parametrize(
    "typed",
    ["21.664512, 106.571234", "21.664512,106.571234", "21,664512 106,571234", "21,664512; 106,571234",
     " 21.664512° 106.571234° "],
)  # fmt: skip
def test_a_point_is_read_as_phones_and_people_write_it(typed: str) -> None:
    assert read_point(typed) == Point(21_664_512, 106_571_234)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("106.571234, 21.664512", "exchanged"),
        ("10.77, 106.69", "outside"),
        ("21.66", "shape"),
        ("hai mốt, một trăm", "shape"),
        ("21.66, 106.57, 300", "shape"),
        ("nan, nan", "shape"),
        ("1e1, 1e2", "shape"),
        ("", "shape"),
    ],
)
def test_what_is_no_point_of_the_province_is_told_apart(typed: str, code: str) -> None:
    with pytest.raises(NotAPlace) as no:
        read_point(typed)
    assert no.value.code == code


@given(st.floats(SOUTH, NORTH), st.floats(WEST, EAST))
def test_a_point_comes_back_as_it_was_said(latitude: float, longitude: float) -> None:
    point = Point(round(latitude * 1e6), round(longitude * 1e6))
    if SOUTH * 1e6 <= point.latitude_e6 <= NORTH * 1e6 and WEST * 1e6 <= point.longitude_e6 <= EAST * 1e6:
        assert read_point(str(point)) == point


@given(st.text(max_size=60))
def test_any_text_is_a_point_or_a_complaint(typed: str) -> None:
    with suppress(NotAPlace):
        assert isinstance(read_point(typed), Point)


def test_an_outline_is_measured_within_a_percent() -> None:
    width = 111_320 * 0.001 * math.cos(math.radians(21.66))
    assert read_outline(text(CORNERS)).area_m2 == pytest.approx(width * 111.32, rel=0.01)


def test_a_hole_is_taken_off_and_rings_are_wound_as_the_standard_asks() -> None:
    hole = [[106.5704, 21.6604], [106.5706, 21.6604], [106.5706, 21.6606], [106.5704, 21.6606], [106.5704, 21.6604]]
    whole, pierced = read_outline(text(CORNERS[::-1])), read_outline(text(CORNERS, hole))
    assert pierced.area_m2 == pytest.approx(whole.area_m2 * 0.96, rel=0.01)
    assert str(whole) == str(read_outline(text(CORNERS)))
    assert read_outline(str(pierced)) == pierced


@pytest.mark.parametrize(
    "wrapped",
    [
        {"type": "Feature", "properties": {"name": "a"}, "geometry": polygon(CORNERS)},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": polygon(CORNERS)}]},
        polygon([[*corner, 312.5] for corner in CORNERS]),
    ],
    ids=["feature", "collection", "altitudes"],
)
def test_a_polygon_is_found_in_what_programs_wrap_around_it(wrapped: dict[str, object]) -> None:
    assert read_outline(json.dumps(wrapped)) == read_outline(text(CORNERS))


ROUND = [
    [106.57 + 0.001 * math.cos(turn / 600 * math.tau), 21.66 + 0.001 * math.sin(turn / 600 * math.tau)]
    for turn in range(600)
]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "json"),
        ("{", "json"),
        ("[" * 100_000, "json"),
        ('{"type":"Polygon","coordinates":[[[NaN,1]]]}', "json"),
        ("[]", "shape"),
        ("5", "shape"),
        ('{"type":"Point","coordinates":[106.57,21.66]}', "shape"),
        ('{"type":"MultiPolygon","coordinates":[]}', "shape"),
        ('{"type":"Polygon","coordinates":[]}', "shape"),
        ('{"type":"Polygon","coordinates":[[1,2,3,4]]}', "shape"),
        ('{"type":"FeatureCollection","features":[]}', "shape"),
        (text([["106", "21"]] * 4), "shape"),
        (text([[True, False]] * 4), "shape"),
        (text(CORNERS[:3]), "points"),
        (text(CORNERS[:4]), "open"),
        (text([*ROUND, ROUND[0]]), "points"),
        (text([[y, x] for x, y in CORNERS]), "exchanged"),
        (text([[2.35, 48.85]] * 4), "outside"),
        (text([CORNERS[0], CORNERS[2], CORNERS[1], CORNERS[3], CORNERS[0]]), "crosses"),
        (text([CORNERS[0]] * 4), "thin"),
        (text(CORNERS) + " " * 300_000, "points"),
    ],
)  # fmt: skip
def test_what_is_no_outline_is_told_apart(typed: str, code: str) -> None:
    with pytest.raises(NotAPlace) as no:
        read_outline(typed)
    assert no.value.code == code


def test_an_outline_of_the_most_points_is_read() -> None:
    ring = ROUND[:: 600 // 500][: MOST_POINTS - 1]
    assert read_outline(text([*ring, ring[0]])).area_m2 > 0


KEYS = st.sampled_from(["type", "coordinates", "geometry", "features"])
LEAVES = st.none() | st.booleans() | st.floats() | st.text(max_size=9)


@given(st.recursive(LEAVES, lambda part: st.lists(part, max_size=4) | st.dictionaries(KEYS, part, max_size=3)))
def test_any_json_is_an_outline_or_a_complaint(value: object) -> None:
    for candidate in (value, {"type": "Polygon", "coordinates": value}):
        with suppress(NotAPlace):
            assert isinstance(read_outline(json.dumps(candidate)), Outline)


def test_an_outline_is_drawn_to_scale_with_north_up() -> None:
    drawing = read_outline(text(CORNERS)).drawn()
    assert drawing.height_m == pytest.approx(111.3, abs=0.1)
    assert drawing.width_m == pytest.approx(103.5, abs=0.1)
    assert drawing.path.startswith("M0.0 111.3L103.5 111.3L103.5 0.0")
    assert drawing.scale_m == 20


# ---- Pages ----


def test_a_plot_is_entered_with_what_was_understood(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.member)
    answer = browser.post(NEW, data=GOOD | {"grower": house.grower.public_id, "point": "21.6645, 106.5712"})
    page = browser.get(answer.location)
    for shown in ("Vườn Khau Đồn", "1,2 ha", "Xã Chi Lăng", "VN-LSOR-0007", "Vi Văn Mẫu", "geo:21.664500,106.571200"):
        assert shown in page.text
    assert entries_about(session, last_id(answer.location)) == ["plot.added"]


def test_where_a_household_grows_stands_in_no_entry(session: Session, house: House, sign_in) -> None:
    form = GOOD | {"point": "21.6645, 106.5712", "outline": text(CORNERS)}
    answer = sign_in(house.member).post(NEW, data=form)
    [entry] = session.scalars(select(Entry).where(Entry.subject == last_id(answer.location)))
    for private in (b"21664500", b"106.57", "Khau Đồn".encode()):
        assert private not in entry.body


@pytest.mark.parametrize("way", ["outline", "outline_file"])
def test_an_outline_is_drawn_whether_pasted_or_sent(house: House, sign_in, way: str) -> None:
    browser, shape = sign_in(house.member), text(CORNERS)
    sent = shape if way == "outline" else (io.BytesIO(b"\xef\xbb\xbf" + shape.encode()), "vuon.geojson")
    page = browser.get(browser.post(NEW, data=GOOD | {way: sent}).location)
    assert "plot-outline-land" in page.text
    assert "geo:21.660500,106.570500" in page.text
    assert "<svg viewBox=" in page.text


def test_an_outline_far_from_the_stated_area_is_asked_about_not_refused(house: House, sign_in) -> None:
    browser = sign_in(house.member)
    page = browser.get(browser.post(NEW, data=GOOD | {"area_m2": "20 ha", "outline": text(CORNERS)}).location)
    assert "Ranh giới đo được" in page.text
    page = browser.get(browser.post(NEW, data=GOOD | {"outline": text(CORNERS)}).location)
    assert "Ranh giới đo được" not in page.text


def test_an_unusual_area_code_is_kept_and_asked_about(house: House, sign_in) -> None:
    browser = sign_in(house.member)
    page = browser.get(browser.post(NEW, data=GOOD | {"area_code": "MSVT 12/LS"}).location)
    assert "MSVT 12/LS" in page.text
    assert "dạng ít gặp" in page.text


@pytest.mark.parametrize(
    ("field", "form"),
    variants(
        GOOD,
        {
            "name": BAD_WORDS,
            "area_m2": BAD_QUANTITIES | {"too much": "20.000 ha", "weight": "5 kg"},
            "commune_code": {"empty": "", "unknown": "99999", "NUL": "06463\x00"},
            "area_code": {"placeholder": "N/A", "NUL": "VN\x00", "over-long": "V" * 300},
            "grower": {"nobody's": NOBODYS, "number": "1", "NUL": "\x00"},
            "point": {"outside": "10.77, 106.69", "exchanged": "106.57, 21.66", "words": "đầu thôn", "NUL": "21.6\x00"},
            "outline": {"words": "hình tròn", "line": '{"type":"LineString"}', "NUL": "\x00"},
        },
    ),
)
def test_a_plot_that_cannot_be_is_complained_about_beside_its_field(
    session: Session, house: House, sign_in, field: str, form: dict[str, str]
) -> None:
    before = rows(session, Plot)
    answer = sign_in(house.member).post(NEW, data=form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert rows(session, Plot) == before


def test_a_file_that_is_no_outline_is_refused(house: House, sign_in) -> None:
    for content in (b"\x89PNG\r\n", b"\xff\xfe\x00", b"{}" * 200_000):
        sent = (io.BytesIO(content), "vuon.geojson")
        assert sign_in(house.member).post(NEW, data=GOOD | {"outline_file": sent}).status_code == 422


def test_another_cooperatives_household_cannot_be_chosen(house: House, other_house: House, sign_in) -> None:
    answer = sign_in(house.member).post(NEW, data=GOOD | {"grower": other_house.grower.public_id})
    assert answer.status_code == 422


def test_another_cooperatives_plot_is_nowhere(house: House, other_house: House, sign_in) -> None:
    browser = sign_in(house.manager)
    for public_id in (other_house.plot.public_id, NOBODYS, "%00"):
        assert browser.get(f"/my/plots/{public_id}").status_code == 404
        for deed in ("edit", "close", "reopen"):
            assert browser.post(f"/my/plots/{public_id}/{deed}", data=GOOD).status_code == 404


def test_an_edit_shows_what_was_and_keeps_what_is_not_changed(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.member)
    address = browser.post(NEW, data=GOOD | {"outline": text(CORNERS), "point": "21.6604, 106.5704"}).location
    form = browser.get(f"{address}/edit")
    assert 'value="1,2 ha"' in form.text
    assert "21.660400, 106.570400" in form.text
    assert browser.post(f"{address}/edit", data=GOOD | {"area_m2": "1,1 ha"}).status_code == 302
    assert entries_about(session, last_id(address)) == ["plot.added", "plot.changed"]


def test_a_plot_is_closed_and_used_again(session: Session, house: House, sign_in) -> None:
    browser, address = sign_in(house.member), f"/my/plots/{house.plot.public_id}"
    assert browser.post(f"{address}/close", data={"closed_on": "2026-08-20"}).status_code == 302
    assert browser.post(f"{address}/close", data={"closed_on": "2026-08-20"}).status_code == 409
    assert browser.post(f"{address}/reopen").status_code == 302
    assert browser.post(f"{address}/reopen").status_code == 409
    assert entries_about(session, house.plot.public_id) == ["plot.closed", "plot.reopened"]


@pytest.mark.parametrize("day", [*BAD_DAYS.values(), "2026-08-21"])
def test_no_plot_is_closed_tomorrow_or_on_no_day(house: House, sign_in, day: str) -> None:
    answer = sign_in(house.member).post(f"/my/plots/{house.plot.public_id}/close", data={"closed_on": day})
    assert answer.status_code == 422


def test_plots_are_found_by_their_household_without_marks(house: House, sign_in) -> None:
    browser = sign_in(house.member)
    assert "Vườn Lũng Than" in browser.get("/my/plots?q=vi+van").text
    assert "Vườn Lũng Than" not in browser.get("/my/plots?q=khong+co").text
