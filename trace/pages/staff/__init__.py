"""Pages of the offices: auditors, programme officers, operators."""

from flask import Flask

from ..checks_told import CERTIFICATE_STATES
from ..programme_words import CAP_PER, STATES
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
    enrolment_lists,
    enrolment_money,
    enrolment_moves,
    enrolment_work,
    enrolments,
    findings,
    office,
    operate,
    operate_backups,
    operate_people,
    operate_printers,
    programme,
    programme_imports,
    programme_letters,
    programme_overview,
    programme_report,
    programme_terms,
    programme_units,
    range_recalls,
    recalls,
    rules,
    seasons,
    stamp_orders,
    start,
    support_kinds,
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
    programme,
    programme_imports,
    programme_letters,
    programme_overview,
    programme_report,
    programme_terms,
    programme_units,
    support_kinds,
    enrolments,
)
ON_ENROLMENTS = (enrolment_moves, enrolment_work, enrolment_money, enrolment_lists)
"""They share the blueprint of `enrolments`."""


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
    app.jinja_env.globals["programme_words"] = {"state": STATES, "cap_per": CAP_PER}
