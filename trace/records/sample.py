"""Tests of samples by a laboratory: what was looked for, what was found, and until when the report is good."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned
from .batch import Batch
from .farm import Plot
from .product import Product
from .upload import Upload

MICRO = 1_000_000


class SampleTest(Named, Owned, Base):
    """A report: written once; one entered wrongly is made void, and entered anew."""

    __tablename__ = "sample_test"
    __table_args__ = (
        CheckConstraint("batch_id IS NOT NULL OR plot_id IS NOT NULL OR product_id IS NOT NULL", name="names_a_sample"),
        CheckConstraint("reported_on >= sampled_on AND valid_until >= reported_on", name="days_in_order"),
        CheckConstraint("length(laboratory) > 0", name="has_laboratory"),
        CheckConstraint("(voided_at IS NULL) = (voided_reason IS NULL)", name="void_has_reason"),
    )

    laboratory: Mapped[str]
    report_number: Mapped[str]
    sample_code: Mapped[str | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    plot_id: Mapped[int | None] = mapped_column(ForeignKey("plot.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"), index=True)
    sampled_on: Mapped[date]
    reported_on: Mapped[date]
    valid_until: Mapped[date]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    note: Mapped[str | None]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    voided_at: Mapped[datetime | None]
    voided_reason: Mapped[str | None]

    batch: Mapped[Batch | None] = relationship()
    plot: Mapped[Plot | None] = relationship()
    product: Mapped[Product | None] = relationship()
    document: Mapped[Upload | None] = relationship()
    results: Mapped[list["SampleResult"]] = relationship(order_by="SampleResult.id")

    @property
    def passed(self) -> bool:
        return all(result.passed for result in self.results)

    def in_date_on(self, day: date) -> bool:
        """Taken by that day, not void, and still good."""
        return self.voided_at is None and self.sampled_on <= day <= self.valid_until


class SampleResult(Owned, Base):
    """One substance or germ: found against its limit, both in millionths of `unit`."""

    __tablename__ = "sample_result"
    __table_args__ = (
        CheckConstraint("found_micro IS NULL OR found_micro >= 0", name="found_not_negative"),
        CheckConstraint("limit_micro IS NULL OR limit_micro >= 0", name="limit_not_negative"),
        CheckConstraint("length(analyte) > 0", name="has_analyte"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    test_id: Mapped[int] = mapped_column(ForeignKey("sample_test.id"), index=True)
    analyte: Mapped[str]
    method: Mapped[str | None]
    found_micro: Mapped[int | None]
    """None: not detected."""
    limit_micro: Mapped[int | None]
    """None: must not be detected at all."""
    unit: Mapped[str] = mapped_column(String(20))

    @property
    def passed(self) -> bool:
        return self.found_micro is None or (self.limit_micro is not None and self.found_micro <= self.limit_micro)
