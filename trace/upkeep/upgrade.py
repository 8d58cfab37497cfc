"""A new schema: a snapshot first, a trial on a copy, then the migration; and the one way back."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from ..db import migrate, newest_schema, open_engine, schema_of
from ..settings import Settings
from .archive import open_into, packed, settle
from .copies import NotDone, Source, integrity_problems, load_into, scratch
from .restore import Restored, restore
from .schemas import known_schemas

Say = Callable[[str], None]
SNAPSHOT = "before-schema-"


def waiting(engine: Engine) -> str | None:
    """The older schema an existing database is still on; None when there is nothing to do, or nobody knows it."""
    with engine.connect() as connection:
        found = schema_of(connection)
    return found if found in known_schemas()[:-1] else None


def upgrade(source: Source, settings: Settings, *, now: datetime, say: Say) -> Path | None:
    """Bring the schema up to date. An existing database is copied first and the copy migrated on trial.

    Returns the snapshot's path; None where none was needed. Raises `NotDone` when the trial fails: nothing has changed
    then.
    """
    engine = open_engine(source.url)
    try:
        old = waiting(engine)
        if old is None:
            migrate(engine)  # a new database, nothing to do, or a newer schema, which is refused in words
            return None
        say(f"Schema {old} becomes {newest_schema()}: a snapshot first, then a trial on a copy of it.")
        snapshot = _snapshot(source, settings, old, now)
        try_on_copy(snapshot, source, settings.backup_folder)
        migrate(engine)
        say(f"Done. The way back: flask --app trace go-back ({snapshot.name}).")
        return snapshot
    finally:
        engine.dispose()


def _snapshot(source: Source, settings: Settings, old: str, now: datetime) -> Path:
    """Never sealed: whoever goes back stands before this machine, at night, without the other key."""
    folder = settings.backup_folder
    path = folder / f"{SNAPSHOT}{newest_schema()}-from-{old}-{now:%Y%m%dT%H%M%S}Z.tar.gz"
    with packed(source, folder, now) as archive:
        settle(archive.path, path, None)
    return path


def try_on_copy(snapshot: Path, source: Source, folder: Path) -> None:
    with TemporaryDirectory(dir=folder, prefix=".trying-") as inside:
        opened = open_into(snapshot, Path(inside))
        with scratch(source, Path(inside)) as trial:
            load_into(trial, opened.copy)
            engine = open_engine(trial.url)
            try:
                migrate(engine)
            except Exception as error:
                raise NotDone(f"The migration failed on a copy ({error}); the database itself is untouched.") from error
            finally:
                engine.dispose()
            problems = integrity_problems(trial)
    if problems:
        raise NotDone(f"The migrated copy is not whole ({' '.join(problems)}); the database itself is untouched.")


def go_back(source: Source, settings: Settings, *, now: datetime) -> tuple[Path, Restored]:
    """Return to the newest snapshot made before a migration; what is there now is set aside."""
    snapshots = sorted(settings.backup_folder.glob(f"{SNAPSHOT}*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not snapshots:
        raise NotDone(f"There is no snapshot in {settings.backup_folder}.")
    return snapshots[-1], restore(snapshots[-1], source, now=now, replace=True)
