"""The diary on paper: a blank form for a household's month, and the whole book for the certifier."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext

from ...records import Cooperative, DiaryEntry, DiaryKind, Grower
from ...standards.quantities import show_area
from ...work.papers import Column, Paper
from ..words import language, show_day, show_moment
from .diary_words import KINDS, amount_of, plots_in_words

BLANK_LINES = 11


def month_words(month: date) -> str:
    return f"{month:%m/%Y}"


def blank_forms(cooperative: Cooperative, growers: Sequence[Grower], month: date, root: str, *, now: datetime) -> bytes:
    """One landscape page a household: its plots, lines to fill in by hand, and the code that takes the photograph."""
    title = gettext("VietGAP diary of %(month)s", month=month_words(month))
    foot = gettext("%(cooperative)s · %(title)s", cooperative=cooperative.name, title=title)
    paper = Paper(title, foot=foot, page_of=gettext("Page %(page)s/%(pages)s", page="%(page)s", pages="%(pages)s"),
                  made_at=now, landscape=True)  # fmt: skip
    for place, grower in enumerate(growers):
        if place:
            paper.new_page()
        paper.code(f"{root}/my/diary/paper/{grower.public_id}/{month:%Y-%m}", size_mm=30)
        paper.title(title, cooperative.name)
        plots = [f"{plot.name} ({show_area(plot.area_m2, language())})" for plot in grower.open_plots]
        paper.facts([(gettext("Household"), grower.name), (gettext("Plots"), "; ".join(plots))])
        paper.say(_codes(), quiet=True)
        paper.table(_form_columns(), [[" \n ", *[""] * 9]] * BLANK_LINES)
        paper.signatures([gettext("Who wrote it"), gettext("Who checked it")], room_mm=2)
    return paper.finish()


def _codes() -> str:
    """Two letters stand for a deed on paper."""
    letters = ", ".join(f"{number} {word}" for number, word in enumerate(map(str, KINDS.values()), 1))
    return str(
        gettext(
            "Work, by its number: %(letters)s. When full, photograph the page by the code on the right.",
            letters=letters,
        )
    )


def _form_columns() -> list[Column]:
    heads = (
        (gettext("Day"), 0.8), (gettext("Work"), 0.6), (gettext("Plot"), 1.3), (gettext("Name on the pack"), 1.8),
        (gettext("Active ingredient"), 1.4), (gettext("Dose"), 1.3), (gettext("How much"), 1.0),
        (gettext("Interval (days)"), 0.8), (gettext("Who did it"), 1.2), (gettext("Note"), 1.6),
    )  # fmt: skip
    return [Column(head, share) for head, share in heads]


def book(
    cooperative: Cooperative,
    entries: Sequence[DiaryEntry],
    late: dict[int, int],
    start: date,
    end: date,
    *,
    now: datetime,
) -> bytes:
    """Sổ nhật ký VietGAP: every version of every line of a period, by kind, as a certifier reads it."""
    title = gettext("VietGAP diary")
    period = gettext("%(start)s to %(end)s", start=show_day(start), end=show_day(end))
    foot = f"{cooperative.name} · {title} · {period}"
    paper = Paper(title, foot=foot, page_of=gettext("Page %(page)s/%(pages)s", page="%(page)s", pages="%(pages)s"),
                  made_at=now, landscape=True)  # fmt: skip
    paper.title(title, f"{cooperative.name} · {period}")
    paper.facts(_head(cooperative, entries, late, now))
    paper.contents(gettext("Contents"))
    add_diary(paper, entries, late)
    paper.signatures([gettext("Who keeps the diary"), gettext("For the cooperative"), gettext("Certification body")])
    return paper.finish()


def _head(
    cooperative: Cooperative, entries: Sequence[DiaryEntry], late: dict[int, int], now: datetime
) -> list[tuple[str, str | None]]:
    counted = [entry for entry in entries if entry.corrected_by is None and not entry.withdraws]
    growers = {plot.grower_id for entry in counted for plot in entry.plots}
    return [
        (gettext("Cooperative"), cooperative.name),
        (gettext("Address"), cooperative.address),
        (gettext("Lines that count"), str(len(counted))),
        (gettext("Households"), str(len(growers - {None}))),
        (gettext("Written late"), str(len(late))),
        (gettext("Printed on"), show_moment(now)),
    ]


def add_diary(paper: Paper, entries: Sequence[DiaryEntry], late: dict[int, int]) -> None:
    """The lines by kind; corrected and withdrawn ones stand where they were, and say so."""
    for number, (kind, word) in enumerate(KINDS.items()):
        rows = [entry for entry in entries if entry.kind == kind]
        if rows:
            paper.heading(str(word), new_page=number == 0)
            paper.table(_book_columns(kind), [_row(entry, late) for entry in rows])


def _book_columns(kind: str) -> list[Column]:
    interval = (
        Column(gettext("Interval, harvest from"), 1.2) if kind == DiaryKind.PESTICIDE else Column(gettext("Batch"), 1.3)
    )
    return [
        Column(gettext("Day"), 1.05),
        Column(gettext("Plots"), 2.2),
        Column(gettext("Name, active ingredient"), 2.0),
        Column(gettext("Dose, what for"), 1.6),
        Column(gettext("How much"), 0.9),
        interval,
        Column(gettext("Who did it"), 1.1),
        Column(gettext("Note"), 1.6),
        Column(gettext("Entered"), 1.2),
    ]


def _row(entry: DiaryEntry, late: dict[int, int]) -> list[str]:
    name = f"{entry.material} ({entry.active})" if entry.material and entry.active else entry.material or ""
    if entry.supplier:
        name = f"{name}\n{entry.supplier}".strip()
    return [
        show_day(entry.on_day),
        plots_in_words(entry, 100),
        name,
        "\n".join(part for part in (entry.dose, entry.purpose) if part),
        amount_of(entry),
        _interval(entry),
        entry.done_by or "",
        "\n".join(part for part in (entry.note, _fate(entry)) if part),
        _entered(entry, late),
    ]


def _interval(entry: DiaryEntry) -> str:
    if entry.earliest_harvest_on is not None:
        days = gettext("%(days)s days", days=entry.phi_days)
        return f"{days}\n{show_day(entry.earliest_harvest_on)}"
    return entry.batch.code if entry.batch else ""


def _fate(entry: DiaryEntry) -> str:
    if entry.withdraws:
        return str(gettext("withdraws an earlier line: %(reason)s", reason=entry.reason))
    said = [gettext("corrects an earlier line: %(reason)s", reason=entry.reason)] if entry.corrects_id else []
    if entry.corrected_by is not None:
        said.append(gettext("replaced, counts no more"))
    return "; ".join(map(str, said))


def _entered(entry: DiaryEntry, late: dict[int, int]) -> str:
    shown = show_moment(entry.told_at)
    if entry.id in late:
        told = gettext("%(days)s days late", days=late[entry.id])
        return f"{shown}\n{told}"
    return shown
