"""A link, answered: the levels at which something is registered, walked up in one go."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy.orm import Session

from ..standards.gs1 import DigitalLink, Entity, Target
from .links import Level, Named, StampSeen, lot_level, place_level, product_level, stamp_level
from .lookup import Registry

Value = TypeVar("Value")
FindStamp = Callable[[str, str], StampSeen | None]
"""Of a serial and a GTIN: the stamp, if we issued it under that number."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """`levels` most specific first; the last is the entry of the key itself."""

    link: DigitalLink
    levels: tuple[Level, ...]

    @property
    def targets(self) -> tuple[Target, ...]:
        """All links in order of their levels: a serial's outrank a lot's, a lot's the product's."""
        return tuple(target for level in self.levels for target in level.targets)

    def entities(self, root: str) -> tuple[Entity, ...]:
        """The linkset: its first anchor is what was asked for, then a level each (rule 4 of §2.5.9)."""
        first, *above = self.levels
        entries = [Entity(f"{root}{self.link.path}", first.description, first.targets)]
        entries += [Entity(f"{root}{level.link.path}", level.description, level.targets) for level in above]
        return tuple(entries)


class Resolver:
    """Answers for one request; what it learns of products and lots is kept in the registry, until anything changes."""

    def __init__(self, session: Session, registry: Registry, root: str, find_stamp: FindStamp) -> None:
        self._session = session
        self._registry = registry
        self._root = root
        self._find_stamp = find_stamp

    def resolve(self, link: DigitalLink) -> Resolved | None:
        """What is registered for a link and above it; None where its key is unknown to us."""
        if link.gtin is None:
            place = self._kept(link.key, lambda: place_level(self._session, link, self._root))
            return Resolved(link, (place,)) if place else None
        found = self._kept(link.key, lambda: product_level(self._session, link, self._root))
        if found is None:
            return None
        entry, product = found
        levels = tuple(self._qualified(link, product))
        if any(level.stopped for level in levels):
            entry = replace(entry, added=())  # nothing leads away from a warning
        return Resolved(link, (*levels, entry))

    def _qualified(self, link: DigitalLink, product: Named) -> list[Level]:
        levels = []
        if link.serial is not None:
            stamp = self._find_stamp(link.serial, link.gtin or "")
            lot = self._lot(link, stamp.lot, product) if stamp and stamp.lot else None
            levels.append(stamp_level(link, product, stamp, lot, self._root))
        if link.lot is not None and (lot := self._lot(link, link.lot, product)):
            levels.append(lot)
        return levels

    def _lot(self, link: DigitalLink, lot: str, product: Named) -> Level | None:
        return self._kept((*link.key, lot), lambda: lot_level(self._session, link.key, lot, product, self._root))

    def _kept(self, key: tuple[str, ...], derive: Callable[[], Value | None]) -> Value | None:
        return self._registry.remember(("gs1", *key), derive)
