"""The checks of a batch put into sentences, each with its figures."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext

from ...standards import quantities
from ..words import language, show_day
from .vocabulary import CERTIFICATE_STATES

CHECK_SENTENCES: dict[tuple[str, bool], Any] = {
    ("has_intake", True): lazy_gettext("%(lines)s intake lines say what came in."),
    ("has_intake", False): lazy_gettext("No intake line says what came in."),
    ("on_certificate", True): lazy_gettext("%(source)s stands on certificate %(certificate)s for this product."),
    ("on_certificate", False): lazy_gettext(
        "%(source)s does not stand, for this product, on a certificate that has been confirmed (%(certificate)s)."
    ),
    ("day_covered", True): lazy_gettext("%(day)s lies within certificate %(certificate)s."),
    ("day_covered", False): lazy_gettext(
        "Certificate %(certificate)s (%(issued_on)s to %(expires_on)s) did not hold on %(day)s: %(state)s."
    ),
    ("within_output", True): lazy_gettext(
        "%(before)s drawn before and %(here)s here stay within the %(allowed)s that certificate %(certificate)s allows."
    ),
    ("within_output", False): lazy_gettext(
        "%(before)s drawn before and %(here)s here exceed the %(allowed)s that certificate %(certificate)s allows."
    ),
    ("packed_within_received", True): lazy_gettext("%(packed)s packed, from %(available)s left after sorting."),
    ("packed_within_received", False): lazy_gettext(
        "%(packed)s packed, but only %(available)s were left after sorting."
    ),
}
CHECK_NAMES: dict[str, Any] = {
    "has_intake": lazy_gettext("Intake named"),
    "on_certificate": lazy_gettext("On a confirmed certificate"),
    "day_covered": lazy_gettext("Day within the certificate"),
    "within_output": lazy_gettext("Weight within the certificate"),
    "packed_within_received": lazy_gettext("Packed within received"),
}
FIGURES: dict[str, Any] = {
    "lines": lazy_gettext("Intake lines"),
    "source": lazy_gettext("Source"),
    "certificate": lazy_gettext("Certificate"),
    "day": lazy_gettext("Day"),
    "state": lazy_gettext("State on that day"),
    "issued_on": lazy_gettext("Issued"),
    "expires_on": lazy_gettext("Expires"),
    "before_g": lazy_gettext("Drawn before"),
    "here_g": lazy_gettext("Drawn here"),
    "allowed_g": lazy_gettext("Allowed in the certificate year"),
    "packed_g": lazy_gettext("Packed"),
    "available_g": lazy_gettext("Left after sorting"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A check as a person reads it: its name, what was found, and every figure."""

    name: str
    passed: bool
    sentence: str
    figures: list[tuple[str, str]]


def tell(check: dict[str, Any]) -> Told:
    """`check` as `work.checks.as_json` gives it."""
    key, passed = str(check["key"]), check["outcome"] == "pass"
    figures = {name: _shown(name, value) for name, value in check["figures"].items()}
    spoken = {name.removesuffix("_g"): value for name, value in figures.items()}
    sentence = CHECK_SENTENCES.get((key, passed))
    words = str(sentence) % spoken if sentence is not None else key
    shown = [(str(FIGURES.get(name, name)), value) for name, value in figures.items() if name in FIGURES]
    return Told(str(CHECK_NAMES.get(key, key)), passed, words, shown)


def _shown(name: str, value: Any) -> str:
    if value is None:
        return str(gettext("none named"))
    if name.endswith("_g"):
        return quantities.show_weight(value, language())
    if name in {"day", "issued_on", "expires_on"}:
        return show_day(date.fromisoformat(value))
    if name == "state":
        return str(CERTIFICATE_STATES.get(value, value))
    return str(value)


def tell_all(summary: str | None) -> list[Told]:
    """The checks a decision carried (JSON text), as they stood that day."""
    return [tell(check) for check in json.loads(summary)] if summary else []
