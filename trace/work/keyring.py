"""The stamp keys put together from their two halves: a file each, and a salt each in the database."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Deployment, StampKey
from ..standards.codes import CodeBook, Place, derive_key, version_of
from .refused import Refused


@dataclass(frozen=True, slots=True)
class PinFiles:
    """The file halves of the PIN keys, of which there is none until somebody prints PINs: looked for when needed."""

    read: Callable[[int], bytes]
    make: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Keyring:
    books: dict[int, CodeBook]
    minting: int | None
    """The version that new runs use; None when every key is retired."""
    leaked: frozenset[int]
    pin_files: PinFiles
    absent: frozenset[int] = frozenset()
    """Versions made on another machine whose file has not been copied to this one yet."""

    def lacks(self, text: str) -> bool:
        """Whether this is a code whose key only another machine has: nothing can be said about it here."""
        try:
            return bool(self.absent) and version_of(text) in self.absent
        except ValueError:
            return False

    def book(self, version: int) -> CodeBook:
        return self.books[version]

    def read(self, text: str) -> Place | None:
        """Where a code points: decided by arithmetic alone, without a look at the database."""
        try:
            book = self.books.get(version_of(text))
        except ValueError:
            return None
        return book.read(text) if book else None

    def minting_book(self) -> CodeBook:
        if self.minting is None:
            raise Refused("Every stamp key is retired: the operator makes a new one before stamps can be issued.")
        return self.books[self.minting]


States = dict[int, tuple[bool, bool]]


def states(session: Session) -> States:
    """Each version with whether it is retired and whether it has leaked: what a keyring must be made anew for."""
    rows = session.execute(select(StampKey.version, StampKey.retired_at, StampKey.leaked_at))
    return {version: (retired is not None, leaked is not None) for version, retired, leaked in rows}


def load(session: Session, secret_of: Callable[[int], bytes], pin_files: PinFiles) -> Keyring:
    """`secret_of` reads the file half of a version."""
    deployment = session.get_one(Deployment, 1)
    rows = session.scalars(select(StampKey).order_by(StampKey.version)).all()
    books = {
        row.version: CodeBook(row.version, derive_key(secret_of(row.version), row.salt, row.version), deployment.name)
        for row in rows
    }
    fresh = [row.version for row in rows if row.retired_at is None and row.leaked_at is None]
    leaked = frozenset(row.version for row in rows if row.leaked_at is not None)
    return Keyring(books=books, minting=max(fresh, default=None), leaked=leaked, pin_files=pin_files)
