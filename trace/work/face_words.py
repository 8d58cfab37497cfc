"""What the face of a stamp says, taken from the records on the day of printing."""

from datetime import date

from sqlalchemy.orm import Session

from ..records import Batch, Certificate, ConsentTo, Cooperative, Run, Scheme
from ..standards.identifiers import show_phone
from ..standards.quantities import show_weight

Facts = tuple[dict[str, str], str | None, str | None]


def face_words(session: Session, run: Run, batch: Batch | None, today: date) -> Facts:
    """(texts for `labels.Words`, public id of the trademark's picture, the certificate's scheme).

    A certificate is named only where it covers the batch; a mark only while the right to show it is in force.
    """
    cooperative = session.get_one(Cooperative, run.cooperative_id)
    product = batch.product if batch else run.product
    certificate = covering_certificate(batch) if batch else None
    words = {
        "product": product.name_vi if product else "",
        "product_2": (product.name_en or "") if product else "",
        "product_zh": (product.name_zh or "") if product else "",
        "cooperative": cooperative.name,
        "weight": show_weight(product.net_weight_g, "vi") if product else "",
        "harvest_day": harvest_days(batch) if batch else "",
        "certificate": certificate.number if certificate else "",
        "contact": show_phone(cooperative.phone) if cooperative.consents_to(ConsentTo.PHONE) else "",
    }
    mark = batch.trademark if batch else None
    shown = mark is not None and mark.shown_on(today) and mark.image is not None
    picture = mark.image.public_id if mark and mark.image and shown else None
    return words, picture, certificate.scheme if certificate else None


def harvest_days(batch: Batch) -> str:
    """18/08/2026, or 17–18/08/2026, or 31/08/2026–01/09/2026."""
    first, last = batch.harvested_from, batch.harvested_to
    if first is None or last is None:
        return ""
    if first == last:
        return f"{last:%d/%m/%Y}"
    same_month = (first.year, first.month) == (last.year, last.month)
    return f"{first:%d}–{last:%d/%m/%Y}" if same_month else f"{first:%d/%m/%Y}–{last:%d/%m/%Y}"


def covering_certificate(batch: Batch) -> Certificate | None:
    """The certificate under which every line of the batch was harvested, VietGAP before others; None if any is bare."""
    certificates = []
    for line in batch.intake:
        certificate = line.scope_line.certificate if line.scope_line else None
        if certificate is None or not certificate.covers(line.harvested_on):
            return None
        certificates.append(certificate)
    ordered = sorted(set(certificates), key=lambda one: (one.scheme != Scheme.VIETGAP, one.id))
    return ordered[0] if len(ordered) == 1 or (ordered and ordered[0].scheme == Scheme.VIETGAP) else None
