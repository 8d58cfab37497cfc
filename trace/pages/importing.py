"""Import from Excel or CSV: send, match columns, look at every row, write all or nothing, take back.

A cooperative brings its own records, an office what is the whole province's; the pages are the same for both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ..access import OPAQUE, allow, find
from ..db import db
from ..records import Cooperative, Import
from ..work.imports import KINDS, Kind
from ..work.imports.acts import State, bring, context_of, drop, imports_of, match, state_of, take_back, write
from ..work.imports.agreeing import propose_taking_back, propose_writing
from ..work.imports.kind import Context, Doing
from ..work.imports.matching import Matching, guess_in
from ..work.imports.sheets import read_file, read_pasted
from ..work.refused import Refused
from . import import_words
from .acting import acting
from .fields import NoteField, UploadField
from .forms import Form, finish, show_form
from .import_shown import choices_of, rows_told, template_of, waiting
from .words import today

LONGEST_PASTE = 2_000_000


class BringForm(Form):
    file = UploadField(lazy_gettext("Excel or CSV file"), description=lazy_gettext("At most 10 MB and 5.000 rows."))
    pasted = NoteField(
        lazy_gettext("Or paste here what you copied in Excel"),
        longest=LONGEST_PASTE,
        description=lazy_gettext("With or without its headings; without them, in the order of the template."),
    )


class DeedForm(Form):
    """A single button."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose imports: `owner` gives the cooperative of who asks, or None for an office's own kinds."""

    frame: str
    """The template that the pages stand in."""
    for_office: bool
    owner: Callable[[], Cooperative | None]

    def kind(self, key: str) -> Kind:
        kind = KINDS.get(key)
        if kind is None or kind.for_office is not self.for_office:
            abort(404)
        return kind

    @property
    def offered(self) -> list[Kind]:
        """What needs nothing to go under; scope lines begin at their certificate."""
        return [kind for kind in KINDS.values() if kind.for_office is self.for_office and kind.target is None]

    def find(self, public_id: str) -> tuple[Import, Kind]:
        """One of their own: an import may be a cooperative's or an office's, so no fence stands around them."""
        brought, owner = find(Import, public_id), self.owner()
        if brought.cooperative_id != (owner.id if owner else None) or brought.dropped_at is not None:
            abort(404)
        return brought, self.kind(brought.kind)

    def context(self, kind: Kind, brought: Import) -> Context:
        return context_of(db.session, self.owner(), kind, brought, today())

    def show(self, template: str, form: Form, **shown: Any) -> ResponseReturnValue:
        words = {"heading": import_words.heading, "words": import_words.KINDS, "frame": self.frame}
        return show_form(f"imports/{template}.html", form, office=self.for_office, **words, **shown)

    def page(self, brought: Import, kind: Kind, form: Form) -> ResponseReturnValue:
        shown: dict[str, Any] = {"kind": kind, "waiting": waiting(brought)}
        if brought.written_at is None:
            state = state_of(db.session, brought, kind, self.context(kind, brought))
            shown |= {"state": state, "rows": rows_told(kind, state), "choices": choices_of(kind, state)}
        return self.show("one", form, brought=brought, **shown)


def _target(kind: Kind) -> Any:
    if kind.target is None:
        return None
    asked = request.args.get("target", "")
    if not OPAQUE.fullmatch(asked):
        abort(404)
    return find(kind.target, asked)


def _chosen(kind: Kind, state: State) -> Matching:
    """What the form says; another sheet is guessed anew."""
    place = request.form.get("sheet", state.matching.sheet, type=int)
    if not 0 <= place < len(state.sheets):
        raise Refused("Please choose from the list.")
    if place != state.matching.sheet:
        return guess_in(kind, state.sheets, place)
    known = {column.name for column in kind.columns}
    asked = {at: request.form.get(f"column-{at}", "") for at in range(state.sheets[place].width)}
    columns = {at: name for at, name in asked.items() if name in known}
    if len(set(columns.values())) != len(columns):
        raise Refused("Two columns were chosen for the same thing: choose one.")
    return Matching(place, state.matching.heading, columns)


