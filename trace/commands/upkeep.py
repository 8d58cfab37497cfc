"""`backup`, `restore`, `move`, `go-back`: the database in and out, each proved."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from .. import keyfiles
from ..db import db
from ..records import BackupKind
from ..service import settings
from ..standards.sealed import new_pair
from ..upkeep.backups import make_backup
from ..upkeep.copies import NotDone, Source
from ..upkeep.move import move
from ..upkeep.restore import Restored, restore
from ..upkeep.upgrade import go_back

PRIVATE_KEY = "TEMGOC_BACKUP_PRIVATE_KEY"
"""Given for the moment of a restore and never a setting: a server that opens its backups can be made to leak them."""


def own_source() -> Source:
    """This installation's database. Needs an application context."""
    found = settings()
    return Source.of(found, lambda version: keyfiles.read(found, keyfiles.stamp_key_name(version)))


@contextmanager
def told() -> Iterator[None]:
    """A refusal is one sentence and exit code 1, never a traceback."""
    try:
        yield
    except NotDone as refusal:
        raise click.ClickException(str(refusal)) from refusal


def let_go() -> None:
    """Close this process's own connections, so that the database can be put aside or held."""
    for name in db.engines:
        db.get_session(name).close()
    for engine in db.engines.values():
        engine.dispose()


@click.command("backup")
@with_appcontext
def backup_command() -> None:
    """Write one file with the database and all uploads, never keys, and prove it by a trial restore."""
    with told():
        session = db.get_session("default")
        made = make_backup(session, own_source(), settings(), BackupKind.ASKED, now=datetime.now(UTC))
        session.commit()
    click.echo(f"{made.path}  ({made.backup.size_bytes >> 10} kB, {made.backup.entries} entries, {made.took_s:.1f} s)")
    if made.backup.problem:
        raise click.ClickException(f"The trial restore failed: {made.backup.problem}")
    click.echo("Restored into a scratch database and found whole.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Set the database that is there aside, under a name with the time.")
@with_appcontext
def restore_command(file: Path, replace: bool) -> None:
    """Put a backup in service. Stop the service first; nothing that is there is deleted."""
    if replace:
        click.confirm(f"The database of {settings().public_url} is set aside for {file.name}. Go on?", abort=True)
    let_go()
    with told():
        done = restore(
            file, own_source(), now=datetime.now(UTC), replace=replace, private_key=os.environ.get(PRIVATE_KEY)
        )
    _tell_restored(done)


def _tell_restored(done: Restored) -> None:
    if done.set_aside:
        click.echo(f"What was there is now {done.set_aside}.")
    facts = done.manifest
    click.echo(f"Restored what was there at {done.made_at:%d/%m/%Y %H:%M} UTC, in {done.took_s:.1f} s. Proved by")
    click.echo(f"  {sum(facts.counts.values())} rows in {len(facts.counts)} tables,")
    click.echo(f"  {facts.entries} entries whose chain was computed anew,")
    click.echo(f"  a code of each of {len(facts.first_codes)} runs read with the keys that are here.")
    click.echo("Now run flask --app trace migrate, then start the service.")


@click.command("go-back")
@with_appcontext
def go_back_command() -> None:
    """Return to the snapshot made before the last migration; what is there now is set aside."""
    click.confirm("Everything entered since the last migration is set aside with the database. Go on?", abort=True)
    let_go()
    with told():
        snapshot, done = go_back(own_source(), settings(), now=datetime.now(UTC))
    click.echo(f"Went back to {snapshot.name}.")
    _tell_restored(done)


@click.command("move")
@click.option("--to", "url", required=True, help="postgresql+psycopg://user@host/name or sqlite:////path/to/file")
@with_appcontext
def move_command(url: str) -> None:
    """Copy everything to an empty database of either engine, prove it, and mark this one as moved."""
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    let_go()
    source = own_source()
    with told():
        done = move(source, source.at(url), now=datetime.now(UTC), progress=_show_progress)
    click.echo(
        f"\n{done.rows} rows moved to {done.to} and compared one by one; {done.entries} entries, their chain whole."
    )
    click.echo("This database serves nothing any more. Set TEMGOC_DATABASE_URL to the new one and start the service.")


def _show_progress(table: str, rows: int) -> None:
    if sys.stdout.isatty():
        click.echo(f"\r\033[K{table}: {rows}", nl=False)
    else:
        click.echo(f"{table}: {rows}")


@click.command("backup-key")
def backup_key_command() -> None:
    """Make a pair of keys for sealed backups. Keep the private one elsewhere; the server needs only the public one."""
    private, public = new_pair()
    click.echo(f"TEMGOC_BACKUP_KEY={public}    for the server's settings")
    click.echo(f"{PRIVATE_KEY}={private}    on paper or in a safe, for the day of a restore")


COMMANDS = (backup_command, restore_command, go_back_command, move_command, backup_key_command)
