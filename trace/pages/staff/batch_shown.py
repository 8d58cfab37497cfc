"""What the pages of a batch and of a certificate show, gathered and put into words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ...accounts.offices import names_by_key, names_of
from ...records import Batch, BatchDecision, Cooperative
from ...work.behind import Behind, behind
from ...work.checks import as_json, checks_of
from ...work.reach import Forward, ScopeUse, forward, history_of, owner, scope_uses
from ...work.standing import BatchStanding, batch_standing, shelf_life_ends_on
from ..checks_told import Told, tell, tell_all
from .entries_told import Event, entry_event, pseudonyms
from .vocabulary import VERDICTS

BADGES = {
    BatchStanding.WAITING: "submitted",
    BatchStanding.CLEARED: "certified",
    BatchStanding.REFUSED: "refused",
    BatchStanding.SUSPENDED: "suspended",
    BatchStanding.RECALLED: "recalled",
}
"""Standings by the key that `ui.standing_badge` knows."""


@dataclass(frozen=True, slots=True)
class DecisionShown:
    at: datetime
    verdict: str
    word: str
    by: str
    office: str | None
    reason: str | None
    advice: str | None
    season: str | None
    checks: list[Told]

    @property
    def passed(self) -> int:
        return sum(check.passed for check in self.checks)


@dataclass(frozen=True, slots=True)
class BatchShown:
    cooperative: Cooperative
    badge: str
    checks: list[Told]
    uses: list[ScopeUse]
    behind: Behind
    forward: Forward
    decisions: list[DecisionShown]
    corrections: list[tuple[datetime, str, str]]
    events: list[Event]
    shelf_life_ends_on: object

    @property
    def failed(self) -> list[Told]:
        return [check for check in self.checks if check.failed]

    @property
    def doubtful(self) -> list[Told]:
        return [check for check in self.checks if not check.passed]


def shown_batch(session: Session, batch: Batch) -> BatchShown:
    sent = forward(session, batch)
    entries = history_of(session, [batch.public_id, *(run.public_id for run in sent.runs)])
    names = names_of(session, pseudonyms(entries))
    keys = [row.by_person_id for row in batch.decisions] + [row.by_person_id for row in batch.corrections]
    people = names_by_key(session, keys)
    return BatchShown(
        cooperative=owner(session, batch),
        badge=badge_of(batch),
        checks=[tell(check) for check in as_json(checks_of(session, batch))],
        uses=scope_uses(session, batch),
        behind=behind(session, batch),
        forward=sent,
        decisions=[_decision(row, people) for row in batch.decisions],
        corrections=[(row.at, row.text, people.get(row.by_person_id or 0, "")) for row in batch.corrections],
        events=[entry_event(entry, names) for entry in entries],
        shelf_life_ends_on=shelf_life_ends_on(batch),
    )


def badge_of(batch: Batch) -> str:
    standing = batch_standing(batch)
    certified = next((row for row in reversed(batch.decisions) if row.verdict == "certified"), None)
    if standing is BatchStanding.CLEARED and certified is not None and certified.season_id is not None:
        return "cleared_by_rule"
    return BADGES[standing]


def _decision(row: BatchDecision, people: dict[int, str]) -> DecisionShown:
    verdict = "cleared_by_rule" if row.season is not None else row.verdict
    return DecisionShown(
        at=row.at,
        verdict=verdict,
        word=str(VERDICTS[verdict]),
        by=people.get(row.by_person_id or 0, ""),
        office=row.office,
        reason=row.reason,
        advice=row.advice,
        season=row.season.public_id if row.season is not None else None,
        checks=tell_all(row.checks),
    )
