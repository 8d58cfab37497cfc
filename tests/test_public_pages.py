"""The pages behind a stamp: what a cooperative, a product and a batch show anybody, and what they do not."""

import io
import re
from datetime import date
from xml.etree import ElementTree

import pypdfium2
import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import trace.service
from tests.conftest import AUDITOR, NOON, House, code_of, make_batch, make_cooperative
from trace.records import Batch, BatchVerdict, Consent, Cooperative, Product, Run, Upload
from trace.work.batches import decide
from trace.work.history import record
from trace.work.own_links import LinkFacts, add_link
from trace.work.uploads import PICTURES, keep

ROOT = "http://tem.test"
SCHEMA_ORG = {
    "Product": {
        "name", "url", "image", "gtin", "weight", "countryOfOrigin", "manufacturer", "brand", "hasCertification",
    },
    "Organization": {
        "name", "url", "address", "telephone", "hasCertification", "makesOffer", "globalLocationNumber",
    },
    "Certification": {
        "name", "certificationIdentification", "issuedBy", "validFrom", "expires", "certificationStatus",
    },
    "QuantitativeValue": {"value", "unitCode"},
    "PostalAddress": {"streetAddress", "addressRegion", "addressCountry"},
    "Country": {"name"},
    "Brand": {"name"},
    "Offer": {"itemOffered"},
}  # fmt: skip
"""Properties that schema.org 29 gives each of these types."""
GS1 = {
    "gs1:hasBatchLotNumber", "gs1:harvestDateStart", "gs1:harvestDateEnd", "gs1:packagingDate", "gs1:bestBeforeDate",
    "gs1:consumerStorageInstructions",
}  # fmt: skip
"""Properties of the GS1 Web Vocabulary."""


def photo(session: Session, house: House) -> Upload:
    out = io.BytesIO()
    Image.new("RGB", (1000, 700), "darkgreen").save(out, "JPEG")
    return keep(session, house.cooperative.id, out.getvalue(), "na.jpg", PICTURES, actor=AUDITOR, now=NOON)


@pytest.fixture
def addresses(house: House, batch: Batch) -> dict[str, str]:
    return {
        "c": f"/c/{house.cooperative.public_id}",
        "p": f"/p/{house.product.public_id}",
        "b": f"/b/{batch.public_id}",
    }


@pytest.mark.parametrize("language", ["vi", "en", "zh"])
def test_the_pages_open_in_each_language_without_cookie_or_script(
    client: FlaskClient, addresses: dict[str, str], language: str
) -> None:
    for path in addresses.values():
        page = client.get(f"{path}?lang={language}")
        assert page.status_code == 200
        assert "HTX Na Mẫu" in page.text
        assert "Set-Cookie" not in page.headers
        assert "<script" not in page.text
        assert len(client.get(path, headers={"Accept-Encoding": "gzip"}).data) < 60_000


def test_products_may_be_found_and_stamps_and_batches_not(
    client: FlaskClient, addresses: dict[str, str], run: Run
) -> None:
    robots = {
        name: re.search('name="robots" content="(.*?)"', client.get(path).text) for name, path in addresses.items()
    }
    assert {name: found[1] for name, found in robots.items() if found} == {
        "c": "index,follow", "p": "index,follow", "b": "noindex",
    }  # fmt: skip
    assert 'content="noindex"' in client.get(f"/T/{code_of(run, 1)}").text
    told = client.get("/robots.txt").text
    assert "Disallow: /T/" in told
    assert f"Sitemap: {ROOT}/sitemap.xml" in told
    listed = [
        element.text for element in ElementTree.fromstring(client.get("/sitemap.xml").data).iter() if element.text
    ]
    assert ROOT + addresses["p"] in listed
    assert not [address for address in listed if "/b/" in address or "/T/" in address]


def test_whoever_was_never_let_in_has_no_page(client: FlaskClient, session: Session) -> None:
    waiting = make_cooperative(session, "HTX Chờ Duyệt", "HCD", approved=False)
    product = Product(
        cooperative_id=waiting.id, name_vi="Hồng", folded="hong", pack="hộp", net_weight_g=500, created_at=NOON
    )
    session.add(product)
    session.commit()
    assert client.get(f"/c/{waiting.public_id}").status_code == 404
    assert client.get(f"/p/{product.public_id}").status_code == 404
    assert waiting.public_id not in client.get("/sitemap.xml").text


