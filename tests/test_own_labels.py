"""Own faces and papers: copied, moved, drawn as they will print, kept in versions, refused where they will not do."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from labels import Face
from tests.conftest import AUDITOR, NOON, House, code_of
from tests.test_printing import links, order, pdf_of, printed, words
from trace.accounts import Person
from trace.records import OwnFace, OwnStock, Run
from trace.service import keyring, numbering
from trace.work.own_faces import face_of
from trace.work.own_stocks import stock_of
from trace.work.stamps import issue_stamps

SignIn = Callable[[Person], FlaskClient]
PAPER = {
    "name": "Decal chợ Kỳ Lừa", "feed": "sheet", "page": "A4", "width_mm": "40", "height_mm": "25,5", "columns": "4",
    "rows": "10", "gap_x_mm": "2", "gap_y_mm": "1", "do": "save",
}  # fmt: skip


def marked(mark: str, /, **fields: Any) -> dict[str, Any]:
    return {"mark": mark * 32} | fields


def made(session: Session, browser: FlaskClient, **changes: str) -> OwnFace:
    fields = {"name": "Mẫu nhà", "start": "origin", "stock": "a4-24"} | changes
    answer = browser.post("/my/labels/faces/new", data=marked("a", **fields))
    assert answer.status_code == 302, answer.text
    return session.scalars(select(OwnFace).where(OwnFace.public_id == answer.location.rpartition("/")[2])).one()


def typed(face: Face, **changes: str) -> dict[str, str]:
    """What a browser sends for a face: every part with its numbers."""
    fields = {"name": "Mẫu nhà", "seen": "1", "dpi": "203", "do": "save"}
    fields |= {"width_mm": f"{face.width_mm}", "height_mm": f"{face.height_mm}"}
    for index, part in enumerate(face.elements):
        own = part.kind == "text" and not part.text.startswith("{")
        fields |= {f"parts-{index}-{name}": f"{getattr(part, name)}" for name in ("kind", "x", "y", "width", "height")}
        fields |= {f"parts-{index}-{name}": f"{getattr(part, name):g}" for name in ("size_pt", "floor_pt", "lines")}
        fields |= {f"parts-{index}-{name}": getattr(part, name) for name in ("weight", "align")}
        fields |= {f"parts-{index}-what": "own" if own else part.text, f"parts-{index}-words": part.text if own else ""}
    return fields | changes


def test_a_paper_is_kept_as_a_ruler_measures_it_and_a_better_measure_takes_its_place(
    session: Session, house: House, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    shown = browser.post("/my/labels/papers/new", data=marked("a", **PAPER | {"do": "show"}))
    assert shown.status_code == 200
    assert "40 tem một tờ" in shown.text
    assert browser.post("/my/labels/papers/new", data=marked("a", **PAPER)).status_code == 302
    own = session.scalars(select(OwnStock)).one()
    stock = stock_of(own)
    assert (stock.cells, stock.pitch_x_mm, stock.left_mm) == (40, 42.0, 22.0)
    assert stock.place(5) == (64.0, stock.top_mm + 26.5)
    assert "Decal chợ Kỳ Lừa" in browser.get("/my/labels").text

    page = browser.get(f"/my/labels/papers/{own.public_id}").text
    assert 'value="25,5"' in page
    changed = browser.post(f"/my/labels/papers/{own.public_id}", data=marked("b", **PAPER | {"gap_x_mm": "3"}))
    assert changed.status_code == 302
    session.expire_all()
    assert [one.ended_at is None for one in session.scalars(select(OwnStock).order_by(OwnStock.id))] == [False, True]
    late = browser.post(f"/my/labels/papers/{own.public_id}", data=marked("c", **PAPER))
    assert late.status_code == 409


def test_figures_that_make_no_paper_are_refused_by_their_number_and_nothing_is_kept(
    session: Session, house: House, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    for changes, said in (
        ({"columns": "5", "gap_x_mm": "5"}, "số 1 "),
        ({"rows": "12"}, "số 2 "),
        ({"width_mm": "220"}, "số 1)"),
        ({"height_mm": "3"}, "Số 4"),
        ({"columns": "0"}, "Số 5"),
        ({"rows": "99"}, "Số 6"),
        ({"corner_mm": "20"}, "Số 11"),
        ({"round": "y"}, "số 3 và số 4"),
        ({"page": "", "page_width_mm": "600"}, "Số 1 "),
        ({"width_mm": "rộng"}, "1,5"),
        ({"name": ""}, "điền"),
        ({"feed": "gap", "columns": "3", "page": "", "page_width_mm": "80"}, "số 1 "),
    ):
        answer = browser.post("/my/labels/papers/new", data=marked("a", **PAPER | changes))
        assert answer.status_code == 422, changes
        assert said in answer.text, changes
        assert 'value="25,5"' in answer.text or "height_mm" in changes
    assert session.scalars(select(OwnStock)).all() == []


def test_two_wrong_figures_are_told_at_once(house: House, sign_in: SignIn) -> None:
    wrong = PAPER | {"height_mm": "3", "columns": "0"}
    answer = sign_in(house.member).post("/my/labels/papers/new", data=marked("a", **wrong))
    assert "Số 4" in answer.text
    assert "Số 5" in answer.text


def test_a_face_begins_as_a_copy_is_moved_and_keeps_every_version(
    session: Session, house: House, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    own = made(session, browser)
    address = f"/my/labels/faces/{own.public_id}"
    page = browser.get(address).text
    assert 'width="64mm"' in page, "true size, drawn by the workshop"
    assert "mô-đun" in page or "203 dpi" in page, "fitness beside it"
    face = face_of(own)
    product = next(i for i, part in enumerate(face.elements) if part.text == "{product}")

    moved = typed(face, **{f"parts-{product}-y": "1,5", f"parts-{product}-words": "", "name": "Mẫu hội chợ"})
    assert browser.post(address, data=marked("b", **moved)).status_code == 302
    session.expire_all()
    assert (own.name, own.last.number) == ("Mẫu hội chợ", 2)
    assert face_of(own).elements[product].y == 1.5
    assert Face.from_json(own.versions[0].body).elements[product].y == face.elements[product].y

    late = browser.post(address, data=marked("c", **moved | {f"parts-{product}-y": "2"}))
    assert late.status_code == 409
    assert "Người khác" in late.text
    for change in ("UPDATE own_face_version SET body = ''", "DELETE FROM own_face_version"):
        with pytest.raises(DatabaseError):
            session.execute(text(change))
        session.rollback()


def test_parts_are_added_and_taken_away_and_nothing_is_kept_until_it_is_saved(
    session: Session, house: House, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    own = made(session, browser, start="code", stock="", width_mm="50", height_mm="30")
    address, face = f"/my/labels/faces/{own.public_id}", face_of(own)
    fields = typed(face, do="add", add="text")
    fields |= {f"parts-{len(face.elements) - 1}-gone": "y"}

    answer = browser.post(address, data=marked("b", **fields))

    assert answer.text.count('class="handle"') == len(face.elements)
    assert session.scalars(select(OwnFace)).one().last.number == 1
    added = len(face.elements) - 1
    own_words = {f"parts-{added}-{name}": value for name, value in {
        "kind": "text", "what": "own", "words": "Na dai vườn đồi 🌱", "x": "28", "y": "1", "width": "20", "height": "4",
        "size_pt": "7", "floor_pt": "5", "lines": "1", "weight": "bold", "align": "left"}.items()}  # fmt: skip
    without = {name: value for name, value in typed(face).items() if not name.startswith(f"parts-{added}-")}
    shown = browser.post(address, data=marked("b", **without | own_words | {"do": "show"}))
    assert "🌱" in shown.text
    assert "Không có phông chữ" in shown.text
    saved = browser.post(address, data=marked("b", **without | own_words | {f"parts-{added}-words": "Na dai vườn đồi"}))
    assert saved.status_code == 302
    session.expire_all()
    assert face_of(own).elements[-1].text == "Na dai vườn đồi"


def test_a_face_that_will_not_do_is_refused_in_words_and_what_was_typed_stays(
    session: Session, house: House, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    own = made(session, browser, start="code")
    face, address = face_of(own), f"/my/labels/faces/{own.public_id}"
    for changes, said in (
        ({"parts-1-x": "2", "parts-1-y": "2"}, "Phần 2 đè lên mã QR"),
        ({"parts-1-x": "60"}, "Phần 2 nằm ra ngoài"),
        ({"parts-0-width": "70"}, "Phần 1 nằm ra ngoài"),
        ({"parts-0-kind": "text", "parts-0-what": "{product}"}, "đúng một mã QR"),
        ({"parts-1-size_pt": "2"}, "Phần 2"),
        ({"parts-1-x": ""}, "điền"),
        ({"parts-1-x": "một"}, "1,5"),
        ({"parts-1-lines": "99"}, "12"),
        ({"parts-1-kind": "song"}, "Phần 2"),
        ({"width_mm": "3"}, "8"),
        ({"name": ""}, "điền"),
    ):
        answer = browser.post(address, data=marked("b", **typed(face, **changes)))
        assert answer.status_code == 422, changes
        assert said in answer.text, changes
    session.expire_all()
    assert own.last.number == 1


def test_a_face_travels_as_a_file_without_our_name_or_picture(
    session: Session, house: House, other_house: House, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    own = made(session, browser, start="seal")
    taken = browser.get(f"/my/labels/faces/{own.public_id}/file")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert house.cooperative.name not in taken.text

    other = sign_in(other_house.member)
    sent = {"file": (BytesIO(taken.data), "mẫu.json")}
    answer = other.post("/my/labels/faces/import", data=marked("e", **sent), content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    again = Face.from_json(other.get(f"{answer.location}/file").text)
    assert again.elements == Face.from_json(taken.text).elements
    assert other.get(f"/my/labels/faces/{own.public_id}").status_code == 404
    copied = browser.post(f"/my/labels/faces/{own.public_id}/copy", data=marked("d"))
    assert copied.status_code == 302
    assert "Mẫu nhà (2)" in browser.get("/my/labels").text


def hostile() -> list[tuple[str, str]]:
    part = {"kind": "symbol", "x": 1, "y": 1, "width": 20, "height": 20}
    face = {"format": "temgoc-face", "format_version": 1, "name": "x", "width_mm": 50, "height_mm": 30}

    def of(*parts: dict[str, Any], **changes: Any) -> str:
        return json.dumps(face | {"elements": [part, *parts]} | changes)

    over = {"kind": "rule", "x": 5, "y": 5, "width": 9, "height": 1}
    return [
        ("", "không chứa mẫu tem"),
        ("PNG", "không chứa mẫu tem"),
        (of(width_mm=0.5), "8"),
        (of(width_mm=1e12), "450"),
        (of(over), "Phần 2 đè lên mã QR"),
        (of(over | {"x": 45}), "Phần 2 nằm ra ngoài"),
        (of(*[over | {"x": 30}] * 90), "60"),
        (
            of({"kind": "picture", "text": "https://x.vn/a.png"} | over | {"kind": "picture", "x": 30}),
            "không mang hình",
        ),
        (of(format_version=9), "kiểu mới hơn"),
        (of(over | {"kind": "text", "text": "{secret}", "x": 30}), "không có"),
        ("x" * 300_000, "quá lớn"),
    ]


def test_a_hostile_file_is_refused_in_words(session: Session, house: House, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    for body, said in hostile():
        sent = {"file": (BytesIO(body.encode()), "face.json")}
        answer = browser.post("/my/labels/faces/import", data=marked("a", **sent), content_type="multipart/form-data")
        assert answer.status_code == 422, body[:80]
        assert said in answer.text, body[:80]
    assert session.scalars(select(OwnFace)).all() == []


def test_a_face_with_words_too_long_for_small_stamps_cannot_begin_there(house: House, sign_in: SignIn) -> None:
    fields = {"name": "Mẫu", "start": "origin", "stock": "a4-seal-15"}
    answer = sign_in(house.member).post("/my/labels/faces/new", data=marked("a", **fields))
    assert answer.status_code == 422
    assert "không vừa" in answer.text or "nhỏ" in answer.text


def test_stamps_are_printed_with_an_own_face_on_an_own_paper_and_again_as_they_were(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    browser.post(
        "/my/labels/papers/new",
        data=marked("f", **PAPER | {"width_mm": "64", "height_mm": "33,9", "columns": "3", "rows": "6"}),
    )
    stock = session.scalars(select(OwnStock)).one()
    own = made(session, browser)
    face, address = face_of(own), f"/my/labels/faces/{own.public_id}"
    added = len(face.elements)
    own_words = {"kind": "text", "what": "own", "words": "Hái tại vườn", "x": "34", "y": "30.5", "width": "28",
                 "height": "2.5", "size_pt": "6", "floor_pt": "5", "lines": "1",
                 "weight": "bold", "align": "left"}  # fmt: skip
    with_words = typed(face) | {f"parts-{added}-{name}": value for name, value in own_words.items()}
    assert browser.post(address, data=marked("b", **with_words)).status_code == 302
    page = browser.get(f"/my/stamps/{run.public_id}/print").text
    assert "Mẫu riêng: Mẫu nhà" in page
    assert "Decal chợ Kỳ Lừa" in page

    choice = {"stock": f"own:{stock.public_id}", "face": f"own:{own.public_id}"}
    printing = printed(session, browser, run, mark="c", **choice)
    first = pdf_of(browser, printing)
    assert links(first) == [f"HTTP://TEM.TEST/T/{code_of(run, number)}" for number in range(51, 61)]
    assert "Hái tại vườn" in words(first)

    assert browser.post(address, data=marked("d", **typed(face, seen="2"))).status_code == 302
    browser.post(f"/my/labels/papers/{stock.public_id}/end", data=marked("e"))
    again = pdf_of(browser, printing)
    assert (words(again), links(again)) == (words(first), links(first))
    assert "Decal chợ Kỳ Lừa" in browser.get(f"/my/stamps/printings/{printing.public_id}").text


def test_the_logo_stands_on_a_ready_face_and_a_face_that_says_vietgap_needs_its_certificate(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.manager)
    logo = BytesIO()
    Image.new("RGB", (300, 300), "navy").save(logo, "PNG")
    logo.seek(0)
    assert "kèm logo" not in browser.get(f"/my/stamps/{run.public_id}/print").text
    sent = browser.post(
        "/my/cooperative/logo", data=marked("f", logo=(logo, "logo.png")), content_type="multipart/form-data"
    )
    assert sent.status_code == 302, sent.text
    assert "kèm logo" in browser.get(f"/my/stamps/{run.public_id}/print").text
    printing = printed(session, browser, run, mark="c", face="code-logo", stock="a4-12")
    picture = pdf_of(browser, printing)[0].render(scale=1).to_pil().convert("RGB")
    assert any(blue > 100 > red for red, _green, blue in picture.get_flattened_data())

    own = made(session, browser, start="vietgap", name="Mẫu VietGAP")
    bare = issue_stamps(session, keyring(), numbering(), house.cooperative, 9, actor=AUDITOR, now=NOON)
    session.commit()
    asked = order(mark="d", first="1", last="5", face=f"own:{own.public_id}")
    answer = browser.post(f"/my/stamps/{bare.public_id}/print", data=asked)
    assert answer.status_code == 422
    assert "VietGAP" in answer.text
