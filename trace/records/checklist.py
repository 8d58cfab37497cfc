"""Checklists in versions: what is looked at on site, in our own words, arranged by clauses of the standards."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Named


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    key: str
    """Names the point in answers, in every version."""
    standard: str
    clause: str
    """The heading of the standard under which the point belongs."""
    text: str


class Checklist(Named, Base):
    """One version, written once; the newest is offered to new visits, and each visit keeps the one it began with."""

    __tablename__ = "checklist"
    __table_args__ = (CheckConstraint("version >= 1", name="version_counts"),)

    version: Mapped[int] = mapped_column(unique=True)
    items: Mapped[str]
    """JSON text: a list of items."""
    note: Mapped[str | None]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]

    @property
    def points(self) -> list[ChecklistItem]:
        return [ChecklistItem(**item) for item in json.loads(self.items)]
