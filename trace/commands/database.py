"""`migrate`: bring the schema up to date, and make the deployment's row and first key when there are none."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from .. import keyfiles
from ..db import db, migrate
from ..settings import Settings
from ..work.deployments import first_start


def bring_up_to_date(settings: Settings) -> None:
    """Migrate, then first start: both change nothing where nothing is to do. Needs an application context."""
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    migrate(db.get_engine("default"))
    session = db.get_session("default")
    first_start(
        session,
        now=datetime.now(UTC),
        make_key=lambda version: keyfiles.make(settings, keyfiles.stamp_key_name(version)),
    )
    session.commit()


@click.command("migrate")
@with_appcontext
def migrate_command() -> None:
    """Bring the database's schema up to date."""
    bring_up_to_date(current_app.config["SETTINGS"])
    click.echo("The schema is up to date.")
