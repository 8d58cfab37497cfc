"""What an operator types: every command says in words what it did, and refuses in one sentence."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from tests.conftest import House, code_of
from trace.db import db
from trace.records import Run
from trace.service import keyring
from trace.settings import Settings
from trace.standards.sealed import new_pair
from trace.start import check


@pytest.fixture
def settings(sqlite_model: object, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """On SQLite only: what the commands call has its own tests on both engines."""
    import shutil

    from tests.conftest import Model, make_settings

    assert isinstance(sqlite_model, Model)
    shutil.copytree(sqlite_model.secrets, tmp_path / "secrets")
    copy = tmp_path / "test.sqlite3"
    shutil.copy(sqlite_model.database_url.removeprefix("sqlite:///"), copy)
    return make_settings(tmp_path, f"sqlite:///{copy}")


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def _close(session: Session) -> None:
    session.close()
    for engine in db.engines.values():
        engine.dispose()


def test_backup_and_restore_say_what_was_proved(
    app: Flask, settings: Settings, session: Session, runner: FlaskCliRunner, run: Run
) -> None:
    code, number = code_of(run, 1), run.number
    _close(session)
    made = runner.invoke(args=["backup"])
    assert made.exit_code == 0, made.output
    assert "found whole" in made.output
    file = next(settings.backup_folder.glob("*.tar.gz"))

    without = runner.invoke(args=["restore", str(file)])
    assert without.exit_code == 1
    assert "--replace" in without.output
    assert runner.invoke(args=["restore", str(file), "--replace"], input="n\n").exit_code == 1
    done = runner.invoke(args=["restore", str(file), "--replace"], input="y\n")

    assert done.exit_code == 0, done.output
    assert "chain was computed anew" in done.output
    assert "1 runs" in done.output
    place = keyring().read(code)
    assert place is not None
    assert place.run == number


def test_a_sealed_backup_needs_the_key_from_the_safe(
    app: Flask, settings: Settings, session: Session, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = new_pair()
    _close(session)
    app.config["SETTINGS"] = replace(settings, backup_key=public)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["backup"]).exit_code == 0
    file = str(next(settings.backup_folder.glob("*.sealed")))

    refused = runner.invoke(args=["restore", file, "--replace"], input="y\n")
    assert refused.exit_code == 1
    assert "private key" in refused.output
    monkeypatch.setenv("TEMGOC_BACKUP_PRIVATE_KEY", private)
    assert runner.invoke(args=["restore", file, "--replace"], input="y\n").exit_code == 0


def test_move_shows_progress_and_what_to_do_next(
    app: Flask, settings: Settings, session: Session, runner: FlaskCliRunner, run: Run, tmp_path: Path
) -> None:
    _close(session)
    target = f"sqlite:///{tmp_path / 'moved.sqlite3'}"
    done = runner.invoke(args=["move", "--to", target])
    assert done.exit_code == 0, done.output
    assert "run: 1" in done.output
    assert "TEMGOC_DATABASE_URL" in done.output

    again = runner.invoke(args=["move", "--to", target])
    assert again.exit_code == 1
    assert "not empty" in again.output
    refused = runner.invoke(args=["migrate"])
    assert refused.exit_code == 1
    assert "moved to" in str(refused.exception)
    check(replace(settings, database_url=target))


def test_go_back_without_a_snapshot_says_so(runner: FlaskCliRunner) -> None:
    answer = runner.invoke(args=["go-back"], input="y\n")
    assert answer.exit_code == 1
    assert "no snapshot" in answer.output


def test_migrate_can_be_run_again_and_again(runner: FlaskCliRunner) -> None:
    for _ in range(2):
        answer = runner.invoke(args=["migrate"])
        assert answer.exit_code == 0
        assert "up to date" in answer.output


def test_a_pair_of_backup_keys_is_printed_for_two_places(runner: FlaskCliRunner) -> None:
    lines = runner.invoke(args=["backup-key"]).output.splitlines()
    assert lines[0].startswith("TEMGOC_BACKUP_KEY=")
    assert lines[1].startswith("TEMGOC_BACKUP_PRIVATE_KEY=")


def test_the_worker_can_be_asked_once(app: Flask, session: Session, runner: FlaskCliRunner, house: House) -> None:
    _close(session)
    first = runner.invoke(args=["worker", "--once"])
    assert first.exit_code == 0, first.output
    assert "backup" in first.output
    assert "clean-up" in first.output
    assert "backup" not in runner.invoke(args=["worker", "--once"]).output
