"""Pages of the offices: auditors, programme officers, operators."""

from flask import Flask

from . import (
    audit,
    audit_batches,
    audit_certificates,
    cases,
    doubts,
    office,
    operate,
    operate_backups,
    operate_people,
    recalls,
    seasons,
    start,
)
from .vocabulary import CERTIFICATE_STATES, RANGE_STATES, ROLES, SCHEMES, TONES, VERDICTS

OURS = (
    audit,
    audit_batches,
    audit_certificates,
    seasons,
    office,
    operate,
    operate_backups,
    operate_people,
    start,
    cases,
    doubts,
    recalls,
)


def init_app(app: Flask) -> None:
    for part in OURS:
        app.register_blueprint(part.bp)
    app.jinja_env.globals["office_words"] = {
        "verdict": VERDICTS,
        "tone": TONES,
        "state": CERTIFICATE_STATES,
        "range": RANGE_STATES,
        "role": ROLES,
        "scheme": SCHEMES,
    }
