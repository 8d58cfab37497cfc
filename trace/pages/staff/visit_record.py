"""The visit record (biên bản kiểm tra) for both signatures, in Vietnamese as every paper of the office."""

from datetime import date, datetime

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from ...accounts.offices import names_by_key
from ...records import Visit
from ...work.deployments import setting
from ...work.papers import Column, Paper
from ...work.reach import owner
from ...work.visit_scans import new_stamps
from ..visit_words import ANSWERS, GRADES, RESULTS, SCANS
from ..words import show_day, show_moment


def record_pdf(session: Session, visit: Visit, *, now: datetime, today: date) -> bytes:
    with force_locale("vi"):
        return _draw(session, visit, now, today)


def _draw(session: Session, visit: Visit, now: datetime, today: date) -> bytes:
    cooperative = owner(session, visit)
    title = gettext("VISIT RECORD")
    paper = Paper(title, foot=f"{title} {visit.number} · {cooperative.name}", made_at=now)
    paper.say(str(setting(session, "office.vi", today)), bold=True)
    paper.title(
        title, gettext("No. %(number)s · day of the visit %(day)s", number=visit.number, day=show_day(visit.on_day))
    )
    about = visit.batch.code if visit.batch else visit.certificate.number if visit.certificate else ""
    paper.facts([
        (gettext("Cooperative"), cooperative.name),
        (gettext("Address"), cooperative.address),
        (gettext("Purpose"), visit.purpose),
        (gettext("About"), about),
        (gettext("Auditor"), names_by_key(session, [visit.by_person_id]).get(visit.by_person_id or 0, "")),
        (gettext("Checklist"), gettext("version %(version)s", version=visit.checklist.version)),
    ])  # fmt: skip
    _scans(paper, visit)
    _points(paper, visit)
    _findings(paper, visit)
    paper.heading(gettext("Conclusion"))
    paper.say(str(RESULTS[visit.result]) if visit.result else gettext("The visit has not been closed yet."), bold=True)
    if visit.result_note:
        paper.say(visit.result_note)
    paper.say(gettext("Read out, agreed to and signed by both sides; each keeps a copy."))
    paper.signatures([gettext("For the cooperative"), gettext("The auditor")], gettext("(signature and full name)"))
    return paper.finish()


def _scans(paper: Paper, visit: Visit) -> None:
    paper.heading(gettext("Stamps scanned"))
    count = gettext("%(count)s different stamps of %(wanted)s.", count=new_stamps(visit), wanted=visit.sample_size)
    paper.say(count)
    totals: dict[str, int] = {}
    for row in visit.scans:
        word = gettext("scanned again") if row.repeated else str(SCANS[row.verdict][0])
        totals[word] = totals.get(word, 0) + 1
    if totals:
        columns = [Column(gettext("What the stamp said"), 3), Column(gettext("Scans"), 1, "R")]
        paper.table(columns, [[word, str(number)] for word, number in totals.items()])
    odd = [row for row in visit.scans if row.verdict != "valid"]
    for row in odd[:40]:
        paper.say(f"{show_moment(row.scanned_at)} · {row.text} · {SCANS[row.verdict][0]}", quiet=True)


def _points(paper: Paper, visit: Visit) -> None:
    paper.heading(gettext("Points looked at"))
    answered = visit.answered
    rows = []
    for point in visit.checklist.points:
        given = answered.get(point.key)
        said = str(ANSWERS[given.answer]) if given else "–"
        rows.append([f"{point.standard}\n{point.clause}", point.text, said, (given.note or "") if given else ""])
    heads = [gettext("Standard"), gettext("Point"), gettext("Answer"), gettext("Note")]
    paper.table([Column(head, share) for head, share in zip(heads, (1.3, 3, 1, 1.6), strict=True)], rows)


def _findings(paper: Paper, visit: Visit) -> None:
    paper.heading(gettext("Findings and corrective actions"))
    if not visit.findings:
        paper.say(gettext("None."))
        return
    heads = [gettext("Grade"), gettext("What was found"), gettext("To be put right by")]
    rows = [[str(GRADES[one.grade]), one.text, show_day(one.due_on)] for one in visit.findings]
    paper.table([Column(head, share) for head, share in zip(heads, (1.2, 4, 1.2), strict=True)], rows)
