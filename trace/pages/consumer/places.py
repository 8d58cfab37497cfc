"""The pages behind a stamp: of its cooperative, its product and its batch. Public, quiet, found by opaque ids."""

from collections.abc import Callable
from typing import Any

from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from ...access import allow, find
from ...db import db
from ...records import Batch, Cooperative, Product
from ...service import registry, settings
from ...work.origin import batch_page
from ...work.public import is_known, is_told
from ...work.public_pages import cooperative_page, product_page
from ..words import language, today
from .frame import bp, dressed, page, privacy_url, shown


@bp.get("/c/<public_id>")
@allow("public")
def cooperative(public_id: str) -> ResponseReturnValue:
    def told() -> dict[str, Any]:
        return {"page": cooperative_page(db.session, known_cooperative(public_id), shown())}

    return _kept("consumer/cooperative.html", public_id, told)


@bp.get("/p/<public_id>")
@allow("public")
def product(public_id: str) -> ResponseReturnValue:
    """With `serial` in its query: what a GS1 link leads to whose serial was never issued."""
    if "serial" in request.args:
        found = known_product(public_id)
        return page("consumer/not_issued.html", 404, serial=request.args["serial"][:80], product=found)

    def told() -> dict[str, Any]:
        return {"page": product_page(db.session, known_product(public_id), shown())}

    return _kept("consumer/product.html", public_id, told)


@bp.get("/b/<public_id>")
@allow("public")
def batch(public_id: str) -> ResponseReturnValue:
    def told() -> dict[str, Any]:
        found = known_batch(public_id)
        cooperative = db.session.get_one(Cooperative, found.cooperative_id)
        ids = {"cooperative_id": cooperative.public_id, "product_id": found.product.public_id}
        return {"page": batch_page(db.session, found, shown()), **ids}

    return _kept("consumer/batch.html", public_id, told)


def known_cooperative(public_id: str) -> Cooperative:
    found = find(Cooperative, public_id)
    return found if is_known(found) else abort(404)


def known_product(public_id: str) -> Product:
    found = find(Product, public_id)
    return found if is_known(db.session.get_one(Cooperative, found.cooperative_id)) else abort(404)


def known_batch(public_id: str) -> Batch:
    found = find(Batch, public_id)
    return found if is_told(found) else abort(404)


def _kept(template: str, public_id: str, told: Callable[[], dict[str, Any]]) -> Response:
    """Rendered once until anything changes; a browser asks each time, and is told when nothing did."""

    def render() -> str:
        return render_template(
            template, public_id=public_id, privacy_url=privacy_url(), root=settings().public_url, **told()
        )

    words = registry().remember((template, public_id, language(), today()), render)
    answer = dressed(make_response(words))
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag(weak=True)
    answer.make_conditional(request)
    return answer
