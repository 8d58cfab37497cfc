"""`demo`: fill an empty database with the demonstration, and tell what it offers."""

import json
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext
from flask_security import hash_password

from ..db import db
from ..demo import PASSWORD, Told, fill, told
from ..service import keyring, numbering, settings
from ..work.days import day_of
from .database import bring_up_to_date


def fill_when_empty() -> bool:
    """Needs an application context and a migrated database; says whether anything was made."""
    session = db.get_session("default")
    made = fill(
        session,
        keyring(),
        numbering(),
        now=datetime.now(UTC),
        hashed_password=hash_password(PASSWORD),
        public_url=settings().public_url,
        print_folder=settings().print_folder,
    )
    session.commit()
    return made


def tell() -> Told:
    return told(db.get_session("read"), keyring(), settings().public_url, day_of(datetime.now(UTC)))


@click.command("demo")
@click.option("--json", "as_json", is_flag=True, help="Print what it offers as JSON, for scripts.")
@with_appcontext
def demo_command(as_json: bool) -> None:
    """Fill an empty database with the demonstration (demo mode only); a second run changes nothing."""
    if not settings().demo:
        raise click.ClickException("Production never loads demo data. Set TEMGOC_MODE=demo to try the demonstration.")
    bring_up_to_date(settings())
    made = fill_when_empty()
    offered = tell()
    if as_json:
        click.echo(json.dumps(offered.as_json(), ensure_ascii=False))
        return
    click.echo("The demonstration has been made." if made else "The demonstration was here already.")
    show(offered)


def show(offered: Told) -> None:
    """What to try, for a person at a terminal."""
    click.echo(f"\nSign in at {offered.public_url}/sign-in with the password “{PASSWORD}”:")
    for account in offered.accounts:
        click.echo(f"  {account.role:<9} {account.email}")
    click.echo("\nA stamp of each kind:")
    for verdict, code in offered.stamps.items():
        click.echo(f"  {verdict:<16} {offered.public_url}/T/{code}")
