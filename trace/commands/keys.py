"""`keys`: the stamp keys and their copies."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from .. import keyfiles
from ..db import db
from ..records import Cooperative, PinKey, Run, StampKey
from ..service import settings
from ..upkeep.keys import fingerprint, from_papers, papers, shown
from ..work.actor import SERVICE
from ..work.backups import confirm_key_copy
from ..work.keys import retire_key, rotate_key
from ..work.refused import Refused
from .upkeep import told

group = AppGroup(
    "keys", help="List, rotate and retire the keys of stamps and PINs; prove and print copies of the key folder."
)


@group.command("list")
def list_command() -> None:
    """Every key version and its state; PIN keys only where PINs have been printed."""
    session = db.get_session("read")
    for key in session.scalars(select(StampKey).order_by(StampKey.version)):
        click.echo(_line(key, keyfiles.stamp_key_name(key.version), "mints new runs"))
    pins = session.scalars(select(PinKey).order_by(PinKey.version)).all()
    if pins:
        click.echo("PIN keys:")
    for pin_key in pins:
        click.echo(_line(pin_key, keyfiles.pin_key_name(pin_key.version), "makes new PINs"))


def _line(key: StampKey | PinKey, file: str, works: str) -> str:
    state = "leaked" if key.leaked_at else "retired, reads for ever" if key.retired_at else works
    here = "" if (settings().secrets / file).is_file() else "  ITS FILE IS MISSING"
    return f"{key.version:>2}  made {key.made_at:%d/%m/%Y}  {state}{here}"


@group.command("runs")
@click.argument("version", type=int)
def runs_command(version: int) -> None:
    """The runs made with a stamp key, and whose they are: whom to tell when it has leaked."""
    query = select(Run.label, Run.count, Run.created_at, Cooperative.name).where(Run.key_version == version)
    session = db.get_session("read")
    for label, count, made_at, name in session.execute(
        query.join(Cooperative, Cooperative.id == Run.cooperative_id).order_by(Run.id)
    ):
        click.echo(f"{label:<12} {count:>8}  made {made_at:%d/%m/%Y}  {name}")


PINS = click.option("--pins", is_flag=True, help="Of the PINs under scratch layers, not of the codes.")


@group.command("rotate")
@PINS
def rotate_command(*, pins: bool) -> None:
    """Make a new key for new runs, or new PINs; the ones before mint nothing more and read for ever."""
    if pins:
        _do(lambda session, now: rotate_key(session, PinKey, make_key=_pin_key, actor=SERVICE, now=now))
    else:
        _do(lambda session, now: rotate_key(session, StampKey, make_key=_stamp_key, actor=SERVICE, now=now))
    click.echo("Made. Restart the service, and copy the key folder again: flask --app trace keys fingerprint")


def _stamp_key(version: int) -> None:
    keyfiles.make(settings(), keyfiles.stamp_key_name(version))


def _pin_key(version: int) -> None:
    keyfiles.read_or_make(settings(), keyfiles.pin_key_name(version))


@group.command("retire")
@click.argument("version", type=int)
@click.option("--leaked", is_flag=True, help="Somebody else has it: its stamps say that they cannot be verified.")
@PINS
def retire_command(version: int, *, leaked: bool, pins: bool) -> None:
    """Let a key mint nothing more."""
    if leaked:
        losing = "will ask for no PIN any more" if pins else "will say that it cannot be verified any more"
        click.confirm(f"Every stamp of {'PIN ' if pins else ''}key {version} {losing}. Go on?", abort=True)
    if pins:
        _do(lambda session, now: retire_key(session, PinKey, version, leaked=leaked, actor=SERVICE, now=now))
    else:
        _do(lambda session, now: retire_key(session, StampKey, version, leaked=leaked, actor=SERVICE, now=now))
    click.echo(f"{'PIN key' if pins else 'Key'} {version} mints nothing more. Restart the service.")


@group.command("fingerprint")
@click.option("--folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A copy to look at.")
def fingerprint_command(folder: Path | None) -> None:
    """What `cat *.key | sha256sum` prints, in fours: type it on the operator's page or for `keys copied`."""
    click.echo(shown(fingerprint(folder or settings().secrets)))


@group.command("copied")
@click.option("--place", prompt="Where is the copy kept", help="In words, such as: safe in room 12.")
@click.option("--typed", prompt="The fingerprint that the copy shows")
def copied_command(place: str, typed: str) -> None:
    """Say that the key folder has been copied elsewhere, proved by the fingerprint read from the copy."""
    own = fingerprint(settings().secrets)
    _do(lambda session, now: confirm_key_copy(session, typed, place, fingerprint=own, actor=SERVICE, now=now))
    click.echo("Noted.")


@group.command("papers")
def papers_command() -> None:
    """Print the key folder as three papers, any two of which bring it back. Clear the screen afterwards."""
    with told():
        printed = papers(settings().secrets)
    today = datetime.now(UTC)
    for number, lines in enumerate(printed, 1):
        click.echo(f"\nTEM GỐC – KEYS OF {settings().public_url} – PAPER {number} OF 3 – {today:%d/%m/%Y}")
        click.echo("Any two of the three bring the keys back; one alone tells nothing. Keep them in three places.\n")
        for line in lines:
            click.echo(f"  {line}")
    click.echo(f"\nFingerprint: {shown(fingerprint(settings().secrets))}")


@group.command("from-papers")
@click.argument("one", type=click.File())
@click.argument("other", type=click.File())
@click.option("--into", required=True, type=click.Path(path_type=Path), help="An empty folder.")
def from_papers_command(one: TextIO, other: TextIO, into: Path) -> None:
    """Write the key folder from two papers typed into text files, a line each."""
    with told():
        done = from_papers(_lines(one), _lines(other), into)
    click.echo(f"{len(done.names)} keys are back in {into}. Fingerprint: {shown(done.fingerprint)}")


def _lines(file: TextIO) -> list[str]:
    """The lines of content: those that begin with their number."""
    return [line for line in file.read().splitlines() if line.strip()[:2].isdigit()]


def _do(act: Callable[[Session, datetime], object]) -> None:
    session = db.get_session("default")
    try:
        act(session, datetime.now(UTC))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    session.commit()
