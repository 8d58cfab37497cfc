"""What is sold: products and the trademarks they bear."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned, one_of
from .upload import Upload


class Product(Named, Owned, Base):
    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("net_weight_g > 0 AND net_weight_g <= 1000000", name="weight_plausible"),
        CheckConstraint("shelf_life_days IS NULL OR shelf_life_days BETWEEN 1 AND 3650", name="shelf_life_plausible"),
        UniqueConstraint("gtin"),
    )

    name_vi: Mapped[str]
    name_en: Mapped[str | None]
    name_zh: Mapped[str | None]
    folded: Mapped[str]
    variety: Mapped[str | None]
    pack: Mapped[str]
    """What one pack is called: túi, hộp, kg …"""
    net_weight_g: Mapped[int]
    shelf_life_days: Mapped[int | None]
    keeping: Mapped[str | None]
    gtin: Mapped[str | None] = mapped_column(String(14))
    """GTIN-14, padded with zeros; its check digit is right."""
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))

    taken_back_at: Mapped[datetime | None]
    """When its import was taken back: it is offered and shown nowhere any more."""

    photo: Mapped[Upload | None] = relationship()

    def name_in(self, language: str) -> str:
        """The product's name in a language, in Vietnamese where there is no other."""
        return {"en": self.name_en, "zh": self.name_zh}.get(language) or self.name_vi


class TrademarkKind(StrEnum):
    ORDINARY = "ordinary"
    COLLECTIVE = "collective"
    CERTIFICATION = "certification"
    GEOGRAPHICAL = "geographical"


class TrademarkState(StrEnum):
    FILED = "filed"
    FORMALLY_ACCEPTED = "formally_accepted"
    PUBLISHED = "published"
    EXAMINED = "examined"
    GRANTED = "granted"
    RENEWED = "renewed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"


PENDING_STATES = frozenset({"filed", "formally_accepted", "published", "examined"})
GRANTED_STATES = frozenset({"granted", "renewed"})
TERM_YEARS = 10
"""From the filing day, renewable by ten (Intellectual Property Law, Art. 93); a geographical indication has no end."""


class Trademark(Named, Owned, Base):
    __tablename__ = "trademark"
    __table_args__ = (
        CheckConstraint(one_of("kind", TrademarkKind), name="kind_known"),
        CheckConstraint("right_to IS NULL OR right_from IS NULL OR right_to >= right_from", name="right_in_order"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    folded: Mapped[str]
    owner: Mapped[str]
    application_number: Mapped[str | None]
    filed_on: Mapped[date | None]
    certificate_number: Mapped[str | None]
    image_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    right_document_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    right_giver: Mapped[str | None]
    right_number: Mapped[str | None]
    right_from: Mapped[date | None]
    right_to: Mapped[date | None]

    image: Mapped[Upload | None] = relationship(foreign_keys=[image_id])
    consents: Mapped[list["TrademarkConsent"]] = relationship(order_by="TrademarkConsent.id")
    states: Mapped[list["TrademarkEvent"]] = relationship(order_by="TrademarkEvent.on_day, TrademarkEvent.id")

    @property
    def needs_right(self) -> bool:
        """A mark of another owner: the cooperative must show its right to use it."""
        return self.kind != TrademarkKind.ORDINARY

    def state_on(self, day: date) -> str:
        known = [event.state for event in self.states if event.on_day <= day]
        return known[-1] if known else TrademarkState.FILED

    @property
    def term_ends_on(self) -> date | None:
        """The last day of the current term; None for a GI, which has no end, and before a filing day is known."""
        if self.kind == TrademarkKind.GEOGRAPHICAL or self.filed_on is None:
            return None
        renewals = sum(event.state == TrademarkState.RENEWED for event in self.states)
        year = self.filed_on.year + TERM_YEARS * (1 + renewals)
        try:
            return self.filed_on.replace(year=year)
        except ValueError:  # filed on 29 February
            return self.filed_on.replace(year=year, day=28)

    @property
    def answer_by(self) -> date | None:
        """The day by which the office waits for an answer; None once a later step is recorded."""
        return self.states[-1].answer_by if self.states else None

    def in_force_on(self, day: date) -> bool:
        ends = self.term_ends_on
        return self.state_on(day) in GRANTED_STATES and (ends is None or day <= ends)

    def usable_on(self, day: date) -> bool:
        """Whether the cooperative may show it at all: its own mark, or a right to another's that reaches the day."""
        if not self.needs_right:
            return True
        return (
            self.right_giver is not None
            and self.right_from is not None
            and self.right_from <= day
            and (self.right_to is None or day <= self.right_to)
        )

    def shown_on(self, day: date) -> bool:
        """May stand on a page or stamp: usable, and either in force or honestly pending."""
        return self.usable_on(day) and (self.in_force_on(day) or self.state_on(day) in PENDING_STATES)


class TrademarkEvent(Owned, Base):
    """A dated step of a mark's legal life."""

    __tablename__ = "trademark_event"
    __table_args__ = (CheckConstraint(one_of("state", TrademarkState), name="state_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trademark_id: Mapped[int] = mapped_column(ForeignKey("trademark.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    on_day: Mapped[date]
    document: Mapped[str | None]
    answer_by: Mapped[date | None]
    """Until when the office wants an answer to this step; it waits until a later step is recorded."""


class TrademarkConsent(Named, Owned, Base):
    """The owner of a mark lets somebody use it: a member household, a shop, another cooperative."""

    __tablename__ = "trademark_consent"
    __table_args__ = (
        CheckConstraint("length(holder) > 0", name="has_holder"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days_in_order"),
    )

    trademark_id: Mapped[int] = mapped_column(ForeignKey("trademark.id"), index=True)
    holder: Mapped[str]
    document: Mapped[str | None]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    reason: Mapped[str | None]

    def holds_on(self, day: date) -> bool:
        if self.withdrawn_on is not None and day >= self.withdrawn_on:
            return False
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)