def test_a_batch_has_a_page_only_once_an_office_has_looked_at_it(
    client: FlaskClient, session: Session, house: House
) -> None:
    batch = make_batch(session, house)
    session.commit()
    assert client.get(f"/b/{batch.public_id}").status_code == 404
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    assert "đủ điều kiện dán tem" in client.get(f"/b/{batch.public_id}").text


def test_a_recall_shows_at_the_next_load_and_takes_the_cards_away(
    client: FlaskClient, session: Session, batch: Batch, addresses: dict[str, str]
) -> None:
    assert client.get(addresses["b"] + "/card.png").status_code == 200
    decide(session, batch, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng vượt mức")
    session.commit()
    page = client.get(addresses["b"]).text
    assert "thu hồi" in page
    assert "dư lượng vượt mức" in page
    assert "card.png" not in page.split("</head>")[1]
    assert client.get(addresses["b"] + "/card.png").status_code == 404
    assert "thu hồi" in client.get(addresses["p"]).text


def test_no_name_or_number_without_consent(
    client: FlaskClient, session: Session, house: House, addresses: dict[str, str]
) -> None:
    for path in addresses.values():
        for address in (path, f"{path}.jsonld"):
            text = client.get(address).text
            assert "Vi Văn Mẫu" not in text
            assert "0912" not in text
    own = {"cooperative_id": house.cooperative.id, "given_on": date(2026, 8, 1), "recorded_at": NOON}
    session.add(Consent(what="phone", **own))
    record(session, "consent.given", house.cooperative, actor=AUDITOR, now=NOON, facts={"what": ["phone"]})
    session.commit()
    assert "0912 345 678" in client.get(addresses["c"] + ".jsonld").text
    assert "tel:0912345678" in client.get(addresses["p"]).text


def test_own_links_stand_on_the_product_page_marked_as_the_cooperatives(
    client: FlaskClient, session: Session, house: House, addresses: dict[str, str]
) -> None:
    facts = LinkFacts("recipeInfo", "https://na.example.vn/che", "Chè na")
    add_link(session, house.product, facts, actor=AUDITOR, now=NOON)
    session.commit()
    page = client.get(addresses["p"]).text
    assert 'href="https://na.example.vn/che" rel="nofollow noreferrer"' in page
    assert "hệ thống không kiểm tra" in page


def test_the_pages_data_use_only_words_that_exist(client: FlaskClient, addresses: dict[str, str]) -> None:
    for name, path in addresses.items():
        answer = client.get(f"{path}.jsonld")
        assert answer.content_type == "application/ld+json"
        assert f'type="application/ld+json" href="{path}.jsonld"' in client.get(path).text
        told = answer.json
        assert told.pop("@context")[0] == "https://schema.org/"
        assert told["@id"] == ROOT + path
        check(told)
        assert ("gs1:hasBatchLotNumber" in told) is (name == "b")


def check(node: object) -> None:
    if isinstance(node, list):
        for each in node:
            check(each)
    elif isinstance(node, dict) and "@value" not in node:
        kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
        known = set().union(*(SCHEMA_ORG.get(kind, set()) for kind in kinds))
        for name, value in node.items():
            assert name.startswith("@") or name in known or name in GS1, f"{name} of {kinds}"
            check(value)


def test_links_between_the_pages_lead_on(client: FlaskClient, run: Run, addresses: dict[str, str]) -> None:
    stamp = client.get(f"/T/{code_of(run, 1)}").text
    for path in addresses.values():
        assert f'href="{path}"' in stamp
    assert f'href="{addresses["b"]}"' in client.get(addresses["p"]).text
    assert f'href="{addresses["p"]}"' in client.get(addresses["c"]).text


def test_a_picture_to_post_holds_the_code_and_survives_a_broken_photo(
    client: FlaskClient, session: Session, house: House, addresses: dict[str, str]
) -> None:
    broken = Upload(
        name="x.jpg", media_type="image/jpeg", sha256="0" * 64, size_bytes=1, width_px=4, height_px=3, content=b"x",
        cooperative_id=house.cooperative.id, created_at=NOON,
    )  # fmt: skip
    session.add(broken)
    for picture in (None, broken, photo(session, house)):
        session.get_one(Product, house.product.id).photo = picture
        session.commit()
        drawn = Image.open(io.BytesIO(client.get(addresses["p"] + "/card.png").data))
        assert drawn.size == (1200, 630)
        [code] = zxingcpp.read_barcodes(drawn.convert("RGB"))
        assert code.text == ROOT + addresses["p"]
    assert f'property="og:image" content="{ROOT}{addresses["p"]}/card.png"' in client.get(addresses["p"]).text


def test_the_stall_card_is_one_page_of_a5_that_reads_back(client: FlaskClient, addresses: dict[str, str]) -> None:
    for path in addresses.values():
        answer = client.get(f"{path}/stall.pdf")
        assert answer.content_type == "application/pdf"
        pages = pypdfium2.PdfDocument(answer.data)
        assert [round(side / 72 * 25.4) for side in pages[0].get_size()] == [148, 210]
        assert len(pages) == 1
        [code] = zxingcpp.read_barcodes(pages[0].render(scale=2).to_pil().convert("RGB"))
        assert code.text == ROOT + path
        pages.close()


def test_photos_come_as_webp_with_the_original_to_fall_back_on(
    client: FlaskClient, session: Session, house: House, run: Run
) -> None:
    session.get_one(Product, house.product.id).photo = photo(session, house)
    session.commit()
    page = client.get(f"/T/{code_of(run, 1)}").text
    [webp] = re.findall('<source type="image/webp" srcset="(.*?)">', page)[:1]
    [plain] = re.findall('<img class="photo" src="(.*?)"', page)[:1]
    for address, kind in ((webp, "image/webp"), (plain, "image/jpeg")):
        answer = client.get(address.replace("&amp;", "&"))
        assert answer.content_type == kind
        assert Image.open(io.BytesIO(answer.data)).width == 800


def test_the_sketch_marks_where_the_batch_is_from(client: FlaskClient, run: Run) -> None:
    page = client.get(f"/T/{code_of(run, 1)}").text
    assert len(re.findall(r'<circle cx="\d+" cy="\d+" r="4"/>', page)) == 1
    assert "Sơ đồ" in page
    assert "https://www.openstreetmap.org/search?query=" in page, "no point without consent"
    assert "mlat=" not in page


@pytest.mark.parametrize("path", ["/?code=HNM-26A-0000007", "/?code=hnm-26a-7", "/T/HNM-26A-0000007"])
def test_whoever_types_the_serial_is_told_so(client: FlaskClient, run: Run, path: str) -> None:
    page = client.get(path)
    assert page.status_code in {404, 422}
    assert "Số tem dùng để phân biệt" in page.text


def test_while_the_database_is_away_the_last_answer_is_told_with_its_time(
    app: Flask, client: FlaskClient, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/T/{code_of(run, 1)}"
    assert "đang bận" not in client.get(address).text

    def away(_session: Session) -> int:
        raise OperationalError("SELECT", {}, Exception("the database is away"))

    with monkeypatch.context() as broken:
        broken.setattr(trace.service, "newest_entry", away)
        page = client.get(address)
        assert page.status_code == 200
        assert "Mã tem hợp lệ" in page.text
        assert re.search("Hệ thống đang bận. Đây là kết quả lúc (11:59|12:00) 20/08/2026", page.text)
        assert client.get(f"/T/{code_of(run, 1)}", headers={"Accept-Encoding": "gzip"}).status_code == 200
    assert "đang bận" not in client.get(address).text


def test_a_cooperative_that_has_left_keeps_its_pages(
    client: FlaskClient, session: Session, house: House, addresses: dict[str, str]
) -> None:
    from trace.records import CooperativeDecision

    cooperative = session.get_one(Cooperative, house.cooperative.id)
    cooperative.decisions.append(CooperativeDecision(verdict="left", at=NOON))
    record(session, "cooperative.left", cooperative, actor=AUDITOR, now=NOON)
    session.commit()
    for path in addresses.values():
        assert client.get(path).status_code == 200
    assert "đã rời chương trình" in client.get(addresses["c"]).text


@pytest.mark.parametrize(
    "path", ["/c/", "/p/x", "/b/000000000000", "/p/%00", "/p/000000000000.jsonld", "/c/x/card.png"]
)
def test_an_id_that_is_none_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
