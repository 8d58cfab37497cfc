"""Witnesses: others who sign that the history only grows, asked over HTTP, and shown under the checkpoint."""

import json
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.browser import environment, free_port
from tests.conftest import AUDITOR, NOON, Clock, House
from trace import logkeys
from trace.commands.witness import KEY, SEEN, Memory, serve, signer_in
from trace.records import LogCheckpoint, LogCosignature
from trace.settings import ROOT, Settings, StartRefused, from_environment
from trace.standards.tlog import Checkpoint, Kind, Note, Verifier, Witness, cosigned_at
from trace.upkeep.copies import NotDone
from trace.upkeep.witnesses import ask_all
from trace.work.history import record
from trace.work.log import current_shard, origin, publish

NAMES = ("hoi-nong-dan.example/w1", "lien-minh-htx.example/w2")


@contextmanager
def witnessing(folder: Path, name: str, log: Verifier) -> Iterator[Witness]:
    """A witness as its command runs it, answering on this machine."""
    signer = signer_in(folder, name)
    server = serve("127.0.0.1", 0, Memory(folder, signer, [log]))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Witness(name, signer.verifier(Kind.COSIGNATURE), f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def log(session: Session, settings: Settings) -> Verifier:
    return logkeys.signer(settings, origin(session, current_shard(session))).verifier()


@pytest.fixture
def two(tmp_path: Path, app: Flask, settings: Settings, log: Verifier) -> Iterator[list[Witness]]:
    """Two witnesses that the service has been told to ask."""
    with (
        witnessing(tmp_path / "w1", NAMES[0], log) as first,
        witnessing(tmp_path / "w2", NAMES[1], log) as second,
    ):
        app.config["SETTINGS"] = replace(settings, witnesses=(first, second))
        yield [first, second]


@pytest.fixture
def grow(session: Session, settings: Settings, house: House, clock: Clock) -> Callable[[], LogCheckpoint]:
    """One change more, under a checkpoint."""

    def go_on() -> LogCheckpoint:
        record(session, "grower.changed", house.grower, actor=AUDITOR, now=clock(), facts={})
        session.commit()
        row = publish(session, logkeys.publisher(settings), now=clock())
        session.commit()
        assert row is not None
        return row

    return go_on


def shown(client: FlaskClient) -> Note:
    return Note.parse(client.get("/log/checkpoint").data)


def test_two_witnesses_stand_under_the_checkpoint(
    client: FlaskClient, session: Session, two: list[Witness], grow: Callable[[], LogCheckpoint], log: Verifier
) -> None:
    grow()
    ask_all(session, two, now=NOON)
    newest = grow()
    ask_all(session, two, now=NOON)

    note = shown(client)
    assert Checkpoint.parse(note.text).size == newest.size
    assert log.check(note)
    for witness in two:
        signature = witness.key.check(note)
        assert signature is not None
        assert cosigned_at(signature) > 1_700_000_000


def test_a_new_checkpoint_waits_a_moment_for_its_witnesses_and_not_for_ever(
    client: FlaskClient, session: Session, two: list[Witness], grow: Callable[[], LogCheckpoint], clock: Clock
) -> None:
    before = grow()
    ask_all(session, two, now=NOON)
    newest = grow()

    assert Checkpoint.parse(shown(client).text).size == before.size
    clock.now += timedelta(seconds=50)
    assert Checkpoint.parse(shown(client).text).size == newest.size


def test_a_witness_never_cosigns_another_history(
    tmp_path: Path, session: Session, two: list[Witness], grow: Callable[[], LogCheckpoint]
) -> None:
    newest = grow()
    ask_all(session, two, now=NOON)
    seen = tmp_path / "w1" / SEEN
    other = Checkpoint(origin(session, 1), newest.size, bytes(32))
    seen.write_text(json.dumps({other.origin: other.text}))
    grow()

    with pytest.raises(NotDone, match=rf"{NAMES[0]}: it answered 422") as refusal:
        ask_all(session, two, now=NOON)

    assert NAMES[1] not in str(refusal.value)
    assert session.query(LogCosignature).filter_by(witness=NAMES[1]).count() == 2


def test_a_witness_that_saw_more_or_less_than_we_remember_is_asked_from_there(
    tmp_path: Path, session: Session, two: list[Witness], grow: Callable[[], LogCheckpoint]
) -> None:
    grow()
    ask_all(session, two, now=NOON)
    session.query(LogCosignature).delete()  # an old backup was restored: we remember less than the witnesses
    session.commit()
    (tmp_path / "w2" / SEEN).unlink()  # and one of them has lost its memory
    newest = grow()

    ask_all(session, two, now=NOON)

    assert session.query(LogCosignature).filter_by(size=newest.size).count() == 2


def test_a_history_shorter_than_the_witness_saw_is_told(
    tmp_path: Path, session: Session, two: list[Witness], grow: Callable[[], LogCheckpoint]
) -> None:
    newest = grow()
    seen = Checkpoint(origin(session, 1), newest.size + 5, bytes(32))
    (tmp_path / "w1" / SEEN).write_text(json.dumps({seen.origin: seen.text}))

    with pytest.raises(NotDone, match="more than there are"):
        ask_all(session, two[:1], now=NOON)


def test_a_witness_that_is_away_keeps_nobody_waiting(
    client: FlaskClient, session: Session, two: list[Witness], grow: Callable[[], LogCheckpoint]
) -> None:
    newest = grow()
    away = replace(two[0], url=f"http://127.0.0.1:{free_port()}")

    with pytest.raises(NotDone, match=NAMES[0]):
        ask_all(session, [away, two[1]], now=NOON)

    assert session.query(LogCosignature).one().witness == NAMES[1]
    assert session.query(LogCheckpoint).order_by(LogCheckpoint.size.desc()).first().size == newest.size


def test_a_witness_as_its_command_runs_it(tmp_path: Path, settings: Settings, log: Verifier) -> None:
    """It needs no database, keeps its key to itself, and prints the line for the log's operator."""
    port = free_port()
    command = ["witness", "--folder", str(tmp_path / "w"), "--name", NAMES[0], "--log", log.vkey]
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "trace", *command, "--listen", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env=environment(settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
    assert stat.S_IMODE((tmp_path / "w" / KEY).stat().st_mode) == 0o400
    policy = tmp_path / "policy"
    policy.write_text(f"log {log.vkey}\n{lines[1]}\nquorum none\n")
    [witness] = from_environment({"TEMGOC_WITNESSES": str(policy)}).witnesses
    assert (witness.key.name, witness.url) == (NAMES[0], f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("witness w1", "a witness has a name, a key and an address"),
        ("witness w1 no-key http://a.example", "line 1"),
        ("stranger w1", "begins no line of a policy"),
    ],
)
def test_a_file_that_is_no_list_of_witnesses_is_refused_at_the_start(tmp_path: Path, words: str, told: str) -> None:
    (tmp_path / "policy").write_text(words)
    with pytest.raises(StartRefused, match=told):
        from_environment({"TEMGOC_WITNESSES": str(tmp_path / "policy")})


def test_a_service_without_a_first_checkpoint_is_not_healthy(client: FlaskClient, session: Session) -> None:
    assert client.get("/healthz").status_code == 200  # `migrate` signed it
    session.query(LogCheckpoint).delete()
    session.commit()
    assert client.get("/healthz").status_code == 503
