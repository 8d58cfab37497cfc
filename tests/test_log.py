"""The published history: grown, served, proved, verified from outside, and never forked."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.browser import environment
from tests.conftest import AUDITOR, NOON, House, make_batch
from tests.load import gunicorn
from trace import logkeys
from trace.accounts import Person
from trace.records import BatchVerdict, Entry
from trace.settings import Settings
from trace.standards.tlog import Proof, Verifier, open_checkpoint
from trace.work.batches import decide
from trace.work.history import record
from trace.work.log import Forked, open_next_shard, publish
from trace.work.log_check import differences

VERIFIER = Path(__file__).parent.parent / "docs" / "verify_log.py"


@pytest.fixture
def published(session: Session, settings: Settings, run) -> int:
    """Size of a history that has been published."""
    row = publish(session, logkeys.publisher(settings), now=NOON)
    session.commit()
    return row.size


def log_key(client: FlaskClient) -> Verifier:
    return Verifier.parse(client.get("/log/key").text.strip())


def many_changes(session: Session, house: House, count: int) -> None:
    for number in range(count):
        record(session, "grower.changed", house.grower, actor=AUDITOR, now=NOON, facts={"number": number})
    session.commit()


def test_every_entry_stands_under_a_signed_checkpoint(client: FlaskClient, session: Session, published: int) -> None:
    checkpoint, _ = open_checkpoint(client.get("/log/checkpoint").data, log_key(client))
    assert checkpoint.size == published == session.query(Entry).count()


def test_nothing_new_signs_nothing_new(session: Session, settings: Settings, published: int) -> None:
    assert publish(session, logkeys.publisher(settings), now=NOON) is None


def test_a_growing_history_extends_the_signed_one(
    session: Session, settings: Settings, house: House, published: int, client: FlaskClient
) -> None:
    for count in (1, 254, 300, 3):
        many_changes(session, house, count)
        publish(session, logkeys.publisher(settings), now=NOON)
        session.commit()
    assert not list(differences(session, log_key(client)))


def test_an_entrys_proof_holds_without_us(client: FlaskClient, session: Session, published: int) -> None:
    proof = Proof.parse(client.get("/log/proof/3").data)
    entry = session.get_one(Entry, 3)
    assert proof.verify(entry.body, log_key(client)).size == published


def test_a_partial_tile_served_once_is_served_ever_after(
    client: FlaskClient, session: Session, settings: Settings, house: House, published: int
) -> None:
    before = client.get(f"/log/tile/0/000.p/{published}").data
    many_changes(session, house, 10)
    publish(session, logkeys.publisher(settings), now=NOON)
    session.commit()
    assert client.get(f"/log/tile/0/000.p/{published}").data == before
    assert client.get("/log/tile/0/000.p/255").status_code == 404


def tamper(session: Session, statement: str) -> None:
    """Change a row behind the service's back, with the guards taken away as an operator could."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE entry DISABLE TRIGGER USER"))
    else:
        session.execute(text("DROP TRIGGER entry_is_unchanged"))
        session.execute(text("DROP TRIGGER entry_is_kept"))
    session.execute(text(statement))
    session.commit()
    session.expire_all()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE entry SET body = leaf_hash WHERE index = 2", "an entry was changed"),
        ("DELETE FROM entry WHERE index = 0", "an entry is missing"),
        ("UPDATE log_tile SET content = (SELECT leaf_hash FROM entry WHERE index = 1) WHERE level = 0", "tile/0/"),
        ("UPDATE log_checkpoint SET note = replace(note, '—', '-')", "checkpoint"),
        ("UPDATE log_checkpoint SET root = (SELECT leaf_hash FROM entry WHERE index = 1)", "checkpoint"),
    ],
)
def test_a_change_behind_the_services_back_is_found_and_named(
    session: Session, client: FlaskClient, published: int, statement: str, named: str
) -> None:
    key = log_key(client)
    if session.get_bind().dialect.name == "sqlite":
        statement = statement.replace(" index ", ' "index" ')
    tamper(session, statement)
    found = list(differences(session, key))
    assert found
    assert any(named in difference.what for difference in found), found


def test_a_restored_old_database_is_never_signed_over(
    session: Session, settings: Settings, house: House, published: int
) -> None:
    """What was signed stands outside the database: a database without it is an old backup."""
    signed = logkeys.last_signed(settings.secrets)
    assert signed is not None
    logkeys.remember_signed(settings.secrets, type(signed)(signed.shard, signed.size + 5, bytes(32)))
    many_changes(session, house, 20)
    with pytest.raises(Forked, match="does not contain"):
        publish(session, logkeys.publisher(settings), now=NOON)


def test_a_next_shard_goes_on_after_a_loss(
    session: Session, settings: Settings, house: House, published: int, client: FlaskClient
) -> None:
    signed = logkeys.last_signed(settings.secrets)
    assert signed is not None
    logkeys.remember_signed(settings.secrets, type(signed)(signed.shard, signed.size + 5, bytes(32)))
    open_next_shard(session, logkeys.publisher(settings), now=NOON)
    session.commit()
    many_changes(session, house, 3)
    publish(session, logkeys.publisher(settings), now=NOON)
    session.commit()
    checkpoint, _ = open_checkpoint(client.get("/log/checkpoint").data, log_key(client))
    assert checkpoint.origin.endswith("/log/2")
    assert client.get("/log/shard/1/checkpoint").status_code == 200


def test_a_crash_after_signing_and_before_the_commit_is_healed(
    session: Session, settings: Settings, house: House, published: int
) -> None:
    many_changes(session, house, 2)
    publish(session, logkeys.publisher(settings), now=NOON)
    session.rollback()
    row = publish(session, logkeys.publisher(settings), now=NOON)
    assert row is not None
    assert row.size == published + 2


def test_an_outsider_verifies_the_history_and_catches_a_changed_byte(
    session: Session, settings: Settings, published: int, tmp_path: Path, app: Flask
) -> None:
    outsider = tmp_path / "verify_log.py"
    shutil.copy(VERIFIER, outsider)
    with gunicorn("trace:create_app()", environment(settings)) as port:
        command = [sys.executable, str(outsider), f"http://127.0.0.1:{port}/log"]
        first = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        assert first.returncode == 0, first.stdout + first.stderr
        index = '"index"' if settings.sqlite_path else "index"
        bundle = "level = -1"
        session.execute(
            text(f"UPDATE log_tile SET content = (SELECT body FROM entry WHERE {index} = 0) WHERE {bundle}")
        )
        session.commit()
        second = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert second.returncode == 1, second.stdout + second.stderr


def test_a_decision_is_in_the_history_without_a_persons_name(
    session: Session, house: House, staff: dict[str, Person]
) -> None:
    from trace.work.actor import Actor

    auditor = staff["auditor"]
    batch = make_batch(session, house)
    by = Actor(auditor.id, auditor.public_id, "auditor")
    decide(session, batch, BatchVerdict.CERTIFIED, by=by, now=NOON)
    session.commit()
    body = session.query(Entry).order_by(Entry.index.desc()).first().body.decode()
    assert auditor.public_id in body
    assert auditor.name not in body
