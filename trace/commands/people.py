"""`operator`: how the first person gets into a real installation: a link, shown on the machine itself, to start by."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from ..accounts import Office
from ..accounts.links import offer_reset
from ..accounts.offices import appoint
from ..accounts.people import find_person
from ..db import db
from ..standards.identifiers import NotAnIdentifier
from ..standards.identifiers import phone as read_phone
from ..work.actor import Actor
from ..work.refused import Refused

MACHINE = Actor(person_id=None, pseudonym="machine", role=Office.OPERATOR)
"""Whoever holds the machine holds its keys and its database: no more is asked of them here."""


@click.command("operator")
@click.argument("name")
@click.option("--phone", help="Phone number to sign in with.")
@click.option("--email", help="E-mail address to sign in with.")
@with_appcontext
def operator_command(name: str, phone: str | None, email: str | None) -> None:
    """Make NAME an operator, or help an operator who lost password and second factor: prints a one-time link."""
    session, now = db.get_session("default"), datetime.now(UTC)
    try:
        number = read_phone(phone) if phone else None
        person = find_person(session, email or number or "")
        known = person is not None and person.office == Office.OPERATOR
        if person is None or not known:
            person = appoint(session, Office.OPERATOR, name=name, email=email, phone=number, actor=MACHINE, now=now)
        link = offer_reset(session, person, actor=MACHINE, now=now, without_factors=known)
    except (Refused, NotAnIdentifier) as no:
        raise click.ClickException(str(no)) from no
    session.commit()
    click.echo(f"{person.name} sets a password here, once, within 24 hours:\n{link}")
