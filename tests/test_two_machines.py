"""Two machines on one PostgreSQL: what one of them learns or does, the other knows; nothing is given twice."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import (
    AUDITOR,
    NOON,
    PASSWORD,
    Browser,
    Clock,
    House,
    Model,
    code_of,
    make_batch,
    make_house,
    make_settings,
)
from tests.databases import new_database
from trace import create_app, keyfiles
from trace.commands import worker
from trace.db import db
from trace.records import Batch, BatchVerdict, Cooperative, Run, StampKey
from trace.service import keyring, numbering
from trace.upkeep.jobs import Plan
from trace.work.activating import activate
from trace.work.actor import SERVICE
from trace.work.batches import decide
from trace.work.keys import rotate_key
from trace.work.run_numbers import MACHINES
from trace.work.stamps import issue_stamps

Pair = tuple[Flask, Flask]


@pytest.fixture
def machines(tmp_path: Path, postgresql_server: str, postgresql_model: Model) -> Iterator[Pair]:
    """Each with its own copy of the key folder, its own memory and its own number."""
    url, clock = new_database(postgresql_server, f"t{uuid4().hex}", "model"), Clock(NOON)
    apps = []
    for number in (1, 2):
        own = tmp_path / f"machine{number}"
        shutil.copytree(postgresql_model.secrets, own / "secrets")
        app = create_app(replace(make_settings(own, url), machine=number), clock=clock)
        app.test_client_class = Browser
        app.config["WTF_CSRF_ENABLED"] = False
        apps.append(app)
    yield apps[0], apps[1]
    for app in apps:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def house(machines: Pair) -> House:
    with machines[0].app_context():
        session = db.get_session("default")
        house = make_house(session, "HTX Na Mẫu", "HNM")
        session.commit()
        session.expire_on_commit = False
        for part in vars(house).values():
            session.refresh(part)
        session.commit()
    return house


def on(app: Flask, act: Callable[[Session], object]) -> object:
    """Do something on a machine and commit."""
    with app.app_context():
        session = db.get_session("default")
        done = act(session)
        session.commit()
        return done


def issue(session: Session, house: House, count: int = 10) -> Run:
    own = session.get_one(Cooperative, house.cooperative.id)
    return issue_stamps(session, keyring(), numbering(), own, count, actor=AUDITOR, now=NOON)


def sign_in(browser: FlaskClient, house: House, password: str = PASSWORD) -> int:
    return browser.post("/sign-in", data={"email": house.member.email, "password": password}).status_code


def test_a_session_opened_on_one_machine_is_good_on_the_other_and_ends_on_both(machines: Pair, house: House) -> None:
    one, other = (app.test_client() for app in machines)
    assert sign_in(one, house) == 302
    cookie = one.get_cookie("temgoc")
    assert cookie is not None
    other.set_cookie("temgoc", cookie.value)
    assert other.get("/my/growers").status_code == 200
    assert other.post("/sign-out").status_code == 302
    assert one.get("/my/growers").status_code == 302, "signed out there is signed out here"


def test_wrong_passwords_are_counted_on_both_together(machines: Pair, house: House) -> None:
    browsers = [app.test_client() for app in machines]
    tries = [sign_in(browsers[number % 2], house, "sai mật khẩu rồi") for number in range(10)]
    assert 429 not in tries
    assert [sign_in(browser, house) for browser in browsers] == [429, 429], "the limit holds over both"


def test_a_form_sent_to_both_is_taken_once(machines: Pair, house: House) -> None:
    one, other = (app.test_client() for app in machines)
    assert (sign_in(one, house), sign_in(other, house)) == (302, 302)
    form = {"name": "Vi Thị Mới", "mark": "0" * 32}
    answers = [browser.post("/my/growers/new", data=form) for browser in (one, other)]
    assert {answer.status_code for answer in answers} == {302}
    assert answers[0].location == answers[1].location


def test_a_recall_on_one_machine_stands_on_the_others_page_within_five_seconds(machines: Pair, house: House) -> None:
    here, there = machines

    def furnish(session: Session) -> tuple[str, int]:
        batch = make_batch(session, house)
        decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
        run = issue(session, house)
        activate(session, run, 1, 10, batch, actor=AUDITOR, now=NOON)
        return f"/T/{code_of(run, 7)}", batch.id

    path, batch_id = on(here, furnish)  # type: ignore[misc]
    phone = there.test_client()
    assert "bị thu hồi" not in phone.get(path).text
    stop = {"by": AUDITOR, "now": NOON, "reason": "Dư lượng"}
    on(here, lambda session: decide(session, session.get_one(Batch, batch_id), BatchVerdict.RECALLED, **stop))
    began = time.monotonic()
    while "bị thu hồi" not in phone.get(path).text:
        assert time.monotonic() - began < 5
        time.sleep(0.1)


def test_a_key_made_on_one_machine_is_used_on_the_other_once_its_file_is_there(machines: Pair, house: House) -> None:
    here, there = machines
    own, others = (app.config["SETTINGS"] for app in machines)
    with there.app_context():
        assert keyring().minting == 1

    def rotate(session: Session) -> None:
        name = keyfiles.stamp_key_name
        rotate_key(
            session, StampKey, make_key=lambda version: keyfiles.make(own, name(version)), actor=SERVICE, now=NOON
        )

    on(here, rotate)
    run = on(here, lambda session: (made := issue(session, house), code_of(made, 7))[1])
    for app in machines:
        app.extensions["temgoc"]["keys"]._ask_every_s = 0  # tests do not wait five seconds
    page = there.test_client().get(f"/T/{run}")
    assert page.status_code == 200
    assert "khôi phục" in page.text, "never called false while the key's file is on its way"
    shutil.copy(own.secrets / "stamp-2.key", others.secrets)
    assert "khôi phục" not in there.test_client().get(f"/T/{run}").text
    with there.app_context():
        assert keyring().minting == 2


def test_of_two_workers_one_does_each_job(machines: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    plan = Plan("trial", every=worker.FORM_KEPT, lease=worker.FORM_KEPT, act=lambda _session, _now: done.append("x"))
    monkeypatch.setattr(worker, "PLANS", [plan])
    start = threading.Barrier(2)

    def work(app: Flask, name: str) -> None:
        with app.app_context():
            start.wait()
            worker.do_due(name, now=lambda: NOON)

    crowd = [threading.Thread(target=work, args=(app, f"m{number}")) for number, app in enumerate(machines)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert done == ["x"]


def test_one_machine_alone_signs_the_history(machines: Pair, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PLANS", [plan for plan in worker.PLANS if plan.name == "publish"])
    done = []
    for number in (1, 0):
        on(machines[number], lambda session: issue(session, house))
        with machines[number].app_context():
            done.append(worker.do_due(f"machine {number + 1}", now=lambda: NOON))
    assert done == [[], ["publish"]]


def test_run_numbers_are_given_once_at_once_and_after_a_restore_that_has_forgotten_some(
    machines: Pair, house: House
) -> None:
    numbers: list[int] = []

    def give(app: Flask, times: int) -> None:
        numbers.extend(on(app, lambda session: issue(session, house).number) for _ in range(times))  # type: ignore[misc]

    crowd = [threading.Thread(target=give, args=(app, 5)) for app in machines]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert len(set(numbers)) == 10

    # As after a restore of an older backup: the numbers just given are in no row, and only each machine's own file
    # knows of those that it gave itself.
    for app in machines:
        with app.app_context():
            remembered = numbering()
            for forgotten in (None, max(numbers[:2]), 0):
                fresh = _next(remembered, forgotten)
                assert fresh not in numbers
                assert fresh % MACHINES == app.config["SETTINGS"].machine - 1
                numbers.append(fresh)


def _next(remembered, highest_row: int | None) -> int:
    """The next number over a database whose highest run is that one."""
    from trace.work.run_numbers import next_run_number

    class Restored:
        def get_one(self, *_: object, **__: object) -> None:
            """The lock of the numbering; this test is alone."""

        def scalar(self, _query: object) -> int | None:
            return highest_row

    return next_run_number(Restored(), remembered)  # type: ignore[arg-type]


def test_both_write_into_one_gapless_history(machines: Pair, house: House) -> None:
    from trace.records import Entry

    crowd = [
        threading.Thread(target=lambda app=app: [on(app, lambda session: issue(session, house)) for _ in range(5)])
        for app in machines
    ]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    indices = on(machines[0], lambda session: list(session.scalars(select(Entry.index).order_by(Entry.index))))
    assert indices == list(range(len(indices)))  # type: ignore[arg-type]
