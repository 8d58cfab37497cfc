"""The known frauds, told as they happen: each is stopped by a rule that does not read words."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, Clock, House, code_of, make_batch
from tests.test_scans import PHONE, opened
from trace.accounts import Person
from trace.records import BatchVerdict, Certificate, CopyCase, Market, Product, Run
from trace.service import keyring, numbering
from trace.work.activating import activate
from trace.work.area_codes import AreaCodeFacts, register_code
from trace.work.batches import decide
from trace.work.checks import checks_of
from trace.work.refused import Refused, RefusedAll
from trace.work.scope import ScopeFacts, add_line
from trace.work.stamps import issue_stamps

SignIn = Callable[[Person], FlaskClient]
ACTING: dict[str, Any] = {"actor": AUDITOR, "now": NOON}


def failing(session: Session, batch: Any) -> set[str]:
    return {check.letter for check in checks_of(session, batch) if check.failed}


def test_market_produce_under_a_certificate_is_stopped_by_weight_yield_and_stamps(
    session: Session, house: House, sign_in: SignIn
) -> None:
    """A trader's cooperative packs 30 tonnes from elsewhere as the fruit of two hectares."""
    honest = make_batch(session, house, weight_g=9_000_000, packs=8_500)
    decide(session, honest, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    bought = make_batch(session, house, weight_g=30_000_000, packs=29_000)
    assert {"c", "d"} <= failing(session, bought)
    with pytest.raises((Refused, RefusedAll)):
        issue_stamps(session, keyring(), numbering(), house.cooperative, 29_000, batch=bought, **ACTING)

    # Then stamps of the honest batch: made for the product in advance, and stuck on the bought fruit.
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 29_000, product=house.product, **ACTING)
    with pytest.raises(Refused):
        activate(session, run, 1, 29_000, honest, **ACTING)
    session.commit()
    page = sign_in(house.member).post(f"/my/stamps/{run.public_id}/activate",
                                      data={"batch": honest.public_id, "first": "1", "last": "29000"})  # fmt: skip
    assert page.status_code == 422
    assert "29.000 tem cho 8.500 gói: nhiều nhất là 8.925" in page.text, "the refusal says the numbers"
    assert f'href="/my/batches/{honest.public_id}"' in page.text, "and leads to what is to be put right"


def test_a_borrowed_planting_area_code_is_stopped_by_the_register_and_the_scope(
    session: Session, house: House, other_house: House
) -> None:
    facts = AreaCodeFacts("VN-LSOR-0037", house.cooperative, "Na", Market.CHINA, TODAY)
    register_code(session, facts, **ACTING)
    other_house.plot.area_code = "VN-LSOR-0037"
    borrowed = make_batch(session, other_house)
    assert "l" in failing(session, borrowed)

    own = {"cooperative_id": other_house.cooperative.id, "created_at": NOON}
    elsewhere = Product(name_vi="Na Tứ Quý", folded="na tu quy", pack="túi", net_weight_g=1000, **own)
    session.add(elsewhere)
    session.flush()
    swapped = make_batch(session, other_house, product_id=elsewhere.id)
    assert {"b", "l"} <= failing(session, swapped), "another product on the same certificate line"
    with pytest.raises((Refused, RefusedAll)):
        issue_stamps(session, keyring(), numbering(), other_house.cooperative, 10, batch=swapped, **ACTING)


def test_photocopied_stamps_open_a_case_that_leads_to_a_recall(
    client: FlaskClient, session: Session, run: Run, clock: Clock, staff: dict[str, Person], sign_in: SignIn
) -> None:
    """One good stamp is copied onto a market's worth of bags: phones of three provinces tell."""
    copied, honest = code_of(run, 7), code_of(run, 8)
    for number, province in enumerate(["01", "79", "48"] * 4):
        address = f"14.191.{number}.9"
        scan = {"code": copied, "token": opened(client, copied, address=address), "province": province}
        client.post("/scan", data=scan, headers={"User-Agent": PHONE}, environ_base={"REMOTE_ADDR": address})
        if number % 3 == 2:
            clock.advance(days=1)
    session.rollback()
    case = session.scalars(select(CopyCase)).one()
    auditor = sign_in(staff["auditor"])
    desk = auditor.get(f"/audit/batches/{case.batch.public_id}").text  # type: ignore[union-attr]
    assert f"/staff/cases/{case.public_id}" in desk, "the batch's page leads to the case"
    seen = auditor.get(f"/staff/cases/{case.public_id}").text
    assert "Hồ Chí Minh" in seen
    form = {"first": run.serial(7), "last": run.serial(7), "reason": "Tem bị sao chép", "advice": "Không mua"}
    assert auditor.post("/staff/recalls/stamps/make", data=form).status_code == 302
    assert "thu hồi" in client.get(f"/T/{copied}").text.lower()
    assert "Mã tem hợp lệ" in client.get(f"/T/{honest}").text, "the honest bag beside it is left in peace"


def test_no_land_counts_twice_on_a_certificate(session: Session, house: House) -> None:
    own = {"cooperative_id": house.cooperative.id, "created_at": NOON}
    paper = Certificate(
        scheme="vietgap", number="VietGAP-TT-13-09-20-0901", body="Tổ chức", issued_on=TODAY, expires_on=TODAY, **own
    )
    session.add(paper)
    session.flush()
    whole = ScopeFacts(house.product, None, house.grower, 20_000, 18_000_000)
    part = ScopeFacts(house.product, house.plot, house.grower, 10_000, 9_000_000)
    add_line(session, paper, whole, **ACTING)
    with pytest.raises(Refused, match="count twice"):
        add_line(session, paper, part, **ACTING)
    for area_m2, grams in ((0, 1_000), (-1, 1_000), (1_000_000_000, 1_000), (10_000, -1), (10_000, 0)):
        with pytest.raises((Refused, RefusedAll)):
            ScopeFacts(house.product, house.plot, None, area_m2, grams)
