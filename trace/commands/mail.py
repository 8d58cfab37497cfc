"""`mail`: send what waits, once; the worker does it every other minute."""

from datetime import UTC, datetime, timedelta

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from ..accounts.mail import send_waiting
from ..db import db
from ..service import settings
from ..upkeep.jobs import Plan
from .worker import PLANS


def send(session: Session, now: datetime) -> None:
    send_waiting(session, settings(), now=now)


PLANS.append(Plan("mail", every=timedelta(minutes=2), lease=timedelta(minutes=10), act=send))


@click.command("mail")
@with_appcontext
def mail_command() -> None:
    """Mail the notices that wait (into the outbox folder where no mail server is set)."""
    sent = send_waiting(db.get_session("default"), settings(), now=datetime.now(UTC))
    click.echo(f"{sent} mails.")
