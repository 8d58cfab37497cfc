"""Entries of the history put into words for people in offices."""

import json
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from ...records import Entry
from ..words import show_moment
from .programme_entries import PROGRAMME_TITLES
from .vocabulary import ICONS, ROLES, TONES


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a timeline, as `ui.timeline` draws it."""

    when: str
    title: str
    text: str = ""
    icon: str = "log"
    tone: str = ""
    entry: int | None = None
    """Its number in the history, behind which its proof is had."""


ENTRY_TITLES: dict[str, Any] = {
    "batch.drafted": lazy_gettext("Batch drafted"),
    "batch.changed": lazy_gettext("Batch draft changed"),
    "batch.submitted": lazy_gettext("Batch handed in"),
    "batch.cleared_by_rule": lazy_gettext("Batch cleared by rule"),
    "batch.certified": lazy_gettext("Batch confirmed fit for stamping"),
    "batch.refused": lazy_gettext("Batch refused"),
    "batch.suspended": lazy_gettext("Batch suspended"),
    "batch.recalled": lazy_gettext("Batch recalled"),
    "batch.warned": lazy_gettext("Cooperative warned about the batch"),
    "batch.lifted": lazy_gettext("Suspension or recall lifted"),
    "batch.corrected": lazy_gettext("Correction added"),
    "run.issued": lazy_gettext("Run of stamps issued"),
    "run.printed": lazy_gettext("Stamps printed"),
    "stamps.recalled": lazy_gettext("Stamps recalled by serial"),
    "stamps.recall_lifted": lazy_gettext("Recall of stamps lifted"),
    "pins.issued": lazy_gettext("Printed with PINs under a scratch layer"),
    "stamps.activated": lazy_gettext("Stamps activated"),
    "stamps.voided": lazy_gettext("Stamps made void"),
    "stamps.handed_over": lazy_gettext("Stamps handed over"),
    "stamps.returned": lazy_gettext("Stamps came back"),
    "stamps.ordered": lazy_gettext("Stamps ordered"),
    "stamps.order_approved": lazy_gettext("Order of stamps approved"),
    "stamps.order_refused": lazy_gettext("Order of stamps refused"),
    "stamps.delivered": lazy_gettext("Stamps delivered from the print house"),
    "stamps.lost": lazy_gettext("Stamps reported lost"),
    "stamps.found": lazy_gettext("Lost stamps found again"),
    "stamps.activation_undone": lazy_gettext("Activation taken back"),
    "printing.made": lazy_gettext("Sheet of stamps made"),
    "printing.released": lazy_gettext("Print file finished and read back"),
    "printing.failed": lazy_gettext("Print could not be made"),
    "printing.cancelled": lazy_gettext("Print cancelled"),
    "printing.again": lazy_gettext("Print made once more"),
    "printing.sent": lazy_gettext("Print sent to a printer"),
    "printing.sending_ended": lazy_gettext("Sending to the printer ended"),
    "wire_printer.allowed": lazy_gettext("Printer in the network allowed"),
    "wire_printer.ended": lazy_gettext("Printer in the network removed"),
    "printing.fetched": lazy_gettext("Print file fetched"),
    "printing.answered": lazy_gettext("Print looked over"),
    "printer.added": lazy_gettext("Printer added"),
    "printer.measured": lazy_gettext("Printer measured"),
    "printer.retired": lazy_gettext("Printer removed"),
    "own_stock.added": lazy_gettext("Own paper added"),
    "own_stock.retired": lazy_gettext("Own paper removed"),
    "own_face.added": lazy_gettext("Own face added"),
    "own_face.changed": lazy_gettext("Own face changed"),
    "own_face.retired": lazy_gettext("Own face removed"),
    "part_sheet.discarded": lazy_gettext("Sheet of stamps thrown away"),
    "dispatch.made": lazy_gettext("Dispatched"),
    "dispatch.voided": lazy_gettext("Delivery slip made void"),
    "batch.photo_added": lazy_gettext("Photo added"),
    "certificate.declared": lazy_gettext("Certificate declared"),
    "certificate.changed": lazy_gettext("Changed"),
    "certificate.line_added": lazy_gettext("Scope line added"),
    "certificate.line_changed": lazy_gettext("Scope line changed"),
    "certificate.line_removed": lazy_gettext("Scope line taken away"),
    "certificate.confirmed": lazy_gettext("Certificate confirmed against the original"),
    "certificate.refused": lazy_gettext("Certificate refused"),
    "certificate.warned": lazy_gettext("Certificate warned"),
    "certificate.suspended": lazy_gettext("Certificate suspended"),
    "certificate.lifted": lazy_gettext("Certificate back in force"),
    "certificate.cancelled": lazy_gettext("Certificate cancelled"),
    "season.cleared": lazy_gettext("Season cleared"),
    "season.ended": lazy_gettext("Season's clearance ended"),
    "cooperative.registered": lazy_gettext("Registration received"),
    "cooperative.approved": lazy_gettext("Registration approved"),
    "cooperative.refused": lazy_gettext("Registration refused"),
    "cooperative.left": lazy_gettext("Left the programme"),
    "cooperative.assigned": lazy_gettext("Auditor assigned"),
    "cooperative.changed": lazy_gettext("Contact or address changed"),
    "cooperative.consents": lazy_gettext("Consent recorded"),
    "cooperative.consented": lazy_gettext("Consent recorded"),
    "cooperative.withdrew": lazy_gettext("Consent withdrawn"),
    "cooperative.logo_changed": lazy_gettext("Logo changed"),
    "cooperative.invited": lazy_gettext("Somebody was invited"),
    "cooperative.invitation_ended": lazy_gettext("Invitation taken back"),
    "grower.added": lazy_gettext("Household taken in"),
    "grower.changed": lazy_gettext("Changed"),
    "grower.left": lazy_gettext("Household left"),
    "grower.returned": lazy_gettext("Household came back"),
    "grower.consented": lazy_gettext("Consent to show the name recorded"),
    "grower.withdrew": lazy_gettext("Consent to show the name withdrawn"),
    "plot.added": lazy_gettext("Plot entered"),
    "plot.changed": lazy_gettext("Changed"),
    "plot.closed": lazy_gettext("Plot closed"),
    "plot.reopened": lazy_gettext("Plot in use again"),
    "product.added": lazy_gettext("Product entered"),
    "product.changed": lazy_gettext("Changed"),
    "trademark.added": lazy_gettext("Trademark entered"),
    "trademark.changed": lazy_gettext("Changed"),
    "proposal.made": lazy_gettext("Put before a second person"),
    "proposal.agreed": lazy_gettext("A second person agreed"),
    "proposal.refused": lazy_gettext("A second person did not agree"),
    "proposal.withdrawn": lazy_gettext("Proposal taken back"),
    "trademark.stepped": lazy_gettext("Legal step recorded"),
    "diary.entered": lazy_gettext("Diary line entered"),
    "diary.corrected": lazy_gettext("Diary line corrected"),
    "diary.withdrawn": lazy_gettext("Diary line withdrawn"),
    "diary.photographed": lazy_gettext("Diary page photographed"),
    "diary.page_typed": lazy_gettext("Diary page typed to its end"),
    "surveillance.planned": lazy_gettext("Surveillance visit planned"),
    "surveillance.done": lazy_gettext("Surveillance visit recorded"),
    "trademark.consented": lazy_gettext("Consent to use the mark recorded"),
    "trademark.consent_withdrawn": lazy_gettext("Consent to use the mark withdrawn"),
    "internal_audit.begun": lazy_gettext("Internal audit begun"),
    "internal_audit.looked": lazy_gettext("Household looked at in an internal audit"),
    "internal_audit.found": lazy_gettext("Finding of an internal audit"),
    "internal_audit.put_right": lazy_gettext("Finding of an internal audit put right"),
    "internal_audit.closed": lazy_gettext("Internal audit closed"),
    "import.brought": lazy_gettext("Table brought for import"),
    "import.matched": lazy_gettext("Columns of an import matched"),
    "import.written": lazy_gettext("Import written"),
    "import.taken_back": lazy_gettext("Import taken back"),
    "import.dropped": lazy_gettext("Import thrown away"),
    "grower.taken_back": lazy_gettext("Taken back with its import"),
    "plot.taken_back": lazy_gettext("Taken back with its import"),
    "product.taken_back": lazy_gettext("Taken back with its import"),
    "buyer.taken_back": lazy_gettext("Taken back with its import"),
    "buyer.added": lazy_gettext("Buyer entered"),
    "test.entered": lazy_gettext("Sample test entered"),
    "test.voided": lazy_gettext("Sample test made void"),
    "certifier.let_in": lazy_gettext("Certifier from outside let in"),
    "certifier.ended": lazy_gettext("Certifier from outside let in no more"),
    "certifier.viewed": lazy_gettext("Looked at by a certifier from outside"),
    **PROGRAMME_TITLES,
}


def entry_event(entry: Entry, names: dict[str, str]) -> Event:
    """An entry in words: what was done, by whom in which role, and the reason or text where one was given."""
    body = json.loads(entry.body)
    facts, by = body.get("facts", {}), body.get("by", {})
    kind = f"cooperative.{facts.get('verdict')}" if entry.kind == "cooperative.decided" else entry.kind
    title = ENTRY_TITLES.get(kind)
    tone = TONES.get(kind.rpartition(".")[2], "")
    who = [names.get(by.get("pseudonym", ""), ""), str(ROLES.get(by.get("role"), by.get("role", "")))]
    said = [str(facts[key]) for key in ("reason", "advice", "text") if facts.get(key)]
    text = " · ".join(part for part in [*who, *said] if part)
    return Event(show_moment(entry.at), str(title or kind), text, ICONS.get(tone, "log"), tone, entry.index)


def pseudonyms(entries: list[Entry]) -> set[str]:
    return {json.loads(entry.body).get("by", {}).get("pseudonym", "") for entry in entries}