def import_pages(name: str, url_prefix: str, place: Place, *, reads: str, writes: str) -> Blueprint:
    """The pages of one place; `reads` and `writes` are permissions."""
    bp = Blueprint(name, __name__, url_prefix=url_prefix)

    def there(brought: Import) -> str:
        return url_for(".show", public_id=brought.public_id)

    @bp.get("")
    @allow(reads)
    def index() -> ResponseReturnValue:
        kinds = [kind.key for kind in KINDS.values() if kind.for_office is place.for_office]
        rows = imports_of(db.session, place.owner(), kinds)
        return place.show("index", DeedForm(formdata=None), rows=rows, kinds=place.offered)

    @bp.get("/<kind>/template.xlsx")
    @allow(reads)
    def template(kind: str) -> ResponseReturnValue:
        return template_of(place.kind(kind))

    @bp.route("/new/<kind>", methods=["GET", "POST"])
    @allow(writes)
    def new(kind: str) -> ResponseReturnValue:
        told, form = place.kind(kind), BringForm()
        target = _target(told)
        if form.sent():
            with form.refusals():
                sent = form.file.data if form.file.data and form.file.data.filename else None
                sheets = read_file(sent.read(), "file") if sent else read_pasted(form.pasted.data or "", "pasted")
                named = sent.filename if sent else ""
                brought = bring(db.session, place.owner(), told, sheets, named, target=target, **acting())
                return finish(form, there(brought))
        return place.show("new", form, kind=told, target=target)

    @bp.get("/<public_id>")
    @allow(reads)
    def show(public_id: str) -> ResponseReturnValue:
        return place.page(*place.find(public_id), DeedForm(formdata=None))

    def sent(public_id: str, do: Callable[[Import, Kind], tuple[str, str]]) -> ResponseReturnValue:
        """Do it with the import that the address names; what it gives is where to go on and what to say."""
        brought, kind = place.find(public_id)
        form = DeedForm()
        if form.sent():
            with form.refusals():
                location, said = do(brought, kind)
                return finish(form, location or there(brought), said)
        return place.page(brought, kind, form)

    @bp.post("/<public_id>/match")
    @allow(writes)
    def match_columns(public_id: str) -> ResponseReturnValue:
        def do(brought: Import, kind: Kind) -> tuple[str, str]:
            state = state_of(db.session, brought, kind, place.context(kind, brought))
            match(db.session, brought, _chosen(kind, state), **acting())
            return "", ""

        return sent(public_id, do)

    @bp.post("/<public_id>/write")
    @allow(writes)
    def write_rows(public_id: str) -> ResponseReturnValue:
        def do(brought: Import, kind: Kind) -> tuple[str, str]:
            if kind.four_eyes:
                propose_writing(db.session, brought, kind, **acting())
                return "", gettext("Proposed: it is done once a second person agrees.")
            count = write(db.session, brought, kind, place.context(kind, brought), Doing(**acting()))
            return "", gettext("%(count)s rows written.", count=count)

        return sent(public_id, do)

    @bp.post("/<public_id>/take-back")
    @allow(writes)
    def undo(public_id: str) -> ResponseReturnValue:
        def do(brought: Import, kind: Kind) -> tuple[str, str]:
            if kind.four_eyes:
                propose_taking_back(db.session, brought, **acting())
                return "", gettext("Proposed: it is done once a second person agrees.")
            count = take_back(db.session, brought, kind, place.context(kind, brought), Doing(**acting()))
            return "", gettext("The import has been taken back: %(count)s rows.", count=count)

        return sent(public_id, do)

    @bp.post("/<public_id>/drop")
    @allow(writes)
    def throw_away(public_id: str) -> ResponseReturnValue:
        def do(brought: Import, _kind: Kind) -> tuple[str, str]:
            drop(db.session, brought, **acting())
            return url_for(".index"), gettext("Thrown away; nothing was written.")

        return sent(public_id, do)

    return bp
