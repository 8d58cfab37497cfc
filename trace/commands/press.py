"""`press`: the process that makes print files. The worker starts it, and starts it again should it end."""

import os
import signal
import socket
import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from .. import logs
from ..db import db
from ..service import load_keyring, settings
from ..start import check
from ..upkeep.press import Press
from ..upkeep.sending import Sender
from ..work.print_making import warm_up
from .children import die_with_parent

LOOKS_EVERY_S = 0.2
"""A question that only reads, answered from an index: so small a print is made as soon as it is asked for."""


def own_press() -> Press:
    """Needs an application context."""
    opened = db.sessionmaker
    return Press(
        name=f"{socket.gethostname()[:40]}:{os.getpid()}",
        folder=settings().print_folder,
        keyring=partial(load_keyring, settings=settings()),
        write=partial(opened, bind=db.get_engine("default")),
        read=partial(opened, bind=db.get_engine("read")),
        now=lambda: datetime.now(UTC),
        keep=timedelta(days=settings().prints_kept_days),
    )


@click.command("press")
@click.option("--once", is_flag=True, help="Make what waits, and end.")
@click.option("--of", type=int, help="The process to end with.")
@with_appcontext
def press_command(once: bool, of: int | None) -> None:
    """Make print files; several presses share the jobs by leases."""
    if of is not None:
        die_with_parent()
        if os.getppid() != of:
            return  # it ended before we could ask for its end
    logs.configure(settings())
    check(settings())
    press = own_press()
    _stop_when_asked(press.stop)
    sender = Sender(press) if settings().raw_printing else None
    if not once:
        warm_up()
    while not press.stop.is_set():
        try:
            made = press.make_waiting()
            if sender:
                sender.look()
        except OperationalError as away:
            made = 0
            logs.log.warning("the database is away", exc_info=away)
            press.stop.wait(2)
        if once:
            if sender:
                sender.wait()
            click.echo(f"Made: {made}.")
            return
        press.stop.wait(LOOKS_EVERY_S)


def _stop_when_asked(asked: threading.Event) -> None:
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: asked.set())
