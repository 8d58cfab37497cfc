"""What an office sees of a cooperative, put into words. The personal number of a household is on no page."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from ...accounts.offices import names_by_key, names_of
from ...accounts.people import places_in
from ...accounts.tables import Membership
from ...records import Batch, Cooperative, CooperativeDecision
from ...standards.geography import commune, district
from ...standards.identifiers import show_phone
from ...work.desk import CertificateRow, certificates_of
from ...work.reach import history_of
from ...work.seasons import SeasonRow, seasons
from ...work.stafflists import RunRow, batches_of, runs, state_of
from .batch_shown import badge_of
from .entries_told import Event, entry_event, pseudonyms
from .vocabulary import KINDS, VERDICTS


@dataclass(frozen=True, slots=True)
class WordOn:
    """A decision on the registration."""

    at: datetime
    verdict: str
    word: str
    by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class CooperativeShown:
    state: str
    kind: str
    commune: str
    former: str
    phone: str
    people: list[Membership]
    certificates: list[CertificateRow]
    batches: list[tuple[Batch, str]]
    runs: list[RunRow]
    seasons: list[SeasonRow]
    decisions: list[WordOn]
    events: list[Event]


def shown_cooperative(session: Session, cooperative: Cooperative, *, today: date) -> CooperativeShown:
    entries = history_of(session, [cooperative.public_id], most=50)
    names = names_of(session, pseudonyms(entries))
    people = names_by_key(session, [row.by_person_id for row in cooperative.decisions])
    return CooperativeShown(
        state=state_of(cooperative),
        kind=str(KINDS[cooperative.kind]),
        commune=place_of(cooperative),
        former=former_district(cooperative),
        phone=show_phone(cooperative.phone),
        people=list(places_in(session, cooperative)),
        certificates=certificates_of(session, cooperative, today=today),
        batches=[(batch, badge_of(batch)) for batch in batches_of(session, cooperative)],
        runs=runs(session, cooperative=cooperative).rows,
        seasons=seasons(session, today=today, cooperative=cooperative),
        decisions=[_word(row, people) for row in cooperative.decisions],
        events=[entry_event(entry, names) for entry in entries],
    )


def place_of(cooperative: Cooperative) -> str:
    """Today's address with its commune."""
    found = commune(cooperative.commune_code)
    return f"{cooperative.address}, {found.full_name if found else cooperative.commune_code}"


def former_district(cooperative: Cooperative) -> str:
    found = district(cooperative.former_district_code) if cooperative.former_district_code else None
    return f"{found.kind} {found.name}" if found else ""


def _word(row: CooperativeDecision, people: dict[int, str]) -> WordOn:
    return WordOn(row.at, row.verdict, str(VERDICTS[row.verdict]), people.get(row.by_person_id or 0, ""), row.reason)
