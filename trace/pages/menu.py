"""The main menu: every place of a visitor, few headings by deeds, each with the pages under it.

To add a page put one `Entry` under the heading of the deed it belongs to. Whoever may not open it does not see it (its
route's permission says so), a heading with one page left is that page's link, and one with none is gone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _

from ..access import Role, permission_of, visitor


@dataclass(frozen=True, slots=True)
class Entry:
    """A page; `also` names further endpoints, or whole blueprints, on which it is the current one."""

    endpoint: str
    label: str
    icon: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    label: str
    icon: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as shown now."""

    url: str
    label: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A heading as shown now."""

    label: str
    icon: str
    links: tuple[Link, ...]

    @property
    def current(self) -> bool:
        return any(link.current for link in self.links)


Menu = tuple[Entry | Heading, ...]

COOPERATIVE: Final[Menu] = (
    Entry("my_home.home", _("Home"), "home"),
    Heading(
        _("Harvest"),
        "batch",
        (
            Entry("batches.index", _("Batches"), "batch", also=("batches",)),
            Entry("diary.index", _("Diary"), "edit", also=("diary", "diary_paper", "diary_book")),
            Entry("samples.index", _("Sample tests"), "check", also=("samples",)),
        ),
    ),
    Heading(
        _("Stamps"),
        "stamp",
        (
            Entry(
                "runs.index",
                _("Stamp runs"),
                "stamp",
                also=("runs", "run_deeds", "printing", "print_answers", "stamp_orders"),
            ),
            Entry("activation.scan", _("Activate by scanning"), "camera", also=("activation",)),
            Entry("hand_overs.index", _("Hand-overs of stamps"), "people", also=("hand_overs",)),
            Entry("variance.show", _("Variance report"), "chart", also=("variance",)),
            Entry("printers.index", _("Printers"), "print", also=("printers",)),
            Entry(
                "own_labels.index",
                _("Own faces and papers"),
                "settings",
                also=("own_labels", "own_faces", "own_stocks"),
            ),
        ),
    ),
    Heading(
        _("Selling"),
        "truck",
        (
            Entry("dispatches.index", _("Dispatch"), "truck", also=("dispatches",)),
            Entry("complaints.index", _("Complaints"), "message", also=("complaints",)),
            Entry("charts.show", _("Who looks"), "chart"),
        ),
    ),
    Heading(
        _("Land & papers"),
        "plot",
        (
            Entry("growers.index", _("Plots & households"), "plot", also=("growers", "plots")),
            Entry("products.index", _("Products"), "fruit", also=("products",)),
            Entry("trademarks.index", _("Trademarks"), "trademark", also=("trademarks", "mark_use")),
            Entry(
                "certificates.index", _("Certificates"), "certificate", also=("certificates", "scope", "surveillance")
            ),
            Entry("internal_audits.index", _("Internal audits"), "check", also=("internal_audits",)),
            Entry("endings.index", _("What ends soon"), "calendar"),
            Entry("my_findings.index", _("Audits & findings"), "eye", also=("my_findings",)),
        ),
    ),
    Heading(
        _("Cooperative"),
        "office",
        (
            Entry("my_cooperative.show", _("Our cooperative"), "office", also=("my_cooperative",)),
            Entry("my_programme.index", _("Support programme"), "coin", also=("my_programme",)),
            Entry("my_people.show", _("Who works here"), "people", also=("my_people",)),
            Entry("imports.index", _("Import from Excel"), "download", also=("imports",)),
            Entry("links.index", _("GS1 links"), "globe", also=("links",)),
            Entry("my_export.page", _("Download all my data"), "download"),
        ),
    ),
)

DOUBTS = Entry("doubts.index", _("Doubts"), "flag", also=("doubts.show",))
CASES = Entry("cases.index", _("Suspected copies"), "copy", also=("cases",))
ALL_COMPLAINTS = Entry("doubts.all_complaints", _("Complaints"), "message", also=("doubts.complaint",))
OVERVIEW = Entry("dashboard.show", _("Overview"), "chart", also=("dashboard",))
RULES = Entry("rules.show", _("Rules of the checks"), "scale", also=("rules",))
AREA_CODES = Entry("area_codes.index", _("Planting-area codes"), "plot", also=("area_codes",))
RECALLS = Entry("recalls.index", _("Recalls"), "seal-cross", also=("recalls", "range_recalls"))
MARKET = Heading(_("From the market"), "flag", (DOUBTS, CASES, ALL_COMPLAINTS, RECALLS))
COOPERATIVES = Entry("office.index", _("Cooperatives"), "office", also=("office.cooperative",))
STAMP_RUNS = Entry("office.stamp_runs", _("Stamp runs"), "stamp")

PROGRAMME = Heading(
    _("Programme"),
    "coin",
    (
        Entry(
            "programme.index",
            _("Years of the programme"),
            "calendar",
            also=("programme", "programme_imports", "programme_letters", "programme_report"),
        ),
        Entry("enrolments.index", _("Enrolments"), "file", also=("enrolments",)),
        Entry(
            "programme_units.index",
            _("Units and advice"),
            "people",
            also=("programme_units.new", "programme_units.show", "programme_units.advice"),
        ),
        Entry("support_kinds.index", _("Kinds of support"), "list", also=("support_kinds",)),
        Entry("programme_overview.show", _("The programme in numbers"), "chart", also=("programme_overview",)),
        Entry("programme_terms.show", _("Rate and cap"), "scale", also=("programme_terms",)),
    ),
)

AUDITOR: Final[Menu] = (
    Entry("audit.desk", _("Desk"), "home"),
    Heading(
        _("Checking"),
        "certificate",
        (
            Entry("audit.certificates", _("Certificates"), "certificate", also=("audit_certificates",)),
            Entry("seasons.index", _("Seasons"), "calendar", also=("seasons",)),
            Entry("visits.index", _("Audits on site"), "eye", also=("visits", "visit_scanning")),
            Entry("findings.index", _("Findings"), "warning", also=("findings",)),
            Entry("checklists.show", _("Checklist"), "list", also=("checklists",)),
            RULES,
            AREA_CODES,
        ),
    ),
    Heading(_("Cooperatives & stamps"), "office", (COOPERATIVES, STAMP_RUNS, OVERVIEW)),
    MARKET,
)

OFFICER: Final[Menu] = (
    Entry("office.home", _("Home"), "home"),
    Heading(_("Cooperatives & stamps"), "office", (COOPERATIVES, STAMP_RUNS, OVERVIEW)),
    PROGRAMME,
    MARKET,
    Heading(_("Checking"), "certificate", (RULES, AREA_CODES)),
    Heading(
        _("People"),
        "people",
        (
            Entry("assignments.show", _("Auditors"), "people"),
            Entry("people_desk.show", _("Lost passwords"), "key", also=("people_desk",)),
        ),
    ),
)

OPERATOR: Final[Menu] = (
    Entry("operate.home", _("Home"), "home"),
    Entry("operate.address", _("Address of stamps"), "globe"),
    Entry("operate_people.index", _("People of the offices"), "people", also=("operate_people",)),
    Entry("operate_backups.index", _("Backups and keys"), "restore", also=("operate_backups",)),
    Entry("operate.province", _("Settings"), "settings"),
)

CERTIFIER: Final[Menu] = (Entry("certifier.home", _("Cooperatives"), "office", also=("certifier",)),)

MENUS: Final[dict[Role, Menu]] = {
    Role.MEMBER: COOPERATIVE,
    Role.MANAGER: COOPERATIVE,
    Role.AUDITOR: AUDITOR,
    Role.OFFICER: OFFICER,
    Role.OPERATOR: OPERATOR,
    Role.CERTIFIER: CERTIFIER,
}


def main_menu() -> list[Link | Group]:
    """The menu of whoever is asking."""
    shown: list[Link | Group] = []
    for part in MENUS.get(visitor().role, ()):
        links = _links((part,) if isinstance(part, Entry) else part.entries)
        if isinstance(part, Heading) and len(links) > 1:
            shown.append(Group(part.label, part.icon, links))
        else:
            shown.extend(links)
    return shown


def _links(entries: Iterable[Entry]) -> tuple[Link, ...]:
    return tuple(Link(url_for(e.endpoint), e.label, e.icon, _is_current(e)) for e in entries if _is_open(e))


def _is_open(entry: Entry) -> bool:
    permission = permission_of(entry.endpoint) if entry.endpoint in current_app.view_functions else None
    return permission is not None and visitor().may(permission)


def _is_current(entry: Entry) -> bool:
    return request.endpoint == entry.endpoint or bool({request.endpoint, request.blueprint} & set(entry.also))


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"main_menu": main_menu})
