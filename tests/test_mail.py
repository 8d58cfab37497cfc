"""Notices as mail over a real mail server on the loopback: encrypted, signed in, queued and tried again."""

import smtplib
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import NOON, Clock, make_person
from tests.mail_server import certificate, mail_server
from trace.accounts import Office
from trace.accounts.mail import send_waiting
from trace.commands import mail as _registers_the_job  # noqa: F401
from trace.commands import worker
from trace.records import Job, Notice
from trace.settings import Settings, StartRefused, from_environment
from trace.work.notices import notify

WORDS = "%(name)s has registered and waits for your decision."


def wait_for_officers(session: Session) -> list[str]:
    """Two officers with a notice; their addresses."""
    people = [make_person(session, name, office=Office.OFFICER) for name in ("Nông Thị Một", "Lý Văn Hai")]
    notify(session, WORDS, office="officer", now=NOON, name="HTX Mới", url="/office/")
    session.commit()
    addresses = [person.email for person in people]
    session.commit()
    return addresses


def at(settings: Settings, address: str, password: str | None = None) -> Settings:
    return replace(settings, mail_server=address, mail_password=password, public_url="https://tem.example.vn")


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_notice_is_mailed_encrypted_after_signing_in(
    app: Flask, session: Session, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    certified, addresses = certificate(tmp_path), wait_for_officers(session)
    monkeypatch.setenv("SSL_CERT_FILE", str(certified[0]))
    with mail_server(certified, ("tem", "mot-mat-khau")) as server:
        server.at_once = scheme == "smtps"
        place = at(settings, f"{scheme}://tem@localhost:{server.port}", "mot-mat-khau")
        assert send_waiting(session, place, now=NOON) == 2
        assert send_waiting(session, place, now=NOON) == 0, "once"
        with pytest.raises(smtplib.SMTPAuthenticationError):
            send_waiting(session, replace(place, mail_password="khac"), now=NOON)
    assert [to for _, to, _ in server.taken] == addresses
    assert all(encrypted for encrypted, _, _ in server.taken)
    mail = message_from_bytes(server.taken[0][2], policy=policy.default)
    assert "HTX Mới" in mail.get_content()
    assert "https://tem.example.vn/office/" in mail.get_content()


def test_no_password_is_sent_in_clear_and_no_strangers_certificate_is_believed(
    app: Flask, session: Session, settings: Settings, tmp_path: Path
) -> None:
    wait_for_officers(session)
    with mail_server() as plain:
        with pytest.raises(smtplib.SMTPNotSupportedError, match="in clear"):
            send_waiting(session, at(settings, f"smtp://tem@localhost:{plain.port}", "mot-mat-khau"), now=NOON)
        assert "AUTH" not in plain.seen
    with mail_server(certificate(tmp_path)) as stranger, pytest.raises(OSError, match="certificate"):
        send_waiting(session, at(settings, f"smtp://localhost:{stranger.port}"), now=NOON)
    assert session.scalars(select(Notice.mailed_at)).all() == [None]


def test_what_cannot_be_sent_waits_and_the_operator_reads_why(
    app: Flask, session: Session, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = wait_for_officers(session)
    monkeypatch.setattr(worker, "PLANS", [plan for plan in worker.PLANS if plan.name == "mail"])
    with mail_server() as server:
        port = server.port
    app.config["SETTINGS"] = at(settings, f"smtp://localhost:{port}")
    assert worker.do_due("one", now=clock) == ["mail"]
    session.expire_all()
    assert "refused" in (session.get_one(Job, "mail").last_problem or "")
    session.commit()

    with mail_server() as server:
        app.config["SETTINGS"] = at(settings, f"smtp://localhost:{server.port}")
        server.refuses[addresses[0]] = "451 come back later"
        clock.now += timedelta(minutes=11)
        worker.do_due("one", now=clock)
        assert server.taken == [], "a server that is busy is asked again, in the same order"
        server.refuses[addresses[0]] = "550 no such mailbox"
        clock.now += timedelta(minutes=11)
        worker.do_due("one", now=clock)
        assert [to for _, to, _ in server.taken] == addresses[1:], "a mailbox that is gone keeps nobody's mail back"
    session.expire_all()
    assert session.get_one(Job, "mail").last_problem is None


@pytest.mark.parametrize(
    "address", ["mail.example.vn", "http://mail.example.vn", "smtp://u:p@mail.example.vn", "smtp://"]
)
def test_a_mail_server_is_named_in_one_way(address: str) -> None:
    with pytest.raises(StartRefused, match="TEMGOC_MAIL_SERVER"):
        from_environment({"TEMGOC_MAIL_SERVER": address})
