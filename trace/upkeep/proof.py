"""What proves that a copy is whole: counts, the entries' chain computed anew, and a code of each run read again."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.orm import Session

from ..accounts import tables as account_tables
from ..db import schema_of
from ..records import Base, Deployment, Entry, Run
from ..work.history import START_OF_CHAIN, chain_after, leaf_hash
from ..work.keyring import Keyring, load

SecretOf = Callable[[int], bytes]
"""Reads the file half of a stamp key by its version."""

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
    """Parents before children."""
    return list(Base.metadata.sorted_tables)


def manifest_of(connection: Connection, secret_of: SecretOf) -> Manifest:
    """Read within the caller's transaction, so that everything is of one moment."""
    counts = {table.name: _count(connection, table) for table in all_tables()}
    newest = connection.execute(select(Entry.chain_hash).order_by(Entry.index.desc()).limit(1)).scalar()
    with Session(bind=connection) as session:
        deployment = session.get_one(Deployment, 1).name
        first_codes = _first_codes(session, load(session, secret_of))
    return Manifest(
        schema=schema_of(connection) or "",
        deployment=deployment,
        counts=counts,
        entries=counts["entry"],
        chain=(newest or START_OF_CHAIN).hex(),
        first_codes=first_codes,
    )


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _first_codes(session: Session, keyring: Keyring) -> dict[str, str]:
    rows = session.execute(select(Run.number, Run.key_version)).all()
    return {str(number): _digest(keyring.book(version).code(number, 0)) for number, version in rows}


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def problems_of(connection: Connection, wanted: Manifest, secret_of: SecretOf) -> list[str]:
    """What a copy lacks of what the manifest says; nothing when it is whole."""
    found = []
    if schema_of(connection) != wanted.schema:
        return [f"The schema is {schema_of(connection)}, not {wanted.schema}."]
    for table in all_tables():
        count = _count(connection, table)
        if count != wanted.counts.get(table.name, 0):
            found.append(f"{table.name} has {count} rows instead of {wanted.counts.get(table.name, 0)}.")
    return found + _chain_problems(connection, wanted) + _code_problems(connection, wanted, secret_of)


def _chain_problems(connection: Connection, wanted: Manifest) -> list[str]:
    """Every leaf and link computed from the bytes alone."""
    chain, expected = START_OF_CHAIN, 0
    rows = select(Entry.index, Entry.body, Entry.leaf_hash, Entry.chain_hash).order_by(Entry.index)
    for index, body, leaf, link in connection.execution_options(yield_per=1000).execute(rows):
        chain = chain_after(chain, leaf_hash(body))
        if index != expected or leaf_hash(body) != leaf or chain != link:
            return [f"The chain of entries breaks at {expected}."]
        expected += 1
    if chain.hex() != wanted.chain:
        return [f"The chain of entries ends otherwise than when the copy was made, after {expected} entries."]
    return []


def _code_problems(connection: Connection, wanted: Manifest, secret_of: SecretOf) -> list[str]:
    """A known code of each run must be given and read again: the proof that both halves of its key are here."""
    with Session(bind=connection) as session:
        keyring = load(session, secret_of)
        rows = session.execute(select(Run.number, Run.key_version)).all()
    found = []
    for number, version in rows:
        code = keyring.book(version).code(number, 0)
        place = keyring.read(code)
        if _digest(code) != wanted.first_codes.get(str(number)) or place is None or place.run != number:
            found.append(f"The codes of run {number} are not what was printed: a key or its salt is another one.")
    return found
