"""A database out into one file and back, by each engine's own means, while it is in use."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pysqlite3.dbapi2
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url

from ..db import open_engine
from ..settings import Settings
from .proof import Manifest, SecretOf, manifest_of

SQLITE_FILE = "database.sqlite3"
POSTGRESQL_FILE = "database.dump"


class NotDone(Exception):  # noqa: N818 - an answer for the operator, in one sentence
    """What was asked could not be done; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Source:
    """A database and what reaches it."""

    url: str
    secret_of: SecretOf
    tools: Path | None = None

    @classmethod
    def of(cls, settings: Settings, secret_of: SecretOf) -> "Source":
        return cls(settings.database_url, secret_of, settings.postgresql_tools)

    @property
    def sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def path(self) -> Path:
        """Of an SQLite database."""
        return Path(self.url.partition(":///")[2])

    @property
    def file_name(self) -> str:
        return SQLITE_FILE if self.sqlite else POSTGRESQL_FILE

    def at(self, url: str) -> "Source":
        return Source(url, self.secret_of, self.tools)

    def size_bytes(self) -> int:
        if self.sqlite:
            return self.path.stat().st_size
        with connected(self) as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


@contextmanager
def connected(source: Source) -> Iterator[Connection]:
    """One reading transaction over one moment of the database."""
    engine = open_engine(source.url, read_only=True)
    try:
        with engine.connect() as connection:
            if not source.sqlite:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection
    finally:
        engine.dispose()


def copy_out(source: Source, target: Path) -> Manifest:
    """Write the whole database to `target`, and say what is in it; readers and writers go on meanwhile."""
    return _copy_sqlite(source, target) if source.sqlite else _dump_postgresql(source, target)


def _copy_sqlite(source: Source, target: Path) -> Manifest:
    reading = pysqlite3.dbapi2.connect(f"file:{source.path}?mode=ro", uri=True, timeout=30)
    writing = pysqlite3.dbapi2.connect(str(target))
    try:
        reading.backup(writing, pages=-1)  # one step: a snapshot that WAL keeps for us however long it takes
        writing.execute("PRAGMA journal_mode=DELETE")  # one file, no companions
    finally:
        writing.close()
        reading.close()
    with _quiet(target) as connection:
        return manifest_of(connection, source.secret_of)


@contextmanager
def _quiet(path: Path) -> Iterator[Connection]:
    """An SQLite file that nobody else opens, read without leaving companions beside it."""
    engine = create_engine(f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true", module=pysqlite3.dbapi2)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _dump_postgresql(source: Source, target: Path) -> Manifest:
    with connected(source) as connection:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        manifest = manifest_of(connection, source.secret_of)
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
        run_tool(source, "pg_dump", *options)
    return manifest


def load_into(source: Source, file: Path) -> None:
    """Fill an empty database from a copy of the same engine."""
    if source.sqlite:
        shutil.copyfile(file, source.path)
        return
    run_tool(
        source, "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(file)
    )


def integrity_problems(source: Source) -> list[str]:
    """What SQLite itself finds wrong with a file."""
    if not source.sqlite:
        return []
    with connected(source) as connection:
        found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        return found + [
            f"A row of {row[0]} points nowhere." for row in connection.exec_driver_sql("PRAGMA foreign_key_check")
        ]


@contextmanager
def scratch(source: Source, folder: Path) -> Iterator[Source]:
    """An empty database of the same engine that is gone afterwards."""
    if source.sqlite:
        place = folder / f"trial-{secrets.token_hex(4)}.sqlite3"
        try:
            yield source.at(f"sqlite:///{place}")
        finally:
            for path in folder.glob(f"{place.name}*"):
                path.unlink()
        return
    name = f"temgoc_trial_{secrets.token_hex(4)}"
    administer(source, f'CREATE DATABASE "{name}"')
    try:
        yield source.at(with_database(source.url, name))
    finally:
        administer(source, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def with_database(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def administer(source: Source, *statements: str) -> None:
    """Statements outside any transaction. Names in them are ours."""
    engine = open_engine(source.url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


def run_tool(source: Source, tool: str, *options: str) -> None:
    """pg_dump or pg_restore of the server's own version; the password goes by the environment, not the command line."""
    command = find_tool(tool, server_version(source), source.tools)
    url: URL = make_url(source.url).set(drivername="postgresql")
    surroundings = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    address = url.set(password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - the tool found above, our own options
        [command, f"--dbname={address}", *options], env=surroundings, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotDone(
            f"{tool} stopped: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}"
        )


def server_version(source: Source) -> int:
    """The server's major version."""
    with connected(source) as connection:
        return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


def find_tool(tool: str, version: int, folder: Path | None) -> str:
    """The path of a PostgreSQL tool of a major version: in TEMGOC_PG_BIN, on the PATH, where Debian keeps several."""
    given = str(folder / tool) if folder else shutil.which(tool) or ""
    for place in (given, f"/usr/lib/postgresql/{version}/bin/{tool}"):
        if Path(place).is_file() and version_of_tool(place) == version:
            return place
    raise NotDone(
        f"There is no {tool} of version {version} here: install postgresql-client-{version}, or set TEMGOC_PG_BIN."
    )


def version_of_tool(path: str) -> int | None:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - found above
    found = re.search(r"(\d+)(?:\.\d+)*\s*(?:\(|$)", said.strip())
    return int(found[1]) if found else None
