"""Certificates, the lines of their scope, and what has been decided about them."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import OPAQUE_LENGTH, Base, Decided, Named, Owned, one_of, opaque_id
from .farm import Grower, Plot
from .product import Product


class Scheme(StrEnum):
    VIETGAP = "vietgap"
    GLOBALGAP = "globalgap"
    ORGANIC = "organic"
    ISO_9001 = "iso_9001"
    ISO_22000 = "iso_22000"
    OCOP = "ocop"
    PRODUCT_STANDARD = "product_standard"
    TECHNICAL_REGULATION = "technical_regulation"


class CertificateVerdict(StrEnum):
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WARNED = "warned"
    SUSPENDED = "suspended"
    LIFTED = "lifted"
    CANCELLED = "cancelled"


class CertificateState(StrEnum):
    """What holds on a day, derived from decisions and days."""

    DECLARED = "declared"
    IN_FORCE = "in_force"
    WARNED = "warned"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    REFUSED = "refused"


COVERING = frozenset({CertificateState.IN_FORCE, CertificateState.WARNED})
STATE_AFTER = {
    CertificateVerdict.CONFIRMED: CertificateState.IN_FORCE,
    CertificateVerdict.LIFTED: CertificateState.IN_FORCE,
    CertificateVerdict.WARNED: CertificateState.WARNED,
    CertificateVerdict.SUSPENDED: CertificateState.SUSPENDED,
    CertificateVerdict.CANCELLED: CertificateState.CANCELLED,
    CertificateVerdict.REFUSED: CertificateState.REFUSED,
}


class Certificate(Named, Owned, Base):
    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint(one_of("scheme", Scheme), name="scheme_known"),
        CheckConstraint("expires_on >= issued_on", name="days_in_order"),
        CheckConstraint("stars IS NULL OR stars BETWEEN 3 AND 5", name="stars_known"),
    )

    scheme: Mapped[str] = mapped_column(String(24))
    number: Mapped[str]
    """As printed: formats differ by body and year."""
    body: Mapped[str]
    issued_on: Mapped[date]
    expires_on: Mapped[date]
    stars: Mapped[int | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    renews_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    """The certificate before it."""

    renews: Mapped["Certificate | None"] = relationship(remote_side="Certificate.id", back_populates="renewals")
    renewals: Mapped[list["Certificate"]] = relationship(back_populates="renews", order_by="Certificate.id")
    surveillances: Mapped[list["Surveillance"]] = relationship(order_by="Surveillance.due_on, Surveillance.id")
    scope: Mapped[list["ScopeLine"]] = relationship(back_populates="certificate", order_by="ScopeLine.id")
    decisions: Mapped[list["CertificateDecision"]] = relationship(order_by="CertificateDecision.id")

    @property
    def confirmed(self) -> bool:
        """An auditor has held it against the original: from then on its words are frozen."""
        return any(decision.verdict == CertificateVerdict.CONFIRMED for decision in self.decisions)

    def state_on(self, day: date) -> CertificateState:
        """What holds for fruit harvested or packed on `day`: the last decision that reaches that day, then its days."""
        if not self.decisions:
            return CertificateState.DECLARED
        if self.decisions[-1].verdict == CertificateVerdict.REFUSED:
            return CertificateState.REFUSED
        state = CertificateState.DECLARED
        for decision in self.decisions:
            if decision.reaches_from <= day or decision.verdict == CertificateVerdict.CONFIRMED:
                state = STATE_AFTER[CertificateVerdict(decision.verdict)]
        if state not in COVERING:
            return state
        if day > self.expires_on:
            return CertificateState.EXPIRED
        return state if day >= self.issued_on else CertificateState.NOT_YET

    def covers(self, day: date) -> bool:
        """Confirmed, in its days, and neither suspended nor cancelled for a harvest on `day`."""
        return self.state_on(day) in COVERING


class ScopeLine(Owned, Base):
    """One site or member × product × area × expected output, as Circular 48/2012 Art. 17 has it on the certificate."""

    __tablename__ = "scope_line"
    __table_args__ = (
        CheckConstraint("area_m2 > 0 AND area_m2 <= 100000000", name="area_plausible"),
        CheckConstraint("expected_g_a_year > 0 AND expected_g_a_year <= 100000000000", name="output_plausible"),
        CheckConstraint("plot_id IS NOT NULL OR grower_id IS NOT NULL", name="names_a_site"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(OPAQUE_LENGTH), unique=True, default=opaque_id)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    plot_id: Mapped[int | None] = mapped_column(ForeignKey("plot.id"))
    grower_id: Mapped[int | None] = mapped_column(ForeignKey("grower.id"))
    area_m2: Mapped[int]
    expected_g_a_year: Mapped[int]

    certificate: Mapped[Certificate] = relationship(back_populates="scope")
    product: Mapped[Product] = relationship()
    plot: Mapped[Plot | None] = relationship()
    grower: Mapped[Grower | None] = relationship()

    def fits(self, product_id: int, grower_id: int | None, plot_id: int | None) -> bool:
        """Whether an intake of this product from this grower and plot may draw on the line."""
        if self.product_id != product_id:
            return False
        if self.plot_id is not None:
            return self.plot_id == plot_id
        return self.grower_id == grower_id


class CertificateDecision(Decided, Owned, Base):
    __tablename__ = "certificate_decision"
    __table_args__ = (
        CheckConstraint(one_of("verdict", CertificateVerdict), name="verdict_known"),
        CheckConstraint("verdict = 'confirmed' OR length(reason) > 0", name="adverse_has_reason"),
    )
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    reaches_from: Mapped[date]
    """The harvest day from which the decision reaches."""


class Surveillance(Named, Owned, Base):
    """A visit of the certification body while a certificate runs (đánh giá giám sát)."""

    __tablename__ = "surveillance"
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    note: Mapped[str | None]
