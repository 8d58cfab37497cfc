"""What machines read: the pages as JSON-LD, the map of the site, and what robots may keep."""

from collections.abc import Callable
from typing import Any

from flask import Response, json, url_for
from flask.typing import ResponseReturnValue

from ...access import allow
from ...db import db
from ...service import registry, settings
from ...work.batch_events import batch_events
from ...work.origin import batch_page
from ...work.public_pages import cooperative_page, every_cooperative, every_product, product_page
from ...work.structured import batch_data, cooperative_data, product_data
from ..headers import add_headers
from ..words import language, now, today
from .frame import bp, shown
from .places import known_batch, known_cooperative, known_product

MOST_ADDRESSES = 50_000
"""In one file of a site map (sitemaps.org)."""


@bp.get("/c/<public_id>.jsonld")
@allow("public")
def cooperative_jsonld(public_id: str) -> ResponseReturnValue:
    found = known_cooperative(public_id)
    path = url_for("consumer.cooperative", public_id=public_id)
    return _data(path, lambda: cooperative_data(cooperative_page(db.session, found, shown()), _root(), path))


@bp.get("/p/<public_id>.jsonld")
@allow("public")
def product_jsonld(public_id: str) -> ResponseReturnValue:
    found = known_product(public_id)
    path = url_for("consumer.product", public_id=public_id)
    return _data(path, lambda: product_data(product_page(db.session, found, shown()), _root(), path))


@bp.get("/b/<public_id>.jsonld")
@allow("public")
def batch_jsonld(public_id: str) -> ResponseReturnValue:
    found = known_batch(public_id)
    path = url_for("consumer.batch", public_id=public_id)
    return _data(path, lambda: batch_data(batch_page(db.session, found, shown()), _root(), path))


@bp.get("/b/<public_id>/epcis.jsonld")
@allow("public")
def batch_epcis(public_id: str) -> ResponseReturnValue:
    """The batch as events (EPCIS 2.0), for systems that follow goods."""
    found = known_batch(public_id)
    path = url_for("consumer.batch_epcis", public_id=public_id)
    return _data(path, lambda: batch_events(db.session, found, _root(), now()))


def _root() -> str:
    return settings().public_url


def _data(path: str, told: Callable[[], dict[str, Any]]) -> Response:
    words = registry().remember(
        ("jsonld", path, language(), today()), lambda: json.dumps(told(), ensure_ascii=False, indent=1)
    )
    answer = Response(words, content_type="application/ld+json")
    answer.headers.update({"Cache-Control": "no-cache", "Vary": "Accept-Language", "Access-Control-Allow-Origin": "*"})
    return answer


@bp.get("/robots.txt")
@allow("public")
def robots() -> ResponseReturnValue:
    """Stamps and batches are for who holds the goods; cooperatives and products may be found."""
    closed = ("/T/", "/t/", "/01/", "/b/", "/my/", "/audit/", "/office/", "/operate/", "/account/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), f"Sitemap: {_root()}/sitemap.xml", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@bp.get("/sitemap.xml")
@allow("public")
def sitemap() -> ResponseReturnValue:
    words = registry().remember("sitemap", _sitemap)
    return add_headers(Response(words, content_type="application/xml"))


def _sitemap() -> str:
    paths = [url_for("consumer.front")]
    paths += [url_for("consumer.cooperative", public_id=each) for each in every_cooperative(db.session)]
    paths += [url_for("consumer.product", public_id=each) for each in every_product(db.session)]
    lines = "".join(f"<url><loc>{_root()}{path}</loc></url>\n" for path in paths[:MOST_ADDRESSES])
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{lines}</urlset>\n"
