"""Notices as mail: to whoever has an address, from the row that waits, so that a crash loses none.

Without TEMGOC_MAIL_SERVER every mail is a file in the outbox folder, which somebody (or another program) may send on.
Mail is never the only way: every notice stands on a page as well.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..logs import log
from ..records import Notice
from ..settings import Settings
from ..work.notices import figures_of
from .tables import Membership, Person

TIMEOUT_S: Final = 20
FOR_GOOD: Final = 500
"""From this reply code on a server will never take it (RFC 5321, 4.2.1)."""
STALE: Final = timedelta(days=3)
"""Older notices are not mailed any more: a mail server that comes back after a week does not shout."""
Sender = Callable[[EmailMessage], bool]


def send_waiting(session: Session, settings: Settings, *, now: datetime) -> int:
    """Mail every notice that has not been mailed, and mark it; how many mails left. Commits after each notice, for a
    mail cannot be taken back. A server that does not answer raises `OSError`, and the rest waits for the next time."""
    sent = 0
    query = select(Notice).where(Notice.mailed_at.is_(None), Notice.created_at > now - STALE).order_by(Notice.id)
    with _sender(settings) as send:
        for notice in session.scalars(query).all():
            for person in _readers(session, notice):
                sent += send(_message(notice, person, settings))
            notice.mailed_at = now
            session.commit()
    return sent


def _readers(session: Session, notice: Notice) -> list[Person]:
    query = select(Person).where(Person.email.is_not(None), Person.active)
    if notice.person_id is not None:
        query = query.where(Person.id == notice.person_id)
    elif notice.office is not None:
        query = query.where(Person.office == notice.office)
    else:
        places = select(Membership.person_id).where(
            Membership.cooperative_id == notice.cooperative_id, Membership.ended_at.is_(None)
        )
        query = query.where(Person.id.in_(places))
    return list(session.scalars(query.order_by(Person.id)))


def _message(notice: Notice, person: Person, settings: Settings) -> EmailMessage:
    with force_locale(person.language or "vi"):
        text = gettext(notice.message, **figures_of(notice))
        subject = gettext("Tem Gốc: a notice for you")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, person.email, subject
    message["Message-ID"] = f"<{notice.public_id}.{person.public_id}@{urlsplit(settings.public_url).hostname}>"
    message["Date"] = notice.created_at
    message.set_content(f"{text}\n\n{settings.public_url}{notice.url or '/home'}\n")
    return message


@contextmanager
def _sender(settings: Settings) -> Iterator[Sender]:
    if settings.mail_server is None:
        yield partial(_put_out, settings.instance / "outbox")
        return
    place = urlsplit(settings.mail_server)
    with _connection(place) as server:
        if place.username:
            server.login(unquote(place.username), settings.mail_password or "")
        yield lambda message: _hand_over(server, message)


def _connection(place: SplitResult) -> smtplib.SMTP:
    """Encrypted wherever the server can, and always where a password is to be sent or `smtps:` asks for it."""
    host = place.hostname or ""
    if place.scheme == "smtps":
        return smtplib.SMTP_SSL(host, place.port or 465, timeout=TIMEOUT_S, context=ssl.create_default_context())
    server = smtplib.SMTP(host, place.port or 25, timeout=TIMEOUT_S)
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif place.username:
            raise smtplib.SMTPNotSupportedError("The mail server offers no STARTTLS: no password is sent in clear.")
    except Exception:
        server.close()
        raise
    return server


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> bool:
    """Whether it was taken. A mailbox that is refused for good keeps nobody else's mail back: its notice stands on the
    page, and the log says so. Anything else raises, and everything waits for the next time."""
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        if any(code < FOR_GOOD for code, _ in refused.recipients.values()):
            raise
        log.warning("a mailbox was refused", codes=sorted(code for code, _ in refused.recipients.values()))
        return False
    return True


def _put_out(folder: Path, message: EmailMessage) -> bool:
    """One file a mail, complete or not there at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    fresh = folder / f".{name}"
    fresh.write_bytes(message.as_bytes())
    fresh.replace(folder / f"{name}.eml")
    return True
