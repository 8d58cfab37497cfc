"""What a cooperative that is not approved reads: who decides, and since when it waits."""

from flask_babel import gettext

from ...db import db
from ...records import Cooperative, CooperativeVerdict
from ...work.deployments import setting
from ..words import language, show_day, today


def approval_words(cooperative: Cooperative) -> str:
    """Empty for an approved cooperative."""
    if cooperative.approved:
        return ""
    office = setting(db.session, "office.vi" if language() == "vi" else "office.en", today())
    last = cooperative.last_decision
    if last is None:
        return str(
            gettext(
                "Registered on %(day)s; %(office)s decides. Enter everything meanwhile: only stamps wait.",
                day=show_day(cooperative.created_at),
                office=office,
            )
        )
    if last.verdict == CooperativeVerdict.REFUSED:
        words = gettext(
            "%(office)s refused the registration on %(day)s: %(reason)s",
            office=office,
            day=show_day(last.at),
            reason=last.reason or "",
        )
        return str(words)
    return str(gettext("Left the programme on %(day)s: no new stamps can be issued.", day=show_day(last.at)))
