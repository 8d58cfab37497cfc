"""Acts that need a second pair of eyes: proposed by one person, answered by another or by a signed paper decision."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, one_of
from .upload import Upload


class Answer(StrEnum):
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Taken back by whoever proposed it."""


class Proposal(Named, Base):
    """What somebody wants done; the act itself is done when the answer is yes."""

    __tablename__ = "proposal"
    __table_args__ = (CheckConstraint("lapses_at > created_at", name="lapses_later"),)

    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    """None for an act of the province."""
    kind: Mapped[str] = mapped_column(String(40), index=True)
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(24), index=True)
    """The public id of what it is about."""
    facts: Mapped[str]
    """What the act needs to know, as JSON text; nothing personal."""
    reason: Mapped[str | None]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lapses_at: Mapped[datetime]

    answer: Mapped["ProposalAnswer | None"] = relationship(back_populates="proposal")

    @property
    def agreed(self) -> bool:
        return self.answer is not None and self.answer.answer == Answer.AGREED

    def waits(self, now: datetime) -> bool:
        return self.answer is None and now < self.lapses_at


class ProposalAnswer(Base):
    """The one answer to a proposal. With a paper, the person who entered it is named, and the paper is what agreed."""

    __tablename__ = "proposal_answer"
    __table_args__ = (
        CheckConstraint(one_of("answer", Answer), name="answer_known"),
        CheckConstraint(
            "(paper_number IS NULL) = (paper_on IS NULL) AND (paper_number IS NULL) = (paper_id IS NULL)",
            name="paper_whole",
        ),
        CheckConstraint("paper_number IS NULL OR answer = 'agreed'", name="paper_agrees"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), unique=True)
    answer: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    paper_number: Mapped[str | None] = mapped_column(String(60))
    paper_on: Mapped[date | None]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))

    proposal: Mapped[Proposal] = relationship(back_populates="answer")
    paper: Mapped[Upload | None] = relationship()
