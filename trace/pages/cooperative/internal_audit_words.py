"""Internal audits in words."""

from typing import Any

from flask_babel import lazy_gettext

from ...records import InternalAnswer, InternalGrade

ANSWERS: dict[str, Any] = {
    InternalAnswer.GOOD: lazy_gettext("conforms"),
    InternalAnswer.BAD: lazy_gettext("does not conform"),
    InternalAnswer.NOT_APPLICABLE: lazy_gettext("does not apply"),
}
GRADES: dict[str, Any] = {
    InternalGrade.MAJOR: lazy_gettext("major non-conformity"),
    InternalGrade.MINOR: lazy_gettext("minor non-conformity"),
    InternalGrade.OBSERVATION: lazy_gettext("observation"),
}
