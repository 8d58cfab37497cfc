"""A cooperative comes in: it registers, an officer approves or refuses it; until then it issues nothing."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..records import (
    KINDS_WITHOUT_TAX_CODE,
    Consent,
    ConsentTo,
    Cooperative,
    CooperativeDecision,
    CooperativeKind,
    CooperativeVerdict,
)
from ..standards import geography
from ..standards.words import fold
from .actor import Actor
from .constraints import breaks
from .history import record
from .notices import notify, settle
from .refused import Refused, refuse_all

LABEL_LONGEST = 5
KIND_WORDS = frozenset(
    {"hop", "tac", "xa", "htx", "lien", "hiep", "lhhtx", "to", "tht", "cong", "ty", "cty", "tnhh", "co", "phan", "cp"}
    | {"mtv", "doanh", "nghiep", "tu", "nhan", "dntn", "ho", "kinh"}
)
"""Words that say what kind a name is, not whose."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a cooperative says of itself when it comes in; numbers and phones already in their one form."""

    name: str
    kind: CooperativeKind
    tax_code: str | None
    personal_number: str | None
    commune_code: str
    address: str
    certified_address: str | None
    former_district_code: str | None
    contact_name: str
    phone: str
    email: str | None
    consents: frozenset[ConsentTo]


def register(session: Session, said: Registration, *, actor: Actor, now: datetime, today: date) -> Cooperative:
    """Add the cooperative with its consents; it waits for an officer. Raises `Refused`."""
    refuse_unfit(said)
    columns = asdict(said)
    del columns["consents"]
    cooperative = Cooperative(**columns, folded=fold(said.name), label=new_label(session, said.name), created_at=now)
    session.add(cooperative)
    try:
        session.flush()
    except IntegrityError as taken:
        raise _explained(taken) from taken
    record(session, "cooperative.registered", cooperative, actor=actor, now=now)
    _record_consents(session, cooperative, said.consents, actor=actor, now=now, today=today)
    notify(session, "%(name)s has registered and waits for your decision.", office="officer", now=now,
           url=_desk_page(cooperative), name=cooperative.name)  # fmt: skip
    return cooperative


def refuse_unfit(said: Registration) -> None:
    """What can be said of a registration by itself: raises every `Refused` at once."""
    found = []
    if geography.commune(said.commune_code) is None:
        found.append(Refused("Choose the commune from the list.", field="commune_code"))
    if said.former_district_code and geography.district(said.former_district_code) is None:
        found.append(Refused("Choose the old district from the list.", field="former_district_code"))
    refuse_all(found + _unfit_numbers(said))


def _unfit_numbers(said: Registration) -> list[Refused]:
    """The rules by kind: who needs a tax code, and who may give a personal number instead."""
    if said.kind in KINDS_WITHOUT_TAX_CODE:
        if said.tax_code is not None or said.personal_number is not None:
            return []
        return [Refused("Give the tax code, or else the head's 12-digit personal number.", field="personal_number")]
    found = []
    if said.tax_code is None:
        message = "This kind has a tax code: copy it from the registration certificate."
        found.append(Refused(message, field="tax_code"))
    if said.personal_number is not None:
        message = "Only a cooperative group or a household gives a personal number."
        found.append(Refused(message, field="personal_number"))
    return found


def _explained(taken: IntegrityError) -> Exception:
    if breaks(taken, "uq_cooperative_tax_code", "cooperative.tax_code"):
        return Refused(
            "This tax code is registered already. If it is yours, ask your manager for an invitation, or the office.",
            field="tax_code",
            conflict=True,
        )
    if breaks(taken, "uq_cooperative_label", "cooperative.label"):
        return Refused("Somebody registered at the same moment. Press the button again.", conflict=True)
    return taken


