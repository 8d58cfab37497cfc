"""A backup back into service: loaded beside what is there, proved, and only then put in its place."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pysqlite3.dbapi2
from sqlalchemy import inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from ..db import open_engine
from .archive import Opened, open_into
from .backups import whole
from .copies import NotDone, Source, administer, load_into, with_database
from .proof import Manifest
from .schemas import known_schemas


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    made_at: datetime
    took_s: float
    set_aside: str | None
    """Where the database that stood in the way is now; None where there was none."""


def restore(path: Path, target: Source, *, now: datetime, replace: bool, private_key: str | None = None) -> Restored:
    """Put a backup in the place of `target`. The service must be stopped. Raises `NotDone`, and then nothing changed.

    Whatever stands there is never deleted: with `replace` it is set aside under a name that says when.
    """
    began = time.monotonic()
    folder = target.path.parent if target.sqlite else None
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".restoring-") as inside:
        opened = open_into(path, Path(inside), private_key)
        if opened.manifest.schema not in known_schemas():
            raise NotDone(
                f"This backup has schema {opened.manifest.schema}, newer than this code: update the code first."
            )
        if opened.sqlite != target.sqlite:
            raise NotDone("This backup is of the other engine: restore it there, then use flask --app trace move.")
        put = _put_sqlite if target.sqlite else _put_postgresql
        aside = put(target, opened, now, replace)
    return Restored(opened.manifest, opened.made_at, time.monotonic() - began, aside)


def _prove(trial: Source, opened: Opened) -> None:
    problems = whole(trial, opened.manifest)
    if problems:
        raise NotDone(f"The backup is not whole: {' '.join(problems)}")


def _put_sqlite(target: Source, opened: Opened, now: datetime, replace: bool) -> str | None:
    trial = target.at(f"sqlite:///{opened.copy}")
    _prove(trial, opened)
    for companion in ("-wal", "-shm"):
        Path(f"{opened.copy}{companion}").unlink(missing_ok=True)
    aside = None
    if target.path.exists():
        if not replace:
            raise NotDone(f"{target.path} exists: stop the service, then restore with --replace to set it aside.")
        aside = target.path.with_name(f"{target.path.name}.aside-{now:%Y%m%dT%H%M%S}")
        _settle_wal(target)
        target.path.replace(aside)
    opened.copy.replace(target.path)
    return str(aside) if aside else None


def _settle_wal(target: Source) -> None:
    """Write the log back into the file that is set aside: the new one must not find the old one's companions.

    Leaving WAL needs the file for oneself, so this also tells whether anybody still has it open.
    """
    connection = pysqlite3.dbapi2.connect(str(target.path), timeout=2)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    except pysqlite3.dbapi2.OperationalError as busy:
        raise NotDone("The database is in use: stop the service first.") from busy
    except pysqlite3.dbapi2.DatabaseError:
        pass  # a damaged file has nothing to write back; it is set aside as it is
    finally:
        connection.close()
    for companion in ("-wal", "-shm"):
        Path(f"{target.path}{companion}").unlink(missing_ok=True)


def _put_postgresql(target: Source, opened: Opened, now: datetime, replace: bool) -> str | None:
    own = make_url(target.url).database or ""
    occupied = _has_tables(target)
    if occupied and not replace:
        raise NotDone(
            f"The database {own} is not empty: stop the service, then restore with --replace to set it aside."
        )
    if not occupied:
        load_into(target, opened.copy)
        _prove(target, opened)
        return None
    fresh, aside = f"{own}_fresh_{now:%Y%m%d%H%M%S}", f"{own}_aside_{now:%Y%m%d%H%M%S}"
    with _neighbour(target) as neighbour:
        administer(neighbour, f'CREATE DATABASE "{fresh}"')
        try:
            load_into(target.at(with_database(target.url, fresh)), opened.copy)
            _prove(target.at(with_database(target.url, fresh)), opened)
            _swap(neighbour, own, fresh, aside)
        except NotDone:
            administer(neighbour, f'DROP DATABASE IF EXISTS "{fresh}" WITH (FORCE)')
            raise
    return aside


def _has_tables(target: Source) -> bool:
    engine = open_engine(target.url, read_only=True)
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()


@contextmanager
def _neighbour(target: Source) -> Iterator[Source]:
    """The server's own database, from which ours can be renamed."""
    yield target.at(with_database(target.url, "postgres"))


def _swap(neighbour: Source, own: str, fresh: str, aside: str) -> None:
    try:
        administer(neighbour, f'ALTER DATABASE "{own}" RENAME TO "{aside}"')
    except DBAPIError as busy:
        raise NotDone(f"The database {own} is in use: stop the service first.") from busy
    administer(neighbour, f'ALTER DATABASE "{fresh}" RENAME TO "{own}"')
