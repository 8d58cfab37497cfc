"""The checks of a batch put into sentences, each with its figures, its rule and the rule's source."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext

from ..standards import quantities
from ..work.check import LETTERS
from .words import language, show_day

CHECK_SENTENCES: dict[tuple[str, str], Any] = {
    ("has_intake", "pass"): lazy_gettext("%(lines)s intake lines say what came in."),
    ("has_intake", "fail"): lazy_gettext("No intake line says what came in."),
    ("on_certificate", "pass"): lazy_gettext("%(source)s stands on certificate %(certificate)s for this product."),
    ("on_certificate", "fail"): lazy_gettext(
        "%(source)s does not stand, for this product, on a certificate that has been confirmed (%(certificate)s)."
    ),
    ("area_fits", "pass"): lazy_gettext("%(source)s has %(entered)s, and the certificate names %(certified)s."),
    ("area_fits", "warn"): lazy_gettext("%(source)s has only %(entered)s, but the certificate names %(certified)s."),
    ("day_covered", "pass"): lazy_gettext("%(day)s lies within certificate %(certificate)s."),
    ("day_covered", "warn"): lazy_gettext(
        "%(day)s lies within certificate %(certificate)s, which carried a warning that day."
    ),
    ("day_covered", "fail"): lazy_gettext(
        "Certificate %(certificate)s (%(issued_on)s to %(expires_on)s) did not hold on %(day)s: %(state)s."
    ),
    ("within_output", "pass"): lazy_gettext(
        "%(before)s drawn before and %(here)s here stay within the %(allowed)s that certificate %(certificate)s allows."
    ),
    ("within_output", "warn"): lazy_gettext(
        "%(before)s drawn before and %(here)s here exceed the expected %(expected)s; only the tolerance covers them."
    ),
    ("within_output", "fail"): lazy_gettext(
        "%(before)s drawn before and %(here)s here exceed the %(allowed)s that certificate %(certificate)s allows."
    ),
    ("yield_plausible", "pass"): lazy_gettext(
        "%(place)s: %(per_ha)s a hectare this year; usual are up to %(high_ha)s."
    ),
    ("yield_plausible", "warn"): lazy_gettext(
        "%(place)s: %(per_ha)s a hectare this year is more than the usual %(high_ha)s."
    ),
    ("yield_plausible", "fail"): lazy_gettext(
        "%(place)s: %(per_ha)s a hectare this year is more than the orchard can bear (at most %(most_ha)s)."
    ),
    ("packed_within_received", "pass"): lazy_gettext("%(packed)s packed, from %(available)s left after sorting."),
    ("packed_within_received", "fail"): lazy_gettext(
        "%(packed)s packed, but only %(available)s were left after sorting."
    ),
    ("stamps_within_packed", "pass"): lazy_gettext("%(stamps)s stamps for %(packs)s packs."),
    ("stamps_within_packed", "warn"): lazy_gettext(
        "%(stamps)s stamps for %(packs)s packs: only the allowance for spoiled ones covers them."
    ),
    ("stamps_within_packed", "fail"): lazy_gettext(
        "%(stamps)s stamps for %(packs)s packs: %(most)s are the most, spoiled ones included."
    ),
    ("printed_covers_used", "pass"): lazy_gettext("%(printed)s printed; %(active)s active and %(void)s void."),
    ("printed_covers_used", "fail"): lazy_gettext(
        "%(active)s stamps are active and %(void)s void, but only %(printed)s of them were ever printed."
    ),
    ("spray_kept", "pass"): lazy_gettext(
        "%(source)s: %(spray)s sprayed on %(sprayed_on)s, harvested on %(day)s, free from %(earliest_on)s on."
    ),
    ("spray_kept", "fail"): lazy_gettext(
        "%(source)s: %(spray)s sprayed on %(sprayed_on)s, harvested on %(day)s, but free only from %(earliest_on)s on."
    ),
    ("diary_kept", "pass"): lazy_gettext("%(source)s: %(entries)s diary lines in the year before, all in time."),
    ("diary_kept", "warn"): lazy_gettext(
        "%(source)s: %(late)s of %(entries)s diary lines were late, one by %(latest_days)s days."
    ),
    ("diary_kept", "fail"): lazy_gettext("%(source)s: no diary line in the year before the harvest."),
    ("test_passed", "pass"): lazy_gettext("Test report %(report)s of %(laboratory)s is in date and passed."),
    ("test_passed", "warn"): lazy_gettext("No test report is in date on %(day)s."),
    ("test_passed", "fail"): lazy_gettext("Test report %(report)s is above the limit: %(above)s."),
    ("trademark_usable", "pass"): lazy_gettext("%(trademark)s was in force on %(day)s, and its use is allowed."),
    ("trademark_usable", "warn"): lazy_gettext("%(trademark)s was applied for but not registered on %(day)s."),
    ("trademark_usable", "fail"): lazy_gettext("%(trademark)s was not in force on %(day)s, or its use not allowed."),
    ("area_code_valid", "pass"): lazy_gettext("Planting-area code %(code)s of %(source)s is registered and held."),
    ("area_code_valid", "warn"): lazy_gettext("Planting-area code %(code)s of %(source)s is not in the register yet."),
    ("area_code_valid", "fail"): lazy_gettext("Planting-area code %(code)s of %(source)s does not hold: %(why)s."),
}
CHECK_NAMES: dict[str, Any] = {
    "has_intake": lazy_gettext("Intake named"),
    "on_certificate": lazy_gettext("On a confirmed certificate"),
    "area_fits": lazy_gettext("Area as certified"),
    "day_covered": lazy_gettext("Day within the certificate"),
    "within_output": lazy_gettext("Weight within the certificate"),
    "yield_plausible": lazy_gettext("Weight a hectare plausible"),
    "packed_within_received": lazy_gettext("Packed within received"),
    "stamps_within_packed": lazy_gettext("Stamps within packed"),
    "printed_covers_used": lazy_gettext("Active and void within printed"),
    "spray_kept": lazy_gettext("Pre-harvest interval kept"),
    "diary_kept": lazy_gettext("Diary kept in time"),
    "test_passed": lazy_gettext("Test in date and passed"),
    "trademark_usable": lazy_gettext("Trademark in force"),
    "area_code_valid": lazy_gettext("Planting-area code held"),
}
_CIRCULAR_48 = lazy_gettext("Circular 48/2012/TT-BNNPTNT, Article 17")
_BALANCE = lazy_gettext("Mass balance, rule of the programme; TCVN 11892-1:2017")
SOURCES: dict[str, Any] = {
    "a": _CIRCULAR_48,
    "b": _CIRCULAR_48,
    "c": lazy_gettext("Circular 48/2012/TT-BNNPTNT, Article 17; tolerance set by the province"),
    "d": lazy_gettext("Yardsticks of yield, set by the province"),
    "e": _BALANCE,
    "f": _BALANCE,
    "g": _BALANCE,
    "h": lazy_gettext("TCVN 11892-1:2017; pre-harvest interval as on the label"),
    "i": lazy_gettext("TCVN 11892-1:2017; days set by the province"),
    "j": lazy_gettext("TCVN 11892-1:2017; limits as in the report"),
    "k": lazy_gettext("Intellectual Property Law, Article 93; rules of the mark's owner"),
    "l": lazy_gettext("Register of planting-area codes"),
}
"""Whose rule it is, by letter."""
RULE_NAMES: dict[str, Any] = {
    "a": lazy_gettext("Days within the certificate"),
    "b": lazy_gettext("Product, plot and member certified"),
    "c": lazy_gettext("Weight within the certificate"),
    "d": lazy_gettext("Weight a hectare plausible"),
    "e": lazy_gettext("Packed within received"),
    "f": lazy_gettext("Stamps within packed"),
    "g": lazy_gettext("Active and void within printed"),
    "h": lazy_gettext("Pre-harvest interval kept"),
    "i": lazy_gettext("Diary kept in time"),
    "j": lazy_gettext("Test in date and passed"),
    "k": lazy_gettext("Trademark in force"),
    "l": lazy_gettext("Planting-area code held"),
}
WHY: dict[str, Any] = {
    "foreign": lazy_gettext("another holder has it"),
    "other_crop": lazy_gettext("it was given for another crop"),
    "ended": lazy_gettext("it had ended or was revoked on the harvest day"),
    "unregistered": lazy_gettext("it is not in the register"),
    "valid": lazy_gettext("it holds"),
}
MARKETS: dict[str, Any] = {
    "domestic": lazy_gettext("Viet Nam"),
    "china": lazy_gettext("China"),
    "other": lazy_gettext("other countries"),
}
CERTIFICATE_STATES: dict[str, Any] = {
    "declared": lazy_gettext("not yet held against the original"),
    "in_force": lazy_gettext("in force"),
    "warned": lazy_gettext("in force, with a warning"),
    "suspended": lazy_gettext("suspended"),
    "cancelled": lazy_gettext("cancelled"),
    "expired": lazy_gettext("expired"),
    "not_yet": lazy_gettext("not yet in force"),
    "refused": lazy_gettext("refused"),
}
FIGURES: dict[str, Any] = {
    "lines": lazy_gettext("Intake lines"),
    "source": lazy_gettext("Source"),
    "place": lazy_gettext("Place"),
    "variety": lazy_gettext("Variety"),
    "certificate": lazy_gettext("Certificate"),
    "day": lazy_gettext("Day"),
    "state": lazy_gettext("State on that day"),
    "issued_on": lazy_gettext("Issued"),
    "expires_on": lazy_gettext("Expires"),
    "before_g": lazy_gettext("Drawn before"),
    "here_g": lazy_gettext("Drawn here"),
    "expected_g": lazy_gettext("Expected a year"),
    "allowed_g": lazy_gettext("Allowed in the certificate year"),
    "certified_m2": lazy_gettext("Area on the certificate"),
    "entered_m2": lazy_gettext("Area of the plot"),
    "area_m2": lazy_gettext("Area"),
    "drawn_g": lazy_gettext("Drawn this certificate year"),
    "per_ha_g": lazy_gettext("A hectare"),
    "low_ha_g": lazy_gettext("Usual, low end"),
    "high_ha_g": lazy_gettext("Usual, high end"),
    "most_ha_g": lazy_gettext("Most, with tolerance"),
    "yardstick": lazy_gettext("Yardstick"),
    "packed_g": lazy_gettext("Packed"),
    "available_g": lazy_gettext("Left after sorting"),
    "stamps": lazy_gettext("Stamps"),
    "packs": lazy_gettext("Packs"),
    "most": lazy_gettext("Most, with spoiled ones"),
    "stamped_g": lazy_gettext("Stamps × net weight"),
    "printed": lazy_gettext("Printed"),
    "active": lazy_gettext("Active"),
    "void": lazy_gettext("Void"),
    "returned": lazy_gettext("Returned"),
    "spray": lazy_gettext("Spray"),
    "sprayed_on": lazy_gettext("Sprayed on"),
    "phi_days": lazy_gettext("Pre-harvest interval, days"),
    "earliest_on": lazy_gettext("Earliest harvest"),
    "entries": lazy_gettext("Diary lines"),
    "late": lazy_gettext("Late"),
    "latest_days": lazy_gettext("Latest by days"),
    "allowed_days": lazy_gettext("Days allowed"),
    "report": lazy_gettext("Report"),
    "laboratory": lazy_gettext("Laboratory"),
    "valid_until": lazy_gettext("Good until"),
    "results": lazy_gettext("Results"),
    "above": lazy_gettext("Above the limit"),
    "trademark": lazy_gettext("Trademark"),
    "code": lazy_gettext("Code"),
    "why": lazy_gettext("Found"),
    "crop": lazy_gettext("Crop"),
    "markets": lazy_gettext("Markets"),
}
DAYS = frozenset({"day", "issued_on", "expires_on", "sprayed_on", "earliest_on", "valid_until"})
NOT_SPRAYED = lazy_gettext("%(source)s: no spray is in the diary before %(day)s.")
NO_LINES = lazy_gettext("%(source)s: no diary line in the year before the harvest.")
NO_TEST = lazy_gettext("No test report is in date on %(day)s.")
NOT_COMPARED = lazy_gettext("%(place)s: no yardstick for this crop, so the yield is not compared.")


@dataclass(frozen=True, slots=True)
class Told:
    """A check as a person reads it: its rule, its name, what was found, and every figure."""

    letter: str
    name: str
    outcome: str
    sentence: str
    figures: list[tuple[str, str]]
    source: str

    @property
    def passed(self) -> bool:
        return self.outcome == "pass"

    @property
    def failed(self) -> bool:
        return self.outcome == "fail"

    @property
    def tone(self) -> str:
        return {"pass": "valid", "warn": "wait"}.get(self.outcome, "stop")


def tell(check: dict[str, Any]) -> Told:
    """`check` as `work.checks.as_json` gives it."""
    key, outcome = str(check["key"]), str(check["outcome"])
    figures = {name: _shown(name, value) for name, value in check["figures"].items()}
    spoken = {name.removesuffix("_g").removesuffix("_m2"): value for name, value in figures.items()}
    sentence = _without(key, check["figures"]) or CHECK_SENTENCES.get((key, outcome))
    words = str(sentence) % spoken if sentence is not None else key
    shown = [(str(FIGURES[name]), value) for name, value in figures.items() if name in FIGURES and value]
    letter = LETTERS.get(key, "")
    return Told(letter, str(CHECK_NAMES.get(key, key)), outcome, words, shown, str(SOURCES.get(letter, "")))


def _without(key: str, figures: dict[str, Any]) -> Any:
    """The sentence where there was nothing to compare with."""
    absent = {
        "yield_plausible": ("crop", NOT_COMPARED),
        "spray_kept": ("spray", NOT_SPRAYED),
        "diary_kept": ("entries", NO_LINES),
        "test_passed": ("report", NO_TEST),
    }
    name, sentence = absent.get(key, ("", None))
    return sentence if name and not figures.get(name) else None


def _shown(name: str, value: Any) -> str:
    if value is None:
        return str(gettext("none named")) if name in {"certificate", "source"} else ""
    if name in DAYS:
        return show_day(date.fromisoformat(value))
    if name in _WORDS:
        return str(_WORDS[name].get(value, value))
    if isinstance(value, list):
        return ", ".join(str(MARKETS.get(one, one)) for one in value)
    return _quantity(name, value) if isinstance(value, int) else str(value)


_WORDS = {"state": CERTIFICATE_STATES, "why": WHY}


def _quantity(name: str, value: int) -> str:
    if name.endswith("_g"):
        return quantities.show_weight(value, language())
    if name.endswith("_m2"):
        return quantities.show_area(value, language())
    return quantities.show_count(value, language())


def tell_all(summary: str | None) -> list[Told]:
    """The checks a decision carried (JSON text), as they stood that day."""
    return [tell(check) for check in json.loads(summary)] if summary else []
