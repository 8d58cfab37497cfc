"""Letters of a year: whom the board wrote to, when it reminded, who answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from ..records import Campaign, CampaignLetter, LetterKind
from ..standards.words import fold, sort_key, tidy
from .actor import Actor
from .authorities import code_of
from .campaigns import add_letter
from .refused import Refused, refuse_all


@dataclass(frozen=True, slots=True)
class Written:
    """All that passed between the board and one authority in a year, the oldest first."""

    authority: str
    letters: list[CampaignLetter]

    def of(self, kind: str) -> list[CampaignLetter]:
        return [letter for letter in self.letters if letter.kind == kind]

    @property
    def answered(self) -> bool:
        return bool(self.of(LetterKind.ANSWER))


def correspondence(campaign: Campaign) -> list[Written]:
    """By authority, in the order of a Vietnamese dictionary; a name typed without marks is the same authority."""
    found: dict[str, Written] = {}
    for letter in campaign.letters:
        key = letter.authority_code or fold(letter.authority)
        found.setdefault(key, Written(letter.authority, [])).letters.append(letter)
    return sorted(found.values(), key=lambda written: sort_key(written.authority))


def unanswered(campaign: Campaign) -> list[str]:
    return [written.authority for written in correspondence(campaign) if not written.answered]


def add_letters(
    session: Session,
    campaign: Campaign,
    kind: LetterKind,
    authorities: Iterable[str],
    on_day: date,
    *,
    number: str | None = None,
    note: str | None = None,
    actor: Actor,
    now: datetime,
    today: date,
) -> Sequence[CampaignLetter]:
    """The same paper to or from several authorities, each of them once."""
    named = {code_of(one) or fold(one): tidy(one) for one in authorities if one.strip()}
    found = []
    if not named:
        found.append(Refused("Write which authority.", field="authority"))
    if on_day > today:
        found.append(Refused("This day lies in the future.", field="on_day"))
    refuse_all(found)
    paper: dict[str, Any] = {"number": number, "note": note, "actor": actor, "now": now, "today": today}
    return [
        add_letter(session, campaign, kind, name, on_day, authority_code=code_of(name), **paper)
        for name in named.values()
    ]
