"""What can be true of no batch, and what a draft still lacks: told all at once, each beside its field."""

from collections.abc import Iterable
from datetime import date

from ..records import Batch, IntakeLine
from .refused import Refused

MOST_WEIGHT_G = 10_000_000_000
"""10,000 t in one line: more than the province's largest harvest day; the database holds the same bound."""
MOST_PACKS = 10_000_000


def impossible(batch: Batch, today: date) -> list[Refused]:
    """What can be true of no batch, all at once, each beside its field (`intake-2-weight`: the third line's weight)."""
    found = []
    if batch.packed_on is not None and batch.packed_on > today:
        found.append(Refused("The packing day lies in the future.", field="packed_on"))
    if batch.packs is not None and not 1 <= batch.packs <= MOST_PACKS:
        found.append(Refused("A batch has 1 to %(most)s packs.", field="packs", most=MOST_PACKS))
    for place, line in enumerate(batch.intake):
        found += _impossible_line(f"intake-{place}", line, batch.packed_on, today)
    if batch.loss_g < 0 or (batch.intake and batch.loss_g > batch.received_g):
        found.append(Refused("More was lost in sorting than came in.", field="loss"))
    return found


def _impossible_line(name: str, line: IntakeLine, packed_on: date | None, today: date) -> Iterable[Refused]:
    if line.harvested_on > today:
        yield Refused("A harvest day lies in the future.", field=f"{name}-harvested_on")
    elif packed_on is not None and line.harvested_on > packed_on:
        yield Refused("A harvest day lies after the packing day.", field=f"{name}-harvested_on")
    if not 0 < line.weight_g <= MOST_WEIGHT_G:
        yield Refused("This weight cannot be: check the number and its unit.", field=f"{name}-weight")


def complaints(batch: Batch, today: date) -> list[Refused]:
    """Everything that keeps a draft from being handed in."""
    if batch.submitted_at is not None:
        return [handed_in(batch)]
    found = []
    if not batch.intake:
        found.append(
            Refused("Say what came in: at least one line with grower or plot, day and weight.", field="intake")
        )
    if batch.packed_on is None:
        found.append(Refused("Give the packing day.", field="packed_on"))
    if batch.packs is None:
        found.append(Refused("Give the number of packs.", field="packs"))
    return found + impossible(batch, today)


def handed_in(batch: Batch) -> Refused:
    return Refused("Batch %(batch)s has been handed in already.", conflict=True, batch=batch.code)
