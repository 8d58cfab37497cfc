"""Backups made, tried and kept: one file each, restored into a scratch database before it counts."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ..records import Backup, BackupKind
from ..settings import Settings
from .archive import Packed, digest_of, open_into, packed, settle
from .copies import NotDone, Source, connected, integrity_problems, load_into, scratch
from .proof import Manifest, problems_of

DAYS, WEEKS, MONTHS = 7, 5, 12
"""How many days, weeks and months keep their newest backup."""


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    backup: Backup
    took_s: float


def make_backup(session: Session, source: Source, settings: Settings, kind: BackupKind, *, now: datetime) -> Made:
    """Copy, try, keep and note: the row says whether the copy has been restored whole. Flushes. Raises `NotDone`.

    The trial reads the archive as it will be kept; where backups are sealed, as it is just before it is sealed, since
    this machine cannot open it again.
    """
    began = time.monotonic()
    folder, key = settings.backup_folder, settings.backup_key
    name = f"temgoc-{now:%Y%m%dT%H%M%S}Z-{kind.value}.tar.gz{'.sealed' if key else ''}"
    path = folder / name
    if path.exists():
        raise NotDone(f"{path} is there already.")
    try:
        with packed(source, folder, now) as archive:
            problems = try_restore(archive.path, source, folder)
            settle(archive.path, path, key)
            backup = _note(session, archive, path, kind, now=now, problems=problems)
    except OSError as full:
        raise NotDone(f"The backup could not be written to {folder}: {full.strerror}.") from full
    return Made(path, backup, time.monotonic() - began)


def _note(
    session: Session, archive: Packed, path: Path, kind: BackupKind, *, now: datetime, problems: list[str]
) -> Backup:
    backup = Backup(
        name=path.name,
        kind=kind,
        made_at=now,
        size_bytes=path.stat().st_size,
        sha256=digest_of(path),
        entries=archive.manifest.entries,
        proved_at=None if problems else now,
        problem=" ".join(problems) or None,
    )
    session.add(backup)
    session.flush()
    return backup


def try_restore(path: Path, source: Source, folder: Path, private_key: str | None = None) -> list[str]:
    """Restore a backup into a scratch database of the same engine; what was found wrong with it."""
    with TemporaryDirectory(dir=folder, prefix=".trying-") as inside:
        opened = open_into(path, Path(inside), private_key)
        with scratch(source, Path(inside)) as trial:
            try:
                load_into(trial, opened.copy)
            except NotDone as refusal:
                return [str(refusal)]
            return whole(trial, opened.manifest)


def whole(source: Source, manifest: Manifest) -> list[str]:
    """Everything that proves a restored database; empty when it is whole."""
    try:
        found = integrity_problems(source)
        with connected(source) as connection:
            return found + problems_of(connection, manifest, source.secret_of)
    except DBAPIError as broken:
        return [f"The copy cannot be read ({broken.orig})."]


def tidy(session: Session, settings: Settings, *, now: datetime) -> list[str]:
    """Remove the files that no day, week or month needs any more; their rows stay. Returns the removed names."""
    rows = session.scalars(select(Backup).where(Backup.removed_at.is_(None)).order_by(Backup.made_at)).all()
    by_moment = {row.made_at: row for row in rows if row.kind == BackupKind.SCHEDULED and row.proved_at}
    needed = kept(by_moment)
    failed = [row for row in rows if row.problem is not None][:-1]  # the newest failed one is kept to look at
    removed = [row for moment, row in by_moment.items() if moment not in needed] + failed
    for row in removed:
        (settings.backup_folder / row.name).unlink(missing_ok=True)
        row.removed_at = now
    session.flush()
    return [row.name for row in removed]


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """The newest of each of the last days, weeks and months that have any; the newest of all among them."""
    ordered = sorted(moments, reverse=True)
    found: set[datetime] = set()
    for most, period in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        newest: dict[tuple[int, ...], datetime] = {}
        for moment in ordered:
            newest.setdefault(period(moment), moment)
        found.update(list(newest.values())[:most])
    return found


def _day(moment: datetime) -> tuple[int, ...]:
    return moment.year, moment.month, moment.day


def _week(moment: datetime) -> tuple[int, ...]:
    return tuple(moment.isocalendar())[:2]


def _month(moment: datetime) -> tuple[int, ...]:
    return moment.year, moment.month
