"""The history: every change of business data appends one entry, in the transaction of the change.

`record` keeps the line until the transaction commits; only then is the index taken, under a lock taken last, so that
indices follow commit order without holding everybody up (a sequence would leave gaps and run ahead of commits).
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, event, func, insert, inspect, select, text
from sqlalchemy.orm import Session

from ..records import Base, Cooperative, Entry, EntrySecret
from ..standards.canonical_json import canonical, commitment
from .actor import Actor

ENTRY_LOCK = 0x656E_7472  # any number of our own; "entr"
START_OF_CHAIN = bytes(32)
NEVER = frozenset(
    {
        "id",
        "public_id",
        "folded",
        "invoice_folded",
        "seller_folded",
        "created_at",
        "personal_number",
        "cooperative_id",
        "content",
    }
)
"""Keys of ours, what is folded for searching, and the personal number, which enters nothing."""
PRIVATE: Mapping[str, frozenset[str]] = {
    "cooperative": frozenset({"contact_name", "phone", "email", "zalo_phone"}),
    "grower": frozenset({"name", "phone", "note"}),
    "plot": frozenset({"name", "latitude_e6", "longitude_e6", "outline"}),
    "upload": frozenset({"name"}),
    "visit": frozenset({"purpose", "result_note"}),
    "finding": frozenset({"text"}),
    "buyer": frozenset({"name", "phone", "place"}),
    "trademark_consent": frozenset({"holder"}),
    "internal_audit": frozenset({"led_by", "summary"}),
    "internal_finding": frozenset({"text", "action", "done"}),
    "import_sheet": frozenset({"name", "sheets"}),
    "hand_over": frozenset({"note"}),
    "stamp_order": frozenset({"note"}),
    "diary_entry": frozenset({"done_by", "note"}),
    "programme_unit": frozenset({"contact_name", "phone"}),
    "advice": frozenset({"given_by"}),
    "campaign_letter": frozenset({"note"}),
    "enrolment": frozenset({"plan", "consultant", "late_reason"}),
    "enrolment_step": frozenset({"note"}),
    "enrolment_document": frozenset({"name"}),
    "support_cost": frozenset({"seller", "reason"}),
    "person": frozenset({"name", "email", "phone"}),
}
"""Columns that are, or may be, about a person: they stand in entries only as salted commitments."""

Rows = list[dict[str, Any]]

# Statements of the core made once: every change in the house passes here, the next one waiting for it.
_ENTRY: Final = Entry.metadata.tables["entry"]
_NEWEST: Final = select(_ENTRY.c.index, _ENTRY.c.chain_hash).order_by(_ENTRY.c.index.desc()).limit(1)
_BEFORE: Final = select(func.max(_ENTRY.c.index)).where(_ENTRY.c.subject == bindparam("subject"))
_INSERT: Final = insert(_ENTRY)
_INSERT_SECRET: Final = insert(EntrySecret.metadata.tables["entry_secret"])


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    subject_kind: str
    subject: str
    cooperative_id: int | None
    actor: Actor
    at: datetime
    facts: Mapping[str, Any]
    private: Mapping[str, Any]
    whole: bool
    """The facts are the subject's whole row: `log_rows` compares the two."""


def record(
    session: Session,
    kind: str,
    subject: Any,
    *,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
    cooperative_id: int | None = None,
) -> None:
    """Append one entry about `subject` (a record with a public id) when this transaction commits.

    `facts` are plain JSON values without floats and without personal data; `private` is committed to, not shown.
    Left out, both come from the subject's own columns (`snapshot`).
    """
    whole = facts is None
    if facts is None:
        session.flush()
        facts, own_private = snapshot(session, subject)
        private = own_private if private is None else private
    owner = subject.id if isinstance(subject, Cooperative) else getattr(subject, "cooperative_id", cooperative_id)
    line = Line(kind, subject.__tablename__, subject.public_id, owner, actor, now, facts, private or {}, whole)
    session.info.setdefault("lines", []).append(line)


