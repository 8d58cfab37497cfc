"""The words for keys that records carry: states, schemes, kinds, roles."""

from typing import Any

from flask_babel import lazy_gettext

SCHEMES: dict[str, Any] = {
    "vietgap": "VietGAP (TCVN 11892-1)",
    "globalgap": "GlobalG.A.P.",
    "organic": lazy_gettext("Organic"),
    "iso_9001": "ISO 9001",
    "iso_22000": "ISO 22000 / HACCP",
    "ocop": lazy_gettext("OCOP stars"),
    "product_standard": lazy_gettext("Conformity with a standard"),
    "technical_regulation": lazy_gettext("Conformity with a technical regulation"),
}
KINDS: dict[str, Any] = {
    "cooperative": lazy_gettext("Cooperative"),
    "union": lazy_gettext("Union of cooperatives"),
    "group": lazy_gettext("Cooperative group"),
    "enterprise": lazy_gettext("Enterprise"),
    "household": lazy_gettext("Household business"),
}
RANGE_STATES: dict[str, Any] = {
    "made": lazy_gettext("not printed"),
    "printed": lazy_gettext("printed"),
    "active": lazy_gettext("active"),
    "void": lazy_gettext("void"),
    "recalled": lazy_gettext("recalled"),
}
ROLES: dict[str, Any] = {
    "member": lazy_gettext("member of the cooperative"),
    "manager": lazy_gettext("manager of the cooperative"),
    "auditor": lazy_gettext("auditor"),
    "officer": lazy_gettext("programme officer"),
    "operator": lazy_gettext("operator"),
    "certifier": lazy_gettext("certifier from outside"),
    "service": lazy_gettext("the service itself"),
    "consumer": lazy_gettext("a visitor"),
}


VERDICTS: dict[str, Any] = {
    "certified": lazy_gettext("Confirmed fit for stamping"),
    "cleared_by_rule": lazy_gettext("Cleared by rule"),
    "refused": lazy_gettext("Refused"),
    "suspended": lazy_gettext("Suspended"),
    "recalled": lazy_gettext("Recalled"),
    "lifted": lazy_gettext("Lifted"),
    "confirmed": lazy_gettext("Confirmed against the original"),
    "warned": lazy_gettext("Warned"),
    "cancelled": lazy_gettext("Cancelled"),
    "approved": lazy_gettext("Approved"),
    "left": lazy_gettext("Left the programme"),
    "waiting": lazy_gettext("Waiting"),
}
TONES: dict[str, str] = {
    "certified": "valid",
    "cleared_by_rule": "valid",
    "confirmed": "valid",
    "approved": "valid",
    "activated": "valid",
    "lifted": "valid",
    "cleared": "valid",
    "submitted": "wait",
    "waiting": "wait",
    "warned": "wait",
    "refused": "stop",
    "suspended": "stop",
    "recalled": "stop",
    "cancelled": "stop",
    "voided": "unknown",
}
"""How a verdict, or the last word of an entry's kind, is coloured; what is not named stays plain."""
ICONS = {"valid": "seal-check", "wait": "clock", "stop": "warning", "unknown": "trash"}
