"""What comes round: one worker at a time does it, a dead one's lease runs out, a failing job ends no other."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import NOON, Clock
from trace.accounts import SignIn
from trace.commands import worker
from trace.db import db
from trace.records import Backup, Job, SpentForm
from trace.settings import Settings
from trace.upkeep.jobs import Plan, claim, finish
from trace.work.backups import backup_state

HOURLY = Plan("hourly", every=timedelta(hours=1), lease=timedelta(minutes=5), act=lambda session, now: None)


def test_a_job_is_done_once_an_hour_by_one_worker(session: Session) -> None:
    assert claim(session, HOURLY, "one", now=NOON)
    assert not claim(session, HOURLY, "two", now=NOON)
    finish(session, HOURLY, "one", now=NOON, problem=None)
    assert not claim(session, HOURLY, "two", now=NOON + timedelta(minutes=59))
    assert claim(session, HOURLY, "two", now=NOON + timedelta(hours=1))


def test_a_dead_workers_lease_runs_out(session: Session) -> None:
    assert claim(session, HOURLY, "dead", now=NOON)
    assert not claim(session, HOURLY, "alive", now=NOON + timedelta(minutes=4))
    assert claim(session, HOURLY, "alive", now=NOON + timedelta(minutes=5))
    finish(session, HOURLY, "dead", now=NOON + timedelta(minutes=6), problem=None)  # it was only slow
    assert session.get_one(Job, "hourly").leased_by == "alive"


def test_a_failed_job_is_tried_again_soon_and_says_why(session: Session) -> None:
    claim(session, HOURLY, "one", now=NOON)
    finish(session, HOURLY, "one", now=NOON, problem="disk full")
    assert session.get_one(Job, "hourly").last_problem == "disk full"
    assert not claim(session, HOURLY, "one", now=NOON + timedelta(minutes=9))
    assert claim(session, HOURLY, "one", now=NOON + timedelta(minutes=10))


def test_of_many_workers_at_once_exactly_one_gets_the_job(app: Flask) -> None:
    got: list[bool] = []

    def try_it(number: int) -> None:
        with app.app_context():
            got.append(claim(db.get_session("default"), HOURLY, f"worker {number}", now=NOON))

    crowd = [threading.Thread(target=try_it, args=(number,)) for number in range(6)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    found: list[Plan] = []
    monkeypatch.setattr(worker, "PLANS", found)
    return found


def test_one_failing_job_ends_no_other(app: Flask, session: Session, plans: list[Plan], clock: Clock) -> None:
    done: list[datetime] = []

    def fail(_session: Session, _now: datetime) -> None:
        raise ValueError("broken")

    plans += [
        Plan("bad", every=timedelta(hours=1), lease=timedelta(minutes=5), act=fail),
        Plan("good", every=timedelta(hours=1), lease=timedelta(minutes=5), act=lambda _, now: done.append(now)),
    ]
    assert worker.do_due("one", now=clock) == ["bad", "good"]
    assert done == [NOON]
    assert session.get_one(Job, "bad").last_problem == "ValueError: broken"


def test_what_has_run_out_is_cleared_away(app: Flask, session: Session) -> None:
    for days, mark in ((8, "old"), (1, "new")):
        session.add(SpentForm(mark=mark, location="/", at=NOON - timedelta(days=days)))
    for hours, name in ((-1, "ended"), (1, "open")):
        ends = NOON + timedelta(hours=hours)
        session.add(SignIn(id_hash=name, public_id=name, content="{}", made_at=NOON, seen_at=NOON, ends_at=ends))
    session.flush()

    worker.clean_up(session, NOON)

    assert session.scalars(select(SpentForm.mark)).all() == ["new"]
    assert session.scalars(select(SignIn.id_hash)).all() == ["open"]


def test_the_nightly_backup_turns_the_operators_home_green_for_26_hours(
    app: Flask, session: Session, settings: Settings, clock: Clock
) -> None:
    if settings.sqlite_path is None:
        pytest.skip("pg_dump's own tests are in test_backup")
    assert backup_state(session, NOON, "x").backup_is_fresh is False
    session.commit()

    worker.do_due("one", now=clock)

    session.expire_all()
    assert session.scalar(select(func.count(Backup.id))) == 1
    assert backup_state(session, NOON + timedelta(hours=25), "x").backup_is_fresh
    assert not backup_state(session, NOON + timedelta(hours=27), "x").backup_is_fresh
    assert backup_state(session, NOON, "x").problem is None


def test_a_backup_that_cannot_be_made_is_said(app: Flask, session: Session, settings: Settings, clock: Clock) -> None:
    settings.backup_folder.write_text("a file stands in the way")

    worker.do_due("one", now=clock)

    problem = backup_state(session, NOON, "x").problem
    assert problem is not None
    assert "backups" in problem
