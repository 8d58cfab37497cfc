"""Trademarks and geographical indications: their legal life, and what of it may stand on a stamp."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ..records import GRANTED_STATES, Cooperative, Trademark, TrademarkEvent, TrademarkKind, TrademarkState, Upload
from ..standards.words import fold
from .actor import Actor
from .changes import apply
from .history import record
from .lists import Listing, page_of
from .refused import Refused, refuse_all

ENDED = frozenset(
    {TrademarkState.REFUSED, TrademarkState.WITHDRAWN, TrademarkState.TERMINATED, TrademarkState.CANCELLED}
)


class Showing(StrEnum):
    """What may be shown of a mark on a day, and why not more."""

    REGISTERED = "registered"
    APPLICATION = "application"
    NO_RIGHT = "no_right"
    RIGHT_NOT_YET = "right_not_yet"
    RIGHT_ENDED = "right_ended"
    TERM_ENDED = "term_ended"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class TrademarkFacts:
    """The right's fields belong together: document number, giver and first day, or none of them."""

    kind: TrademarkKind
    name: str
    owner: str
    application_number: str | None = None
    filed_on: date | None = None
    certificate_number: str | None = None
    right_giver: str | None = None
    right_number: str | None = None
    right_from: date | None = None
    right_to: date | None = None

    def __post_init__(self) -> None:
        found = []
        if self.kind != TrademarkKind.GEOGRAPHICAL and self.filed_on is None:
            found.append(Refused("Give the filing day: the ten years count from it.", field="filed_on"))
        refuse_all(found + self._right_complaints())

    def _right_complaints(self) -> list[Refused]:
        needed = {"right_giver": self.right_giver, "right_number": self.right_number, "right_from": self.right_from}
        if not any(needed.values()) and self.right_to is None:
            return []
        message = "Of the right to use it, give the document's number, who gave it and from which day."
        found = [Refused(message, field=name) for name, value in needed.items() if not value]
        if self.right_from and self.right_to and self.right_to < self.right_from:
            found.append(Refused("The last day lies before the first.", field="right_to"))
        return found


def trademarks(session: Session, cooperative: Cooperative, wanted: str = "", page: int = 1) -> Listing[Trademark]:
    """Marks whose name, owner or numbers hold `wanted`, typed with marks or without."""
    query = (
        select(Trademark)
        .where(Trademark.cooperative_id == cooperative.id, Trademark.folded.contains(fold(wanted), autoescape=True))
        .order_by(Trademark.folded, Trademark.id)
        .options(selectinload(Trademark.states), selectinload(Trademark.image))
    )
    return page_of(session, query, page)


def shown_trademarks(session: Session, cooperative: Cooperative, day: date) -> list[Trademark]:
    """Those that may stand on a stamp that day."""
    query = select(Trademark).where(Trademark.cooperative_id == cooperative.id).order_by(Trademark.folded, Trademark.id)
    return [mark for mark in session.scalars(query) if mark.shown_on(day)]


def showing(trademark: Trademark, day: date) -> Showing:
    """What may be shown of it that day: registered only while in force, an application as one, else nothing."""
    state = TrademarkState(trademark.state_on(day))
    if state in ENDED:
        return Showing(state.value)
    if not trademark.usable_on(day):
        return _missing_right(trademark, day)
    if state in GRANTED_STATES:
        return Showing.REGISTERED if trademark.in_force_on(day) else Showing.TERM_ENDED
    return Showing.APPLICATION


def _missing_right(trademark: Trademark, day: date) -> Showing:
    if trademark.right_giver is None or trademark.right_from is None:
        return Showing.NO_RIGHT
    return Showing.RIGHT_NOT_YET if day < trademark.right_from else Showing.RIGHT_ENDED


def add_trademark(
    session: Session,
    cooperative: Cooperative,
    facts: TrademarkFacts,
    *,
    image: Upload | None = None,
    right_document: Upload | None = None,
    actor: Actor,
    now: datetime,
    today: date,
) -> Trademark:
    """A new mark begins as filed on its filing day; further steps come by `add_state`."""
    _check_filing(facts, today)
    mark = Trademark(cooperative_id=cooperative.id, created_at=now)
    _put(mark, facts, image, right_document)
    if facts.filed_on is not None:
        mark.states.append(
            TrademarkEvent(cooperative_id=cooperative.id, state=TrademarkState.FILED, on_day=facts.filed_on)
        )
    session.add(mark)
    record(session, "trademark.added", mark, actor=actor, now=now)
    return mark


def change_trademark(
    session: Session,
    mark: Trademark,
    facts: TrademarkFacts,
    *,
    image: Upload | None = None,
    right_document: Upload | None = None,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    """Files that are None leave those before."""
    _check_filing(facts, today)
    if facts.certificate_number is None and mark.state_on(today) in GRANTED_STATES:
        raise Refused("A granted mark has a certificate number: copy it from the paper.", field="certificate_number")
    if _put(mark, facts, image, right_document):
        record(session, "trademark.changed", mark, actor=actor, now=now)


def _put(mark: Trademark, facts: TrademarkFacts, image: Upload | None, right_document: Upload | None) -> bool:
    changed = apply(mark, facts)
    mark.folded = fold(" ".join(filter(None, (facts.name, facts.owner, facts.application_number,
                                              facts.certificate_number))))  # fmt: skip
    if image is not None:
        mark.image, changed = image, True
    if right_document is not None:
        mark.right_document_id, changed = right_document.id, True
    return changed


def _check_filing(facts: TrademarkFacts, today: date) -> None:
    if facts.filed_on is not None and facts.filed_on > today:
        raise Refused("This day lies in the future.", field="filed_on")


def add_state(
    session: Session,
    mark: Trademark,
    state: TrademarkState,
    day: date,
    document: str | None,
    *,
    answer_by: date | None = None,
    actor: Actor,
    now: datetime,
    today: date,
) -> TrademarkEvent:
    """A dated step, as an official paper names it. What ended stays ended; a grant needs its certificate's number.
    `answer_by`: until when the office wants an answer; it is reminded of until a later step is recorded."""
    found = _objections(mark, state, day, today)
    if answer_by is not None and answer_by < day:
        found.append(Refused("The day of the answer lies before the document.", field="answer_by"))
    refuse_all(found)
    event = TrademarkEvent(
        cooperative_id=mark.cooperative_id, state=state, on_day=day, document=document, answer_by=answer_by
    )
    mark.states.append(event)
    session.flush()
    answer = answer_by.isoformat() if answer_by else None
    facts = {"state": state.value, "on_day": day.isoformat(), "document": document, "answer_by": answer}
    record(session, "trademark.stepped", mark, actor=actor, now=now, facts=facts)
    return event


def _objections(mark: Trademark, state: TrademarkState, day: date, today: date) -> list[Refused]:
    found = []
    if any(event.state in ENDED for event in mark.states):
        found.append(Refused("This mark's life has ended: enter a new application as a new mark.", conflict=True))
    if any((event.state, event.on_day) == (state, day) for event in mark.states):
        found.append(Refused("This step is recorded already.", conflict=True))
    if day > today:
        found.append(Refused("This day lies in the future.", field="on_day"))
    if mark.filed_on and day < mark.filed_on:
        found.append(Refused("This day lies before the filing day.", field="on_day"))
    if state in GRANTED_STATES and not mark.certificate_number:
        found.append(Refused("Enter the certificate number of the mark first.", field="state"))
    if state is TrademarkState.RENEWED and not any(event.state in GRANTED_STATES for event in mark.states):
        found.append(Refused("Only a granted mark can be renewed.", field="state"))
    return found
