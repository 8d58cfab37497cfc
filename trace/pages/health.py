"""`/healthz`: 200 with the schema's version when the database answers and the history has its first checkpoint."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ..access import allow
from ..db import db, schema_of
from ..work.log import current_shard, newest_checkpoint

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allow("public")
def healthz() -> ResponseReturnValue:
    if newest_checkpoint(db.session, current_shard(db.session)) is None:
        return {"problem": "no checkpoint of the history yet: run `flask --app trace migrate`"}, 503
    return {"schema": schema_of(db.session.connection())}
