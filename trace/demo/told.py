"""What the demonstration offers to whoever tries it: who can sign in, and one code of each kind of verdict."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..accounts.tables import Person
from ..records import ON_PAPER, Batch, Product, StampRange
from ..work.keyring import Keyring
from ..work.standing import StampVerdict, is_cleared, stamp_verdict
from .data import PASSWORD

KINDS = (
    StampVerdict.VALID,
    StampVerdict.NOT_ACTIVE,
    StampVerdict.LAPSED,
    StampVerdict.SUSPENDED,
    StampVerdict.RECALLED,
    StampVerdict.VOID,
    StampVerdict.PAST_SHELF_LIFE,
)
ROLES = ("manager", "member", "auditor", "officer", "operator", "certifier")


@dataclass(frozen=True, slots=True)
class Account:
    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Told:
    public_url: str
    accounts: list[Account]
    stamps: dict[str, str]
    """A code for each verdict that some stamp has today."""
    gtin: str | None
    lot: str | None

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def told(session: Session, keyring: Keyring, public_url: str, today: date) -> Told:
    """Worked out from the records as they now stand, so that it is true on any day and after anybody's changes."""
    gtin, lot = _gtin_and_lot(session)
    return Told(public_url, _accounts(session), _stamps(session, keyring, today), gtin, lot)


def _accounts(session: Session) -> list[Account]:
    people = session.scalars(select(Person).where(Person.demo).order_by(Person.id)).all()
    found = [Account(person.works_as, person.email or "", PASSWORD) for person in people]
    return sorted(found, key=lambda account: ROLES.index(account.role))


def _stamps(session: Session, keyring: Keyring, today: date) -> dict[str, str]:
    """The newest range of each verdict gives its first stamp; one that was never printed is nobody's to scan."""
    found: dict[str, str] = {}
    for stamps in session.scalars(select(StampRange).order_by(StampRange.run_id.desc(), StampRange.first)):
        verdict = stamp_verdict(stamps, today)
        if verdict is StampVerdict.NOT_ACTIVE and stamps.state not in ON_PAPER:
            continue
        if verdict not in found:
            found[verdict] = keyring.book(stamps.run.key_version).code(stamps.run.number, stamps.first - 1)
    return {kind.value: found[kind] for kind in KINDS if kind in found}


def _gtin_and_lot(session: Session) -> tuple[str | None, str | None]:
    query = select(Batch).join(Product).where(Product.gtin.is_not(None)).order_by(Batch.id.desc())
    batch = next((batch for batch in session.scalars(query) if is_cleared(batch)), None)
    return (batch.product.gtin, batch.code) if batch else (None, None)
