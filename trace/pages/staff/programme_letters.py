"""Whom the board wrote to in a year, when it reminded, who answered."""

from collections.abc import Callable

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find
from ...db import db
from ...records import Campaign, LetterKind
from ...work.authorities import commune_committees, district_committees
from ...work.letters import add_letters, correspondence, unanswered
from ..acting import acting_today
from ..choices import ChoiceField
from ..fields import DayField, NoteField, WordsField, needed, not_ahead
from ..forms import Form, finish, show_form
from ..programme_words import LETTERS
from ..tables import table_answer
from ..unread import UNREAD, one_of
from ..words import today

bp = Blueprint("programme_letters", __name__, url_prefix="/office/programme/years")
ALL_COMMUNES, ALL_DISTRICTS, UNANSWERED = "communes", "districts", "unanswered"
EVERYBODY = {
    "": lazy_gettext("those written below"),
    ALL_COMMUNES: lazy_gettext("every commune and ward of today"),
    ALL_DISTRICTS: lazy_gettext("every district of before July 2025"),
    UNANSWERED: lazy_gettext("everybody who has not answered yet"),
}


class LetterForm(Form):
    kind = ChoiceField(lazy_gettext("What it is"), validators=[needed()], words=LETTERS)
    on_day = DayField(lazy_gettext("Day of the letter"), validators=[needed(), not_ahead()])
    number = WordsField(lazy_gettext("Number of the letter"), longest=60)
    everybody = ChoiceField(
        lazy_gettext("To or from"),
        words=EVERYBODY,
    )
    authority = NoteField(
        lazy_gettext("Authorities, one a line"),
        description=lazy_gettext("For example: Sở Nông nghiệp và Môi trường. A district or commune: UBND xã Chi Lăng."),
    )
    note = NoteField(lazy_gettext("Note"))

    def authorities(self, campaign: Campaign) -> list[str]:
        if self.authority.data is UNREAD:
            return [UNREAD]  # type: ignore[list-item]
        lines: list[str] = (self.authority.data or "").splitlines()
        lists: dict[str, Callable[[], list[str]]] = {
            ALL_COMMUNES: commune_committees,
            ALL_DISTRICTS: district_committees,
            UNANSWERED: lambda: unanswered(campaign),
        }
        chosen: str = self.everybody.data or ""
        return [*lists.get(chosen, list)(), *lines]


@bp.route("/<public_id>/letters", methods=["GET", "POST"])
@allow("office")
def show(public_id: str) -> ResponseReturnValue:
    campaign = find(Campaign, public_id)
    form = LetterForm(data={"on_day": today(), "kind": LetterKind.LETTER.value})
    if form.sent():
        with form.refusals():
            told = {"number": form.number.data, "note": form.note.data}
            kind, day = one_of(LetterKind, form.kind.data), form.on_day.data or today()
            kept = add_letters(db.session, campaign, kind, form.authorities(campaign), day, **told, **acting_today())
            said = gettext("%(count)s entered.", count=len(kept))
            return finish(form, url_for(".show", public_id=public_id), said)
    written = correspondence(campaign)
    return show_form("staff/programme_letters.html", form, campaign=campaign, written=written)


@bp.get("/<public_id>/letters.<any(csv, xlsx):kind>")
@allow("office")
def take(public_id: str, kind: str) -> ResponseReturnValue:
    campaign = find(Campaign, public_id)
    headings = [
        gettext("Authority"), gettext("What it is"), gettext("Day"), gettext("Number"), gettext("Note"),
    ]  # fmt: skip
    rows = [
        (written.authority, str(LETTERS[letter.kind]), letter.on_day, letter.number, letter.note)
        for written in correspondence(campaign)
        for letter in written.letters
    ]
    return table_answer(kind, f"cong-van-{campaign.year}", gettext("Letters"), headings, rows)
