"""Label papers and faces of a cooperative's own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned


class OwnStock(Named, Owned, Base):
    """A label paper as somebody measured it. It never changes: a better measure is another one in its place."""

    __tablename__ = "own_stock"
    __table_args__ = (CheckConstraint("length(name) > 0", name="has_name"),)

    name: Mapped[str] = mapped_column(String(60))
    figures: Mapped[str]
    """What `labels.Stock.from_dict` reads (JSON text)."""
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class OwnFace(Named, Owned, Base):
    """A design of stamps; what it looks like stands in its versions."""

    __tablename__ = "own_face"
    __table_args__ = (CheckConstraint("length(name) > 0", name="has_name"),)

    name: Mapped[str] = mapped_column(String(60))
    ended_at: Mapped[datetime | None]

    versions: Mapped[list["OwnFaceVersion"]] = relationship(back_populates="face", order_by="OwnFaceVersion.number")

    @property
    def last(self) -> "OwnFaceVersion":
        return self.versions[-1]


class OwnFaceVersion(Owned, Base):
    """A face as it stood from then on, written once: prints made with it look so for ever."""

    __tablename__ = "own_face_version"
    __table_args__ = (
        UniqueConstraint("face_id", "number"),
        CheckConstraint("number >= 1", name="number_counts"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    face_id: Mapped[int] = mapped_column(ForeignKey("own_face.id"), index=True)
    number: Mapped[int]
    body: Mapped[str]
    """What `labels.Face.from_json` reads."""
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]

    face: Mapped[OwnFace] = relationship(back_populates="versions")
