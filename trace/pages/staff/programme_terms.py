"""Rate and cap of support, each holding from a day on that the province names."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, fresh
from ...db import db
from ...work.programme_rules import CapPer, set_terms, terms_history, terms_on
from ..acting import acting
from ..choices import ChoiceField
from ..fields import CountField, DayField, MoneyField, needed
from ..forms import Form, finish, show_form
from ..programme_words import CAP_PER
from ..unread import one_of
from ..words import today

bp = Blueprint("programme_terms", __name__, url_prefix="/office/programme/terms")


class TermsForm(Form):
    rate = CountField(lazy_gettext("Share of the accepted cost"), validators=[needed()])
    cap = MoneyField(lazy_gettext("At most"), validators=[needed()])
    cap_per = ChoiceField(lazy_gettext("The cap holds"), validators=[needed()], words=CAP_PER)
    from_on = DayField(
        lazy_gettext("From this day on"),
        validators=[needed()],
        description=lazy_gettext(
            "As the province's decision says; it may lie in the past. An invoice goes by the rate of its own day."
        ),
    )


@bp.get("")
@allow("office")
def show() -> ResponseReturnValue:
    held = terms_on(db.session, today())
    return _page(TermsForm(data={"rate": held.rate_percent, "cap": held.cap_vnd, "cap_per": held.cap_per.value}))


@bp.post("")
@allow("office")
@fresh
def store() -> ResponseReturnValue:
    form = TermsForm()
    if form.sent():
        with form.refusals():
            cap_per, day = one_of(CapPer, form.cap_per.data), form.from_on.data or today()
            rate, cap = form.rate.data or 0, form.cap.data or 0
            set_terms(db.session, rate, cap, cap_per, from_on=day, **acting())
            return finish(form, url_for(".show"), gettext("Stored."))
    return _page(form)


def _page(form: TermsForm) -> ResponseReturnValue:
    shown = {"terms": terms_on(db.session, today()), "history": terms_history(db.session), "cap_per": CAP_PER}
    return show_form("staff/programme_terms.html", form, **shown)
