"""`worker`: the process that does what comes round: backups by night, tidying by the hour."""

import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

import click
from flask.cli import with_appcontext
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from .. import logkeys, logs
from ..accounts.tables import SignIn
from ..db import db
from ..records import BackupKind, Bucket, SpentForm
from ..service import settings
from ..start import check
from ..upkeep.backups import make_backup, tidy
from ..upkeep.copies import NotDone
from ..upkeep.jobs import Plan, claim, finish, worker_name
from ..work.days import day_of
from ..work.folding import fold
from ..work.forgetting import forget_contacts
from ..work.log import publish
from .upkeep import own_source

LOOKS_EVERY_S = 10
FORM_KEPT = timedelta(days=7)
BUCKET_KEPT = timedelta(days=2)
"""Longer than any limit needs to fill up again."""


def back_up(session: Session, now: datetime) -> None:
    made = make_backup(session, own_source(), settings(), BackupKind.SCHEDULED, now=now)
    tidy(session, settings(), now=now)
    if made.backup.problem:
        session.commit()  # the row tells the operator's page
        raise NotDone(made.backup.problem)


def clean_up(session: Session, now: datetime) -> None:
    """What has run out: sessions nobody can use, marks of forms long sent, buckets long full again."""
    session.execute(delete(SignIn).where(SignIn.ends_at < now))
    session.execute(delete(SpentForm).where(SpentForm.at < now - FORM_KEPT))
    session.execute(delete(Bucket).where(Bucket.at < now - BUCKET_KEPT))


def publish_log(session: Session, now: datetime) -> None:
    publish(session, logkeys.publisher(settings()), now=now)


def forget_scans(session: Session, now: datetime) -> None:
    """Single scans become daily counts after four weeks; what may not be kept is destroyed."""
    fold(session, today=day_of(now), now=now)
    forget_contacts(session, now=now)


PLANS: list[Plan] = [
    Plan("publish", every=timedelta(seconds=50), lease=timedelta(minutes=10), act=publish_log),
    Plan("backup", every=timedelta(hours=24), lease=timedelta(hours=2), act=back_up, after_failure=timedelta(hours=1)),
    Plan("clean-up", every=timedelta(hours=1), lease=timedelta(minutes=10), act=clean_up),
    Plan("forget-scans", every=timedelta(hours=1), lease=timedelta(hours=1), act=forget_scans),
]
"""Further jobs are appended by whoever brings them, before the worker starts."""


def do_due(name: str, *, now: Callable[[], datetime]) -> list[str]:
    """Do every job that is due and free; the names of those done. Needs an application context."""
    done = []
    for plan in PLANS:
        with db.sessionmaker(bind=db.get_engine("default")) as session:
            if claim(session, plan, name, now=now()):
                _do(session, plan, name, now)
                done.append(plan.name)
    return done


def _do(session: Session, plan: Plan, name: str, now: Callable[[], datetime]) -> None:
    problem = None
    try:
        plan.act(session, now())
        session.commit()
    except Exception as error:  # a job that fails must not end the others
        session.rollback()
        problem = f"{type(error).__name__}: {error}"
        logs.log.error("a job failed", job=plan.name, exc_info=error)
    finish(session, plan, name, now=now(), problem=problem)


def _stop_asked() -> Event:
    """Set by a signal; looked at between jobs, so that none is cut in half."""
    asked = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: asked.set())
    return asked


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due, and end.")
@with_appcontext
def worker_command(once: bool) -> None:
    """Do what comes round; several workers share the jobs by leases."""
    logs.configure(settings())
    check(settings())
    name, stop = worker_name(), _stop_asked()
    while not stop.is_set():
        try:
            done = do_due(name, now=lambda: datetime.now(UTC))
        except OperationalError as away:
            done = []
            logs.log.warning("the database is away", exc_info=away)
        if once:
            click.echo(f"Done: {', '.join(done) or 'nothing was due'}.")
            return
        stop.wait(LOOKS_EVERY_S)
