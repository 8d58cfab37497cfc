"""Titles of the programme's kinds of entries, for histories."""

from typing import Any

from flask_babel import lazy_gettext

PROGRAMME_TITLES: dict[str, Any] = {
    "campaign.report_signed": lazy_gettext("Signed yearly report kept"),
    "campaign.opened": lazy_gettext("Year of the programme opened"),
    "campaign.changed": lazy_gettext("Year of the programme changed"),
    "campaign.letter": lazy_gettext("Letter entered"),
    "support_kind.added": lazy_gettext("Kind of support added"),
    "support_kind.steps_set": lazy_gettext("Steps of a kind of support set"),
    "programme_unit.added": lazy_gettext("Unit of the programme entered"),
    "programme_unit.registered": lazy_gettext("Unit of the programme has registered"),
    "programme_unit.taken_back": lazy_gettext("Unit taken back with its import"),
    "advice.given": lazy_gettext("Advice given"),
    "advice.taken_back": lazy_gettext("Advice taken back with its import"),
    "enrolment.entered": lazy_gettext("Enrolment of an earlier year entered"),
    "enrolment.taken_back": lazy_gettext("Enrolment taken back with its import"),
    "enrolment.received": lazy_gettext("Enrolment received"),
    "enrolment.checked": lazy_gettext("Enrolment checked"),
    "enrolment.approved": lazy_gettext("Enrolment approved"),
    "enrolment.refused": lazy_gettext("Enrolment not approved"),
    "enrolment.contract": lazy_gettext("Contract entered"),
    "enrolment.under_way": lazy_gettext("Work begun"),
    "enrolment.step_planned": lazy_gettext("Day of a step set"),
    "enrolment.step_done": lazy_gettext("Step done"),
    "enrolment.document": lazy_gettext("Document attached"),
    "enrolment.scored": lazy_gettext("Scores of an audit entered"),
    "enrolment.result": lazy_gettext("Result named"),
    "enrolment.accepted": lazy_gettext("Work accepted"),
    "enrolment.paid": lazy_gettext("Recorded as paid out"),
    "enrolment.contract_closed": lazy_gettext("Closing paper entered"),
    "enrolment.closed": lazy_gettext("Contract closed"),
    "enrolment.withdrawn": lazy_gettext("Enrolment withdrawn"),
    "support.cost_entered": lazy_gettext("Invoice entered"),
    "support.cost_accepted": lazy_gettext("Invoice looked at"),
    "support.paid": lazy_gettext("Support paid out or returned"),
}
