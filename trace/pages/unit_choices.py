"""What a unit chooses from when it says who and where it is."""

from flask_babel import lazy_gettext
from wtforms import SelectChoice

from ..records import CooperativeKind
from ..standards import geography

KINDS = [
    SelectChoice(CooperativeKind.COOPERATIVE.value, lazy_gettext("Cooperative")),
    SelectChoice(CooperativeKind.UNION.value, lazy_gettext("Union of cooperatives")),
    SelectChoice(CooperativeKind.GROUP.value, lazy_gettext("Cooperative group")),
    SelectChoice(CooperativeKind.ENTERPRISE.value, lazy_gettext("Enterprise")),
    SelectChoice(CooperativeKind.HOUSEHOLD.value, lazy_gettext("Household business")),
]


def communes() -> list[SelectChoice]:
    return [SelectChoice("", "–"), *(SelectChoice(unit.code, unit.full_name) for unit in geography.communes_by_name())]


def old_districts() -> list[SelectChoice]:
    return [
        SelectChoice("", "–"),
        *(SelectChoice(unit.code, f"{unit.kind.capitalize()} {unit.name}") for unit in geography.DISTRICTS),
    ]
