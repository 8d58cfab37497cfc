"""Dossiers of batches: everything about one as a paper and as tables, made by the worker."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned
from .batch import Batch
from .upload import Upload


class Dossier(Named, Owned, Base):
    __tablename__ = "dossier"
    __table_args__ = (
        CheckConstraint("done >= 0 AND done <= steps", name="steps_plausible"),
        CheckConstraint("ended_at IS NULL OR problem IS NOT NULL OR (paper_id IS NOT NULL AND tables_id IS NOT NULL)",
                        name="ended_has_files"),
    )  # fmt: skip

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    steps: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    tables_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))

    batch: Mapped[Batch] = relationship()
    paper: Mapped[Upload | None] = relationship(foreign_keys=[paper_id])
    tables: Mapped[Upload | None] = relationship(foreign_keys=[tables_id])
