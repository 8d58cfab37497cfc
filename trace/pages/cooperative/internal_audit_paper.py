"""An internal audit on paper: every household against the checklist, findings with what was done about them."""

from datetime import datetime

from flask_babel import gettext

from ...records import Cooperative, InternalAnswer, InternalAudit
from ...work.internal_audits import answers_of
from ...work.papers import Column, Paper
from ..words import show_day
from .internal_audit_words import ANSWERS, GRADES


def audit_paper(cooperative: Cooperative, audit: InternalAudit, *, now: datetime) -> bytes:
    title = gettext("Internal audit of %(day)s", day=show_day(audit.on_day))
    paper = Paper(
        title,
        foot=f"{cooperative.name} · {title}",
        page_of=gettext("Page %(page)s/%(pages)s", page="%(page)s", pages="%(pages)s"),
        made_at=now,
    )
    paper.title(title, cooperative.name)
    add_audit(paper, audit, level=1)
    paper.heading(gettext("The checklist"))
    columns = [Column(gettext("No."), 0.4), Column(gettext("Clause"), 1.6), Column(gettext("What is looked at"), 4)]
    rows = [
        [str(number), f"{point.standard}\n{point.clause}", point.text]
        for number, point in enumerate(audit.checklist.points, 1)
    ]
    paper.table(columns, rows)
    paper.signatures([gettext("Who led the audit"), gettext("For the cooperative")])
    return paper.finish()


def add_audit(paper: Paper, audit: InternalAudit, *, level: int) -> None:
    """The households and findings of one audit, as part of a larger document or of its own."""
    day = show_day(audit.on_day)
    paper.heading(gettext("Internal audit of %(day)s", day=day) if level > 1 else gettext("What was looked at"), level)
    closed = show_day(audit.closed_on) if audit.closed_on else gettext("still under way")
    paper.facts(
        [
            (gettext("Begun on"), day),
            (gettext("Audit closed on"), closed),
            (gettext("Led by"), audit.led_by),
            (gettext("Checklist"), gettext("version %(version)s", version=audit.checklist.version)),
            (gettext("Households"), str(len(audit.seen))),
            (gettext("Summary"), audit.summary),
        ]
    )
    _households(paper, audit)
    _findings(paper, audit)


def _households(paper: Paper, audit: InternalAudit) -> None:
    numbers = {point.key: str(number) for number, point in enumerate(audit.checklist.points, 1)}
    columns = [
        Column(gettext("Household"), 2),
        Column(gettext("Looked at on"), 1.1),
        Column(str(ANSWERS[InternalAnswer.GOOD]), 0.9, "R"),
        Column(str(ANSWERS[InternalAnswer.BAD]), 1.4),
        Column(gettext("Note"), 2.4),
    ]
    rows = []
    for seen in audit.seen.values():
        answers = answers_of(seen)
        good = sum(answer is InternalAnswer.GOOD for answer in answers.values())
        bad = [numbers.get(key, key) for key, answer in answers.items() if answer is InternalAnswer.BAD]
        points = gettext("points %(numbers)s", numbers=", ".join(bad)) if bad else "–"
        rows.append([seen.grower.name, show_day(seen.seen_on), str(good), points, seen.note or ""])
    if rows:
        paper.table(columns, rows)


def _findings(paper: Paper, audit: InternalAudit) -> None:
    if not audit.findings:
        paper.say(gettext("No finding."))
        return
    columns = [
        Column(gettext("Grade"), 1),
        Column(gettext("Household"), 1.3),
        Column(gettext("Finding"), 2.4),
        Column(gettext("What is to be done"), 2),
        Column(gettext("Put right by"), 1.2),
        Column(gettext("Done"), 2),
    ]
    rows = [
        [
            str(GRADES[each.grade]),
            each.grower.name if each.grower else gettext("all"),
            each.text,
            each.action or "",
            show_day(each.due_on),
            f"{show_day(each.closed_on)}: {each.done}" if each.closed_on else "–",
        ]
        for each in audit.findings
    ]
    paper.table(columns, rows)
