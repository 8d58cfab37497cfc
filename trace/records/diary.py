"""The growing diary (sổ nhật ký VietGAP): what was done on which plots, when, and when it was written down.

A line is written once. A correction is a new line that stands in the place of the old one, and both stay readable; a
line entered by mistake is withdrawn by one as well.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned, one_of
from .batch import Batch
from .farm import Grower, Plot
from .upload import Upload


class DiaryKind(StrEnum):
    INPUT = "input"
    """Seed, fertiliser, pesticide … bought."""
    SEED = "seed"
    """Sown, or seedlings planted."""
    FERTILISER = "fertiliser"
    PESTICIDE = "pesticide"
    IRRIGATION = "irrigation"
    HARVEST = "harvest"
    HANDLING = "handling"
    """After the harvest: sorting, washing, storing."""
    OTHER = "other"
    """Pruning, weeding, waste, training …"""


class DiaryUnit(StrEnum):
    KG = "kg"
    LITRE = "l"
    M3 = "m3"
    PIECE = "piece"
    BAG = "bag"
    BOTTLE = "bottle"
    HOUR = "hour"


class DiaryPage(Named, Owned, Base):
    """The photograph of a page that a grower filled in by hand, of one month: what is typed from it counts as told
    when the photograph arrived."""

    __tablename__ = "diary_page"
    __table_args__ = (CheckConstraint("typed_at IS NULL OR typed_at >= created_at", name="typed_after_photo"),)

    grower_id: Mapped[int] = mapped_column(ForeignKey("grower.id"), index=True)
    month_on: Mapped[date]
    """The first day of the month."""
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    typed_at: Mapped[datetime | None]
    """When a clerk said that everything on it has been typed."""

    grower: Mapped[Grower] = relationship()
    upload: Mapped[Upload] = relationship()


class DiaryEntry(Named, Owned, Base):
    __tablename__ = "diary_entry"
    __table_args__ = (
        CheckConstraint(one_of("kind", DiaryKind), name="kind_known"),
        CheckConstraint(f"unit IS NULL OR {one_of('unit', DiaryUnit)}", name="unit_known"),
        CheckConstraint("(quantity_milli IS NULL) = (unit IS NULL)", name="quantity_whole"),
        CheckConstraint(
            "quantity_milli IS NULL OR quantity_milli BETWEEN 1 AND 10000000000", name="quantity_plausible"
        ),
        CheckConstraint("phi_days IS NULL OR phi_days BETWEEN 0 AND 365", name="phi_plausible"),
        CheckConstraint("kind != 'pesticide' OR withdraws OR phi_days IS NOT NULL", name="spray_has_phi"),
        CheckConstraint("kind != 'pesticide' OR withdraws OR length(material) > 0", name="spray_has_name"),
        CheckConstraint("batch_id IS NULL OR kind = 'harvest'", name="batch_of_harvest"),
        CheckConstraint("(corrects_id IS NULL) = (reason IS NULL)", name="correction_has_reason"),
        CheckConstraint("corrects_id IS NOT NULL OR NOT withdraws", name="withdraws_something"),
        UniqueConstraint("corrects_id"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    on_day: Mapped[date] = mapped_column(index=True)
    """The day it was done; `created_at` is the moment it was entered."""
    material: Mapped[str | None]
    """Trade name of the pesticide or fertiliser, the seed's variety, what was bought or used."""
    active: Mapped[str | None]
    """Active ingredient of a pesticide, or a fertiliser's grades."""
    dose: Mapped[str | None]
    """As written: 20 ml per 16-litre tank."""
    purpose: Mapped[str | None]
    """Pest, disease, or why."""
    phi_days: Mapped[int | None]
    """Pre-harvest interval as on the pack: so many whole days between spray and harvest."""
    done_by: Mapped[str | None]
    """Who sprayed or worked."""
    supplier: Mapped[str | None]
    quantity_milli: Mapped[int | None]
    """Thousandths of `unit`."""
    unit: Mapped[str | None] = mapped_column(String(8))
    note: Mapped[str | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    page_id: Mapped[int | None] = mapped_column(ForeignKey("diary_page.id"), index=True)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("diary_entry.id"))
    withdraws: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    plots: Mapped[list[Plot]] = relationship(secondary="diary_entry_plot", order_by="Plot.folded")
    photos: Mapped[list[Upload]] = relationship(secondary="diary_photo", order_by="DiaryPhoto.id")
    batch: Mapped[Batch | None] = relationship()
    page: Mapped[DiaryPage | None] = relationship()
    corrects: Mapped["DiaryEntry | None"] = relationship(remote_side="DiaryEntry.id", back_populates="corrected_by")
    corrected_by: Mapped["DiaryEntry | None"] = relationship(back_populates="corrects", uselist=False)

    @property
    def told_at(self) -> datetime:
        """From when the line counts as told: the photograph of the paper it was typed from, else its entry."""
        return self.page.created_at if self.page else self.created_at

    @property
    def earliest_harvest_on(self) -> date | None:
        """Of a spray: the first day on which its pre-harvest interval has passed."""
        return None if self.phi_days is None else self.on_day + timedelta(days=self.phi_days)

    @property
    def weight_g(self) -> int | None:
        """Grams, where it was weighed."""
        return self.quantity_milli if self.unit == DiaryUnit.KG else None


class DiaryEntryPlot(Owned, Base):
    __tablename__ = "diary_entry_plot"
    entry_id: Mapped[int] = mapped_column(ForeignKey("diary_entry.id"), primary_key=True)
    plot_id: Mapped[int] = mapped_column(ForeignKey("plot.id"), primary_key=True, index=True)


class DiaryPhoto(Owned, Base):
    __tablename__ = "diary_photo"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("diary_entry.id"), index=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
