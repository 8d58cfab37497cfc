"""An office's search: cooperatives, batches, certificates, stamps. Typed with or without tone marks, in any case."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ..records import Batch, Certificate, Cooperative, Product, Run, StampRange
from ..standards.words import fold
from .desk import CertificateRow
from .keyring import Keyring
from .stafflists import searched
from .standing import StampVerdict, stamp_verdict

MOST = 25
SHORTEST = 2
SERIAL = re.compile(r"([A-Z0-9]{1,8}-\d\d[A-Z]{1,4})(?:-(\d{1,7}))?")
"""A run's label as `work.stamps` makes it, and the number of a stamp in it."""


@dataclass(frozen=True, slots=True)
class FoundStamp:
    run: Run
    number: int
    stamps: StampRange
    verdict: StampVerdict
    cooperative: Cooperative

    @property
    def serial(self) -> str:
        return self.run.serial(self.number)


@dataclass(frozen=True, slots=True)
class Found:
    cooperatives: list[Cooperative]
    batches: list[tuple[Batch, Cooperative]]
    certificates: list[CertificateRow]
    stamp: FoundStamp | None
    runs: list[tuple[Run, Cooperative]]

    @property
    def nothing(self) -> bool:
        return not (self.cooperatives or self.batches or self.certificates or self.stamp or self.runs)


def search(session: Session, keyring: Keyring, text: str, *, today: date) -> Found:
    """At most 25 of each kind, the newest first. `text` may be a stamp's code, its link or its serial."""
    asked = searched(text)
    if len(asked) < SHORTEST:
        return Found([], [], [], None, [])
    return Found(
        _cooperatives(session, asked),
        _batches(session, asked),
        _certificates(session, asked, today),
        find_stamp(session, keyring, text, today=today),
        _runs(session, text),
    )


def _cooperatives(session: Session, asked: str) -> list[Cooperative]:
    query = select(Cooperative).where(
        or_(
            Cooperative.folded.contains(asked, autoescape=True),
            Cooperative.label == asked.upper(),
            Cooperative.tax_code.startswith(asked, autoescape=True),
        )
    )
    return list(session.scalars(query.order_by(Cooperative.folded, Cooperative.id).limit(MOST)))


def _batches(session: Session, asked: str) -> list[tuple[Batch, Cooperative]]:
    query = (
        select(Batch, Cooperative)
        .join(Cooperative, Cooperative.id == Batch.cooperative_id)
        .join(Product, Product.id == Batch.product_id)
        .where(
            Batch.submitted_at.is_not(None),
            or_(
                func.upper(Batch.code).contains(asked.upper(), autoescape=True),
                Product.folded.contains(asked, autoescape=True),
                Cooperative.folded.contains(asked, autoescape=True),
            ),
        )
    )
    rows = session.execute(query.order_by(Batch.submitted_at.desc(), Batch.id.desc()).limit(MOST)).all()
    return [(batch, cooperative) for batch, cooperative in rows]


def _certificates(session: Session, asked: str, today: date) -> list[CertificateRow]:
    """Numbers are kept as printed, with any letter, so they are folded here: a province has some thousands."""
    numbers = session.execute(select(Certificate.id, Certificate.number, Certificate.body)).all()
    keys = [key for key, number, body in numbers if asked in fold(number) or asked in fold(body)]
    query = select(Certificate, Cooperative).join(Cooperative, Cooperative.id == Certificate.cooperative_id)
    rows = session.execute(
        query.where(Certificate.id.in_(keys[-MOST:])).order_by(Certificate.expires_on.desc(), Certificate.id)
    ).all()
    return [CertificateRow(paper, cooperative, paper.state_on(today).value) for paper, cooperative in rows]


def find_stamp(session: Session, keyring: Keyring, text: str, *, today: date) -> FoundStamp | None:
    """The stamp whose code, link or serial was typed, if it is one of ours."""
    typed = text.strip().rstrip("/").rsplit("/", 1)[-1]
    serial = SERIAL.fullmatch(typed.upper())
    place = keyring.read(typed)
    if place is not None:
        run, number = session.scalars(select(Run).where(Run.number == place.run)).first(), place.index + 1
    elif serial is not None and serial[2]:
        run, number = session.scalars(select(Run).where(Run.label == serial[1])).first(), int(serial[2])
    else:
        return None
    if run is None or not 1 <= number <= run.count:
        return None
    stamps = session.scalars(
        select(StampRange).where(StampRange.run_id == run.id, StampRange.first <= number, StampRange.last >= number)
    ).one()
    cooperative = session.get_one(Cooperative, run.cooperative_id)
    return FoundStamp(run, number, stamps, stamp_verdict(stamps, today), cooperative)


def _runs(session: Session, text: str) -> list[tuple[Run, Cooperative]]:
    typed = SERIAL.fullmatch(text.strip().upper())
    if typed is None or typed[2]:
        return []
    query = select(Run, Cooperative).join(Cooperative, Cooperative.id == Run.cooperative_id)
    return [(run, cooperative) for run, cooperative in session.execute(query.where(Run.label == typed[1])).all()]
