"""What stands on a picture to post and on a stall card: facts of a page, in Vietnamese, as they are printed."""

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from labels.card import Card

from ..records import Batch, Certificate, Cooperative, Product, Upload
from ..standards.gs1 import product_link
from ..standards.identifiers import show_phone
from ..standards.quantities import show_weight
from .origin_parts import Shown

DAY = "%d/%m/%Y"


def product_card(session: Session, product: Product, shown: Shown, root: str) -> Card:
    cooperative = session.get_one(Cooperative, product.cooperative_id)
    path = product_link(product.gtin).path if product.gtin else f"/p/{product.public_id}"
    pack = f"{product.pack} {show_weight(product.net_weight_g, 'vi')}"
    lines = (_certificate(session, cooperative, shown), pack, _phone(cooperative), f"{root}/p/{product.public_id}")
    return Card(product.name_vi, cooperative.name, lines, root + path, _content(session, product.photo))


def batch_card(session: Session, batch: Batch, shown: Shown, root: str) -> Card:
    cooperative, day = session.get_one(Cooperative, batch.cooperative_id), batch.harvested_from
    harvested = f"Thu hoạch {day.strftime(DAY)} · Lô {batch.code}" if day else f"Lô {batch.code}"
    address = f"{root}/b/{batch.public_id}"
    lines = (_certificate(session, cooperative, shown), harvested, _phone(cooperative), address)
    picture = batch.photos[0] if batch.photos else batch.product.photo
    return Card(batch.product.name_vi, cooperative.name, lines, address, _content(session, picture))


def cooperative_card(session: Session, cooperative: Cooperative, shown: Shown, root: str) -> Card:
    address = f"{root}/c/{cooperative.public_id}"
    lines = (_certificate(session, cooperative, shown), cooperative.address, _phone(cooperative), address)
    return Card(cooperative.name, "Lạng Sơn", lines, address, _content(session, cooperative.logo))


def _certificate(session: Session, cooperative: Cooperative, shown: Shown) -> str:
    """A certificate that is in force today; nothing is promised otherwise."""
    query = select(Certificate).where(Certificate.cooperative_id == cooperative.id).order_by(Certificate.id)
    return next((_named(own) for own in session.scalars(query) if own.covers(shown.today)), "")


def _named(certificate: Certificate) -> str:
    """Its number, after the word that buyers know where the number does not begin with it."""
    known = certificate.scheme != "vietgap" or certificate.number.lower().startswith("vietgap")
    return certificate.number if known else f"VietGAP {certificate.number}"


def _phone(cooperative: Cooperative) -> str:
    return show_phone(cooperative.phone) if cooperative.consents_to("phone") and not cooperative.has_left else ""


def _content(session: Session, upload: Upload | None) -> bytes | None:
    if upload is None or not upload.is_picture:
        return None
    query = select(Upload).where(Upload.id == upload.id).options(undefer(Upload.content))
    return session.scalars(query.execution_options(populate_existing=True)).one().content
