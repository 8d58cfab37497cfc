"""What stamps are printed on and with, by the names that forms send: what is ready, and a cooperative's own."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import FACES, STOCKS, Design, Face, Stock, face_named
from labels.faces import LOGO

from ..records import Cooperative, OwnFace, OwnStock
from .own_faces import face_of, own_faces
from .own_stocks import OWN, own_stocks, stock_of

FACES_OFFERED = ("origin", "code", "seal", "vietgap", "trademark", "bilingual", "chinese", "symbol", "pin")
"""Ready faces whose words the records know."""
WITH_LOGO = ("origin", "code", "seal", "vietgap", "bilingual", "chinese", "pin")
"""Those that a cooperative's logo can be added to."""


def find_stock(session: Session, cooperative_id: int, name: str) -> Stock | None:
    """A ready paper, or one of this cooperative's own (also one that is no more in use: sheets of it may lie about)."""
    if not name.startswith(OWN):
        return STOCKS.get(name)
    query = select(OwnStock).where(OwnStock.public_id == name.removeprefix(OWN))
    own = session.scalars(query.where(OwnStock.cooperative_id == cooperative_id)).first()
    return stock_of(own) if own else None


def find_face(session: Session, cooperative_id: int, name: str) -> Design | Face | None:
    """A ready face, one with the logo, or one of this cooperative's own as it stands now."""
    if not name.startswith(OWN):
        plain = name.removesuffix(LOGO)
        known = plain in FACES and plain in (FACES_OFFERED if plain == name else WITH_LOGO)
        return face_named(name) if known else None
    query = select(OwnFace).where(OwnFace.public_id == name.removeprefix(OWN), OwnFace.ended_at.is_(None))
    own = session.scalars(query.where(OwnFace.cooperative_id == cooperative_id)).first()
    return face_of(own) if own else None


def own_stock_choices(session: Session, cooperative_id: int) -> dict[str, Stock]:
    """This cooperative's own papers, by the names that a form sends."""
    return {f"{OWN}{own.public_id}": stock_of(own) for own in own_stocks(session, cooperative_id)}


def face_choices(session: Session, cooperative: Cooperative) -> list[tuple[str, str]]:
    """(name that a form sends, the name of an own face or empty for a ready one), ready ones first."""
    ready = [*FACES_OFFERED, *(f"{name}{LOGO}" for name in WITH_LOGO if cooperative.logo)]
    return [(name, "") for name in ready] + [
        (f"{OWN}{own.public_id}", own.name) for own in own_faces(session, cooperative.id)
    ]


def shows(face: Design | Face, name: str) -> bool:
    """Whether a face shows the picture `trademark` or `logo`."""
    parts = face.elements if isinstance(face, Face) else face.lines
    texts = {part.text or "{trademark}" for part in parts if part.kind == "picture"}
    return f"{{{name}}}" in texts


def says_vietgap(face: Design | Face) -> bool:
    """Whether a face itself says VietGAP, and not only a certificate's number."""
    parts = face.elements if isinstance(face, Face) else face.lines
    return any("vietgap" in part.text.casefold().replace(" ", "") for part in parts if part.kind == "text")
