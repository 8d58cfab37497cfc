"""Two people at one form: the second is told what the first has stored."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import NOON, House, make_batch
from tests.forms_in import FormsIn
from trace.accounts import Person
from trace.records import Certificate

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def pages(session: Session, house: House) -> dict[str, tuple[str, str, str, str]]:
    """Every record with a form of its own: its address, a field, what somebody else writes there, and what we write."""
    draft = make_batch(session, house, submitted=False)
    declared = Certificate(
        cooperative_id=house.cooperative.id, scheme="organic", number="HC-77", body="Tổ chức Mẫu", created_at=NOON,
        issued_on=date(2026, 1, 1), expires_on=date(2027, 1, 1),
    )  # fmt: skip
    session.add(declared)
    session.commit()
    return {
        "grower": (f"/my/growers/{house.grower.public_id}/edit", "name", "Vi Văn Khác", "Vi Văn Tôi"),
        "plot": (f"/my/plots/{house.plot.public_id}/edit", "area_m2", "1,5 ha", "1,7 ha"),
        "product": (f"/my/products/{house.product.public_id}/edit", "pack", "hộp", "khay"),
        "certificate": (f"/my/certificates/{declared.public_id}/edit", "body", "Tổ chức Khác", "Tổ chức Tôi"),
        "cooperative": ("/my/cooperative/edit", "contact_name", "Lý Thị Khác", "Lý Thị Tôi"),
        "draft": (f"/my/batches/{draft.public_id}/edit", "packs", "88", "77"),
    }


@pytest.mark.parametrize("kind", ["grower", "plot", "product", "certificate", "cooperative", "draft"])
def test_whoever_saves_second_is_shown_what_stands_now_and_may_then_replace_it(
    kind: str, pages: dict[str, tuple[str, str, str, str]], house: House, sign_in: SignIn
) -> None:
    address, field, theirs, ours = pages[kind]
    first, second = sign_in(house.manager), sign_in(house.manager)
    seen = [FormsIn(browser.get(address).text, address).main for browser in (first, second)]
    assert first.post(address, data=seen[0] | {field: theirs}).status_code == 302

    answer = second.post(address, data=seen[1] | {field: ours})

    assert answer.status_code == 409
    assert theirs in FormsIn(answer.text, address).wrong[field]
    again = FormsIn(answer.text, address).main
    assert again[field] == ours, "what was typed is kept"
    assert second.post(address, data=again).status_code == 302


def test_changing_a_record_twice_in_a_row_is_nobodys_conflict(house: House, sign_in: SignIn) -> None:
    browser, address = sign_in(house.manager), f"/my/growers/{house.grower.public_id}/edit"
    for name in ("Vi Văn Một", "Vi Văn Hai"):
        form = FormsIn(browser.get(address).text, address).main
        assert browser.post(address, data=form | {"name": name}).status_code == 302
