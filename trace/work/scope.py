"""The lines of a certificate's scope, as its annex has them: product × plot or household × area × expected output."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Certificate, Grower, IntakeLine, Plot, Product, ScopeLine
from .actor import Actor
from .certifying import check_open, lock
from .changes import apply
from .history import record
from .refused import Refused, refuse_all

MOST_M2 = 100_000_000
MOST_G_A_YEAR = 100_000_000_000
PLAUSIBLE_G_A_M2 = 10_000
"""100 t/ha: na gives about 10, the heaviest vegetables here some 60 to 80 (published yields of the province)."""


@dataclass(frozen=True, slots=True)
class ScopeFacts:
    """One line as the certificate's annex has it: plot or grower, product, area, expected output a year."""

    product: Product
    plot: Plot | None
    grower: Grower | None
    area_m2: int
    expected_g_a_year: int

    def __post_init__(self) -> None:
        found = []
        if self.plot is None and self.grower is None:
            found.append(Refused("Choose a plot, or a household where the certificate names only it.", field="plot"))
        if self.plot and self.grower and self.plot.grower_id not in {None, self.grower.id}:
            found.append(Refused("This plot belongs to another household.", field="grower"))
        if not 0 < self.area_m2 <= MOST_M2:
            found.append(
                Refused("An area lies between 1 m² and 10.000 ha. Check the number and its unit.", field="area_m2")
            )
        if not 0 < self.expected_g_a_year <= MOST_G_A_YEAR:
            message = "The expected output lies between 1 kg and 100.000 tonnes a year."
            found.append(Refused(message, field="expected_g_a_year"))
        elif self.expected_g_a_year > self.area_m2 * PLAUSIBLE_G_A_M2 and not found:
            message = "More than 100 tonnes from a hectare: no crop here bears that. Check area and tonnes."
            found.append(Refused(message, field="expected_g_a_year"))
        refuse_all(found)


def add_line(
    session: Session, certificate: Certificate, facts: ScopeFacts, *, actor: Actor, now: datetime
) -> ScopeLine:
    lock(session, certificate)
    check_open(certificate)
    _check_single(certificate, facts, None)
    line = ScopeLine(cooperative_id=certificate.cooperative_id)
    apply(line, facts)
    certificate.scope.append(line)
    session.flush()
    record(session, "certificate.line_added", certificate, actor=actor, now=now, facts=_line_facts(line))
    return line


def change_line(session: Session, line: ScopeLine, facts: ScopeFacts, *, actor: Actor, now: datetime) -> None:
    lock(session, line.certificate)
    check_open(line.certificate)
    _check_single(line.certificate, facts, line)
    if apply(line, facts):
        session.flush()
        record(session, "certificate.line_changed", line.certificate, actor=actor, now=now, facts=_line_facts(line))


def remove_line(session: Session, line: ScopeLine, *, actor: Actor, now: datetime) -> None:
    """Take away a line that was entered by mistake; the history keeps it."""
    certificate = line.certificate
    lock(session, certificate)
    check_open(certificate)
    if session.scalar(select(func.count()).where(IntakeLine.scope_line_id == line.id)):
        raise Refused("A batch draws on this line. Change the batch first.")
    facts = _line_facts(line)
    session.delete(line)
    session.flush()
    session.expire(certificate, ["scope"])
    record(session, "certificate.line_removed", certificate, actor=actor, now=now, facts=facts)


def _check_single(certificate: Certificate, facts: ScopeFacts, but: ScopeLine | None) -> None:
    """No land counts twice for a product: neither the same place, nor a household beside one of its plots."""
    wanted = (facts.product, facts.plot, facts.grower)
    if any((line.product, line.plot, line.grower) == wanted for line in certificate.scope if line is not but):
        raise Refused("There is a line for this product and place already: change that one.", field="plot")
    others = [line for line in certificate.scope if line is not but and line.product == facts.product]
    if any(_overlaps(line, facts) for line in others):
        raise Refused(
            "Another line names this household with all its plots, or one of them: the same land would count twice.",
            field="plot",
        )


def _overlaps(line: ScopeLine, facts: ScopeFacts) -> bool:
    """One names a household as a whole, the other a plot of the same household."""
    whole, part = (line, facts) if line.plot is None else (facts, line)
    if whole.plot is not None or part.plot is None or whole.grower is None:
        return False
    return part.plot.grower_id == whole.grower.id


def _line_facts(line: ScopeLine) -> dict[str, Any]:
    return {
        "line": line.public_id,
        "product": line.product.public_id,
        "plot": line.plot.public_id if line.plot else None,
        "grower": line.grower.public_id if line.grower else None,
        "area_m2": line.area_m2,
        "expected_g_a_year": line.expected_g_a_year,
    }
