"""What keeps a process from starting, beyond its settings: disks, folders and databases, each told in one sentence."""

import stat
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from .accounts.tables import Person
from .db import newest_schema, open_engine, schema_of
from .keyfiles import DEMO_MARK
from .records import Deployment
from .settings import Settings, StartRefused

NETWORK_DISKS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "ncpfs", "davfs", "virtiofs"}
    | {"fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.davfs2", "fuse.juicefs", "beegfs"}
)
"""SQLite's WAL needs memory shared through the file, which these do not give (sqlite.org/wal.html, 2.2)."""
MOUNTS = Path("/proc/mounts")


def refuse_unsafe(settings: Settings) -> None:
    """Before the database is touched: production's disk and secrets."""
    if settings.demo:
        return
    if settings.sqlite_path is not None:
        refuse_network_disk(settings.sqlite_path, MOUNTS.read_text() if MOUNTS.exists() else "")
    refuse_open_secrets(settings.secrets)


def refuse_network_disk(database: Path, mounts: str) -> None:
    kind = disk_of(database, mounts)
    if kind in NETWORK_DISKS:
        raise StartRefused(
            f"The database {database} lies on a network disk ({kind}), where SQLite can lose data: "
            "move it to a disk of this machine, or use PostgreSQL."
        )


def disk_of(path: Path, mounts: str) -> str | None:
    """The kind of file system a path lies on, from the text of /proc/mounts; None when it cannot be told."""
    best, kind = -1, None
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        place = Path(fields[1].encode().decode("unicode_escape"))
        if path.resolve().is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), fields[2]
    return kind


def refuse_open_secrets(folder: Path) -> None:
    """Every file of secrets, not only those read at once: a key read months later must not be the first to complain."""
    if not folder.is_dir():
        return
    if folder.stat().st_mode & (stat.S_IWGRP | stat.S_IRWXO):
        raise StartRefused(f"The folder of secrets {folder} is open to others: run chmod 0700 on it.")
    for path in sorted(folder.glob("*.key")):
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise StartRefused(f"The secret {path} can be read by others: run chmod 0400 on it.")
        if path.read_text().startswith(DEMO_MARK):
            raise StartRefused(f"The secret {path} is a demonstration's: production needs secrets of its own.")


def refuse_demo_people(engine: Engine) -> None:
    """Their password is in the source."""
    with engine.connect() as connection:
        if connection.execute(select(Person.id).where(Person.demo).limit(1)).first() is not None:
            raise StartRefused("The database holds demonstration accounts: production starts with an empty database.")


def refuse_other_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        found, wanted = schema_of(connection), newest_schema()
    if found != wanted:
        raise StartRefused(
            f"The database has schema {found or 'none'}, this code needs {wanted}: run flask --app trace migrate, "
            "or start the code that fits the database."
        )


def refuse_moved(engine: Engine) -> None:
    """Two databases that both go on would each give what the other has given."""
    with engine.connect() as connection:
        to = connection.execute(select(Deployment.moved_to)).scalar()
    if to is not None:
        raise StartRefused(f"This database has been moved to {to}: set TEMGOC_DATABASE_URL to it.")


def check(settings: Settings) -> None:
    """All of it, for a process that serves an existing database."""
    refuse_unsafe(settings)
    try:
        _check_database(settings, settings.database_url)
    except OperationalError:
        if settings.replica_url is None:
            raise StartRefused("The database does not answer: start it, or correct TEMGOC_DATABASE_URL.") from None
        _check_database(settings, settings.replica_url)  # the primary is away: public pages are served all the same


def _check_database(settings: Settings, url: str) -> None:
    engine = open_engine(url, read_only=True)
    try:
        refuse_other_schema(engine)
        refuse_moved(engine)
        if not settings.demo:
            refuse_demo_people(engine)
    finally:
        engine.dispose()
