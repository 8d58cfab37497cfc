"""The tree as static files (C2SP tlog-tiles): 256 hashes or entries a tile, eight levels of the tree between tiles."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .merkle import HASH_BYTES, complete_root

WIDTH: Final = 256
LONGEST_ENTRY: Final = 65_535

_PATH: Final = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?")

Read = Callable[[str], bytes | None]
"""Gives the content of a path below the log's prefix, or None where there is no such file."""


class BadTile(ValueError):  # noqa: N818 – named for what it says, as `Refused` is
    """A tile or bundle that is missing or does not have the form its path promises."""


@dataclass(frozen=True, slots=True)
class Tile:
    """The address of one tile. `level` is None for a bundle of entries; `width` counts its hashes or entries."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """tile/0/x001/x234/067.p/112, below the log's prefix."""
        groups = [f"{self.index % 1000:03}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03}")
            rest //= 1000
        partial = f".p/{self.width}" if self.width < WIDTH else ""
        return f"tile/{'entries' if self.level is None else self.level}/{'/'.join(groups)}{partial}"

    @classmethod
    def parse(cls, path: str) -> "Tile | None":
        """Read a path, or return None if it is not exactly the path of a tile."""
        if len(path) > 100 or not (parts := _PATH.fullmatch(path)):
            return None
        level = None if parts[1] == "entries" else int(parts[1])
        tile = cls(level, int(re.sub("[x/]", "", parts[2])), int(parts[3] or WIDTH))
        return tile if tile.path == path and tile.width and (level or 0) <= 63 else None

    def in_tree(self, size: int) -> bool:
        """Tell whether a tree of this size is served with this tile."""
        return tile_of_tree(self.level, self.index, size) == self


def tile_of_tree(level: int | None, index: int, size: int) -> Tile | None:
    """Return the tile of a tree of `size` leaves at this place, as wide as it is then; None beyond the tree's edge."""
    width = (size >> 8 * (level or 0)) - index * WIDTH
    return Tile(level, index, min(width, WIDTH)) if width > 0 else None


def tiles_of_tree(size: int) -> Iterator[Tile]:
    """Yield every tile and bundle of a tree: the bundles, then the tiles level by level."""
    levels: list[int | None] = [None, *range(64)]
    for level in levels:
        count = size >> 8 * (level or 0)
        for index in range(-(-count // WIDTH)):
            yield Tile(level, index, min(count - index * WIDTH, WIDTH))
        if count == 0:
            return


def bundle(entries: Iterable[bytes]) -> bytes:
    """Return entries as one bundle: each behind its length in two bytes."""
    parts = bytearray()
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise ValueError(f"an entry has at most {LONGEST_ENTRY} bytes")
        parts += len(entry).to_bytes(2, "big") + entry
    return bytes(parts)


def unbundle(content: bytes) -> list[bytes]:
    """Return the entries of a bundle. Raise BadTile if it ends within one."""
    entries, start = [], 0
    while start < len(content):
        end = start + 2 + int.from_bytes(content[start : start + 2], "big")
        if end > len(content) or start + 2 > len(content):
            raise BadTile("the bundle ends within an entry")
        entries.append(content[start + 2 : end])
        start = end
    return entries


def read_entries(read: Read, index: int, size: int) -> list[bytes]:
    """Return the entries of bundle `index` in a tree of `size` leaves. Raise BadTile."""
    tile = tile_of_tree(None, index, size)
    if tile is None:
        raise BadTile(f"no bundle {index} in a tree of {size}")
    entries = unbundle(_content(read, tile))
    if len(entries) < tile.width:
        raise BadTile(f"{tile.path} holds {len(entries)} entries")
    return entries[: tile.width]


def read_hashes(read: Read, level: int, index: int, size: int) -> list[bytes]:
    """Return the hashes of a tile in a tree of `size` leaves. Raise BadTile."""
    tile = tile_of_tree(level, index, size)
    if tile is None:
        raise BadTile(f"no tile {index} at level {level} in a tree of {size}")
    content = _content(read, tile)
    if len(content) < tile.width * HASH_BYTES or len(content) % HASH_BYTES:
        raise BadTile(f"{tile.path} holds {len(content)} bytes")
    return [content[start : start + HASH_BYTES] for start in range(0, tile.width * HASH_BYTES, HASH_BYTES)]


def _content(read: Read, tile: Tile) -> bytes:
    content = read(tile.path)
    if content is None and tile.width < WIDTH:
        # A log may drop a partial tile once the full one is there.
        content = read(Tile(tile.level, tile.index).path)
    if content is None:
        raise BadTile(f"{tile.path} is missing")
    return content


class HashReader:
    """The hashes of complete subtrees, read from the tiles of a tree of one size: what proofs are made of.

    It trusts the tiles. Whoever makes a proof with it should check the proof against the signed root.
    """

    def __init__(self, size: int, read: Read) -> None:
        self._size = size
        self._hashes = lru_cache(maxsize=64)(lambda level, index: read_hashes(read, level, index, size))

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of the subtree of height `level` that begins at leaf `index << level`."""
        height = level % 8
        tile, first = divmod(index << height, WIDTH)
        hashes = self._hashes(level // 8, tile)[first : first + (1 << height)]
        if len(hashes) != 1 << height:
            raise BadTile(f"no complete subtree {index} of height {level} in a tree of {self._size}")
        return complete_root(hashes)
