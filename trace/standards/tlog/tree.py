"""Growing a log: entries go in, finished tiles come out, and memory holds only the tree's right edge."""

from collections.abc import Iterable, Iterator

from .merkle import complete_root, join_peaks, leaf_hash
from .tiles import LONGEST_ENTRY, WIDTH, Read, Tile, bundle, read_entries, read_hashes, tile_of_tree


class Tree:
    """The right edge of a tiled tree: the unfinished tile of each level and the entries of the unfinished bundle."""

    def __init__(self) -> None:
        self.size = 0
        self._entries: list[bytes] = []
        self._levels: list[list[bytes]] = [[]]

    @classmethod
    def resume(cls, size: int, read: Read) -> "Tree":
        """Take up a tree of `size` leaves from its tiles. Raise BadTile where they are missing or misshapen.

        Compare `root()` with the signed one before going on: tiles are files, and files can be changed.
        """
        tree = cls()
        tree.size = size
        if size % WIDTH:
            tree._entries = read_entries(read, size // WIDTH, size)
        level = 0
        while size >> 8 * level:
            count = size >> 8 * level
            tree._levels[level:] = [read_hashes(read, level, count // WIDTH, size) if count % WIDTH else []]
            level += 1
        return tree

    def add(self, entries: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
        """Append entries; yield path and content of every tile and bundle that became full on the way.

        The entries go in as the iterator is drawn. Raise ValueError at an entry above 65,535 bytes.
        """
        for entry in entries:
            if len(entry) > LONGEST_ENTRY:
                raise ValueError(f"an entry has at most {LONGEST_ENTRY} bytes")
            self._entries.append(entry)
            self._levels[0].append(leaf_hash(entry))
            self.size += 1
            if self.size % WIDTH == 0:
                yield from self._full()

    def _full(self) -> list[tuple[str, bytes]]:
        """Take out the bundle and the tiles that the last entry filled."""
        full = [(Tile(None, self.size // WIDTH - 1).path, bundle(self._entries))]
        self._entries = []
        level = 0
        while len(hashes := self._levels[level]) == WIDTH:
            full.append((Tile(level, (self.size >> 8 * (level + 1)) - 1).path, b"".join(hashes)))
            self._levels[level] = []
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(complete_root(hashes))
        return full

    def edges(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of the partial tiles and bundle: to be written before a checkpoint of this size."""
        if (tile := tile_of_tree(None, self.size // WIDTH, self.size)) is not None:
            yield tile.path, bundle(self._entries)
        for level, hashes in enumerate(self._levels):
            index = (self.size >> 8 * level) // WIDTH
            if hashes:
                yield Tile(level, index, len(hashes)).path, b"".join(hashes)

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        return join_peaks([peak for hashes in reversed(self._levels) for peak in _peaks(hashes)])


def _peaks(hashes: list[bytes]) -> Iterator[bytes]:
    """Yield the roots of the complete subtrees over one level's unfinished tile, largest first."""
    start = 0
    for height in reversed(range(8)):
        if len(hashes) >> height & 1:
            yield complete_root(hashes[start : start + (1 << height)])
            start += 1 << height
