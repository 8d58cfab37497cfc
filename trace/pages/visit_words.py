"""The words of audits: results, answers, grades, and what a stamp scanned on site says."""

from typing import Any

from flask_babel import lazy_gettext

RESULTS: dict[str, Any] = {
    "nothing": lazy_gettext("Looked at; nothing decided"),
    "certified": lazy_gettext("Confirmed fit for stamping"),
    "refused": lazy_gettext("Refused"),
    "warned": lazy_gettext("Warned"),
    "suspended": lazy_gettext("Suspended"),
    "recalled": lazy_gettext("Recalled"),
    "lifted": lazy_gettext("Lifting proposed"),
}
ANSWERS: dict[str, Any] = {
    "good": lazy_gettext("Conforms"),
    "bad": lazy_gettext("Does not conform"),
    "not_applicable": lazy_gettext("Does not apply"),
}
GRADES: dict[str, Any] = {
    "major": lazy_gettext("Major non-conformity"),
    "minor": lazy_gettext("Minor non-conformity"),
    "observation": lazy_gettext("Observation"),
}
GRADE_TONES = {"major": "stop", "minor": "wait", "observation": "unknown"}
FINDING_STATES: dict[str, tuple[Any, str, str]] = {
    "open": (lazy_gettext("To put right"), "wait", "clock"),
    "corrected": (lazy_gettext("Put right, to be looked at"), "wait", "eye"),
    "sent_back": (lazy_gettext("Not yet right"), "stop", "close"),
    "accepted": (lazy_gettext("Closed"), "valid", "check"),
}
SCANS: dict[str, tuple[Any, str]] = {
    "valid": (lazy_gettext("Valid"), "valid"),
    "past_shelf_life": (lazy_gettext("Past its shelf life"), "wait"),
    "not_active": (lazy_gettext("Not yet activated"), "wait"),
    "lapsed": (lazy_gettext("Certificate had expired"), "wait"),
    "void": (lazy_gettext("Void"), "stop"),
    "recalled": (lazy_gettext("Recalled"), "stop"),
    "suspended": (lazy_gettext("Suspended"), "stop"),
    "foreign": (lazy_gettext("Of another batch or cooperative"), "stop"),
    "unknown": (lazy_gettext("No such code"), "stop"),
    "unverifiable": (lazy_gettext("Can no longer be verified"), "unknown"),
    "restoring": (lazy_gettext("Record is being restored"), "unknown"),
}
"""Word and tone; a stamp scanned before is told so beside them."""
