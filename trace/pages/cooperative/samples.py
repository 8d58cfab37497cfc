"""Tests of samples: a laboratory's report entered, read, and made void."""

from datetime import timedelta
from typing import Any

import wtforms
from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import FieldList, FormField

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import SampleTest
from ...standards.findings import parse_finding, parse_limit, show_finding
from ...work.complaints import recent_batches
from ...work.farm import open_plots
from ...work.own_lists import own_products
from ...work.samples import ResultFacts, SampleFacts, enter_test, samples_of, void_test
from ...work.uploads import SCANS
from ..acting import acting, acting_today
from ..choices import RecordField
from ..fields import DayField, NoteField, QuantityField, UploadField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import language, show_day, today
from .lines import LinesForm
from .parts import SCAN_HINT, kept

bp = Blueprint("samples", __name__, url_prefix="/my/tests")
LINES_TO_START = 3
USUAL_DAYS = 365


class FoundField(QuantityField):
    """Millionths in a tuple: (None,) is an answer, nothing typed is none."""

    limit = False

    def read(self, text: str) -> tuple[int | None]:
        return (parse_limit(text) if self.limit else parse_finding(text),)

    def show(self, value: tuple[int | None]) -> str:
        return show_finding(value[0], "vi")


class LimitField(FoundField):
    limit = True


class ResultForm(wtforms.Form):
    analyte = WordsField(lazy_gettext("Substance or germ"))
    found = FoundField(lazy_gettext("Found"))
    limit = LimitField(lazy_gettext("Limit"))
    unit = WordsField(lazy_gettext("Unit"), longest=20)
    method = WordsField(lazy_gettext("Method"))

    @property
    def blank(self) -> bool:
        return not any((self.analyte.data, self.found.typed, self.limit.typed, self.method.data))

    def facts(self) -> ResultFacts:
        found, limit = self.found.data, self.limit.data
        assert found is not None and limit is not None  # noqa: PT018 - validated
        return ResultFacts(self.analyte.data or "", self.unit.data or "", found[0], limit[0], self.method.data)


class SampleForm(LinesForm):
    lines_name = "results"

    laboratory = WordsField(lazy_gettext("Laboratory"), [needed()])
    report_number = WordsField(lazy_gettext("Number of the report"), [needed()], longest=60)
    sample_code = WordsField(lazy_gettext("Code of the sample"), longest=60)
    batch = RecordField(lazy_gettext("Batch"))
    plot = RecordField(lazy_gettext("Plot"))
    product = RecordField(lazy_gettext("Product"))
    sampled_on = DayField(lazy_gettext("Sample taken on"), [needed()])
    reported_on = DayField(lazy_gettext("Report of"), [needed()])
    valid_until = DayField(
        lazy_gettext("Report good until"),
        description=lazy_gettext("Empty: one year from the day the sample was taken."),
    )
    results = FieldList(FormField(ResultForm), lazy_gettext("Results"), min_entries=LINES_TO_START)
    document = UploadField(lazy_gettext("The report"), description=SCAN_HINT)
    note = NoteField(lazy_gettext("Note"))

    def offer(self) -> "SampleForm":
        own, none = own_cooperative(), gettext("–")
        self.batch.offer(recent_batches(db.session, own), lambda row: str(row.code), blank=none)
        self.plot.offer(open_plots(db.session, own), lambda row: str(row.called), blank=none)
        self.product.offer(own_products(db.session, own), lambda row: str(row.name_vi), blank=none)
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for line in self.filled:
            for field in (line.analyte, line.found, line.limit, line.unit):
                if field.data in {None, ""} and not field.errors:
                    field.errors = [gettext("Please fill this in.")]
        wrong = any(entry.errors for entry in self.results)
        self.results.errors = [entry.errors for entry in self.results] if wrong else []
        return not self.complained

    def facts(self) -> SampleFacts:
        sampled_on, reported_on = self.sampled_on.data, self.reported_on.data
        assert sampled_on is not None and reported_on is not None  # noqa: PT018 - validated
        return SampleFacts(
            laboratory=self.laboratory.data or "",
            report_number=self.report_number.data or "",
            sample_code=self.sample_code.data,
            sampled_on=sampled_on,
            reported_on=reported_on,
            valid_until=self.valid_until.data or max(sampled_on + timedelta(days=USUAL_DAYS), reported_on),
            results=tuple(line.facts() for line in self.filled),
            batch=self.batch.record,
            plot=self.plot.record,
            product=self.product.record,
            note=self.note.data,
        )


class VoidForm(Form):
    reason = NoteField(lazy_gettext("Why is it void?"), [needed()])


def of_what(test: SampleTest) -> str:
    """What was sampled, in words."""
    parts = [
        gettext("batch %(batch)s", batch=test.batch.code) if test.batch else "",
        test.product.name_in(language()) if test.product else "",
        test.plot.called if test.plot else "",
    ]
    return " · ".join(part for part in parts if part)


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    return render_template("cooperative/samples.html", rows=samples_of(db.session, own_cooperative()), of_what=of_what)


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    form = SampleForm().offer()
    if request.method == "GET":
        form.batch.data = request.args.get("batch", "")
    if form.asks_for_a_line:
        form.add_line()
    elif form.sent():
        with form.refusals():
            document = kept(form.document, SCANS)
            test = enter_test(db.session, own_cooperative(), form.facts(), document, **acting_today())
            return finish(form, url_for(".show", public_id=test.public_id), _said(test))
    return show_form("cooperative/sample_form.html", form)


def _said(test: SampleTest) -> str:
    if test.passed:
        return str(gettext("Entered: passed, good until %(day)s.", day=show_day(test.valid_until)))
    return str(gettext("Entered: above its limit. Batches of it must not be sold; tell your auditor."))


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(SampleTest, public_id), VoidForm(formdata=None))


def _page(test: SampleTest, form: Form) -> ResponseReturnValue:
    shown = {"of_what": of_what, "finding": lambda micro: show_finding(micro, language())}
    return show_form("cooperative/sample.html", form, test=test, in_date=test.in_date_on(today()), **shown)


@bp.post("/<public_id>/void")
@allow("cooperative.write")
def make_void(public_id: str) -> ResponseReturnValue:
    test, form = find(SampleTest, public_id), VoidForm()
    if form.sent():
        with form.refusals():
            void_test(db.session, test, form.reason.data, **acting())
            return finish(form, url_for(".show", public_id=public_id), gettext("Made void."))
    return _page(test, form)
