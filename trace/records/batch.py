"""Batches: one harvest or packing of one product, what came in, and what has been decided about it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Decided, Named, Owned, one_of
from .certificate import ScopeLine
from .farm import Grower, Plot
from .product import Product, Trademark
from .upload import Upload


class BatchVerdict(StrEnum):
    CERTIFIED = "certified"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    RECALLED = "recalled"
    LIFTED = "lifted"


ADVERSE = frozenset({BatchVerdict.REFUSED, BatchVerdict.SUSPENDED, BatchVerdict.RECALLED})


class Batch(Named, Owned, Base):
    """A draft until submitted; then its words are frozen (a trigger sees to it) and corrections stand beside them."""

    __tablename__ = "batch"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "code"),
        CheckConstraint("packs IS NULL OR packs BETWEEN 1 AND 10000000", name="packs_plausible"),
        CheckConstraint("loss_g >= 0", name="loss_not_negative"),
    )

    code: Mapped[str] = mapped_column(String(20))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    packed_on: Mapped[date | None]
    packs: Mapped[int | None]
    loss_g: Mapped[int] = mapped_column(default=0)
    trademark_id: Mapped[int | None] = mapped_column(ForeignKey("trademark.id"))
    note: Mapped[str | None]
    submitted_at: Mapped[datetime | None]

    product: Mapped[Product] = relationship()
    trademark: Mapped[Trademark | None] = relationship()
    intake: Mapped[list["IntakeLine"]] = relationship(
        back_populates="batch", order_by="IntakeLine.id", cascade="all, delete-orphan"
    )
    decisions: Mapped[list["BatchDecision"]] = relationship(back_populates="batch", order_by="BatchDecision.id")
    corrections: Mapped[list["BatchCorrection"]] = relationship(order_by="BatchCorrection.id")
    photos: Mapped[list[Upload]] = relationship(secondary="batch_photo", order_by="BatchPhoto.id")

    @property
    def received_g(self) -> int:
        return sum(line.weight_g for line in self.intake)

    @property
    def packed_g(self) -> int:
        """What the packs hold by their net weight."""
        return (self.packs or 0) * self.product.net_weight_g

    @property
    def harvested_from(self) -> date | None:
        return min((line.harvested_on for line in self.intake), default=None)

    @property
    def harvested_to(self) -> date | None:
        return max((line.harvested_on for line in self.intake), default=None)

    @property
    def verdict(self) -> BatchVerdict | None:
        """What now holds: the last decision, where a lifting gives back what was before the adverse ones."""
        kept: list[BatchVerdict] = []
        for decision in self.decisions:
            if decision.verdict == BatchVerdict.LIFTED:
                while kept and kept[-1] in {BatchVerdict.SUSPENDED, BatchVerdict.RECALLED}:
                    kept.pop()
            else:
                kept.append(BatchVerdict(decision.verdict))
        return kept[-1] if kept else None

    def last(self, verdict: BatchVerdict) -> "BatchDecision | None":
        return next((d for d in reversed(self.decisions) if d.verdict == verdict), None)


class BatchPhoto(Owned, Base):
    __tablename__ = "batch_photo"
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))


class IntakeLine(Owned, Base):
    """What one grower or plot brought to a batch."""

    __tablename__ = "intake_line"
    __table_args__ = (
        CheckConstraint("weight_g > 0 AND weight_g <= 10000000000", name="weight_plausible"),
        CheckConstraint("grower_id IS NOT NULL OR plot_id IS NOT NULL", name="names_a_source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    grower_id: Mapped[int | None] = mapped_column(ForeignKey("grower.id"))
    plot_id: Mapped[int | None] = mapped_column(ForeignKey("plot.id"))
    harvested_on: Mapped[date]
    weight_g: Mapped[int]
    scope_line_id: Mapped[int | None] = mapped_column(ForeignKey("scope_line.id"), index=True)

    batch: Mapped[Batch] = relationship(back_populates="intake")
    grower: Mapped[Grower | None] = relationship()
    plot: Mapped[Plot | None] = relationship()
    scope_line: Mapped[ScopeLine | None] = relationship()


class BatchCorrection(Owned, Base):
    """A correction of a submitted batch: shown beside what was said, never instead of it."""

    __tablename__ = "batch_correction"
    __table_args__ = (CheckConstraint("length(text) > 0", name="has_text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    text: Mapped[str]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class BatchDecision(Decided, Owned, Base):
    __tablename__ = "batch_decision"
    __table_args__ = (
        CheckConstraint(one_of("verdict", BatchVerdict), name="verdict_known"),
        CheckConstraint("verdict IN ('certified', 'lifted') OR length(reason) > 0", name="adverse_has_reason"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    office: Mapped[str | None]
    """The office as it was called that day; no person's name leaves the house."""
    season_id: Mapped[int | None] = mapped_column(ForeignKey("season.id"))
    """Set where the batch was cleared by rule under this season's clearance."""
    advice: Mapped[str | None]
    """What consumers should do, for a recall."""
    checks: Mapped[str | None]
    """The summary of the checks as they stood (JSON text)."""

    batch: Mapped[Batch] = relationship(back_populates="decisions")
    season: Mapped["Season | None"] = relationship()


class Season(Named, Owned, Base):
    """An auditor's clearance before harvest: plots × product × days × weight, under which batches clear by rule."""

    __tablename__ = "season"
    __table_args__ = (
        CheckConstraint("to_on >= from_on", name="days_in_order"),
        CheckConstraint("limit_g > 0", name="has_limit"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    limit_g: Mapped[int]
    note: Mapped[str | None]
    office: Mapped[str | None]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None]

    product: Mapped[Product] = relationship()
    plots: Mapped[list[Plot]] = relationship(secondary="season_plot", order_by="Plot.name")


class SeasonPlot(Owned, Base):
    __tablename__ = "season_plot"
    season_id: Mapped[int] = mapped_column(ForeignKey("season.id"), primary_key=True)
    plot_id: Mapped[int] = mapped_column(ForeignKey("plot.id"), primary_key=True)
