"""Which auditor looks after which cooperative, and who stands in during leave."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Assignment(Base):
    """A line of the list; on a day, a line that stands in goes before the newest ordinary one."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days_in_order"),
        CheckConstraint("stands_in_for_id IS NULL OR to_on IS NOT NULL", name="standing_in_ends"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"), index=True)
    auditor_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    stands_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
