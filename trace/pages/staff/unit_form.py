"""The facts of a unit that is not registered here, as an officer copies them from a paper."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import SelectField

from ...standards import identifiers
from ...work.programme_units import UnitFacts
from ..fields import IdentifierField, PhoneField, WordsField, needed
from ..forms import Form
from ..unit_choices import KINDS, communes, old_districts

FACTS = ("kind", "name", "address", "tax_code", "contact_name", "phone")


class UnitForm(Form):
    kind = SelectField(lazy_gettext("Kind"), validators=[needed()], choices=KINDS)
    name = WordsField(lazy_gettext("Name of the unit"), validators=[needed()])
    tax_code = IdentifierField(lazy_gettext("Tax code"), reader=identifiers.tax_code)
    address = WordsField(lazy_gettext("Address"), validators=[needed()])
    commune_code = SelectField(lazy_gettext("Commune or ward of today"))
    former_district_code = SelectField(lazy_gettext("District of before July 2025"))
    contact_name = WordsField(lazy_gettext("Who is in charge"), longest=100)
    phone = PhoneField(lazy_gettext("Phone number"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commune_code.choices = communes()
        self.former_district_code.choices = old_districts()

    def facts(self) -> UnitFacts:
        said: dict[str, Any] = {name: self[name].data for name in FACTS}
        said |= {name: self[name].data or None for name in ("commune_code", "former_district_code")}
        return UnitFacts(**said)
