"""`mail`: send what waits, once; a timer or the worker runs it every few minutes."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from ..accounts.mail import send_waiting
from ..db import db
from ..service import settings


@click.command("mail")
@with_appcontext
def mail_command() -> None:
    """Mail the notices that wait (into the outbox folder where no mail server is set)."""
    sent = send_waiting(db.get_session("default"), settings(), now=datetime.now(UTC))
    click.echo(f"{sent} mails.")
