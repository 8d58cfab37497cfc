"""What the demonstration is built with: who acts, at which moment, and everything made so far by its key."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

from sqlalchemy.orm import Session

from ..accounts.tables import Office, Person
from ..records import Certificate, Cooperative, Grower, Plot, Product, Run, Trademark
from ..work.actor import Actor
from ..work.days import VIETNAM, day_of
from ..work.keyring import Keyring
from ..work.run_numbers import Numbering
from .data import DOMAIN, SECOND_OFFICER, STAFF

Event = Callable[[datetime], None]
SECOND = "second officer"


@dataclass
class Stage:
    session: Session
    keyring: Keyring
    numbering: Numbering
    now: datetime
    hashed_password: str
    public_url: str
    print_folder: Path
    cooperatives: dict[str, Cooperative] = field(default_factory=dict)
    managers: dict[str, Person] = field(default_factory=dict)
    staff: dict[str, Person] = field(default_factory=dict)
    growers: dict[str, Grower] = field(default_factory=dict)
    plots: dict[str, Plot] = field(default_factory=dict)
    """By the grower's key: each has one."""
    products: dict[str, Product] = field(default_factory=dict)
    marks: dict[str, Trademark] = field(default_factory=dict)
    papers: dict[str, Certificate] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    """By the lot's key."""
    _events: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    @property
    def today(self) -> date:
        return day_of(self.now)

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def tell(self, day: date, hour: int, event: Event) -> None:
        """Let something happen on a day; what would lie ahead happens now."""
        moment = min(datetime.combine(day, time(hour), VIETNAM), self.now)
        heapq.heappush(self._events, (moment, next(self._order), event))

    def play(self) -> None:
        """Everything in the order of its days, so that the history reads as it would have been written."""
        while self._events:
            moment, _, event = heapq.heappop(self._events)
            event(moment)

    def person(self, name: str, mailbox: str, made_at: datetime, *, office: Office | None = None) -> Person:
        person = Person(
            name=name,
            email=f"{mailbox}@{DOMAIN}",
            password=self.hashed_password,
            fs_uniquifier=uuid4().hex,
            office=office,
            demo=True,
            created_at=made_at,
        )
        self.session.add(person)
        self.session.flush()
        return person

    def hire(self, made_at: datetime) -> None:
        for office, name, mailbox in STAFF:
            self.staff[office] = self.person(name, mailbox, made_at, office=Office(office))
        self.staff[SECOND] = self.person(*SECOND_OFFICER, made_at, office=Office.OFFICER)

    def by_staff(self, office: str) -> Actor:
        person = self.staff[office]
        return Actor(person.id, person.public_id, office)

    def by_second_officer(self) -> Actor:
        """Who agrees to what the first officer proposes."""
        person = self.staff[SECOND]
        return Actor(person.id, person.public_id, Office.OFFICER.value)

    def by_manager(self, house: str) -> Actor:
        person, cooperative = self.managers[house], self.cooperatives.get(house)
        return Actor(person.id, person.public_id, "manager", frozenset({cooperative.id} if cooperative else ()))
