"""What stamps are printed on and with, by the names that forms send: what is ready, and a cooperative's own."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import FACES, STOCKS, Design, Face, Stock, face_named, stock_named
from labels.faces import LOGO

from ..records import Cooperative, OwnFace, OwnStock, Printing
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


def own_name(session: Session, name: str) -> str:
    """What an own face is called now, also one that is offered no more; empty for a ready one."""
    if not name.startswith(OWN):
        return ""
    return session.scalar(select(OwnFace.name).where(OwnFace.public_id == name.removeprefix(OWN))) or name


def face_choices(session: Session, cooperative: Cooperative) -> list[tuple[str, str]]:
    """(name that a form sends, the name of an own face or empty for a ready one), ready ones first."""
    ready = [*FACES_OFFERED, *(f"{name}{LOGO}" for name in WITH_LOGO if cooperative.logo)]
    return [(name, "") for name in ready] + [
        (f"{OWN}{own.public_id}", own.name) for own in own_faces(session, cooperative.id)
    ]


def kept_choices(session: Session, cooperative_id: int, stock: str, face: str) -> dict[str, Any]:
    """What a print keeps of own papers and faces, so that a later change of theirs changes no earlier print."""
    own_stock = find_stock(session, cooperative_id, stock) if stock.startswith(OWN) else None
    own_face = find_face(session, cooperative_id, face) if face.startswith(OWN) else None
    kept = {"own_stock": own_stock.to_dict()} if own_stock else {}
    return kept | ({"face": own_face.to_json()} if isinstance(own_face, Face) else {})


def printed_stock(printing: Printing) -> Stock:
    """The paper of a print, as it was then. Raises LabelError for one that is not known."""
    own = json.loads(printing.words).get("own_stock")
    return Stock.from_dict(own) if own else stock_named(printing.stock)


def printed_face(printing: Printing) -> Design | Face:
    """The face of a print, as it was then. Raises LabelError for one that is not known."""
    kept = json.loads(printing.words).get("face")
    return Face.from_json(kept) if kept else face_named(printing.face)


def has_field(face: Design | Face, kind: str) -> bool:
    """Whether a face has a place for a code, a serial or a PIN."""
    return any(part.kind == kind for part in (face.elements if isinstance(face, Face) else face.lines))


def shows(face: Design | Face, name: str) -> bool:
    """Whether a face shows the picture `trademark` or `logo`."""
    parts = face.elements if isinstance(face, Face) else face.lines
    texts = {part.text or "{trademark}" for part in parts if part.kind == "picture"}
    return f"{{{name}}}" in texts


def says_vietgap(face: Design | Face) -> bool:
    """Whether a face itself says VietGAP, and not only a certificate's number."""
    parts = face.elements if isinstance(face, Face) else face.lines
    return any("vietgap" in part.text.casefold().replace(" ", "") for part in parts if part.kind == "text")
