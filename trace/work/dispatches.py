"""Goods that left: kept so that their sum never exceeds what a batch holds, and no stamp leaves twice."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Buyer, Cooperative, Dispatch, DispatchLine, Market
from ..standards.words import fold, tidy
from .actor import Actor
from .check_papers import opens
from .goods_left import Going, shortages, stamps_elsewhere
from .history import record
from .refused import Refused, RefusedAll, refuse_all
from .standing import BatchStanding, batch_standing

LEAVES = frozenset({BatchStanding.WAITING, BatchStanding.CLEARED})
"""Suspended and recalled goods stay; a refused batch is not what its cooperative may sell under our slip."""


@dataclass(frozen=True, slots=True)
class Leaving:
    on_day: date
    buyer: str
    place: str | None = None
    note: str | None = None
    public: bool = False
    """The buyer's name may stand on consumer pages."""
    market: Market = Market.DOMESTIC


def dispatch(
    session: Session,
    cooperative: Cooperative,
    leaving: Leaving,
    lines: list[Going],
    *,
    actor: Actor,
    now: datetime,
    today: date,
    seen_at: datetime | None = None,
) -> Dispatch:
    """Enter goods that left. `seen_at`: when the person saw what was left; a shortage since then is a conflict."""
    found = _objections(session, leaving, lines, today)
    if any(each.field and each.field.startswith("lines") for each in found):
        raise RefusedAll(found)  # lines that cannot be say nothing of what is left
    session.execute(select(Cooperative.id).where(Cooperative.id == cooperative.id).with_for_update())  # one at a time
    rows = [_line(cooperative, going) for going in lines]
    refuse_all(found + shortages(session, lines, rows, seen_at) + stamps_elsewhere(session, lines))
    entry = Dispatch(
        cooperative_id=cooperative.id,
        number=_next_number(session, cooperative, leaving.on_day),
        on_day=leaving.on_day,
        buyer=_buyer(session, cooperative, leaving, actor, now),
        place=leaving.place,
        market=leaving.market,
        note=leaving.note,
        created_at=now,
    )
    entry.lines = rows
    session.add(entry)
    session.flush()
    record(session, "dispatch.made", entry, actor=actor, now=now, facts=_facts(entry))
    return entry


def _facts(entry: Dispatch) -> dict[str, object]:
    """Without place and note: both may name a person."""
    return {
        "number": entry.number,
        "on_day": entry.on_day.isoformat(),
        "buyer": entry.buyer.public_id,
        "market": entry.market,
        "lines": [
            {
                "batch": line.batch.public_id,
                "weight_g": line.weight_g,
                "packs": line.packs,
                "run": line.run.public_id if line.run else None,
                "first": line.first,
                "last": line.last,
            }
            for line in entry.lines
        ],
    }


def _objections(session: Session, leaving: Leaving, lines: list[Going], today: date) -> list[Refused]:
    found = []
    if leaving.on_day > today:
        found.append(Refused("The day lies in the future.", field="on_day"))
    if not leaving.buyer.strip():
        found.append(Refused("Say who bought.", field="buyer"))
    if not lines:
        found.append(Refused("Say what left: a batch, and how much of it.", field="lines"))
    for place, going in enumerate(lines):
        found += _objections_to(f"lines-{place}", going, leaving.on_day)
        found += _closed_markets(session, f"lines-{place}", going, leaving.market)
    return found


def _objections_to(name: str, going: Going, day: date) -> list[Refused]:
    batch, found = going.batch, []
    if batch_standing(batch) not in LEAVES:
        message = "Batch %(batch)s may not leave: look at its page."
        found.append(Refused(message, field=f"{name}-batch", conflict=True, batch=batch.code))
    if batch.packed_on is not None and day < batch.packed_on:
        message = "Batch %(batch)s was packed on %(day)s, after this day."
        found.append(Refused(message, field=f"{name}-batch", batch=batch.code, day=batch.packed_on))
    if going.weight_g is None and going.packs is None and going.first is None:
        found.append(Refused("Give the weight, the packs or the stamps.", field=f"{name}-weight"))
    if going.weight_g is not None and going.weight_g <= 0:
        found.append(Refused("A weight is more than nothing.", field=f"{name}-weight"))
    if going.packs is not None and going.packs <= 0:
        found.append(Refused("Packs are at least one.", field=f"{name}-packs"))
    return found


