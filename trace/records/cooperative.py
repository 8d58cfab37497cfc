"""Cooperatives and what they are asked once: who they are, where they are, what may be shown of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Decided, Named, Owned, one_of
from .upload import Upload


class CooperativeKind(StrEnum):
    """Law on Cooperatives 17/2023/QH15 for the first three; enterprises and household businesses register alike."""

    COOPERATIVE = "cooperative"
    UNION = "union"
    GROUP = "group"
    ENTERPRISE = "enterprise"
    HOUSEHOLD = "household"


KINDS_WITHOUT_TAX_CODE = frozenset({CooperativeKind.GROUP, CooperativeKind.HOUSEHOLD})


class CooperativeVerdict(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"
    LEFT = "left"


class Cooperative(Named, Base):
    __tablename__ = "cooperative"
    __table_args__ = (
        CheckConstraint(one_of("kind", CooperativeKind), name="kind_known"),
        CheckConstraint("length(name) > 0", name="has_name"),
        UniqueConstraint("label"),
        UniqueConstraint("tax_code"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    folded: Mapped[str]
    label: Mapped[str] = mapped_column(String(8))
    """Capitals that begin its run labels and batch codes, such as HCL."""
    tax_code: Mapped[str | None] = mapped_column(String(14))
    personal_number: Mapped[str | None] = mapped_column(String(12))
    """Private: stands in no entry and on no page."""
    commune_code: Mapped[str] = mapped_column(String(5))
    address: Mapped[str]
    certified_address: Mapped[str | None]
    former_district_code: Mapped[str | None] = mapped_column(String(3))
    contact_name: Mapped[str]
    phone: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None]
    zalo_phone: Mapped[str | None] = mapped_column(String(16))

    logo: Mapped[Upload | None] = relationship(secondary="cooperative_logo")
    decisions: Mapped[list["CooperativeDecision"]] = relationship(order_by="CooperativeDecision.id")
    consents: Mapped[list["Consent"]] = relationship(order_by="Consent.id")

    @property
    def last_decision(self) -> "CooperativeDecision | None":
        return self.decisions[-1] if self.decisions else None

    @property
    def approved(self) -> bool:
        return self.last_decision is not None and self.last_decision.verdict == CooperativeVerdict.APPROVED

    @property
    def has_left(self) -> bool:
        return self.last_decision is not None and self.last_decision.verdict == CooperativeVerdict.LEFT

    def consents_to(self, what: str) -> bool:
        """Whether the cooperative itself has agreed, and not withdrawn, that `what` may be shown."""
        return any(c.what == what and c.grower_id is None and c.withdrawn_on is None for c in self.consents)


class CooperativeLogo(Base):
    """Apart from the cooperative, since an upload already points to its owner."""

    __tablename__ = "cooperative_logo"
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"), primary_key=True, autoincrement=False)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))


class CooperativeDecision(Decided, Base):
    __tablename__ = "cooperative_decision"
    __table_args__ = (
        CheckConstraint(one_of("verdict", CooperativeVerdict), name="verdict_known"),
        CheckConstraint("verdict != 'refused' OR length(reason) > 0", name="refusal_has_reason"),
    )
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"), index=True)


class ConsentTo(StrEnum):
    NAME = "name"
    PHONE = "phone"
    PHOTO = "photo"


class Consent(Owned, Base):
    """A recorded agreement to show a person's name, phone or photo (PDPL 91/2025/QH15: explicit, for a purpose)."""

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint(one_of("what", ConsentTo), name="what_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    grower_id: Mapped[int | None] = mapped_column(ForeignKey("grower.id"), index=True)
    what: Mapped[str] = mapped_column(String(10))
    given_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
