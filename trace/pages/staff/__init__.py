"""Pages of the offices: auditors, programme officers, operators."""

from flask import Flask

from ..checks_told import CERTIFICATE_STATES
from . import (
    area_codes,
    audit,
    audit_batches,
    audit_certificates,
    cases,
    certifier,
    certifiers,
    checklists,
    dashboard,
    dossiers,
    doubts,
    findings,
    office,
    operate,
    operate_backups,
    operate_people,
    operate_printers,
    range_recalls,
    recalls,
    rules,
    seasons,
    stamp_orders,
    start,
    visit_scanning,
    visits,
)
from .vocabulary import RANGE_STATES, ROLES, SCHEMES, TONES, VERDICTS

OURS = (
    audit,
    audit_batches,
    audit_certificates,
    seasons,
    office,
    operate,
    operate_backups,
    operate_people,
    operate_printers,
    start,
    cases,
    doubts,
    recalls,
    rules,
    area_codes,
    range_recalls,
    visits,
    visit_scanning,
    findings,
    checklists,
    dossiers,
    dashboard,
    stamp_orders,
    certifier,
    certifiers,
)


def init_app(app: Flask) -> None:
    for part in OURS:
        app.register_blueprint(part.bp)
    certifier.init_app(app)
    app.jinja_env.globals["office_words"] = {
        "verdict": VERDICTS,
        "tone": TONES,
        "state": CERTIFICATE_STATES,
        "range": RANGE_STATES,
        "role": ROLES,
        "scheme": SCHEMES,
    }
