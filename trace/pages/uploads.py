"""Files as they were kept: a cooperative's own for its people, all for auditors and officers; some pictures for all."""

from functools import lru_cache

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from ..access import EVERYBODY, OPAQUE, allow, find, visitor
from ..db import db
from ..records import Upload
from ..work.uploads import Served, public_picture, smaller

bp = Blueprint("uploads", __name__)

WIDTHS_PX = frozenset({480, 800})
"""The only smaller widths that are drawn, so that nobody can make us draw a thousand."""


@bp.get("/uploads/<public_id>")
@allow("uploads")
def show(public_id: str) -> ResponseReturnValue:
    upload = find(Upload, public_id)
    tenant = visitor().tenant
    if tenant is not EVERYBODY and upload.cooperative_id not in tenant:
        abort(404)
    return answer_with(upload)


def answer_with(upload: Upload) -> Response:
    """A file as it was kept, for somebody who may see it."""
    answer = _answer(upload, "private, no-cache")
    if not upload.is_picture:  # browsers do not show a PDF inside a sandbox
        answer.headers.set("Content-Disposition", "attachment", filename=upload.name)
    return answer


@bp.get("/photos/<public_id>")
@allow("public")
def photo(public_id: str) -> ResponseReturnValue:
    width = request.args.get("w", type=int)
    upload = public_picture(db.session, public_id) if OPAQUE.fullmatch(public_id) else None
    if upload is None or (width is not None and width not in WIDTHS_PX):
        abort(404)
    wanted = "image/webp" if width and request.args.get("f") == "webp" else upload.media_type
    return _answer(upload, "public, max-age=3600", width, wanted)


def _answer(upload: Upload, cache: str, width: int | None = None, wanted: str | None = None) -> Response:
    wanted = wanted or upload.media_type
    etag = f"{upload.sha256[:32]}-{width or 0}{'w' if wanted != upload.media_type else ''}"
    answer = Response(content_type=wanted)
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = cache
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if etag in request.if_none_match:
        answer.status_code = 304
        return answer
    served = _drawn(upload.public_id, width, wanted) if width else None
    answer.data = served.content if served else upload.content
    return answer


@lru_cache(maxsize=64)
def _drawn(public_id: str, width_px: int, wanted: str) -> Served:
    """A small picture, drawn once a process: what was kept never changes."""
    upload = public_picture(db.session, public_id)
    assert upload is not None  # asked just before
    return smaller(upload.content, upload.media_type, width_px, wanted)
