"""`/report`: tell a doubt about a stamp, or complain about the goods; `/reports/<reference>`: how it goes.

No sign-in. The page carries a one-time token; one network sends a few reports an hour.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, Form, RadioField, SelectField
from wtforms.validators import InputRequired

from ...access import OPAQUE, allow
from ...db import db
from ...metrics import REPORTS
from ...records import Complaint, ComplaintAbout, Doubt, DoubtKind, StampRange
from ...service import keyring, registry
from ...standards.codes import grouped, normalise
from ...standards.provinces import ABROAD, PROVINCES, listed
from ...work.allowances import Allowance
from ...work.complaints import report_of, tell_complaint
from ...work.doubts import About, Telling, refuse_telling, tell_doubt
from ...work.page_tokens import hour_of
from ...work.refused import Refused, RefusedAll
from ...work.uploads import MOST_BYTES, Kind
from ..fields import NoteField, UploadField, WordsField
from ..headers import refuse_foreign_forms
from ..words import language, now, sentence
from .frame import bp, page
from .scanning import desk

REPORT = "report"
MOST_AN_HOUR = 6
HOUR_S = 3_600.0

ABOUT_THE_STAMP: dict[str, Any] = {
    DoubtKind.SERIAL: lazy_gettext("The number on the stamp is another one than on the page"),
    DoubtKind.TWICE: lazy_gettext("I saw two packages with the same number"),
    DoubtKind.TORN: lazy_gettext("The stamp is torn, or was stuck on a second time"),
    DoubtKind.GOODS: lazy_gettext("The stamp is on goods that the page does not describe"),
}
ABOUT_THE_GOODS: dict[str, Any] = {
    ComplaintAbout.SPOILED: lazy_gettext("The goods were spoiled"),
    ComplaintAbout.WEIGHT: lazy_gettext("There was less in it than it says"),
    ComplaintAbout.TASTE: lazy_gettext("The quality is not as expected"),
    ComplaintAbout.FOREIGN: lazy_gettext("Something was in it that does not belong there"),
}
UNKNOWN_CODE = {DoubtKind.UNKNOWN: lazy_gettext("The page says that this code does not exist")}
ELSE = {DoubtKind.OTHER: lazy_gettext("Something else")}


@dataclass(frozen=True, slots=True)
class Subject:
    """The stamp that the report is about, or only the code as it came."""

    code: str
    about: About
    serial: str = ""

    @property
    def groups(self) -> list[tuple[str, dict[str, Any]]]:
        """What may be told, under its headings."""
        if self.about.stamps is None:
            return [(gettext("About the stamp"), UNKNOWN_CODE | {"torn": ABOUT_THE_STAMP["torn"]} | ELSE)]
        goods = [(gettext("About the goods: the cooperative answers"), ABOUT_THE_GOODS)]
        stamp = (gettext("About the stamp: the province's office looks into it"), ABOUT_THE_STAMP | ELSE)
        return [stamp, *(goods if self.about.stamps.batch_id else [])]


class ReportForm(Form):
    what = RadioField(
        lazy_gettext("What is odd?"), [InputRequired(lazy_gettext("Choose what comes nearest."))], validate_choice=False
    )
    words = NoteField(lazy_gettext("In your own words"), longest=2_000)
    seller = WordsField(lazy_gettext("Where did you buy it? Shop, market or page"))
    province = SelectField(lazy_gettext("Province"), validate_choice=False)
    photo = UploadField(lazy_gettext("A photo of the stamp on the package"))
    contact = WordsField(lazy_gettext("Telephone or e-mail, if you want to be called back"), longest=100)
    consent = BooleanField(lazy_gettext("You may keep this to answer me. It is deleted 90 days after the answer."))

    def telling(self) -> Telling:
        sent = self.photo.data
        photo = sent.read(MOST_BYTES[Kind.PICTURE] + 1) if isinstance(sent, FileStorage) and sent.filename else b""
        province = self.province.data if self.province.data in {*PROVINCES, ABROAD} else None
        name = sent.filename or "" if isinstance(sent, FileStorage) else ""
        facts = {"words": self.words.data, "seller": self.seller.data, "contact": self.contact.data}
        return Telling(**facts, province=province, consent=self.consent.data, photo=photo, photo_name=name)

    def complain(self, refusal: Refused) -> None:
        field = self._fields.get(refusal.field or "", self.what)
        field.errors = [*field.errors, sentence(refusal)]

    def judge(self, *, words_needed: bool) -> None:
        """What work would say of it, beside what its fields have said already."""
        try:
            refuse_telling(self.telling(), words_needed=words_needed)
        except Refused as refusal:
            self.complain(refusal)
        except RefusedAll as several:
            for each in several.refusals:
                self.complain(each)


@bp.get("/report")
@allow("public")
def ask() -> ResponseReturnValue:
    subject = _subject(request.args.get("code", ""))
    token = desk().tokens.give(REPORT, normalise(subject.code), hour_of(now()))
    return _form(subject, ReportForm(), token)


@bp.post("/report")
@allow("public")
def report() -> ResponseReturnValue:
    refuse_foreign_forms()
    given, typed = request.form.get("code", ""), request.form.get("typed", "")
    subject = _subject(given or typed)
    token = request.form.get("token", "")[:80]
    form = ReportForm(request.form | request.files)
    nonce = desk().tokens.take(token, REPORT, normalise(given), now())
    if nonce is None or not given:  # the page shown again is about the code that was typed
        token = desk().tokens.give(REPORT, normalise(subject.code), hour_of(now()))
    if nonce is None:
        REPORTS.labels("token").inc()
        form.complain(Refused("This page was open for too long. Send it once more."))
        return _form(subject, form, token, 422)
    if not form.validate():
        form.judge(words_needed=form.what.data in ABOUT_THE_GOODS)
        return _form(subject, form, token, 422)
    if not _allowance().take(request.remote_addr or ""):
        REPORTS.labels("network").inc()
        form.complain(Refused("Many reports came from your network just now. Wait an hour, or call the office below."))
        return _form(subject, form, token, 429)
    return _keep(subject, form, token, nonce)


def _keep(subject: Subject, form: ReportForm, token: str, nonce: bytes) -> ResponseReturnValue:
    what = form.what.data
    try:
        if what in set(ComplaintAbout) - {ComplaintAbout.OTHER} and what in dict(_choices(subject)):
            kept: Doubt | Complaint = tell_complaint(
                db.session, ComplaintAbout(what), subject.about, form.telling(), nonce, now=now()
            )
        elif what in dict(_choices(subject)):
            kept = tell_doubt(db.session, DoubtKind(what), subject.about, form.telling(), nonce, now=now())
        else:
            raise Refused("Choose what comes nearest.")
    except (Refused, RefusedAll) as no:
        db.session.rollback()
        for refusal in no.refusals if isinstance(no, RefusedAll) else [no]:
            form.complain(refusal)
        return _form(subject, form, token, 422)
    db.session.commit()
    REPORTS.labels("kept").inc()
    return redirect(url_for(".progress", public_id=kept.public_id, lang=language()), 303)


@bp.get("/reports/<public_id>")
@allow("public")
def progress(public_id: str) -> ResponseReturnValue:
    if not OPAQUE.fullmatch(public_id):
        abort(404)
    kept = report_of(db.session, public_id)
    if kept is None:
        abort(404)
    answer = page("consumer/report_progress.html", kept=kept, is_doubt=isinstance(kept, Doubt))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _form(subject: Subject, form: ReportForm, token: str, status: int = 200) -> Response:
    return page("consumer/report.html", status, subject=subject, form=form, token=token, provinces=listed(), most_mb=12)


def _choices(subject: Subject) -> list[tuple[str, Any]]:
    return [(str(key), words) for _, choices in subject.groups for key, words in choices.items()]


def _subject(typed: str) -> Subject:
    """Read by the reading engine: what follows may take seconds, and must hold no lock meanwhile."""
    typed = typed.strip()[:40]
    place = keyring().read(typed)
    if place is None or place.version in keyring().leaked:
        if typed and not current_app.extensions["temgoc"]["wrong_codes"].count(request.remote_addr or ""):
            abort(429)
        return Subject(typed, About(code=typed or None))
    reading = db.get_session("read")
    found = registry().find(place, lambda: reading)
    stamps = reading.get(StampRange, found.range_id) if found else None
    code = grouped(normalise(typed))
    if found is None or stamps is None:
        return Subject(code, About(code=code))
    return Subject(code, About(stamps, found.number), f"{found.run.label}-{found.number:07d}")


def _allowance() -> Allowance:
    kept: Allowance = current_app.extensions["temgoc"]["reports"]
    return kept


def init_app(app: Flask) -> None:
    app.extensions["temgoc"]["reports"] = Allowance(MOST_AN_HOUR, HOUR_S)
