"""Who does something, as work needs to know it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    person_id: int | None
    """None for the service itself and for anonymous visitors."""
    pseudonym: str
    """Stands in entries in place of a name."""
    role: str
    belongs_to: frozenset[int] = frozenset()
    """Cooperatives in which the person has, or ever had, a place: there an auditor decides nothing."""


SERVICE = Actor(person_id=None, pseudonym="service", role="service")
ANONYMOUS = Actor(person_id=None, pseudonym="anonymous", role="consumer")
