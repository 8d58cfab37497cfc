"""One check of a batch: its rule, its outcome and its figures. The rules have letters, by which settings name them."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    FAIL = "fail"


LETTERS = {
    "day_covered": "a",
    "has_intake": "b",
    "on_certificate": "b",
    "area_fits": "b",
    "within_output": "c",
    "yield_plausible": "d",
    "packed_within_received": "e",
    "stamps_within_packed": "f",
    "printed_covers_used": "g",
    "spray_kept": "h",
    "diary_kept": "i",
    "test_passed": "j",
    "trademark_usable": "k",
    "area_code_valid": "l",
}
"""Which rule each check belongs to."""

RULES = "".join(sorted(set(LETTERS.values())))


@dataclass(frozen=True, slots=True)
class Check:
    """`key` names the check; `figures` are whole numbers, ISO days and names for the sentence pages make of it."""

    key: str
    outcome: Outcome
    figures: dict[str, Any]

    @property
    def letter(self) -> str:
        return LETTERS[self.key]

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASS

    @property
    def failed(self) -> bool:
        return self.outcome is Outcome.FAIL


def check(key: str, passed: bool, *, warn: bool = False, **figures: Any) -> Check:
    """A check that passes or fails; one that passes with `warn` only warns."""
    outcome = Outcome.FAIL if not passed else Outcome.WARN if warn else Outcome.PASS
    return Check(key, outcome, figures)


def as_json(checks: list[Check]) -> list[dict[str, Any]]:
    """The summary that a decision carries."""
    return [asdict(one) | {"outcome": one.outcome.value} for one in checks]
