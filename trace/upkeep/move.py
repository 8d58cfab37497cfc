"""Everything from one engine to the other: row by row, salts and gapless entries included, and proved the same way.

The source is only read, under a lock that keeps writers out meanwhile. Once the copy is proved the source is marked as
moved, and nothing is served from it any more.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, inspect, select, text, update
from sqlalchemy.engine import make_url

from ..db import migrate, open_engine, schema_of
from ..records import Deployment
from .copies import NotDone, Source
from .proof import all_tables, manifest_of, problems_of

AT_ONCE = 500
Progress = Callable[[str, int], None]
"""Called with a table's name and its rows so far."""


@dataclass(frozen=True, slots=True)
class Moved:
    rows: int
    entries: int
    to: str


def move(source: Source, target: Source, *, now: datetime, progress: Progress) -> Moved:
    """Copy everything to an empty database, prove it, and mark the source. Raises `NotDone`; then nothing is marked."""
    _prepare(target)
    to = make_url(target.url).render_as_string(hide_password=True)
    with _held(source) as reading:
        if schema_of(reading) != _schema(target):
            raise NotDone(
                "The two databases have different schemas: run flask --app trace migrate on the source first."
            )
        rows = _copy_all(reading, target, progress)
        wanted = manifest_of(reading, source.secret_of)
        problems = _compare(reading, target) + _prove(target, wanted)
        if problems:
            raise NotDone(f"The copy is not whole, the source stays in use: {' '.join(problems)}")
        reading.execute(update(Deployment).values(moved_to=to, moved_at=now))
    return Moved(rows, wanted.entries, to)


def _prove(target: Source, wanted: Any) -> list[str]:
    engine = open_engine(target.url, read_only=True)
    try:
        with engine.connect() as connection:
            return problems_of(connection, wanted, target.secret_of)
    finally:
        engine.dispose()


def _prepare(target: Source) -> None:
    if target.sqlite:
        target.path.parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(target.url)
    try:
        if inspect(engine).get_table_names():
            raise NotDone("The target is not empty: name a new database.")
        migrate(engine)
    finally:
        engine.dispose()


def _schema(target: Source) -> str | None:
    engine = open_engine(target.url, read_only=True)
    try:
        with engine.connect() as connection:
            return schema_of(connection)
    finally:
        engine.dispose()


@contextmanager
def _held(source: Source) -> Iterator[Connection]:
    """The source as it stands, nobody else writing; committed at the end (for the mark), or left as it was."""
    engine = open_engine(source.url)
    try:
        with engine.begin() as connection:  # on SQLite BEGIN IMMEDIATE: the one writer is us
            if not source.sqlite:
                names = ", ".join(table.fullname for table in all_tables())
                connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
            if connection.execute(select(Deployment.moved_to)).scalar() is not None:
                raise NotDone("This database has been moved already.")
            yield connection
    finally:
        engine.dispose()


def _copy_all(reading: Connection, target: Source, progress: Progress) -> int:
    engine, total = open_engine(target.url), 0
    try:
        with engine.begin() as writing, _without_triggers(writing, target):
            for table in all_tables():
                total += _copy_table(reading, writing, table, progress)
            if not target.sqlite:
                _advance_sequences(writing)
    finally:
        engine.dispose()
    return total


def _copy_table(reading: Connection, writing: Connection, table: Table, progress: Progress) -> int:
    count = 0
    for rows in reading.execute(_ordered(table)).mappings().partitions():
        writing.execute(insert(table), [dict(row) for row in rows])
        count += len(rows)
        progress(table.name, count)
    return count


def _ordered(table: Table) -> Any:
    return select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)


@contextmanager
def _without_triggers(writing: Connection, target: Source) -> Iterator[None]:
    """The guards refuse what looks like a late change of a submitted batch; the rows passed them when first written."""
    if target.sqlite:
        kept = writing.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        for name, _ in kept:
            writing.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for _, words in kept:
            writing.exec_driver_sql(words)
        return
    for table in all_tables():
        writing.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
    yield
    for table in all_tables():
        writing.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')


def _advance_sequences(writing: Connection) -> None:
    """Rows brought their numbers with them; the next one must be above."""
    for table in all_tables():
        key = table.autoincrement_column
        if key is None:
            continue
        sequence = writing.execute(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": f'"{table.name}"', "column": key.name}
        ).scalar()
        if sequence is not None:
            highest = writing.execute(select(func.max(key))).scalar()
            if highest is not None:
                writing.execute(select(func.setval(sequence, highest)))


def _compare(reading: Connection, target: Source) -> list[str]:
    """Every row of every table, by a digest of its values as Python sees them on both engines."""
    engine = open_engine(target.url, read_only=True)
    try:
        with engine.connect() as copied:
            return [
                f"{table.name} differs." for table in all_tables() if _digest(reading, table) != _digest(copied, table)
            ]
    finally:
        engine.dispose()


def _digest(connection: Connection, table: Table) -> str:
    digest = hashlib.sha256()
    for row in connection.execute(_ordered(table)):
        digest.update(repr([_plain(value) for value in row]).encode())
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview | bytearray) else value
