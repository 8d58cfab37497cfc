"""From SQLite to PostgreSQL and back: everything, proved row by row, and the source says where it went."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.conftest import NOON, House, MakeApp, code_of, make_batch, make_house
from tests.databases import new_database
from trace import keyfiles
from trace.db import db, open_engine
from trace.records import Deployment, Entry, Run
from trace.settings import Settings, StartRefused
from trace.start import check
from trace.upkeep.copies import NotDone, Source
from trace.upkeep.move import move


@pytest.fixture
def other_engine(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty place on the other engine."""
    if settings.sqlite_path is None:
        return f"sqlite:///{tmp_path / 'laptop.sqlite3'}"
    return new_database(request.getfixturevalue("postgresql_server"), f"m{uuid4().hex}")


def _sources(settings: Settings, url: str) -> tuple[Source, Source]:
    def secret_of(version: int) -> bytes:
        return keyfiles.read(settings, keyfiles.stamp_key_name(version))

    return Source.of(settings, secret_of), Source(url, secret_of)


def _close(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def moved_app(settings: Settings, other_engine: str, make_app: MakeApp) -> Flask:
    return make_app(replace(settings, database_url=other_engine), clock=lambda: NOON)


def test_everything_moves_and_the_service_goes_on_there(
    app: Flask, settings: Settings, session: Session, run: Run, other_engine: str, moved_app: Flask
) -> None:
    code, number = code_of(run, 1), run.number
    entries = session.scalar(select(func.count(Entry.index)))
    session.close()
    told: list[tuple[str, int]] = []

    moved = move(*_sources(settings, other_engine), now=NOON, progress=lambda name, count: told.append((name, count)))

    assert moved.entries == entries
    assert ("run", 1) in told
    assert "secret" not in moved.to
    assert moved_app.test_client().get(f"/T/{code}").status_code == 200
    with moved_app.app_context():
        there = db.get_session("default")
        assert there.scalars(select(Run.number)).one() == number
        house = make_house(there, "HTX Mới", "HMI")  # new rows get numbers above those that moved
        make_batch(there, house)
        there.commit()
        assert there.scalar(select(func.max(Entry.index))) == (entries or 0)


def test_the_source_is_marked_and_serves_nothing_any_more(
    app: Flask, settings: Settings, session: Session, run: Run, other_engine: str, client: FlaskClient
) -> None:
    session.close()
    before = _rows(settings.database_url)
    move(*_sources(settings, other_engine), now=NOON, progress=lambda *_: None)

    assert _rows(settings.database_url) == before
    with pytest.raises(StartRefused, match="moved to"):
        check(settings)
    check(replace(settings, database_url=other_engine))
    with pytest.raises(NotDone, match="moved already"):
        move(*_sources(settings, _another(other_engine)), now=NOON, progress=lambda *_: None)


def _another(url: str) -> str:
    if url.startswith("sqlite"):
        return url + ".again"
    return new_database(url, f"m{uuid4().hex}")


def _rows(url: str) -> list[int]:
    engine = open_engine(url, read_only=True)
    with engine.connect() as connection:
        counts = [connection.execute(select(func.count()).select_from(kind)).scalar_one() for kind in (Entry, Run)]
    engine.dispose()
    return counts


def test_guards_hold_after_a_move_as_before(
    app: Flask, settings: Settings, session: Session, run: Run, other_engine: str
) -> None:
    session.close()
    move(*_sources(settings, other_engine), now=NOON, progress=lambda *_: None)

    engine = open_engine(other_engine)
    for statement in ("DELETE FROM entry", "UPDATE entry SET kind = 'x'", "DELETE FROM stamp_key", "DELETE FROM batch"):
        with pytest.raises(Exception, match="never"), engine.begin() as connection:
            connection.execute(text(statement))
    engine.dispose()


def test_a_place_that_is_not_empty_is_refused_and_nothing_is_marked(
    app: Flask, settings: Settings, session: Session, house: House
) -> None:
    session.close()
    with pytest.raises(NotDone, match="not empty"):
        move(*_sources(settings, settings.database_url), now=NOON, progress=lambda *_: None)
    assert session.get_one(Deployment, 1).moved_to is None


def test_a_wrong_row_stops_the_move(
    app: Flask, settings: Settings, session: Session, run: Run, other_engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trace.upkeep import move as moving

    session.close()
    real = moving._copy_table

    def forgetful(reading: object, writing: object, table: object, progress: object) -> int:
        if getattr(table, "name", "") == "setting":
            return 0
        count: int = real(reading, writing, table, progress)  # type: ignore[arg-type]
        if getattr(table, "name", "") == "product":
            writing.exec_driver_sql("UPDATE product SET variety = 'other'")  # type: ignore[attr-defined]
        return count

    monkeypatch.setattr(moving, "_copy_table", forgetful)
    with pytest.raises(NotDone, match=r"product differs\."):
        move(*_sources(settings, other_engine), now=NOON, progress=lambda *_: None)
    assert session.get_one(Deployment, 1).moved_to is None
