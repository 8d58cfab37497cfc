"""A cooperative in the archive: its page, its products, batches, links and ranges, where anything changed."""

import hashlib
import re
from datetime import date

from flask import json
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from ..records import Batch, BatchVerdict, Certificate, Cooperative, Entry, Product, Run
from ..standards.gs1 import is_lot, linkset, product_link
from ..work.products import standing_of
from ..work.public import is_told
from ..work.resolve import Resolver
from ..work.standing import batch_verdict
from .making import Making
from .pages import Pages

PLAIN = re.compile("[0-9A-Za-z_][0-9A-Za-z_.-]*")
LEADS_ON = """<!doctype html><meta charset="utf-8"><title>Tem Gốc</title>
<meta http-equiv="refresh" content="0;url={target}"><a href="{target}">→</a>
"""


def write_cooperative(making: Making, cooperative: Cooperative) -> None:
    """One cooperative with its products, batches and ranges; nothing where no entry and no day changed anything."""
    session, folder, today = making.session, making.folder, making.today
    session.expire_all()  # what was read before its newest entry is known may lack what that entry tells
    facts = _facts(session, cooperative, today)
    batches = _told(session, cooperative)
    verdicts = {batch.public_id: batch_verdict(batch, today) for batch in batches}
    mark = _mark(*facts, verdicts)
    if folder.known(cooperative.public_id) == mark:
        return
    for batch in batches:
        own = _mark(*facts, verdicts[batch.public_id])
        if folder.known(batch.public_id) != own:
            _batch(making, batch)
            folder.note(batch.public_id, own)
    for product in session.scalars(select(Product).where(standing_of(cooperative))):
        _save_with_cards(making.pages, f"/p/{product.public_id}")
        _link(making, product, None)
    _save_with_cards(making.pages, f"/c/{cooperative.public_id}")
    _ranges(making, cooperative)
    folder.note(cooperative.public_id, mark)


def _told(session: Session, cooperative: Cooperative) -> list[Batch]:
    own = select(Batch).where(Batch.cooperative_id == cooperative.id, Batch.submitted_at.is_not(None))
    loaded = own.options(selectinload(Batch.decisions), selectinload(Batch.intake), selectinload(Batch.product))
    return [batch for batch in session.scalars(loaded.order_by(Batch.id)) if is_told(batch)]


def _facts(session: Session, cooperative: Cooperative, today: date) -> tuple[object, ...]:
    """What any of its pages may depend on: its newest entry, the newest of nobody's, its certificates' states today."""
    newest = select(func.max(Entry.index))
    own = session.scalar(newest.where(Entry.cooperative_id == cooperative.id))
    nobodys = session.scalar(newest.where(Entry.cooperative_id.is_(None), Entry.kind == "setting.changed"))
    certificates = session.scalars(select(Certificate).where(Certificate.cooperative_id == cooperative.id))
    return own, nobodys, sorted((certificate.id, str(certificate.state_on(today))) for certificate in certificates)


def _mark(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def _batch(making: Making, batch: Batch) -> None:
    pages, path = making.pages, f"/b/{batch.public_id}"
    pages.save(path)
    for name in (".jsonld", "/epcis.jsonld"):
        pages.save_file(path + name)
    _link(making, batch.product, batch)
    if batch.last(BatchVerdict.RECALLED):
        pages.save(f"/recalls/{batch.public_id}")


def _save_with_cards(pages: Pages, path: str) -> None:
    pages.save(path)
    for name in (".jsonld", "/card.png", "/stall.pdf"):
        pages.save_file(path + name)


def _link(making: Making, product: Product, batch: Batch | None) -> None:
    """The GS1 link as a folder: a page that leads on, and the linkset as a file. A stamp's goes by 404.html."""
    lot = batch.code if batch else None
    if product.gtin is None or (lot is not None and not is_plain(lot)):
        return
    link = product_link(product.gtin, lot=lot)
    found = Resolver(making.session, making.known, making.root, lambda _serial, _gtin: None).resolve(link)
    if found is None:
        return
    target = f"/b/{batch.public_id}/" if batch else f"/p/{product.public_id}/"
    making.folder.write(f"{link.path[1:]}/index.html", LEADS_ON.format(target=target))
    making.folder.write(
        f"{link.path[1:]}/linkset.json", json.dumps(linkset(found.entities(making.root)), ensure_ascii=False)
    )


def is_plain(lot: str) -> bool:
    """May be the name of a folder on every system; other lots are found on the product's page."""
    return is_lot(lot) and PLAIN.fullmatch(lot) is not None


def _ranges(making: Making, cooperative: Cooperative) -> None:
    """For whoever has no script: the ranges of serial numbers, each with its batch."""
    own = select(Run).where(Run.cooperative_id == cooperative.id).order_by(Run.label)
    runs = making.session.scalars(own.options(selectinload(Run.ranges))).all()
    told = {batch.id for batch in _told(making.session, cooperative)}
    words = making.draw("archive/ranges.html", cooperative=cooperative, runs=runs, told=told)
    making.folder.write(f"c/{cooperative.public_id}/stamps.html", words)
