"""What a consumer is told of a batch's plots: the diary in short, sprays and their intervals, tests; nobody's name."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, code_of
from tests.test_diary import spray, write
from trace.records import Batch, BatchVerdict, DiaryKind, Run
from trace.work.batches import decide
from trace.work.care import care_seen
from trace.work.diary import DiaryFacts
from trace.work.samples import ResultFacts, SampleFacts, enter_test, void_test

DONE = {"actor": AUDITOR, "now": NOON}


def fold(client: FlaskClient, run: Run, language: str = "vi") -> str:
    """The page's part about care; "" where it has none."""
    page = client.get(f"/T/{code_of(run, 7)}?lang={language}").text
    _, found, rest = page.partition('<details id="care">')
    return rest.partition("</details>")[0] if found else ""


def test_without_a_line_or_a_report_nothing_is_said_of_care(client: FlaskClient, run: Run) -> None:
    assert fold(client, run) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", ["phun thuốc 1 lần", "tưới nước 2 lần", "13/07/2026", "cách ly 7 ngày, thu hoạch sau 38 ngày"]),
        ("en", ["sprayed 1 time", "watered 2 times", "13 Jul 2026", "interval 7 days, cut after 38 days"]),
        ("zh", ["用药1次", "浇水2次", "2026年7月13日", "安全间隔期7天，38天后采收"]),
    ],
)
def test_a_spray_stands_beside_its_interval_and_nobody_is_named(
    client: FlaskClient, session: Session, house: House, run: Run, language: str, words: list[str]
) -> None:
    write(session, house, spray(house, date(2026, 7, 13)))
    for day in (1, 8, 8):
        write(session, house, DiaryFacts(DiaryKind.IRRIGATION, date(2026, 7, day), (house.plot,), done_by="Vi Văn Mẫu"))
    write(session, house, DiaryFacts(DiaryKind.INPUT, date(2026, 7, 1), material="Đạm", supplier="Đại lý Mẫu"))
    session.commit()
    told = fold(client, run, language)
    for each in [*words, "Abatin 1.8EC", "Abamectin"]:
        assert each in told
    for private in ("Vi Văn Mẫu", "Đại lý Mẫu", "Vườn Lũng Than"):
        assert private not in told


def test_only_sprays_before_this_harvest_count_and_alike_ones_once(
    session: Session, house: House, batch: Batch
) -> None:
    for day in (TODAY - timedelta(days=400), TODAY - timedelta(days=40), TODAY - timedelta(days=40)):
        write(session, house, spray(house, day))
    session.flush()
    [told] = care_seen(session, batch).sprays
    assert (told.waited_days, told.interval_days, told.kept) == (40, 7, True)
    assert care_seen(session, batch).counts == (("pesticide", 1),)


def test_a_spray_told_too_late_shows_that_its_interval_was_not_kept(
    client: FlaskClient, session: Session, house: House, run: Run
) -> None:
    write(session, house, spray(house, TODAY - timedelta(days=3)))
    session.commit()
    assert '<li class="bad">' in fold(client, run)
    assert "thu hoạch sau 3 ngày" in fold(client, run)


@pytest.mark.parametrize(
    ("found", "words"), [(10_000, "không chỉ tiêu nào vượt ngưỡng"), (90_000, "vượt ngưỡng: Abamectin")]
)
def test_a_laboratorys_report_is_told_until_it_is_void(
    client: FlaskClient, session: Session, house: House, batch: Batch, run: Run, found: int, words: str
) -> None:
    day = TODAY - timedelta(days=10)
    result = ResultFacts("Abamectin", "mg/kg", found, 50_000)
    facts = SampleFacts(
        laboratory="Phòng thử Mẫu", report_number="KN-7", batch=batch, sampled_on=day, reported_on=day,
        valid_until=TODAY + timedelta(days=100), results=(result,),
    )  # fmt: skip
    test = enter_test(session, house.cooperative, facts, None, **DONE, today=TODAY)
    session.commit()
    told = fold(client, run)
    for each in (words, "Phòng thử Mẫu", "KN-7", "cơ sở khai báo"):
        assert each in told
    void_test(session, test, "nhập nhầm", **DONE)
    session.commit()
    assert fold(client, run) == ""


def test_who_checked_says_nothing_of_a_test_that_nobody_made(
    client: FlaskClient, session: Session, house: House, run: Run
) -> None:
    page = client.get(f"/T/{code_of(run, 7)}").text
    assert "Mọi lần phun đều đủ thời gian cách ly trước khi thu hoạch" in page
    assert "Kiểm nghiệm" not in page.partition('<details id="checked">')[2].partition("</details>")[0]


@pytest.mark.parametrize("stopped", [False, True])
def test_the_items_of_the_decree_name_origin_number_and_warning(
    client: FlaskClient, session: Session, batch: Batch, run: Run, stopped: bool
) -> None:
    if stopped:
        decide(session, batch, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng")
        session.commit()
    page = client.get(f"/T/{code_of(run, 7)}").text
    told = page.partition("Điều 32 Nghị định 37/2026")[2].partition("</details>")[0]
    assert "Xã Chi Lăng" in told
    assert "Việt Nam" in told
    assert ("Lô hàng bị thu hồi" in told) is stopped
