"""Visitors from across the border: every word of a consumer's page in Chinese, and days as they write them."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, House, code_of
from trace.records import Batch, BatchVerdict, Run
from trace.work.batches import decide
from trace.work.history import record
from trace.work.stamps import void

ROOT = Path(__file__).parent.parent
PAGES = [
    *(ROOT / "templates/consumer").glob("*.html"),
    ROOT / "templates/errors/error.html",
    *(ROOT / "trace/pages/consumer").glob("*.py"),
    *(ROOT / "trace/pages/resolver").glob("*.py"),
]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
HAN = re.compile("[一-鿿]")


def words_of(path: Path) -> set[str]:
    template = path.suffix == ".html"
    options = {"extensions": "jinja2.ext.i18n", "silent": "false"} if template else {}
    found = extract_from_file("jinja2" if template else "python", path, keywords=KEYWORDS, options=options)
    return {message[0] if isinstance(message, tuple) else message for _, message, _, _ in found}


@pytest.mark.parametrize("language", ["vi", "zh_Hans_CN"])
def test_consumers_find_every_word_in_their_language(language: str) -> None:
    with (ROOT / f"trace/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        known = read_po(file, locale=language)
    missing = []
    for path in PAGES:
        for key in words_of(path) - {""}:
            entry = known.get(key)
            if entry is None or not (entry.string if isinstance(entry.string, str) else all(entry.string)):
                missing.append(f"{path.relative_to(ROOT)}: {key!r}")
    assert not missing, "\n".join(missing)


def test_chinese_words_keep_their_figures() -> None:
    with (ROOT / "trace/translations/zh_Hans_CN/LC_MESSAGES/messages.po").open("rb") as file:
        known = read_po(file, locale="zh_Hans_CN")
    for entry in known:
        if not entry.id:
            continue
        source = entry.id[0] if isinstance(entry.id, tuple) else entry.id
        word = entry.string[0] if isinstance(entry.string, tuple) else entry.string
        assert set(re.findall(r"%\(\w+\)s", source)) == set(re.findall(r"%\(\w+\)s", word)), source


@pytest.mark.parametrize(
    "asked", [{"query_string": {"lang": "zh"}}, {"headers": {"Accept-Language": "zh-CN,zh;q=0.9"}}]
)
def test_a_stamp_in_chinese(client: FlaskClient, session: Session, house: House, run: Run, asked) -> None:
    house.product.name_zh = "支棱番荔枝"
    record(session, "product.changed", house.product, actor=AUDITOR, now=NOON)
    session.commit()
    page = client.get(f"/T/{code_of(run, 7)}", **asked)
    assert '<html lang="zh-Hans">' in page.text
    for words in ("标签编码有效", "支棱番荔枝", "2026年8月20日", "VietGAP", "1 kg", "合作社"):
        assert words in page.text
    assert '<span lang="vi">HTX Na Mẫu</span>' in page.text, "what is not translated is marked"


def test_a_name_without_a_translation_is_marked_as_vietnamese(client: FlaskClient, run: Run) -> None:
    assert '<span lang="vi">Na Chi Lăng</span>' in client.get(f"/T/{code_of(run, 7)}?lang=zh").text


def test_every_verdict_has_its_chinese_words(
    client: FlaskClient, session: Session, batch: Batch, run: Run, clock
) -> None:
    def heading(number: int) -> str:
        found = re.search("<h1>(.*?)</h1>", client.get(f"/T/{code_of(run, number)}?lang=zh").text)
        assert found
        return found[1]

    assert heading(60) == "此标签尚未启用"
    void(session, run, 5, 5, "kẹt máy in", actor=AUDITOR, now=NOON)
    session.commit()
    assert heading(5) == "此标签已作废"
    clock.advance(days=9)
    assert heading(1) == "已过保质期"
    decide(session, batch, BatchVerdict.SUSPENDED, by=AUDITOR, now=NOON, reason="chờ kết quả")
    session.commit()
    assert heading(1) == "此批次已被暂停"
    decide(session, batch, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng")
    session.commit()
    assert heading(1) == "此批次已被召回"


def test_english_days_name_their_month(client: FlaskClient, run: Run) -> None:
    page = client.get(f"/T/{code_of(run, 7)}?lang=en").text
    assert "20 Aug 2026" in page
    assert "20/08/2026" not in page


def test_pages_of_those_who_work_here_have_no_chinese(client: FlaskClient) -> None:
    page = client.get("/sign-in?lang=zh", headers={"Accept-Language": "zh-CN"})
    assert not HAN.search(page.text)


@pytest.mark.parametrize("path", ["/", "/privacy", "/T/0000000000000000", "/foo", "/recalls", "/report"])
def test_every_other_page_speaks_it_too(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept-Language": "zh-TW"})
    heading = re.search("<h1[^>]*>(.*?)</h1>", page.text)
    assert heading
    assert HAN.search(heading[1]) or path == "/"
    assert "2026-" not in page.text


@pytest.mark.parametrize("language", ["vi", "en", "zh"])
def test_a_page_weighs_at_most_14_kb_in_each_language(client: FlaskClient, run: Run, language: str) -> None:
    for number in (7, 60):
        address = f"/T/{code_of(run, number)}?lang={language}"
        assert len(client.get(address, headers={"Accept-Encoding": "gzip"}).data) <= 14_000
