"""A batch as EPCIS events for other systems: harvest, packing, tests, the office's decisions, dispatch.

Told is what its page tells anybody: no weight, no household, no buyer, no stamp.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Batch, BatchDecision, BatchVerdict, Cooperative, IntakeLine, PlaceKind, PlaceNumber
from ..standards.gs1 import DigitalLink
from ..standards.gs1.epcis import Json, document, object_event, transformation, where
from .care import tests_seen
from .origin import dispatches_seen
from .public import gln_of
from .standing import shelf_life_ends_on

DECIDED: Final = {
    BatchVerdict.CERTIFIED: ("inspecting", "conformant", {}),
    BatchVerdict.SUSPENDED: ("holding", "non_sellable_other", {}),
    BatchVerdict.RECALLED: ("holding", "recalled", {"persistentDisposition": {"set": ["recalled"]}}),
    BatchVerdict.LIFTED: ("inspecting", "conformant", {"persistentDisposition": {"unset": ["recalled"]}}),
}
"""Business step, disposition and more of each decision that is told."""


def batch_events(session: Session, batch: Batch, root: str, now: datetime) -> Json:
    """The whole document. `root`: our public address, in which all ids lie."""
    events = sorted(_Told(session, batch, root).events(), key=lambda event: str(event["eventTime"]))
    return document(events, now)


class _Told:
    def __init__(self, session: Session, batch: Batch, root: str) -> None:
        self._session, self._batch, self._root = session, batch, root
        self._page = f"{root}/b/{batch.public_id}"
        gtin = batch.product.gtin
        link = DigitalLink(("01", gtin), (("10", batch.code),)) if gtin else None
        self._goods = f"{root}{link.path}" if link else self._page
        own = (PlaceNumber.cooperative_id == batch.cooperative_id, PlaceNumber.ended_at.is_(None))
        self._places = list(session.scalars(select(PlaceNumber).where(*own).order_by(PlaceNumber.id)))

    def events(self) -> Iterator[Json]:
        yield from self._grown()
        for test in tests_seen(self._session, self._batch):
            outcome = "non_conformant" if test.above else "conformant"
            yield object_event("OBSERVE", "inspecting", outcome, self._goods, test.sampled_on)
        for decision in self._batch.decisions:
            yield from self._decided(decision)
        for sold in dispatches_seen(self._session, self._batch):
            yield object_event(
                "OBSERVE", "shipping", "in_transit", self._goods, sold.on,
                sourceList=self._from(), **where(self._packhouse()),
            )  # fmt: skip

    def _grown(self) -> Iterator[Json]:
        """Each harvest of a plot makes goods; packing makes the lot of them, else they are the lot themselves."""
        lines = {(line.harvested_on, line.plot_id): line for line in self._batch.intake}.values()
        packed_on = self._batch.packed_on
        harvested = []
        for number, line in enumerate(lines, start=1):
            goods = f"{self._page}#harvest-{number}" if packed_on else self._goods
            harvested.append(goods)
            yield object_event(
                "ADD", "commissioning", "active", goods, line.harvested_on,
                ilmd={"gs1:harvestDate": line.harvested_on.isoformat(), "gs1:countryOfOrigin": "VN"},
                certificationInfo=f"{self._page}#certificates", **where(self._plot(line)),
            )  # fmt: skip
        if packed_on:
            best = shelf_life_ends_on(self._batch)
            days = {"gs1:packagingDate": packed_on, "gs1:bestBeforeDate": best}
            yield transformation(
                "commissioning", "active", harvested, self._goods, packed_on,
                ilmd={name: day.isoformat() for name, day in days.items() if day}, **where(self._packhouse()),
            )  # fmt: skip

    def _decided(self, decision: BatchDecision) -> Iterator[Json]:
        told = DECIDED.get(BatchVerdict(decision.verdict))
        if told:
            step, disposition, more = told
            yield object_event("OBSERVE", step, disposition, self._goods, decision.at, **more)

    def _plot(self, line: IntakeLine) -> str:
        return self._at(number for number in self._places if line.plot_id and number.plot_id == line.plot_id)

    def _packhouse(self) -> str:
        """Named only where there is just one it can have been."""
        houses = [number for number in self._places if number.kind == PlaceKind.PACKHOUSE]
        return self._at(iter(houses)) if len(houses) == 1 else ""

    def _at(self, numbers: Iterator[PlaceNumber]) -> str:
        found = next(numbers, None)
        return f"{self._root}/414/{found.gln}" if found else ""

    def _from(self) -> list[dict[str, Any]]:
        gln = gln_of(self._session, self._session.get_one(Cooperative, self._batch.cooperative_id))
        return [{"type": "possessing_party", "source": f"{self._root}/417/{gln}"}] if gln else []
