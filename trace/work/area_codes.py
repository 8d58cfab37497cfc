"""The register of planting-area codes: entered from the authority's paper, revoked, never changed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import AreaCode, Cooperative, Market
from ..standards.words import fold
from .actor import Actor
from .history import record
from .refused import Refused, refuse_all

LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class AreaCodeFacts:
    code: str
    holder: Cooperative | None
    crop: str
    market: Market
    from_on: date
    to_on: date | None = None


def same_code(code: str) -> str:
    """A code as it is compared: capitals and digits only, so that VN-LSOR-0037 is VN LSOR 0037."""
    return "".join(sign for sign in fold(code).upper() if sign.isalnum())[:LONGEST_CODE]


def register_code(session: Session, facts: AreaCodeFacts, *, actor: Actor, now: datetime) -> AreaCode:
    """Enter a code. One code, crop and market is held by one holder at a time."""
    found = []
    folded = same_code(facts.code)
    if len(folded) < 4 or len(facts.code) > LONGEST_CODE:
        found.append(Refused("Copy the code as printed, such as VN-LSOR-0037.", field="code"))
    if facts.holder is None or not facts.holder.approved:
        found.append(Refused("Choose the cooperative that holds the code.", field="holder"))
    if not fold(facts.crop):
        found.append(Refused("Name the crop in a word or two.", field="crop"))
    if facts.to_on is not None and facts.to_on < facts.from_on:
        found.append(Refused("The last day lies before the first.", field="to_on"))
    if facts.holder is not None and not found and (other := _clash(session, folded, facts)) is not None:
        found.append(
            Refused(
                "%(code)s is held by %(name)s in these days: revoke that first.",
                field="code",
                conflict=True,
                code=other.code,
                name=other.holder.name,
            )
        )
    refuse_all(found)
    assert facts.holder is not None
    row = AreaCode(
        code=facts.code,
        folded=folded,
        holder_id=facts.holder.id,
        crop=facts.crop,
        market=facts.market,
        from_on=facts.from_on,
        to_on=facts.to_on,
        created_at=now,
        by_person_id=actor.person_id,
    )
    session.add(row)
    record(session, "area_code.registered", row, actor=actor, now=now)
    return row


def _clash(session: Session, folded: str, facts: AreaCodeFacts) -> AreaCode | None:
    query = select(AreaCode).where(
        AreaCode.folded == folded, AreaCode.market == facts.market, AreaCode.revoked_on.is_(None)
    )
    for row in session.scalars(query):
        apart = (row.to_on is not None and row.to_on < facts.from_on) or (
            facts.to_on is not None and facts.to_on < row.from_on
        )
        if fold(row.crop) == fold(facts.crop) and not apart:
            return row
    return None


def revoke_code(session: Session, row: AreaCode, on_day: date, reason: str, *, actor: Actor, now: datetime) -> None:
    """From this harvest day on the code holds no more; what was harvested before keeps it."""
    session.refresh(row, with_for_update=True)
    if row.revoked_on is not None:
        raise Refused("%(code)s has been revoked already.", conflict=True, code=row.code)
    if not reason.strip():
        raise Refused("Give the reason: the cooperative will read it.", field="reason")
    if on_day < row.from_on:
        raise Refused("Choose a day on or after %(first)s, when it was given.", field="on_day", first=row.from_on)
    row.revoked_on, row.revoked_reason = on_day, reason.strip()
    record(session, "area_code.revoked", row, actor=actor, now=now)


def area_codes(session: Session) -> list[AreaCode]:
    return list(session.scalars(select(AreaCode).order_by(AreaCode.revoked_on.is_not(None), AreaCode.folded)))