def _closed_markets(session: Session, name: str, going: Going, market: Market) -> list[Refused]:
    """China takes goods of plots whose code was given for China; another market, of plots without a code or with one
    given for it. At home a code opens and closes nothing."""
    if market not in (Market.CHINA, Market.OTHER):  # at home, or not read yet
        return []
    plots = {line.plot.id: line for line in going.batch.intake if line.plot is not None}
    found = []
    for line in plots.values():
        assert line.plot is not None
        code = line.plot.area_code
        if code is None and market is Market.OTHER:
            continue
        if code is None or not opens(session, code, going.batch, line.harvested_on, market):
            found.append(
                Refused(
                    "Plot %(plot)s of batch %(batch)s has no planting-area code for this market.",
                    field=f"{name}-batch",
                    plot=line.plot.name,
                    batch=going.batch.code,
                )
            )
    return found


def _line(cooperative: Cooperative, going: Going) -> DispatchLine:
    stamps = going.last - going.first + 1 if going.first is not None and going.last is not None else None
    packs = going.packs if going.packs is not None else stamps
    weight = going.weight_g if going.weight_g is not None else (packs or 0) * going.batch.product.net_weight_g
    return DispatchLine(
        cooperative_id=cooperative.id,
        batch=going.batch,
        weight_g=weight,
        packs=packs,
        run=going.run,
        first=going.first,
        last=going.last,
    )


def _next_number(session: Session, cooperative: Cooperative, day: date) -> str:
    """HCL-X261122-01: the cooperative, the day, and the slip's place in it."""
    start = f"{cooperative.label}-X{day:%y%m%d}-"
    query = select(func.count(Dispatch.id)).where(
        Dispatch.cooperative_id == cooperative.id, Dispatch.number.startswith(start, autoescape=True)
    )
    return f"{start}{(session.scalar(query) or 0) + 1:02d}"


def _buyer(session: Session, cooperative: Cooperative, leaving: Leaving, actor: Actor, now: datetime) -> Buyer:
    """The buyer by name, kept once; typed with or without marks it is the same buyer."""
    name = tidy(leaving.buyer)
    same = (Buyer.cooperative_id == cooperative.id, Buyer.folded == fold(name), Buyer.taken_back_at.is_(None))
    query = select(Buyer).where(*same)
    buyer = session.scalars(query.order_by(Buyer.id)).first()
    if buyer is None:
        buyer = Buyer(
            cooperative_id=cooperative.id,
            name=name,
            folded=fold(name),
            place=leaving.place,
            public=leaving.public,
            created_at=now,
        )
        session.add(buyer)
        session.flush()
        record(session, "buyer.added", buyer, actor=actor, now=now)
    elif (buyer.public, buyer.place) != (leaving.public, leaving.place or buyer.place):
        buyer.public, buyer.place = leaving.public, leaving.place or buyer.place
        session.flush()
        record(session, "buyer.changed", buyer, actor=actor, now=now)
    return buyer


def void_dispatch(session: Session, entry: Dispatch, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a slip back: its goods count as not having left. The slip stays readable, with the reason."""
    session.refresh(entry, with_for_update=True)
    if not reason.strip():
        raise Refused("Say why this slip is void.", field="reason")
    if entry.voided_reason is not None:
        raise Refused("Slip %(number)s is void already.", conflict=True, number=entry.number)
    entry.voided_reason = reason.strip()
    session.flush()
    record(session, "dispatch.voided", entry, actor=actor, now=now, facts={"number": entry.number})
