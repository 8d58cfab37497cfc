"""`/healthz`: 200 with the schema's version when the database answers."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from ..access import allow
from ..db import db, schema_of

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allow("public")
def healthz() -> ResponseReturnValue:
    return {"schema": schema_of(db.session.connection())}
