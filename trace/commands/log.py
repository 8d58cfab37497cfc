"""`log`: publish the history, recompute it, show its key, cosign another log's checkpoint, begin a next shard."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup, with_appcontext

from .. import logkeys
from ..db import db
from ..service import settings
from ..work.actor import SERVICE
from ..work.history import record
from ..work.log import Forked, current_shard, open_next_shard, origin, publish
from ..work.log_check import differences, hold_still

log_group = AppGroup("log", help="The published history.")


def publish_now() -> int | None:
    """Bring every entry under a signed checkpoint; the new size, or None where nothing was new. Raises `Forked`."""
    session = db.get_session("default")
    size = None
    while row := publish(session, logkeys.publisher(settings()), now=datetime.now(UTC)):
        size = row.size
        session.commit()
    session.commit()
    return size


@log_group.command("publish")
@with_appcontext
def publish_command() -> None:
    """Sign a checkpoint over all entries, if there are new ones."""
    try:
        size = publish_now()
    except Forked as fork:
        raise click.ClickException(str(fork)) from fork
    click.echo("Nothing is new." if size is None else f"{size} entries stand under a signed checkpoint.")


@log_group.command("key")
@with_appcontext
def key_command() -> None:
    """Print the log's public key, for auditors to keep."""
    session = db.get_session("read")
    name = origin(session, current_shard(session))
    click.echo(logkeys.signer(settings(), name).verifier().vkey)


@log_group.command("verify")
@with_appcontext
def verify_command() -> None:
    """Recompute everything from rows and tiles; exit 1 and name what differs first."""
    session = db.get_session("read")
    hold_still(session)
    name = origin(session, current_shard(session))
    found = list(differences(session, logkeys.signer(settings(), name).verifier()))
    for difference in found:
        click.echo(difference, err=True)
    if found:
        raise click.exceptions.Exit(1)
    click.echo("The whole history holds.")


@log_group.command("open-shard")
@click.option("--reason", required=True, help="Why the old log cannot go on; it stands in the new one.")
@click.confirmation_option(prompt="The old log ends here for good. Go on?")
@with_appcontext
def open_shard_command(reason: str) -> None:
    """Begin the next log after a restore that lost signed entries; its history names the old one."""
    session, now = db.get_session("default"), datetime.now(UTC)
    publisher = logkeys.publisher(settings())
    old = publisher.last()
    facts = {"reason": reason, "old_size": old.size if old else 0, "old_root": old.root.hex() if old else ""}
    record(
        session, "log.shard_opened", _Log(origin(session, current_shard(session))), actor=SERVICE, now=now, facts=facts
    )
    session.commit()
    row = open_next_shard(session, publisher, now=now)
    shard, size = row.shard, row.size
    session.commit()
    click.echo(f"Log {shard} is open with {size} entries. Tell the auditors: its key is the same, its name is new.")


class _Log:
    """The log has no row of its own: its name stands in the entry."""

    __tablename__ = "log"

    def __init__(self, name: str) -> None:
        self.public_id = name[-24:]
