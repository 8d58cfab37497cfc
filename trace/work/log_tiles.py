"""Where the published tree is kept: a row a tile, as wide as it is by now (C2SP tlog-tiles)."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from ..records import LogTile
from ..standards.tlog import Tile

BUNDLES = -1
"""The level under which bundles of entries are kept."""


def tile_reader(session: Session, shard: int) -> Callable[[str], bytes | None]:
    """Content of a tile by its path, as the standard names it; a narrower one is cut from what is kept."""

    def read(path: str) -> bytes | None:
        tile = Tile.parse(path)
        if tile is None:
            return None
        kept = session.get(LogTile, (shard, BUNDLES if tile.level is None else tile.level, tile.index))
        if kept is None or kept.width < tile.width:
            return None
        return _bundle_start(kept.content, tile.width) if tile.level is None else kept.content[: tile.width * 32]

    return read


def _bundle_start(content: bytes, entries: int) -> bytes:
    """The first entries of a bundle: each is two bytes of length and its bytes."""
    end = 0
    for _ in range(entries):
        end += 2 + int.from_bytes(content[end : end + 2], "big")
    return content[:end]


def keep_all(session: Session, shard: int, tiles: Iterable[tuple[str, bytes]]) -> None:
    """Write tiles as they come, so that memory holds a few, however many entries they are made of."""
    for path, content in tiles:
        row = _keep(session, shard, path, content)
        session.flush()
        session.expunge(row)


def _keep(session: Session, shard: int, path: str, content: bytes) -> LogTile:
    tile = Tile.parse(path)
    assert tile is not None
    key = (shard, BUNDLES if tile.level is None else tile.level, tile.index)
    kept = session.get(LogTile, key)
    if kept is None:
        kept = LogTile(shard=key[0], level=key[1], position=key[2])
        session.add(kept)
    kept.width, kept.content = tile.width, content
    return kept
