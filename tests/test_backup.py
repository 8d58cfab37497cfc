"""A lost disk: backups while in use, restores that are proved, and what is said when one is not whole."""

import gzip
import threading
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, MakeApp, code_of, make_batch
from tests.databases import tools_of
from trace import keyfiles
from trace.db import db, open_engine
from trace.records import Backup, BackupKind, Batch, Cooperative, Entry, Run
from trace.service import keyring, numbering
from trace.settings import Settings
from trace.standards.sealed import is_sealed, new_pair
from trace.upkeep.archive import open_into
from trace.upkeep.backups import DAYS, MONTHS, WEEKS, kept, make_backup, tidy, try_restore
from trace.upkeep.copies import NotDone, Source, administer, find_tool, with_database
from trace.upkeep.restore import restore
from trace.work.deployments import change_setting
from trace.work.stamps import issue_stamps


@pytest.fixture
def tools(settings: Settings) -> Path | None:
    """The wheel's PostgreSQL brings its own pg_dump."""
    return None if settings.sqlite_path is not None else tools_of(settings.database_url)


@pytest.fixture
def source(settings: Settings, tools: Path | None) -> Source:
    return Source.of(
        replace(settings, postgresql_tools=tools),
        lambda version: keyfiles.read(settings, keyfiles.stamp_key_name(version)),
    )


def _lose(source: Source) -> Source:
    """The disk is gone; an empty place of the same engine stands ready."""
    if source.sqlite:
        for path in source.path.parent.glob(f"{source.path.name}*"):
            path.unlink()
        return source
    fresh = f"after_{make_url(source.url).database}"
    administer(source, f'CREATE DATABASE "{fresh}"')
    return source.at(with_database(source.url, fresh))


def test_a_lost_disk_comes_back_whole_and_every_printed_stamp_is_read(
    app: Flask, settings: Settings, session: Session, source: Source, run: Run, batch: Batch, make_app: MakeApp
) -> None:
    codes = [code_of(run, 1), code_of(run, 100)]
    entries = session.scalar(select(func.count(Entry.index)))
    made = make_backup(session, source, settings, BackupKind.ASKED, now=NOON)
    session.commit()
    assert made.backup.proved_at == NOON
    assert made.backup.entries == entries
    assert made.path.stat().st_mode & 0o077 == 0
    for engine in db.engines.values():
        engine.dispose()

    lost = _lose(source)
    restored = restore(made.path, lost, now=NOON, replace=False)

    assert restored.set_aside is None
    again = make_app(replace(settings, database_url=lost.url))
    visitor = again.test_client()
    assert visitor.get(f"/T/{codes[0]}").status_code == 200
    with again.app_context():
        assert {keyring().read(code).run for code in codes} == {run.number}  # type: ignore[union-attr]
        assert db.get_session("default").scalar(select(func.count(Entry.index))) == entries


def test_a_backup_holds_no_key(
    app: Flask, settings: Settings, session: Session, source: Source, run: Run, tmp_path: Path
) -> None:
    made = make_backup(session, source, settings, BackupKind.ASKED, now=NOON)
    opened = open_into(made.path, tmp_path)
    content = opened.copy.read_bytes() + made.path.read_bytes()
    for secret in settings.secrets.glob("*.key"):
        words = secret.read_text().strip().removeprefix("demo:")
        assert words.encode() not in content
        assert bytes.fromhex(words) not in content
    assert code_of(run, 1).encode() not in content


def test_a_backup_made_while_people_write_is_of_one_moment(
    app: Flask, settings: Settings, session: Session, source: Source, house: House, batch: Batch
) -> None:
    stop = threading.Event()

    def write() -> None:
        with app.app_context():
            own = db.get_session("default")
            while not stop.is_set():
                change_setting(own, "spoil_percent", 4, from_on=TODAY, actor=AUDITOR, now=NOON)
                own.commit()
                stop.wait(0.002)

    session.close()
    writer = threading.Thread(target=write)
    writer.start()
    backups = []
    try:
        for minute in range(4):
            now = NOON + timedelta(minutes=minute)
            backups.append(make_backup(session, source, settings, BackupKind.ASKED, now=now).backup)
            session.commit()
    finally:
        stop.set()
        writer.join()
    assert [backup.problem for backup in backups] == [None] * 4
    assert backups[0].entries < backups[-1].entries


