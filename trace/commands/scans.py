"""`fold-scans`: what the worker does each night. `simulate-clones`: how well copies are found, as a table."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from ..db import db
from ..work.clone_trial import run_trial, table
from ..work.days import day_of
from ..work.folding import fold
from ..work.forgetting import forget_contacts


def fold_now(now: datetime) -> str:
    """Fold, destroy, forget, in one transaction; says what was done. Needs an application context."""
    session = db.get_session("default")
    done = fold(session, today=day_of(now), now=now)
    forgotten = forget_contacts(session, now=now)
    session.commit()
    return (
        f"{done.scans} scans folded into {done.days} days; {done.salts} salts destroyed; "
        f"norms of {done.products} products; {forgotten} contacts forgotten."
    )


@click.command("fold-scans")
@with_appcontext
def fold_command() -> None:
    """Fold single scans older than four weeks into daily counts, and destroy what may not be kept."""
    click.echo(fold_now(datetime.now(UTC)))


@click.command("simulate-clones")
@click.option("--seed", default=1, show_default=True)
@click.option("--genuine", default=100_000, show_default=True, help="Honest stamps in each trial.")
@click.option("--copied", default=250, show_default=True, help="Copied stamps in each class.")
def simulate_command(seed: int, genuine: int, copied: int) -> None:
    """Find copied stamps among honest ones: recall within 7 days and false alarms, at 5, 20 and 50 % scanned."""
    shares = (0.05, 0.2, 0.5)
    click.echo(table([run_trial(share, seed=seed, genuine=genuine, copied_each=copied) for share in shares]))
