"""Pictures to post and cards for the stall, drawn when somebody asks for them."""

from collections.abc import Callable
from functools import lru_cache

from flask import Response, abort, make_response
from flask.typing import ResponseReturnValue

from labels import LabelError
from labels.card import Card, post_card, stall_card

from ...access import allow
from ...db import db
from ...service import settings
from ...work.cards import batch_card, cooperative_card, product_card
from ...work.public import is_stopped
from .frame import bp, shown
from .places import known_batch, known_cooperative, known_product


@bp.get("/c/<public_id>/card.png", defaults={"draw": post_card}, endpoint="cooperative_card")
@bp.get("/c/<public_id>/stall.pdf", defaults={"draw": stall_card}, endpoint="cooperative_stall")
@allow("public")
def of_cooperative(public_id: str, draw: Callable[[Card], bytes]) -> ResponseReturnValue:
    return _drawn(draw, cooperative_card(db.session, known_cooperative(public_id), shown(), _root()))


@bp.get("/p/<public_id>/card.png", defaults={"draw": post_card}, endpoint="product_card")
@bp.get("/p/<public_id>/stall.pdf", defaults={"draw": stall_card}, endpoint="product_stall")
@allow("public")
def of_product(public_id: str, draw: Callable[[Card], bytes]) -> ResponseReturnValue:
    return _drawn(draw, product_card(db.session, known_product(public_id), shown(), _root()))


@bp.get("/b/<public_id>/card.png", defaults={"draw": post_card}, endpoint="batch_card")
@bp.get("/b/<public_id>/stall.pdf", defaults={"draw": stall_card}, endpoint="batch_stall")
@allow("public")
def of_batch(public_id: str, draw: Callable[[Card], bytes]) -> ResponseReturnValue:
    """Nothing is drawn to praise a batch that is suspended or recalled."""
    batch = known_batch(public_id)
    if is_stopped(batch):
        abort(404)
    return _drawn(draw, batch_card(db.session, batch, shown(), _root()))


def _root() -> str:
    return settings().public_url


@lru_cache(maxsize=24)
def _once(draw: Callable[[Card], bytes], card: Card) -> bytes:
    """A card is all that a drawing depends on."""
    return draw(card)


def _drawn(draw: Callable[[Card], bytes], card: Card) -> Response:
    try:
        content = _once(draw, card)
    except LabelError:  # a name in letters that our type does not have
        abort(404)
    answer = make_response(content)
    answer.content_type = "image/png" if draw is post_card else "application/pdf"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
