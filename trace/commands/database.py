"""`migrate`: bring the schema up to date, and make the deployment's row and first key when there are none."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from .. import keyfiles, logkeys, service
from ..db import db
from ..settings import Settings, StartRefused
from ..start import refuse_demo_people, refuse_moved, refuse_unsafe
from ..upkeep.copies import NotDone
from ..upkeep.upgrade import Say, upgrade
from ..work.deployments import first_start
from ..work.log import Forked, publish
from .upkeep import own_source


def bring_up_to_date(settings: Settings, say: Say = lambda _: None) -> None:
    """Migrate, then first start: both change nothing where nothing is to do. Needs an application context."""
    refuse_unsafe(settings)
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    try:
        upgrade(own_source(), settings, now=datetime.now(UTC), say=say)
    except NotDone as refusal:
        raise StartRefused(str(refusal)) from refusal
    refuse_moved(db.get_engine("read"))
    if not settings.demo:
        refuse_demo_people(db.get_engine("read"))
    session = db.get_session("default")
    first_start(
        session,
        now=datetime.now(UTC),
        make_key=lambda version: keyfiles.make(settings, keyfiles.stamp_key_name(version)),
    )
    session.commit()
    _publish_first(settings, say)


def _publish_first(settings: Settings, say: Say) -> None:
    """The first checkpoint stands before the first visitor. A fork keeps nobody from starting: pages are served, only
    nothing more is signed until an operator decides."""
    session = db.get_session("default")
    try:
        publish(session, logkeys.publisher(settings), now=datetime.now(UTC))
        session.commit()
    except Forked as fork:
        session.rollback()
        say(f"The history is not signed any further: {fork}")


@click.command("migrate")
@with_appcontext
def migrate_command() -> None:
    """Bring the database's schema up to date: a snapshot first, a trial on a copy, then the database itself."""
    try:
        bring_up_to_date(service.settings(), say=click.echo)
    except OperationalError as away:
        if service.settings().replica_url is None:
            raise StartRefused("The database does not answer: start it, or correct TEMGOC_DATABASE_URL.") from away
        click.echo("The primary does not answer: nothing was migrated. The replica serves the public pages.")
        return
    click.echo("The schema is up to date.")
