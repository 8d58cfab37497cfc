"""What proves that a copy is whole: counts, the entries' chain computed anew, and a code of each run read again.

Only columns that every schema has had are read, so that a copy of an older schema is proved by newer code too.
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Table, column, func, inspect, select, table

from ..accounts import tables as account_tables
from ..db import schema_of
from ..records import Base
from ..standards.codes import CodeBook, derive_key
from ..work.history import START_OF_CHAIN, chain_after, leaf_hash

SecretOf = Callable[[int], bytes]
"""Reads the file half of a stamp key by its version."""

ENTRY = table("entry", column("index"), column("body"), column("leaf_hash"), column("chain_hash"))
RUN = table("run", column("number"), column("key_version"))
STAMP_KEY = table("stamp_key", column("version"), column("salt"))
DEPLOYMENT = table("deployment", column("name"))

assert account_tables.Person.__tablename__ in Base.metadata.tables  # every table is known here, sign-in's too


@dataclass(frozen=True, slots=True)
class Manifest:
    """Facts of a database at one moment. It holds no code: each run's first code stands as its SHA-256."""

    schema: str
    deployment: str
    counts: dict[str, int]
    entries: int
    chain: str
    first_codes: dict[str, str]
    """Run number → SHA-256 of the code of its first stamp."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> "Manifest":
        return cls(**{name: facts[name] for name in cls.__dataclass_fields__})


def all_tables() -> list[Table]:
    """The tables of this code, parents before children."""
    return list(Base.metadata.sorted_tables)


def manifest_of(connection: Connection, secret_of: SecretOf) -> Manifest:
    """Read within the caller's transaction, so that everything is of one moment."""
    counts = _counts(connection)
    newest = connection.execute(select(ENTRY.c.chain_hash).order_by(ENTRY.c.index.desc()).limit(1)).scalar()
    return Manifest(
        schema=schema_of(connection) or "",
        deployment=connection.execute(select(DEPLOYMENT.c.name)).scalar_one(),
        counts=counts,
        entries=counts["entry"],
        chain=bytes(newest or START_OF_CHAIN).hex(),
        first_codes={str(number): _digest(code) for number, code, _ in _first_codes(connection, secret_of)},
    )


def _counts(connection: Connection) -> dict[str, int]:
    names = inspect(connection).get_table_names()
    return {
        name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in sorted(names)
    }


def _first_codes(connection: Connection, secret_of: SecretOf) -> list[tuple[int, str, bool]]:
    """Each run's number, its first stamp's code, and whether that code reads back to it."""
    deployment = connection.execute(select(DEPLOYMENT.c.name)).scalar_one()
    books = {
        version: CodeBook(version, derive_key(secret_of(version), bytes(salt), version), deployment)
        for version, salt in connection.execute(select(STAMP_KEY.c.version, STAMP_KEY.c.salt))
    }
    found = []
    for number, version in connection.execute(select(RUN.c.number, RUN.c.key_version)):
        code = books[version].code(number, 0)
        place = books[version].read(code)
        found.append((number, code, place is not None and (place.run, place.index) == (number, 0)))
    return found


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def problems_of(connection: Connection, wanted: Manifest, secret_of: SecretOf) -> list[str]:
    """What a copy lacks of what the manifest says; nothing when it is whole."""
    if schema_of(connection) != wanted.schema:
        return [f"The schema is {schema_of(connection)}, not {wanted.schema}."]
    counts = _counts(connection)
    found = [
        f"{name} has {counts.get(name, 0)} rows instead of {count}."
        for name, count in wanted.counts.items()
        if counts.get(name, 0) != count
    ]
    return found + chain_problems(connection, wanted.chain) + _code_problems(connection, wanted, secret_of)


def chain_problems(connection: Connection, wanted: str) -> list[str]:
    """Every leaf and link computed from the bytes alone, to the end that is wanted (hexadecimal)."""
    chain, expected = START_OF_CHAIN, 0
    rows = select(ENTRY.c.index, ENTRY.c.body, ENTRY.c.leaf_hash, ENTRY.c.chain_hash).order_by(ENTRY.c.index)
    for index, body, leaf, link in connection.execute(rows.execution_options(yield_per=1000)):
        own = leaf_hash(bytes(body))
        chain = chain_after(chain, own)
        if index != expected or own != bytes(leaf) or chain != bytes(link):
            return [f"The chain of entries breaks at {expected}."]
        expected += 1
    if chain.hex() != wanted:
        return [f"The chain of entries ends otherwise than when the copy was made, after {expected} entries."]
    return []


def _code_problems(connection: Connection, wanted: Manifest, secret_of: SecretOf) -> list[str]:
    """A known code of each run must be given and read again: the proof that both halves of its key are here."""
    return [
        f"The codes of run {number} are not what was printed: a key or its salt is another one."
        for number, code, reads in _first_codes(connection, secret_of)
        if not reads or _digest(code) != wanted.first_codes.get(str(number))
    ]