def test_what_was_there_is_set_aside_never_deleted(
    app: Flask, settings: Settings, session: Session, source: Source, house: House, batch: Batch
) -> None:
    made = make_backup(session, source, settings, BackupKind.ASKED, now=NOON)
    session.commit()
    make_batch(session, house)
    session.commit()
    session.close()
    for engine in db.engines.values():
        engine.dispose()

    with pytest.raises(NotDone, match="--replace"):
        restore(made.path, source, now=NOON, replace=False)
    restored = restore(made.path, source, now=NOON, replace=True)

    assert restored.set_aside is not None
    aside = source.at(
        f"sqlite:///{restored.set_aside}" if source.sqlite else with_database(source.url, restored.set_aside)
    )
    assert _batches(source) == 1
    assert _batches(aside) == 2


def _batches(source: Source) -> int:
    engine = open_engine(source.url, read_only=True)
    with engine.connect() as connection:
        count = connection.execute(select(func.count()).select_from(Batch)).scalar_one()
    engine.dispose()
    return count


def test_a_database_in_use_is_not_pulled_away_from_under_anybody(
    app: Flask, settings: Settings, session: Session, source: Source, batch: Batch
) -> None:
    made = make_backup(session, source, settings, BackupKind.ASKED, now=NOON)
    session.commit()
    session.scalar(select(func.count(Entry.index)))  # somebody looks

    with pytest.raises(NotDone, match="stop the service"):
        restore(made.path, source, now=NOON, replace=True)
    assert session.scalar(select(func.count(Entry.index)))


def _damage(path: Path, place: float) -> None:
    """Change one bit so that something else is read, or nothing: where equal bytes stand at two distances, a bit of
    deflate can change and still say the same."""
    original = path.read_bytes()
    for here in range(int(len(original) * place), len(original)):
        content = bytearray(original)
        content[here] ^= 0x20
        try:
            same = gzip.decompress(content) == gzip.decompress(original)
        except (OSError, EOFError, zlib.error):
            same = False
        if not same:
            path.write_bytes(content)
            return


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_damaged_backup_says_so_and_changes_nothing(
    app: Flask, settings: Settings, session: Session, source: Source, batch: Batch, place: float
) -> None:
    made = make_backup(session, source, settings, BackupKind.ASKED, now=NOON)
    session.commit()
    _damage(made.path, place)
    session.close()
    for engine in db.engines.values():
        engine.dispose()

    with pytest.raises(NotDone, match=r"damaged|not whole|stopped"):
        restore(made.path, source, now=NOON, replace=True)
    assert _batches(source) == 1


def test_another_key_folder_is_noticed(
    app: Flask, settings: Settings, session: Session, source: Source, run: Run, tmp_path: Path
) -> None:
    """The day of the disaster is too late to learn that the copied keys are others."""
    made = make_backup(session, source, settings, BackupKind.ASKED, now=NOON)

    problems = try_restore(made.path, Source(source.url, lambda _version: bytes(32), source.tools), tmp_path)

    assert len(problems) == 1
    assert "key" in problems[0]


def test_a_changed_entry_breaks_the_chain(
    app: Flask, settings: Settings, session: Session, source: Source, batch: Batch, tmp_path: Path
) -> None:
    if not source.sqlite:
        pytest.skip("the file is edited here; the proof is the same on both engines")
    from trace.db import open_engine
    from trace.upkeep.backups import whole

    made = make_backup(session, source, settings, BackupKind.ASKED, now=NOON)
    opened = open_into(made.path, tmp_path)
    engine = open_engine(f"sqlite:///{opened.copy}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER entry_is_unchanged")
        connection.exec_driver_sql("UPDATE entry SET body = CAST(body || ' ' AS BLOB) WHERE \"index\" = 1")
    engine.dispose()

    assert "The chain of entries breaks at 1." in whole(source.at(f"sqlite:///{opened.copy}"), opened.manifest)


