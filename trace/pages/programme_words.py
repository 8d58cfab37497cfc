"""The words for keys that the programme's records carry."""

from typing import Any

from flask_babel import lazy_gettext

STATES: dict[str, tuple[Any, str, str]] = {
    "received": (lazy_gettext("Received by the office"), "wait", "file"),
    "checked": (lazy_gettext("Checked"), "wait", "eye"),
    "approved": (lazy_gettext("Approved for support"), "valid", "check"),
    "refused": (lazy_gettext("Not approved"), "stop", "close"),
    "under_way": (lazy_gettext("Under way"), "valid", "clock"),
    "accepted": (lazy_gettext("Work accepted"), "valid", "seal-check"),
    "paid": (lazy_gettext("Paid out"), "valid", "coin"),
    "closed": (lazy_gettext("Contract closed"), "unknown", "lock"),
    "withdrawn": (lazy_gettext("Withdrawn by the unit"), "unknown", "close"),
}
"""Of an enrolment: word, tone, icon."""
PATH = ("received", "checked", "approved", "under_way", "accepted", "paid", "closed")
"""The states in order, where nothing ends early."""
LETTERS: dict[str, Any] = {
    "letter": lazy_gettext("Letter sent"),
    "reminder": lazy_gettext("Reminder sent"),
    "answer": lazy_gettext("Answer received"),
}
CAP_PER: dict[str, Any] = {
    "unit": lazy_gettext("for each unit, in all years together"),
    "unit_year": lazy_gettext("for each unit and year"),
    "kind": lazy_gettext("for each kind that a unit asks for in a year"),
}
PAYMENTS: dict[str, Any] = {
    "advance": lazy_gettext("Advance"),
    "payment": lazy_gettext("Payment"),
    "returned": lazy_gettext("Money that came back"),
}
PHASES: dict[str, Any] = {"before": lazy_gettext("Before"), "after": lazy_gettext("After")}
"""Of an audit of tools (5S)."""
