"""The dossier of a batch: asked for, made by the worker, one PDF and one ZIP; and the overview of the province."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pypdfium2
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOON, House
from trace.accounts import Person
from trace.commands.worker import make_waiting_dossiers
from trace.logkeys import publisher
from trace.records import Batch, Dossier, Run
from trace.service import settings
from trace.work.log import publish

SignIn = Callable[[Person], FlaskClient]


def test_a_dossier_is_made_by_the_worker_and_proves_its_history(
    app: Flask, session: Session, house: House, run: Run, batch: Batch, staff: Any, sign_in: SignIn
) -> None:
    house.grower.name = "=HYPERLINK(1)"
    session.commit()
    publish(session, publisher(settings()), now=NOON)
    session.commit()
    browser, page = sign_in(staff["auditor"]), f"/audit/dossiers/{batch.public_id}"
    assert browser.post(page, data={"mark": "a" * 32}).status_code == 302
    assert browser.post(page, data={"mark": "b" * 32}).status_code == 409, "one is being made already"
    assert 'http-equiv="refresh"' in browser.get(page).text
    make_waiting_dossiers(session, NOON)
    session.expire_all()
    made = session.scalars(select(Dossier)).one()
    assert (made.done, made.problem) == (made.steps, None)

    document = pypdfium2.PdfDocument(io.BytesIO(browser.get(f"/audit/dossiers/{made.public_id}/pdf").data))
    words = " ".join(leaf.get_textpage().get_text_range() for leaf in document)
    for expected in (batch.code, "Mục lục", "Vườn Lũng Than", "không ai sửa hay xóa", f"1/{len(document)}"):
        assert expected in words
    packed = zipfile.ZipFile(io.BytesIO(browser.get(f"/audit/dossiers/{made.public_id}/zip").data))
    rows = list(csv.reader(io.StringIO(packed.read("thu-nhan.csv").decode("utf-8-sig"))))
    assert rows[1][:2] == ["Vườn Lũng Than", "'=HYPERLINK(1)"], "no cell becomes a formula"
    assert any(name.endswith(".tlog-proof") for name in packed.namelist())
    assert sign_in(house.member).get(page).status_code == 403


def test_the_overview_holds_certified_weight_against_stamps(
    session: Session, run: Run, house: House, staff: Any, sign_in: SignIn
) -> None:
    page = sign_in(staff["officer"]).get("/audit/overview/").text
    for expected in ("Na Chi Lăng", "2 ha", "18.000 kg", "120 kg", "50 kg"):
        assert expected in page
    assert "<svg" in page
