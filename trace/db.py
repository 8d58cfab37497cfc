"""Engines and sessions: two engines over one database, one that writes and one that cannot.

Reads (GET, HEAD) are answered by an engine that the database itself holds read-only, so that no page can write by
accident and, on SQLite, so that readers never queue behind a writer: every transaction of the writing engine is
BEGIN IMMEDIATE, which is what makes read-then-write safe there.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import g, has_request_context, request
from flask.sansio.app import App
from flask_sqlalchemy_lite import SQLAlchemy
from flask_sqlalchemy_lite._extension import _close_async_sessions
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session

from .settings import StartRefused

READING = frozenset({"GET", "HEAD", "OPTIONS"})
FIXED_SQLITE = (3, 51, 3)
"""Older ones can lose commits when two connections checkpoint in WAL mode (sqlite.org, "WAL reset bug")."""
MIGRATION_LOCK = 0x7465_6D67  # any number of our own; "temg"


LENT = "temgoc.session"
"""Where a request of our own making brings the reading session that it shares with the ones before and after it."""


class Database(SQLAlchemy):
    """Flask-SQLAlchemy-Lite, whose default session depends on what the visitor does: reading or writing."""

    def init_app(self, app: App) -> None:
        """Without the extension's asynchronous sessions: closing none of them would start a thread a request."""
        super().init_app(app)
        app.teardown_appcontext_funcs.remove(_close_async_sessions)

    def get_session(self, name: str = "default") -> Session:
        sessions: dict[str, Session] = g.setdefault("_sqlalchemy_sessions", {})
        if name not in sessions:
            info = {"web": True, **g.get("session_info", {})} if has_request_context() else {}
            sessions[name] = self.sessionmaker(bind=self.get_engine(name), info=info)
        return sessions[name]

    @property
    def session(self) -> Session:
        """The one that writes, or one that reads; public pages read where `trace.replica` says just now."""
        if not has_request_context() or request.method not in READING:
            return self.get_session("default")
        lent: Session | None = request.environ.get(LENT)
        if lent is not None:
            return lent
        chosen: Callable[[], str] | None = g.get("reads_from")
        return self.get_session(chosen() if chosen is not None else "read")


db = Database()


PATIENCE = {"connect_timeout": 3, "tcp_user_timeout": 10_000, "keepalives_idle": 30}
"""libpq's: a machine that has vanished is noticed in seconds, not after two minutes."""


def engine_options(url: str, replica_url: str | None = None) -> dict[str, dict[str, Any]]:
    """The engines, as Flask-SQLAlchemy-Lite takes them: one that writes, one that reads, and the replica's."""
    if url.startswith("sqlite"):
        shared: dict[str, Any] = {"url": url, "module": pysqlite3.dbapi2, "connect_args": {"timeout": 5}}
        return {"default": shared, "read": dict(shared)}
    shared = {"url": url, "pool_pre_ping": True, "connect_args": PATIENCE}
    reading = shared | {"execution_options": {"postgresql_readonly": True}}
    replica = {"replica": reading | {"url": replica_url}} if replica_url else {}
    return {"default": shared, "read": reading, **replica}


def prepare(engine: Engine, *, read_only: bool) -> Engine:
    """Give an engine its pragmas and the way its transactions begin."""
    if engine.dialect.name != "sqlite":
        return engine
    refuse_affected_sqlite(pysqlite3.dbapi2.sqlite_version_info)

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # NORMAL loses acknowledged commits at a power cut
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def refuse_affected_sqlite(version: tuple[int, ...]) -> None:
    if version < FIXED_SQLITE:
        raise StartRefused(f"SQLite {'.'.join(map(str, version))} can lose commits: install the locked pysqlite3.")


def open_engine(url: str, *, read_only: bool = False) -> Engine:
    """An engine outside any application, for commands and tests."""
    options = engine_options(url)["read" if read_only else "default"]
    return prepare(create_engine(**options), read_only=read_only)


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def newest_schema() -> str:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


def schema_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to a revision in one transaction, under a lock: a killed migration leaves the old or the new."""
    with _migrating(engine) as connection:
        _refuse_newer(connection)
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        yield connection


def _refuse_newer(connection: Connection) -> None:
    found = schema_of(connection)
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if found is not None and found not in known:
        raise StartRefused(f"The database has schema {found}, newer than this code: update the code first.")