def snapshot(session: Session, subject: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    """A record's columns as (facts, private facts): days and moments as ISO 8601, references as public ids."""
    private = PRIVATE.get(subject.__tablename__, frozenset())
    facts: dict[str, Any] = {}
    hidden: dict[str, Any] = {}
    for attribute in inspect(type(subject)).column_attrs:
        column = attribute.columns[0]
        if column.name in NEVER:
            continue
        value = _plain(session, column, getattr(subject, attribute.key))
        (hidden if column.name in private else facts)[column.name] = value
    return facts, {key: value for key, value in hidden.items() if value is not None}


def _plain(session: Session, column: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if value is not None and column.foreign_keys:
        return _public_id(session, next(iter(column.foreign_keys)).column.table, value)
    return value


def _public_id(session: Session, table: Any, key: Any) -> Any:
    if "public_id" not in table.c:
        return key
    return session.scalar(select(table.c.public_id).where(table.c.id == key))


@event.listens_for(Session, "before_commit")
def _append_lines(session: Session) -> None:
    lines: list[Line] = session.info.pop("lines", [])
    if not lines:
        return
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ENTRY_LOCK})
    entries, secret_words = _made(connection, lines)
    connection.execute(_INSERT, entries)
    if secret_words:
        connection.execute(_INSERT_SECRET, secret_words)


def _made(connection: Connection, lines: list[Line]) -> tuple[Rows, Rows]:
    """The lines as rows of `Entry` and of `EntrySecret`, each chained to the one before."""
    last, chain = last_of_chain(connection)
    entries: Rows = []
    secret_words: Rows = []
    newest: dict[str, int] = {}
    for index, line in enumerate(lines, last + 1):
        before = newest.get(line.subject)
        if before is None:
            before = connection.scalar(_BEFORE, {"subject": line.subject})
        newest[line.subject] = index
        salt = secrets.token_bytes(16)
        body = canonical(_body(line, index, before, salt))
        leaf = leaf_hash(body)
        chain = chain_after(chain, leaf)
        columns = {"at": line.at, "kind": line.kind, "subject_kind": line.subject_kind, "subject": line.subject}
        hashes = {"body": body, "leaf_hash": leaf, "chain_hash": chain}
        entries.append({"index": index, "cooperative_id": line.cooperative_id, **columns, **hashes})
        if line.private:
            words = json.dumps(line.private, ensure_ascii=False)
            secret_words.append({"entry_index": index, "salt": salt, "words": words})
    return entries, secret_words


def _body(line: Line, index: int, previous: int | None, salt: bytes) -> dict[str, Any]:
    body = {
        "format": 1,
        "index": index,
        "at": line.at.astimezone(UTC).isoformat(timespec="seconds"),
        "kind": line.kind,
        "subject": {"kind": line.subject_kind, "id": line.subject},
        "by": {"role": line.actor.role, "pseudonym": line.actor.pseudonym},
        "facts": dict(line.facts),
        "previous": previous,
    }
    if line.private:
        body["private"] = commitment(salt, dict(line.private))
    if line.whole:
        body["whole"] = True
    return body


@event.listens_for(Session, "after_rollback")
def _forget_lines(session: Session) -> None:
    session.info.pop("lines", None)


def last_of_chain(connection: Connection) -> tuple[int, bytes]:
    """The newest entry's index and chain hash; (-1, zeros) before the first."""
    row = connection.execute(_NEWEST).first()
    if row is None:
        return -1, START_OF_CHAIN
    index, chain = row  # by place: a row's own .index is a method
    return index, chain


def leaf_hash(body: bytes) -> bytes:
    """RFC 6962 §2.1: the hash of a leaf."""
    return hashlib.sha256(b"\x00" + body).digest()


def chain_after(chain: bytes, leaf: bytes) -> bytes:
    return hashlib.sha256(chain + leaf).digest()
