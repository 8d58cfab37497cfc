"""What officers bring from Excel: enrolments and advice of earlier years of the programme."""

from flask import url_for
from flask_babel import gettext

from ...access import find
from ...records import Import, Proposal
from ...work.proposals import facts_of
from ..accounts.proposals import LEADS, TELLERS
from ..importing import Place, import_pages

PLACE = Place("staff/layout.html", for_office=True, owner=lambda: None)
bp = import_pages("programme_imports", "/office/programme/import", PLACE, reads="office", writes="office")


def _name(proposal: Proposal) -> str:
    return find(Import, proposal.subject).name or str(gettext("pasted"))


def _write_told(proposal: Proposal) -> str:
    rows = facts_of(proposal)["rows"]
    return str(gettext("Write %(rows)s rows of earlier years, brought as “%(name)s”", rows=rows, name=_name(proposal)))


def _take_back_told(proposal: Proposal) -> str:
    rows = facts_of(proposal)["rows"]
    return str(
        gettext("Take back %(rows)s rows of earlier years, brought as “%(name)s”", rows=rows, name=_name(proposal))
    )


TELLERS["import.write"] = _write_told
TELLERS["import.take_back"] = _take_back_told
LEADS["import.write"] = LEADS["import.take_back"] = lambda proposal: url_for(
    "programme_imports.show", public_id=proposal.subject
)
