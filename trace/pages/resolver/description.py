"""What the resolver says of itself (§2.7), and the JSON-LD context of its linksets."""

from flask import Flask, Response, json
from flask.typing import ResponseReturnValue

from ...access import allow
from ...db import db
from ...service import settings
from ...standards.gs1 import description_file
from ...work.deployments import setting
from ...work.links import KEYS
from ..words import today
from .linksets import context_url

LINKSET_CONTEXT = {
    "@context": {
        "@version": 1.1,
        "linkset": "@graph",
        "anchor": "@id",
        "href": "@id",
        "itemDescription": "http://purl.org/dc/terms/description",
        "title": "http://purl.org/dc/terms/title",
        "type": "http://purl.org/dc/terms/format",
        "hreflang": {"@id": "http://purl.org/dc/terms/language", "@container": "@set"},
        "context": {"@id": "http://purl.org/dc/terms/coverage", "@container": "@set"},
    }
}
"""RFC 9264 appendix A: a linkset as a graph, each anchor a node, each link object what it points to."""


@allow("public")
def gs1_description() -> ResponseReturnValue:
    name, phone = setting(db.session, "office.en", today()), setting(db.session, "office.phone", today()) or ""
    told = description_file(settings().public_url, KEYS, name=name or "Tem Gốc", context_url=context_url(), phone=phone)
    return _json(told, "application/json")


@allow("public")
def gs1_context() -> ResponseReturnValue:
    return _json(LINKSET_CONTEXT, "application/ld+json")


def _json(content: object, media: str) -> Response:
    answer = Response(json.dumps(content, ensure_ascii=False), content_type=media)
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def register(app: Flask) -> None:
    app.add_url_rule("/.well-known/gs1resolver", "consumer.gs1_description", gs1_description)
    app.add_url_rule("/.well-known/linkset-context.jsonld", "consumer.gs1_context", gs1_context)
