"""What has happened to a record, read back from its entries."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Entry, EntrySecret


def entries_of(session: Session, subject: str, *, most: int = 200) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The newest `most` entries about a public id, oldest first: the body (its "at" a moment), and the private facts
    where they have not been erased."""
    query = (
        select(Entry, EntrySecret.words)
        .outerjoin(EntrySecret, EntrySecret.entry_index == Entry.index)
        .where(Entry.subject == subject)
        .order_by(Entry.index.desc())
        .limit(most)
    )
    found = [
        (json.loads(entry.body) | {"at": entry.at}, json.loads(words) if words else {})
        for entry, words in session.execute(query)
    ]
    return found[::-1]
