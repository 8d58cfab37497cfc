"""Pictures and documents, kept in the database so that one transaction, one backup and every server share them."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from .base import Base, Named


class Upload(Named, Base):
    __tablename__ = "upload"
    __table_args__ = (CheckConstraint("size_bytes > 0", name="has_size"),)

    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    """None for a document of the province."""
    name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(40))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    width_px: Mapped[int | None]
    height_px: Mapped[int | None]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")
