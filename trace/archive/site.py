"""The whole archive: every public page, photo, link and log tile, made anew only where something changed."""

from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Cooperative, LogCheckpoint
from ..settings import ROOT
from ..standards.tlog import tiles_of_tree
from ..work.keyring import Keyring
from ..work.log import current_shard, newest_checkpoint
from ..work.log_tiles import tile_reader
from ..work.public_pages import every_cooperative
from .cooperatives import write_cooperative
from .folder import Folder
from .making import Making
from .pages import Pages, Progress
from .stamps import write_stamps

FILES = ("icons/mark.svg", "archive/archive.js")


def make_archive(
    app: Flask, session: Session, keyring: Keyring, out: Path, *, today: date, root: str, progress: Progress
) -> Folder:
    """Write or refresh the archive in `out`. Needs an application context; killed at any time, a next call goes on."""
    folder = Folder(out)
    making = Making(app, session, folder, Pages(app, session, folder), today, root, progress)
    registry = app.extensions["temgoc"]["registry"]
    registry.forget()  # pages that were rendered for visitors do not say that they are an archive's
    app.jinja_env.globals["archived"] = today
    try:
        _write(making, keyring)
    finally:
        del app.jinja_env.globals["archived"]
        registry.forget()
    folder.tidy()
    return folder


def _write(making: Making, keyring: Keyring) -> None:
    known = every_cooperative(making.session)
    query = select(Cooperative).where(Cooperative.public_id.in_(known)).order_by(Cooperative.folded)
    cooperatives = making.session.scalars(query).all()
    _front(making, list(cooperatives))
    for place, cooperative in enumerate(cooperatives, start=1):
        write_cooperative(making, cooperative)
        making.progress("cooperatives", place, len(cooperatives))
    write_stamps(making.session, keyring, making.folder, making.progress)
    _log(making)


def _front(making: Making, cooperatives: list[Cooperative]) -> None:
    words = making.draw("archive/answers.html", cooperatives=cooperatives)
    for name in ("index.html", "404.html"):
        making.folder.write(name, words)
    for path in ("/privacy", "/recalls"):
        making.pages.save(path)
    for path in ("/recalls.atom", "/robots.txt", "/sitemap.xml"):
        making.pages.save_file(path)
    for name in FILES:
        making.folder.write(f"static/{name}", (ROOT / "static" / name).read_bytes())
    making.folder.write("README.txt", (ROOT / "static/archive/README.txt").read_bytes())


def _log(making: Making) -> None:
    """The published history as it was served: full tiles never change, the last of each level do."""
    for checkpoint in _newest_checkpoints(making.session):
        shard = checkpoint.shard
        read = tile_reader(making.session, shard)
        tiles = list(tiles_of_tree(checkpoint.size))
        for place, tile in enumerate(tiles, start=1):
            path = str(tile)
            content = read(path)
            if content is not None:
                making.folder.write(f"log/shard/{shard}/{path}", content)
            making.progress(f"log {shard}", place, len(tiles))
        making.folder.write(f"log/shard/{shard}/checkpoint", checkpoint.note)


def _newest_checkpoints(session: Session) -> list[LogCheckpoint]:
    found = (newest_checkpoint(session, shard) for shard in range(1, current_shard(session) + 1))
    return [checkpoint for checkpoint in found if checkpoint is not None]
