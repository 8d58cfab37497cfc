"""Why a batch is looked at first, in words."""

from typing import Any

from flask_babel import gettext

from ...work.risk import Reason
from ..checks_told import RULE_NAMES
from ..words import show_day


def reason_words(reason: Reason) -> str:
    figures: dict[str, Any] = reason.figures
    if reason.key not in {"failed", "warned"}:
        return _of_cooperative(reason.key, figures)
    told = {"letter": figures["rule"], "rule": RULE_NAMES[figures["rule"]]}
    if reason.key == "failed":
        return str(gettext("fails %(letter)s: %(rule)s", **told))
    return str(gettext("warns %(letter)s: %(rule)s", **told))


def _of_cooperative(key: str, figures: dict[str, Any]) -> str:
    count = figures.get("count", 0)
    words = {
        "near_quota": gettext("%(percent)s %% or more of a certificate line used", percent=figures.get("percent", 0)),
        "late_diary": gettext("diary late or missing"),
        "copies": gettext("%(count)s suspected copies in 90 days", count=count),
        "complaints": gettext("%(count)s complaints in 90 days", count=count),
        "new": gettext("new here since %(day)s", day=show_day(figures.get("day"))),
        "not_visited": gettext("not visited for a year") if figures.get("day") else gettext("never visited"),
    }
    return str(words[key])
