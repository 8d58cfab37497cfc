"""Does a batch fit its papers? Certificate and scope line, trademark, planting-area code."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import AreaCode, Batch, CertificateState, IntakeLine, Market, Plot
from .area_codes import same_code
from .check import Check, Outcome, check
from .yardsticks import names_crop


def on_certificate(batch: Batch, line: IntakeLine) -> Check:
    """b. Product with its variety, plot or member stand on a scope line of a confirmed certificate."""
    scope = line.scope_line
    fits = scope is not None and scope.fits(batch.product_id, line.grower_id, line.plot_id)
    confirmed = scope is not None and scope.certificate.confirmed
    return check(
        "on_certificate",
        fits and confirmed,
        source=_source(line),
        product=batch.product.name_vi,
        variety=batch.product.variety,
        certificate=scope.certificate.number if scope else None,
        certificate_id=scope.certificate.public_id if scope else None,
        confirmed=confirmed,
    )


def _source(line: IntakeLine) -> str:
    return line.plot.name if line.plot else line.grower.name if line.grower else ""


def area_fits(line: IntakeLine) -> Iterator[Check]:
    """b. The certificate names no more land than the plot has: more would let too much through."""
    if line.scope_line is None or line.scope_line.plot is None:
        return
    certified, entered = line.scope_line.area_m2, line.scope_line.plot.area_m2
    figures = {"source": line.scope_line.plot.name, "certified_m2": certified, "entered_m2": entered}
    outcome = Outcome.WARN if certified > entered else Outcome.PASS
    yield Check("area_fits", outcome, figures | {"plot_id": line.scope_line.plot.public_id})


def days_covered(batch: Batch, line: IntakeLine) -> Iterator[Check]:
    """a. Harvest and packing days lie in the certificate's days, and it is neither suspended nor cancelled on them."""
    if line.scope_line is None:
        return
    certificate = line.scope_line.certificate
    for day in [line.harvested_on] + ([batch.packed_on] if batch.packed_on else []):
        state = certificate.state_on(day)
        yield check(
            "day_covered",
            certificate.covers(day),
            warn=state is CertificateState.WARNED,
            certificate=certificate.number,
            certificate_id=certificate.public_id,
            day=day.isoformat(),
            state=state.value,
            issued_on=certificate.issued_on.isoformat(),
            expires_on=certificate.expires_on.isoformat(),
        )


def trademark_usable(batch: Batch) -> Iterator[Check]:
    """k. The mark is in force on the packing day and the cooperative may use it; an application still pending warns."""
    mark = batch.trademark
    day = batch.packed_on or batch.harvested_to
    if mark is None or day is None:
        return
    yield check(
        "trademark_usable",
        mark.shown_on(day),
        warn=not mark.in_force_on(day),
        trademark=mark.name,
        trademark_id=mark.public_id,
        day=day.isoformat(),
        mark_state=mark.state_on(day),
        allowed=mark.usable_on(day),
    )


def area_codes_valid(session: Session, batch: Batch) -> Iterator[Check]:
    """l. Each plot's planting-area code stands in the province's register for this holder, crop and harvest day."""
    for line in batch.intake:
        if line.plot is not None and line.plot.area_code:
            yield _area_code(session, batch, line.plot, line.plot.area_code, line.harvested_on)


def opens(session: Session, code: str, batch: Batch, day: date, market: Market) -> bool:
    """Whether a code was given to the batch's cooperative for its crop and a market, and held on the harvest day."""
    query = select(AreaCode).where(AreaCode.folded == same_code(code), AreaCode.market == market)
    rows = session.scalars(query.where(AreaCode.holder_id == batch.cooperative_id))
    return any(names_crop(batch.product, row.crop) and row.holds_on(day) for row in rows)


def _area_code(session: Session, batch: Batch, plot: Plot, code: str, day: date) -> Check:
    figures: dict[str, Any] = {"code": code, "source": plot.name, "plot_id": plot.public_id, "day": day.isoformat()}
    rows = list(session.scalars(select(AreaCode).where(AreaCode.folded == same_code(code)).order_by(AreaCode.id)))
    if not rows:
        return Check("area_code_valid", Outcome.WARN, figures | {"why": "unregistered"})
    own = [row for row in rows if row.holder_id == batch.cooperative_id]
    crop = [row for row in own if names_crop(batch.product, row.crop)]
    held = [row for row in crop if row.holds_on(day)]
    why = "foreign" if not own else "other_crop" if not crop else "ended" if not held else "valid"
    known = held or crop or own or rows
    figures |= {"why": why, "crop": known[-1].crop, "markets": sorted({row.market for row in held})}
    return check("area_code_valid", bool(held), **figures)
