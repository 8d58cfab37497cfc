"""What can be imported: a kind declares its columns, how a row is read, written and taken back."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from ...records import Cooperative
from ...standards.figures import NotAQuantity
from ...standards.identifiers import NotAnIdentifier
from ..actor import Actor
from ..refused import Refused

T = TypeVar("T")
COMPLAINTS = {
    "empty": "Please fill this in.",
    "shape": "This is not a number we can read. Write for example 1.200 or 1,5.",
    "ambiguous": "This number can be read in two ways. Write 1.200 for one thousand two hundred, "
    "1,2 for one point two.",
    "negative": "A quantity is not negative.",
    "unit": "We do not know this unit.",
    "fraction": "This is finer than we count. Round it.",
    "too_large": "This is more than can be. Check the number and its unit.",
    "check_digit": "A digit is wrong: the check digit does not fit. Compare it with the paper.",
    "placeholder": "This looks like a placeholder. Copy the number as printed on the paper.",
    "foreign": "Only a Vietnamese phone number can be used here.",
}
"""As beside the fields of a form."""
NOT_A_DAY = "This is not a day. Write it as 31/12/2026."


@dataclass(frozen=True, slots=True)
class Column:
    """`aliases`: how its heading may be written, without marks and in small letters; the first is the field's own."""

    name: str
    aliases: tuple[str, ...]
    needed: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Where rows go, and what they may name. `known` keeps what was looked up once for all rows."""

    session: Session
    cooperative: Cooperative | None
    target: Any
    today: date
    known: dict[str, Any] = field(default_factory=dict)

    def once(self, key: str, look_up: Callable[[], Any]) -> Any:
        if key not in self.known:
            self.known[key] = look_up()
        return self.known[key]

    @property
    def owner(self) -> Cooperative:
        assert self.cooperative is not None  # kinds of a cooperative are offered to cooperatives alone
        return self.cooperative


@dataclass(frozen=True, slots=True)
class Doing:
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One row by field; a blank cell is no text."""

    cells: Mapping[str, str]

    def text(self, name: str) -> str | None:
        return self.cells.get(name, "").strip() or None

    def need(self, name: str) -> str:
        words = self.text(name)
        if words is None:
            raise Refused(COMPLAINTS["empty"], field=name)
        return words

    def read(self, name: str, reader: Callable[[str], Any], *, needed: bool = False, wrong: str | None = None) -> Any:
        """A cell through a reader of `standards`; None where it is blank. Raises `Refused` beside the column."""
        words = self.need(name) if needed else self.text(name)
        if words is None:
            return None
        try:
            return reader(words)
        except (NotAQuantity, NotAnIdentifier) as no:
            message = wrong or COMPLAINTS.get(no.code, COMPLAINTS["shape"])
            raise Refused(message, field=name) from no


class Reading:
    """Reads a row cell by cell and keeps every complaint, so that all are told at once."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.complaints: list[Refused] = []

    def take(self, reader: Callable[[], T]) -> T | None:
        """What a reader gives; None where it complains."""
        try:
            return reader()
        except Refused as refused:
            self.complaints.append(refused)
        return None

    def cell(
        self, name: str, reader: Callable[[str], T], *, needed: bool = False, wrong: str | None = None
    ) -> T | None:
        return self.take(lambda: self.row.read(name, reader, needed=needed, wrong=wrong))

    def words(self, name: str) -> str:
        """A text that every row needs; nothing where it is missing, which is complained of."""
        return self.take(lambda: self.row.need(name)) or ""

    def complain(self, refused: Refused) -> None:
        self.complaints.append(refused)


@dataclass(frozen=True, slots=True)
class Kind:
    """`read` gives facts or raises `Refused`/`RefusedAll` with the column's name as field; `write` makes the record;
    `take_back` undoes an unused one or raises `Refused`; `identity` tells two rows that say the same."""

    key: str
    columns: tuple[Column, ...]
    read: Callable[[Context, Row], Any]
    write: Callable[[Context, Any, Doing], Any]
    take_back: Callable[[Context, str, Doing], None]
    identity: Callable[[Any], Hashable] = lambda facts: facts
    target: type[Any] | None = None
    for_office: bool = False
    four_eyes: bool = False
    """Written and taken back only once a second person agrees (`agreeing`)."""

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)