def test_sealed_backups_open_with_the_other_half_only(
    app: Flask, settings: Settings, session: Session, source: Source, batch: Batch
) -> None:
    private, public = new_pair()
    made = make_backup(session, source, replace(settings, backup_key=public), BackupKind.ASKED, now=NOON)
    session.commit()
    assert made.backup.proved_at is not None
    assert is_sealed(made.path.read_bytes())
    session.close()
    for engine in db.engines.values():
        engine.dispose()

    with pytest.raises(NotDone, match="private key"):
        restore(made.path, source, now=NOON, replace=True)
    with pytest.raises(NotDone, match="does not fit"):
        restore(made.path, source, now=NOON, replace=True, private_key=new_pair()[0])
    restore(made.path, source, now=NOON, replace=True, private_key=private)
    assert _batches(source) == 1


def test_after_an_old_restore_no_run_number_is_given_twice_and_lost_runs_are_not_called_false(
    app: Flask,
    settings: Settings,
    session: Session,
    source: Source,
    house: House,
    run: Run,
    client: FlaskClient,
    make_app: MakeApp,
) -> None:
    made = make_backup(session, source, settings, BackupKind.ASKED, now=NOON)
    session.commit()
    lost = issue_stamps(session, keyring(), numbering(), house.cooperative, 10, actor=AUDITOR, now=NOON)
    session.commit()
    number, code, owner = lost.number, code_of(lost, 1), house.cooperative.id
    session.close()
    for engine in db.engines.values():
        engine.dispose()
    restore(made.path, source, now=NOON, replace=True)

    again = make_app(settings, clock=lambda: NOON)
    with again.app_context():
        own = db.get_session("default")
        cooperative = own.get_one(Cooperative, owner)
        fresh = issue_stamps(own, keyring(), numbering(), cooperative, 10, actor=AUDITOR, now=NOON)
        own.commit()
        assert fresh.number > number
    page = again.test_client().get(f"/T/{code}")
    assert page.status_code == 200
    assert "không tồn tại" not in page.text.lower()


def test_a_full_disk_is_said_and_nothing_half_is_left(
    app: Flask, settings: Settings, session: Session, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    real = os.statvfs
    monkeypatch.setattr(os, "statvfs", lambda path: _full(real(path)))
    with pytest.raises(NotDone, match="MB left"):
        make_backup(session, source, settings, BackupKind.ASKED, now=NOON)
    assert list(settings.backup_folder.iterdir()) == []


def _full(stats: object) -> object:
    class Full:
        f_bavail, f_frsize = 1, 4096

    return Full()


def test_a_tool_of_another_version_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NotDone, match="postgresql-client-99"):
        find_tool("pg_dump", 99, tmp_path)


def test_files_go_by_days_weeks_and_months_but_never_the_newest(
    app: Flask, settings: Settings, session: Session
) -> None:
    settings.backup_folder.mkdir(exist_ok=True)
    for days in range(60):
        moment = NOON - timedelta(days=days)
        name = f"{moment:%Y%m%d}.tar.gz"
        (settings.backup_folder / name).write_bytes(b"x")
        session.add(
            Backup(
                name=name, kind=BackupKind.SCHEDULED, made_at=moment, size_bytes=1, sha256="0" * 64, entries=0,
                proved_at=moment,
            )
        )  # fmt: skip
    session.flush()

    removed = tidy(session, settings, now=NOON)

    left = sorted(path.name for path in settings.backup_folder.iterdir())
    assert f"{NOON:%Y%m%d}.tar.gz" in left
    assert len(left) + len(removed) == 60
    assert DAYS < len(left) <= DAYS + WEEKS + MONTHS


@given(st.lists(st.integers(0, 900), unique=True, min_size=1))
def test_kept_files_cover_the_newest_days_weeks_and_months(days: list[int]) -> None:
    now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    moments = [now - timedelta(days=day) for day in days]
    left = kept(moments)
    assert max(moments) in left
    assert set(sorted(moments, reverse=True)[:DAYS]) <= left
    assert len(left) <= DAYS + WEEKS + MONTHS
    newest_month = max(moments).strftime("%Y%m")
    assert any(moment.strftime("%Y%m") == newest_month for moment in left)
