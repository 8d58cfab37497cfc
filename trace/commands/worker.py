"""`worker`: the process that does what comes round: backups by night, tidying by the hour. It keeps a press beside it,
so that no print waits for a backup."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from threading import Event, Thread

import click
from flask.cli import with_appcontext
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from .. import logkeys, logs
from ..accounts.tables import SignIn
from ..db import db
from ..pages.staff.dossier_paper import dossier_pdf, dossier_zip
from ..records import BackupKind, Bucket, SpentForm
from ..service import settings
from ..start import check
from ..upkeep.backups import make_backup, tidy
from ..upkeep.copies import NotDone
from ..upkeep.jobs import Plan, claim, finish, worker_name
from ..upkeep.press import clear_away
from ..upkeep.witnesses import ask_all
from ..work.clearing import clear_waiting, may_clear
from ..work.cosigning import question
from ..work.days import day_of
from ..work.dossiers import make_dossiers, waits
from ..work.expiries import warn_all
from ..work.folding import fold
from ..work.forgetting import forget_contacts
from ..work.log import current_shard, has_unsigned, origin, publish
from ..work.log_check import differences, hold_still
from .children import start_press
from .press import own_press
from .upkeep import own_source

OF_THE_FIRST_MACHINE = frozenset({"publish"})
"""What was signed last stands beside the keys of the machine that signs: two memories would let one sign over what the
other has published."""
LOOKS_EVERY_S = 2
A_MINUTE = timedelta(minutes=1)
MOST_TOLD = 5
STOPS_WITHIN_S = 20
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
    clear_away(session, settings().print_folder, now=now)


def publish_log(session: Session, now: datetime) -> None:
    while publish(session, logkeys.publisher(settings()), now=now):
        session.commit()


def cosign_log(session: Session, now: datetime) -> None:
    ask_all(session, settings().witnesses, now=now)


def is_uncosigned(session: Session) -> bool:
    return any(question(session, witness.key) for witness in settings().witnesses)


def verify_log(session: Session, now: datetime) -> None:
    """Recompute the whole history by night: what does not hold makes the operator's home red."""
    session.rollback()  # what takes long reads beside those who write, and holds no lock
    with db.sessionmaker(bind=db.get_engine("read")) as reading:
        hold_still(reading)
        name = origin(reading, current_shard(reading))
        found = list(islice(differences(reading, logkeys.signer(settings(), name).verifier()), MOST_TOLD))
    if found:
        raise NotDone("The history does not hold: " + "; ".join(map(str, found)))


def warn_of_endings(session: Session, now: datetime) -> None:
    """Papers that end soon, as one digest a day for each cooperative."""
    warn_all(session, now=now)


def clear_by_rule(session: Session, now: datetime) -> None:
    """What a batch lacked when it was handed in may be there by now."""
    clear_waiting(session, now=now)


def make_waiting_dossiers(session: Session, now: datetime) -> None:
    make_dossiers(
        session,
        lambda batch: dossier_pdf(session, batch, now=now),
        lambda batch: dossier_zip(session, batch, now=now),
        now=now,
    )


def forget_scans(session: Session, now: datetime) -> None:
    """Single scans become daily counts after four weeks; what may not be kept is destroyed."""
    fold(session, today=day_of(now), now=now)
    forget_contacts(session, now=now)


PLANS: list[Plan] = [
    Plan("publish", timedelta(seconds=4), timedelta(minutes=10), publish_log, A_MINUTE, needed=has_unsigned),
    Plan("cosign", timedelta(seconds=4), timedelta(minutes=10), cosign_log, A_MINUTE, needed=is_uncosigned),
    Plan("verify-log", every=timedelta(hours=24), lease=timedelta(hours=2), act=verify_log),
    Plan("backup", every=timedelta(hours=24), lease=timedelta(hours=2), act=back_up, after_failure=timedelta(hours=1)),
    Plan("dossiers", timedelta(seconds=1), timedelta(minutes=10), make_waiting_dossiers, A_MINUTE, needed=waits),
    Plan("clearing", timedelta(minutes=5), timedelta(minutes=10), clear_by_rule, needed=may_clear),
    Plan("clean-up", every=timedelta(hours=1), lease=timedelta(minutes=10), act=clean_up),
    Plan("endings", every=timedelta(hours=6), lease=timedelta(minutes=30), act=warn_of_endings),
    Plan("forget-scans", every=timedelta(hours=1), lease=timedelta(hours=1), act=forget_scans),
]
"""Further jobs are appended by whoever brings them, before the worker starts."""


def do_due(name: str, *, now: Callable[[], datetime]) -> list[str]:
    """Do every job that is due and free; the names of those done. Needs an application context."""
    done = []
    for plan in PLANS:
        if plan.name in OF_THE_FIRST_MACHINE and settings().machine not in {None, 1}:
            continue
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
    with _press_beside(stop, once):
        _go_round(name, stop, once)


@contextmanager
def _press_beside(stop: Event, once: bool) -> Iterator[None]:
    """A press of our own for as long as we live; what waits is made at once where we are to end."""
    if once:
        own_press().make_waiting()
        yield
        return
    child: list[subprocess.Popen[bytes]] = [start_press()]
    keeper = Thread(target=_keep_alive, args=(child, stop))
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()
        child[0].terminate()
        try:
            child[0].wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            child[0].kill()
            child[0].wait()


def _keep_alive(child: list[subprocess.Popen[bytes]], stop: Event) -> None:
    while not stop.wait(1):
        if child[0].poll() is not None:
            logs.log.warning("the press ended by itself", code=child[0].returncode)
            child[0] = start_press()


def _go_round(name: str, stop: Event, once: bool) -> None:
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
