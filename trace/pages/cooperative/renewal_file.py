"""The renewal file: one PDF with what a certification body asks for, the diary as a book of its own, and reports."""

import zipfile
from datetime import date, datetime
from io import BytesIO

from flask_babel import gettext
from sqlalchemy.orm import Session

from ...records import Certificate, Cooperative, ScopeLine
from ...standards.quantities import show_area, show_weight
from ...work.diary_book import lateness
from ...work.farm import present_growers
from ...work.papers import Column, Paper
from ...work.renewals import Renewal, renewal_of
from ..staff.vocabulary import SCHEMES
from ..words import show_day
from .complaints import ABOUT
from .diary_sheets import book
from .internal_audit_paper import add_audit
from .samples import of_what


def renewal_file(
    session: Session, cooperative: Cooperative, certificate: Certificate, *, today: date, now: datetime
) -> bytes:
    told = renewal_of(session, cooperative, certificate, today)
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ho-so-gia-han.pdf", _paper(session, cooperative, told, now))
        late = lateness(session, told.diary)
        archive.writestr("so-nhat-ky.pdf", book(cooperative, told.diary, late, told.start, told.end, now=now))
        for number, test in enumerate(told.tests, 1):
            if test.document is not None:
                archive.writestr(f"phieu-kiem-nghiem/{number:02d}-{test.document.name}", test.document.content)
    return made.getvalue()


def _paper(session: Session, cooperative: Cooperative, told: Renewal, now: datetime) -> bytes:
    certificate = told.certificate
    title = gettext("File for the renewal of certificate %(number)s", number=certificate.number)
    paper = Paper(
        title,
        foot=f"{cooperative.name} · {title}",
        page_of=gettext("Page %(page)s/%(pages)s", page="%(page)s", pages="%(pages)s"),
        made_at=now,
    )
    paper.title(title, cooperative.name)
    paper.facts(
        [
            (gettext("Cooperative"), cooperative.name),
            (gettext("Address"), cooperative.address),
            (gettext("Scheme"), str(SCHEMES[certificate.scheme])),
            (gettext("Certifying body"), certificate.body),
            (gettext("Day of issue"), show_day(certificate.issued_on)),
            (gettext("Last day"), show_day(certificate.expires_on)),
        ]
    )
    paper.contents(gettext("Contents"))
    _growers(paper, session, cooperative)
    _balances(paper, told)
    _audits(paper, told)
    _tests(paper, told)
    _complaints(paper, told)
    paper.heading(gettext("Diary"))
    counted = [entry for entry in told.diary if entry.corrected_by is None and not entry.withdraws]
    paper.say(gettext("%(count)s lines, in the book beside this file.", count=len(counted)))
    paper.signatures([gettext("For the cooperative"), gettext("Certification body")])
    return paper.finish()


def _growers(paper: Paper, session: Session, cooperative: Cooperative) -> None:
    paper.heading(gettext("Households and plots"), new_page=True)
    columns = [
        Column(gettext("Household"), 1.6),
        Column(gettext("Plot"), 2),
        Column(gettext("Area"), 0.9, "R"),
        Column(gettext("Planting-area code"), 1.2),
    ]
    growers = present_growers(session, cooperative)
    rows = [
        [grower.name, plot.name, show_area(plot.area_m2, "vi"), plot.area_code or "–"]
        for grower in growers
        for plot in grower.open_plots
    ]
    rows += [[grower.name, "–", "–", "–"] for grower in growers if not grower.open_plots]
    paper.table(columns, rows)


def _balances(paper: Paper, told: Renewal) -> None:
    paper.heading(gettext("Mass balance"))
    paper.say(gettext("By scope line and certificate year: what the certificate expects, and what batches drew on it."))
    columns = [
        Column(gettext("Product, place"), 2),
        Column(gettext("Certificate year"), 1.2),
        Column(gettext("Expected"), 1, "R"),
        Column(gettext("Received"), 1, "R"),
        Column(gettext("Packed"), 1, "R"),
        Column(gettext("Batches"), 0.7, "R"),
        Column("%", 0.5, "R"),
    ]
    rows = [
        [
            f"{each.line.product.name_vi}\n{_place(each.line)}",
            f"{show_day(each.start)}\n{show_day(each.end)}",
            show_weight(each.line.expected_g_a_year, "vi"),
            show_weight(each.drawn_g, "vi"),
            show_weight(each.packed_g, "vi"),
            str(each.batches),
            str(each.drawn_g * 100 // each.line.expected_g_a_year),
        ]
        for each in told.balances
    ]
    paper.table(columns, rows)


def _place(line: ScopeLine) -> str:
    if line.plot is not None:
        return line.plot.called
    return line.grower.name if line.grower else ""


def _audits(paper: Paper, told: Renewal) -> None:
    paper.heading(gettext("Internal audits"))
    if not told.audits:
        paper.say(gettext("None in these days."))
    for audit in told.audits:
        add_audit(paper, audit, level=2)


def _tests(paper: Paper, told: Renewal) -> None:
    paper.heading(gettext("Sample tests"))
    if not told.tests:
        paper.say(gettext("None in these days."))
        return
    columns = [
        Column(gettext("Report"), 1),
        Column(gettext("Of what"), 1.6),
        Column(gettext("Laboratory"), 1.6),
        Column(gettext("Sample taken on"), 1),
        Column(gettext("Report good until"), 1),
        Column(gettext("Result"), 0.9),
    ]
    rows = [
        [
            test.report_number,
            of_what(test),
            test.laboratory,
            show_day(test.sampled_on),
            show_day(test.valid_until),
            gettext("void") if test.voided_at else gettext("passed") if test.passed else gettext("above the limit"),
        ]
        for test in told.tests
    ]
    paper.table(columns, rows)


def _complaints(paper: Paper, told: Renewal) -> None:
    paper.heading(gettext("Complaints"))
    if not told.complaints:
        paper.say(gettext("None in these days."))
        return
    columns = [
        Column(gettext("No."), 1),
        Column(gettext("Received on"), 1),
        Column(gettext("Complaint"), 2.4),
        Column(gettext("What was found and done"), 2.4),
    ]
    rows = [
        [
            each.reference,
            show_day(each.received_on),
            f"{ABOUT[each.about]}: {each.words}",
            "\n".join(a.words for a in each.answers),
        ]
        for each in told.complaints
    ]
    paper.table(columns, rows)
