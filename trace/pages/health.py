"""`/healthz`: 200 with the schema's version when the database answers and the history has its first checkpoint, or when
at least a replica answers."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from ..access import allow
from ..db import db, schema_of
from ..replica import REPLICA
from ..service import sources
from ..work.log import current_shard, newest_checkpoint

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allow("public")
def healthz() -> ResponseReturnValue:
    try:
        if newest_checkpoint(db.session, current_shard(db.session)) is None:
            return {"problem": "no checkpoint of the history yet: run `flask --app trace migrate`"}, 503
        return {"schema": schema_of(db.session.connection())}
    except OperationalError:
        if sources() is None:
            raise
    # Public pages are answered: a balancer keeps sending phones here. The alarm is temgoc_primary_up.
    return {"schema": schema_of(db.get_session(REPLICA).connection()), "primary": "away"}