def _record_consents(session: Session, cooperative: Cooperative, consents: Iterable[ConsentTo], *, actor: Actor,
                     now: datetime, today: date) -> None:  # fmt: skip
    given = sorted(consents)
    for what in given:
        consent = Consent(cooperative_id=cooperative.id, what=what, given_on=today, recorded_at=now)
        cooperative.consents.append(consent)
    session.flush()
    facts = {"consents": [str(what) for what in given], "given_on": today.isoformat()}
    record(session, "cooperative.consents", cooperative, actor=actor, now=now, facts=facts)


def new_label(session: Session, name: str) -> str:
    """Two to five capitals that begin the cooperative's run labels and batch codes, used by nobody else yet."""
    base = _initials(name)
    taken = set(session.scalars(select(Cooperative.label).where(Cooperative.label.startswith(base[:1]))))
    return next(label for label in _labels(base) if label not in taken)


def _initials(name: str) -> str:
    """The initials of what is left of a name without its kind: HTX Na Chi Lăng is NCL."""
    words = re.findall("[a-z]+", fold(name))
    own = [word for word in words if word not in KIND_WORDS] or words
    letters = "".join(word[0] for word in own)
    if len(letters) < 2:
        letters = "".join(own)
    return (letters.upper() + "HTX" if len(letters) < 2 else letters.upper())[:LABEL_LONGEST]


def _labels(base: str) -> Iterable[str]:
    """The initials, then the same with letters at the end: NCL, NCLA, … NCLZ, NCLAA, …; the base gives way."""
    yield base
    for number in count():
        tail = ""
        rest = number
        while True:
            tail = chr(ord("A") + rest % 26) + tail
            rest = rest // 26 - 1
            if rest < 0:
                break
        yield base[: LABEL_LONGEST - len(tail)] + tail


def decide_cooperative(
    session: Session,
    cooperative: Cooperative,
    verdict: CooperativeVerdict,
    reason: str | None,
    *,
    by: Actor,
    now: datetime,
) -> CooperativeDecision:
    """An officer approves or refuses a cooperative, or records that it has left. Raises `Refused`."""
    refuse_all(_objections(cooperative, verdict, reason, by))
    decision = CooperativeDecision(verdict=verdict, reason=reason, at=now, by_person_id=by.person_id)
    cooperative.decisions.append(decision)
    session.flush()
    facts = {"verdict": str(verdict), "reason": reason}
    settle(session, _desk_page(cooperative), now=now)
    record(session, f"cooperative.{verdict}", cooperative, actor=by, now=now, facts=facts)
    notify(session, *_told(verdict), cooperative_id=cooperative.id, now=now, url="/home", reason=reason or "")
    return decision


def _objections(cooperative: Cooperative, verdict: CooperativeVerdict, reason: str | None, by: Actor) -> list[Refused]:
    found = []
    if cooperative.id in by.belongs_to:
        found.append(Refused("You belong to this cooperative: a colleague decides."))
    if verdict != CooperativeVerdict.APPROVED and not reason:
        found.append(Refused("Say why: the cooperative reads this and acts on it.", field="reason"))
    last = cooperative.last_decision
    if cooperative.has_left or (last is not None and last.verdict == verdict):
        found.append(Refused("This has been decided in the meantime. Look at the page again.", conflict=True))
    return found


def _desk_page(cooperative: Cooperative) -> str:
    return f"/office/cooperatives/{cooperative.public_id}"


def _told(verdict: CooperativeVerdict) -> tuple[str]:
    return (
        {
            CooperativeVerdict.APPROVED: "Your registration has been approved: you can issue stamps now.",
            CooperativeVerdict.REFUSED: "Your registration has been refused: %(reason)s",
            CooperativeVerdict.LEFT: "Your cooperative is recorded as having left: %(reason)s",
        }[verdict],
    )


def waiting_cooperatives(session: Session) -> list[Cooperative]:
    """Those no officer has decided on yet, the longest waiting first."""
    decided = select(CooperativeDecision.cooperative_id)
    return list(session.scalars(select(Cooperative).where(Cooperative.id.not_in(decided)).order_by(Cooperative.id)))
