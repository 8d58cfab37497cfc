"""`archive`: the whole of the public pages as files, for the day when nobody runs the service any more."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from ..archive import make_archive
from ..db import db
from ..service import keyring, settings
from ..work.days import day_of


@click.command("archive")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write.")
@with_appcontext
def archive_command(out: Path) -> None:
    """Write or refresh a static site of every public page. Stopped at any time, a next call goes on."""
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined] # the proxy's own method
    began, told = time.monotonic(), {"at": 0.0}

    def progress(what: str, done: int, of: int) -> None:
        if time.monotonic() - told["at"] > 1 or done == of:
            told["at"] = time.monotonic()
            click.echo(f"\r{what}: {done:,} of {of:,}   ", nl=done == of, err=True)

    folder = make_archive(
        app,
        db.get_session("read"),
        keyring(),
        out,
        today=day_of(datetime.now(UTC)),
        root=settings().public_url,
        progress=progress,
    )
    click.echo(f"{folder.written:,} files written in {time.monotonic() - began:.0f} s: {out}")
    click.echo("How to hand it over with the domain: README.txt in that folder.")
