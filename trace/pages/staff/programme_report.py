"""The yearly report: its figures on one page, as a Word file and a workbook, and the signed paper kept."""

from datetime import date
from io import BytesIO

from docxtpl import DocxTemplate
from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find
from ...db import db
from ...records import Campaign
from ...settings import ROOT
from ...standards.day_text import parse_day
from ...standards.figures import NotAQuantity
from ...work.programme_numbers import numbers_of
from ...work.programme_reports import keep_signed, last_day, signed_reports, told
from ...work.uploads import Kind, keep
from ..acting import acting, acting_today
from ..cooperative.parts import said
from ..fields import DayField, UploadField, WordsField, needed
from ..forms import Form, finish, show_form
from ..papers import in_vietnamese
from ..unread import UNREAD
from ..words import today
from .programme_annex import annex

bp = Blueprint("programme_report", __name__, url_prefix="/office/programme/years/<public_id>/report")
TEMPLATE = ROOT / "templates" / "staff" / "programme_report.docx"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SignedForm(Form):
    number = WordsField(lazy_gettext("Number of the signed report"), validators=[needed()], longest=60)
    on_day = DayField(lazy_gettext("Signed on"), validators=[needed()])
    file = UploadField(lazy_gettext("The signed report"), validators=[needed()], description=lazy_gettext("As a PDF."))


@bp.get("")
@allow("office")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(Campaign, public_id), SignedForm(formdata=None))


def _page(campaign: Campaign, form: SignedForm) -> ResponseReturnValue:
    up_to = _up_to(campaign)
    return show_form(
        "staff/programme_report.html",
        form,
        campaign=campaign,
        up_to=up_to,
        told=told(db.session, campaign, up_to, today()),
        signed=signed_reports(db.session, campaign),
    )


def _up_to(campaign: Campaign) -> date:
    """The day asked for, within the year and not ahead; else the year's end, or today."""
    last = last_day(campaign, today())
    try:
        day = parse_day(request.args.get("up_to", "")[:20])
    except NotAQuantity:
        return last
    return min(max(day, date(campaign.year, 1, 1)), last)


@bp.get("/word.docx")
@allow("office")
def word(public_id: str) -> ResponseReturnValue:
    """To be finished in Word: what only a person knows is marked there."""
    campaign = find(Campaign, public_id)
    document, made = DocxTemplate(TEMPLATE), BytesIO()
    document.render(told(db.session, campaign, _up_to(campaign), today()), autoescape=True)
    document.save(made)
    return _file(made.getvalue(), WORD, f"bao-cao-du-an-{campaign.year}.docx")


@bp.get("/annexes.xlsx")
@allow("office")
def workbook(public_id: str) -> ResponseReturnValue:
    campaign = find(Campaign, public_id)
    numbers = numbers_of(db.session, campaign, _up_to(campaign), today())
    with in_vietnamese():
        made = annex(db.session, numbers)
    return _file(made, WORKBOOK, f"phu-luc-du-an-{campaign.year}.xlsx")


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = Response(content, content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.post("")
@allow("office")
def sign(public_id: str) -> ResponseReturnValue:
    campaign, form = find(Campaign, public_id), SignedForm()
    if form.sent():
        with form.refusals():
            sent = form.file.data
            upload = UNREAD
            if sent is not UNREAD:
                upload = keep(db.session, None, sent.read(), sent.filename, frozenset({Kind.DOCUMENT}),
                              field="file", **acting())  # fmt: skip
            keep_signed(db.session, campaign, said(form.number), said(form.on_day), upload, **acting_today())
            words = gettext("Kept. Its hash stands in the history from now on.")
            return finish(form, url_for(".show", public_id=public_id), words)
    return _page(campaign, form)
