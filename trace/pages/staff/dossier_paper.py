"""Everything about a batch on paper and as tables, with what the log proves; in Vietnamese, as papers here are."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy.orm import Session

from ...records import Batch, DiaryEntry, Entry, SampleTest
from ...standards import quantities
from ...work.checks import as_json, checks_of
from ...work.days import day_of
from ...work.diary_book import Wanted, all_lines
from ...work.log import proof_of
from ...work.papers import Column, Paper
from ...work.reach import forward, history_of, owner
from ...work.samples import samples_for
from ...work.standing import batch_standing
from ..checks_told import Told, tell
from ..cooperative.diary_words import KINDS as DIARY_KINDS
from ..words import show_day, show_moment
from .entries_told import entry_event
from .vocabulary import RANGE_STATES, VERDICTS

PROVES = (
    "Nhật ký công khai chứng minh rằng từ khi ghi đến nay không ai sửa hay xóa các dòng này; "
    "nó không chứng minh rằng điều được ghi là đúng sự thật lúc ghi."
)
"""Only ever on paper, which is in Vietnamese."""
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
Rows = Sequence[Sequence[str]]


def dossier_pdf(session: Session, batch: Batch, *, now: datetime) -> bytes:
    with force_locale("vi"):
        return _draw(session, batch, now)


def dossier_zip(session: Session, batch: Batch, *, now: datetime) -> bytes:
    """CSV files (UTF-8 with a mark, for spreadsheets), and the proof of each entry of the history."""
    with force_locale("vi"):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, (heads, rows) in _tables(session, batch, now).items():
                packed.writestr(f"{name}.csv", _csv(heads, rows))
            for entry in _entries(session, batch):
                proof = proof_of(session, entry.index)
                packed.writestr(f"lich-su/{entry.index}.json", bytes(entry.body))
                if proof is not None:
                    packed.writestr(f"lich-su/{entry.index}.tlog-proof", str(proof))
            packed.writestr("DOC-TRUOC.txt", PROVES + "\n")
        return file.getvalue()


def _csv(heads: Sequence[str], rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _plain(cell: str) -> str:
    """No cell becomes a formula."""
    return f"'{cell}" if cell.startswith(TRIGGERS) else cell


def _weight(grams: int | None) -> str:
    return quantities.show_weight(grams, "vi") if grams is not None else ""


def _draw(session: Session, batch: Batch, now: datetime) -> bytes:
    cooperative = owner(session, batch)
    title = gettext("Dossier of batch %(code)s", code=batch.code)
    paper = Paper(title, foot=f"{title} · {cooperative.name}", made_at=now)
    paper.title(title, gettext("Made on %(moment)s from the records as they then stood.", moment=show_moment(now)))
    paper.contents(gettext("Contents"))
    paper.heading(gettext("Facts"))
    paper.facts(_facts(batch, cooperative.name, cooperative.address))
    for name, heading in _HEADINGS.items():
        heads, rows = _tables(session, batch, now)[name]
        paper.heading(str(heading()))
        if rows:
            paper.table([Column(head, 3.0 if head in _wide() else 1.4) for head in heads], [list(row) for row in rows])
        else:
            paper.say(gettext("None."), quiet=True)
    paper.heading(gettext("What the log proves"))
    paper.say(PROVES)
    proof = next((proof_of(session, entry.index) for entry in reversed(_entries(session, batch))), None)
    if proof is not None:
        paper.say(str(proof), quiet=True)
    return paper.finish()


_HEADINGS: dict[str, Any] = {
    "doi-chieu": lambda: gettext("Checks, as they stand now"),
    "thu-nhan": lambda: gettext("Back: what came in"),
    "nhat-ky": lambda: gettext("Growing diary of its plots"),
    "kiem-nghiem": lambda: gettext("Tests"),
    "tem": lambda: gettext("Ranges of stamps"),
    "xuat-ban": lambda: gettext("Goods that left"),
    "quyet-dinh": lambda: gettext("Decisions"),
    "lich-su": lambda: gettext("History of changes"),
}


def _wide() -> set[str]:
    return {gettext("What was found"), gettext("Figures"), gettext("Reason"), gettext("Event")}


def _facts(batch: Batch, name: str, address: str) -> list[tuple[str, str | None]]:
    return [
        (gettext("Cooperative"), name),
        (gettext("Address"), address),
        (gettext("Product"), batch.product.name_vi),
        (gettext("Variety"), batch.product.variety),
        (gettext("Harvested"), f"{show_day(batch.harvested_from)} – {show_day(batch.harvested_to)}"),
        (gettext("Packed on"), show_day(batch.packed_on)),
        (gettext("Received"), _weight(batch.received_g)),
        (gettext("Lost in sorting"), _weight(batch.loss_g)),
        (gettext("Packs"), f"{batch.packs or 0} × {_weight(batch.product.net_weight_g)}"),
        (gettext("Trademark"), batch.trademark.name if batch.trademark else None),
        (gettext("Handed in"), show_moment(batch.submitted_at)),
        (gettext("Standing"), str(VERDICTS.get(str(batch.verdict or "waiting"), batch_standing(batch).value))),
    ]


def _tables(session: Session, batch: Batch, now: datetime) -> dict[str, tuple[list[str], Rows]]:
    told = [tell(one) for one in as_json(checks_of(session, batch))]
    sent = forward(session, batch)
    return {
        "doi-chieu": ([gettext("Rule"), gettext("Outcome"), gettext("What was found"), gettext("Figures"),
                       gettext("Source")], [_check(one) for one in told]),
        "thu-nhan": ([gettext("Plot"), gettext("Grower"), gettext("Harvested"), gettext("Weight"),
                      gettext("Certificate"), gettext("Planting-area code")], [_intake(line) for line in batch.intake]),
        "nhat-ky": ([gettext("Day"), gettext("Kind"), gettext("Event"), gettext("Entered")],
                    [_diary(line) for line in _diary_lines(session, batch)]),
        "kiem-nghiem": ([gettext("Report"), gettext("Laboratory"), gettext("Day"), gettext("Good until"),
                         gettext("Outcome")],
                        [_test(test) for test in samples_for(session, batch)]),
        "tem": ([gettext("From"), gettext("To"), gettext("Count"), gettext("State"), gettext("Since")],
                [[row.run.serial(row.first), row.run.serial(row.last), str(row.count),
                  str(RANGE_STATES.get(row.state, row.state)), show_moment(row.since_at)] for row in sent.ranges]),
        "xuat-ban": ([gettext("Slip"), gettext("Day"), gettext("Buyer"), gettext("Weight")],
                     [[slip.number, show_day(slip.on_day), slip.buyer.name, _weight(line.weight_g)]
                      for slip, line in sent.dispatches]),
        "quyet-dinh": ([gettext("Day"), gettext("Decision"), gettext("Office"), gettext("Reason")],
                       [[show_moment(row.at), str(VERDICTS.get(row.verdict, row.verdict)), row.office or "",
                         row.reason or ""] for row in batch.decisions]),
        "lich-su": ([gettext("Index"), gettext("Moment"), gettext("Event"), gettext("Leaf hash")],
                    [[str(entry.index), show_moment(entry.at), entry_event(entry, {}).title, entry.leaf_hash.hex()[:16]]
                     for entry in _entries(session, batch)]),
    }  # fmt: skip


def _check(told: Told) -> list[str]:
    outcome = {"pass": gettext("passed"), "warn": gettext("warning")}.get(told.outcome, gettext("failed"))
    figures = "; ".join(f"{name}: {value}" for name, value in told.figures)
    return [f"{told.letter}. {told.name}", outcome, told.sentence, figures, told.source]


def _intake(line: Any) -> list[str]:
    paper = line.scope_line.certificate.number if line.scope_line else ""
    return [
        line.plot.name if line.plot else "", line.grower.name if line.grower else "", show_day(line.harvested_on),
        _weight(line.weight_g), paper, (line.plot.area_code or "") if line.plot else "",
    ]  # fmt: skip


def _test(test: SampleTest) -> list[str]:
    outcome = gettext("passed") if test.passed else gettext("failed")
    return [test.report_number, test.laboratory, show_day(test.sampled_on), show_day(test.valid_until), outcome]


def _diary_lines(session: Session, batch: Batch) -> list[DiaryEntry]:
    plots = {line.plot_id: line.plot for line in batch.intake if line.plot}
    last = batch.harvested_to
    if last is None:
        return []
    start = last.replace(year=last.year - 1, day=min(last.day, 28))
    cooperative = owner(session, batch)
    found = {
        entry.id: entry
        for plot in plots.values()
        for entry in all_lines(session, cooperative, Wanted(plot=plot, start=start, end=last))
    }
    return sorted(found.values(), key=lambda entry: (entry.on_day, entry.id))


def _diary(entry: DiaryEntry) -> list[str]:
    said = " · ".join(part for part in (entry.material, entry.dose, entry.purpose, entry.note) if part)
    if entry.phi_days is not None:
        said += " · " + gettext("interval %(days)s days", days=entry.phi_days)
    places = ", ".join(plot.name for plot in entry.plots)
    return [
        show_day(entry.on_day),
        str(DIARY_KINDS[entry.kind]),
        f"{places}: {said}",
        show_day(day_of(entry.created_at)),
    ]


def _entries(session: Session, batch: Batch) -> list[Entry]:
    sent = forward(session, batch)
    return history_of(session, [batch.public_id, *(run.public_id for run in sent.runs)])
