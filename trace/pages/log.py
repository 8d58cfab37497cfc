"""`/log/…`: the history for whoever wants to check it (C2SP tlog-tiles): static, public, for ever the same."""

from flask import Blueprint, Response, abort, make_response
from flask.typing import ResponseReturnValue

from .. import logkeys
from ..access import allow
from ..db import db
from ..service import settings
from ..work.cosigning import shown_checkpoint
from ..work.log import current_shard, origin, proof_of
from ..work.log_tiles import tile_reader
from .words import now

bp = Blueprint("log", __name__, url_prefix="/log")
FOR_EVER = "public, max-age=31536000, immutable"
TEXT = "text/plain; charset=utf-8"


def _answer(content: bytes | str, kind: str, kept: str) -> Response:
    answer = make_response(content)
    answer.headers.update({"Content-Type": kind, "Cache-Control": kept, "Access-Control-Allow-Origin": "*"})
    return answer


@bp.get("/shard/<int:shard>/checkpoint")
@bp.get("/checkpoint")
@allow("public")
def checkpoint(shard: int | None = None) -> ResponseReturnValue:
    witnesses = [each.key.name for each in settings().witnesses]
    note = shown_checkpoint(db.session, shard or current_shard(db.session), witnesses, now=now())
    if note is None:
        abort(404)
    return _answer(note, TEXT, "no-cache")


@bp.get("/key")
@allow("public")
def key() -> ResponseReturnValue:
    name = origin(db.session, current_shard(db.session))
    return _answer(logkeys.signer(settings(), name).verifier().vkey + "\n", TEXT, "no-cache")


@bp.get("/shard/<int:shard>/tile/<path:path>")
@bp.get("/tile/<path:path>")
@allow("public")
def tile(path: str, shard: int | None = None) -> ResponseReturnValue:
    read = tile_reader(db.session, shard or current_shard(db.session))
    content = read(f"tile/{path}")
    if content is None:
        abort(404)
    return _answer(content, "application/octet-stream", FOR_EVER)


@bp.get("/proof/<int:index>")
@allow("public")
def proof(index: int) -> ResponseReturnValue:
    """A file that proves, without a network, that an entry stands in the signed history."""
    found = proof_of(db.session, index)
    if found is None:
        abort(404)
    answer = _answer(str(found), TEXT, "no-cache")
    answer.headers["Content-Disposition"] = f'attachment; filename="entry-{index}.tlog-proof"'
    return answer
