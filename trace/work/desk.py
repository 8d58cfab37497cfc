"""The auditor's desk: what waits, what stands stopped, and what was done lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Batch, BatchDecision, BatchVerdict, Certificate, CertificateDecision, Cooperative
from .actor import Actor
from .batches import decide
from .checks import Check, checks_of
from .days import day_of
from .notices import notify
from .refused import Refused
from .risk import About, Reason, about_cooperative, reasons_of
from .standing import BatchStanding, batch_standing

SETTLING = (BatchVerdict.CERTIFIED, BatchVerdict.REFUSED)
"""After one of these a batch never waits again: a lifting gives back what was before the stop."""

TOLD: dict[BatchVerdict, str] = {
    BatchVerdict.CERTIFIED: "Batch %(batch)s is confirmed fit for stamping.",
    BatchVerdict.REFUSED: "Batch %(batch)s is refused: read the reason on its page.",
    BatchVerdict.SUSPENDED: "Batch %(batch)s is suspended: read the reason on its page.",
    BatchVerdict.RECALLED: "Batch %(batch)s is recalled: tell your buyers, and read the reason on its page.",
    BatchVerdict.LIFTED: "The stop of batch %(batch)s is lifted.",
}


@dataclass(frozen=True, slots=True)
class WaitingBatch:
    batch: Batch
    cooperative: Cooperative
    checks: list[Check]
    reasons: list[Reason]

    @property
    def failed(self) -> int:
        return sum(check.failed for check in self.checks)

    @property
    def green(self) -> bool:
        """Nothing stands against it: it may be confirmed together with others."""
        return all(check.passed for check in self.checks)

    @property
    def score(self) -> int:
        return sum(reason.points for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class StoppedBatch:
    batch: Batch
    cooperative: Cooperative
    decision: BatchDecision


@dataclass(frozen=True, slots=True)
class CertificateRow:
    certificate: Certificate
    cooperative: Cooperative
    state: str


@dataclass(frozen=True, slots=True)
class Done:
    """A decision taken lately; `kind` is batch or certificate."""

    kind: str
    public_id: str
    name: str
    cooperative: str
    verdict: str
    reason: str | None
    at: datetime


def waiting_batches(session: Session, *, now: datetime, most: int = 100) -> list[WaitingBatch]:
    """Batches handed in and not decided: the riskiest first (see `risk`), of equal ones the longest waiting."""
    settled = select(BatchDecision.batch_id).where(BatchDecision.verdict.in_(SETTLING))
    query = (
        select(Batch, Cooperative)
        .join(Cooperative, Cooperative.id == Batch.cooperative_id)
        .where(Batch.submitted_at.is_not(None), Batch.id.not_in(settled))
        .order_by(Batch.submitted_at, Batch.id)
        .limit(most)
    )
    known: dict[int, About] = {}
    waiting = []
    for batch, cooperative in session.execute(query).all():
        if batch_standing(batch) is not BatchStanding.WAITING:
            continue
        if cooperative.id not in known:
            known[cooperative.id] = about_cooperative(session, cooperative, now=now)
        checks = checks_of(session, batch)
        waiting.append(WaitingBatch(batch, cooperative, checks, reasons_of(checks, known[cooperative.id], day_of(now))))
    return sorted(waiting, key=lambda row: -row.score)


def confirm_green(session: Session, batches: list[tuple[Batch, int]], *, by: Actor, now: datetime) -> int:
    """Confirm several batches in one act, each with its own decision and entry. `batches` come with the number of
    decisions that were read. One that is not all green any more, or was decided meanwhile, refuses the whole act."""
    if not batches:
        raise Refused("Mark at least one batch.")
    for batch, seen in batches:
        if not all(check.passed for check in checks_of(session, batch)):
            raise Refused("Batch %(batch)s is not all green: look at it by itself.", batch=batch.code)
        decide_as_seen(session, batch, BatchVerdict.CERTIFIED, seen=seen, by=by, now=now)
    return len(batches)


def stopped_batches(session: Session, *, most: int = 100) -> list[StoppedBatch]:
    """Batches suspended or recalled and not lifted, the newest stop first."""
    newest = select(func.max(BatchDecision.id)).group_by(BatchDecision.batch_id)
    query = (
        select(Batch, Cooperative, BatchDecision)
        .join(Cooperative, Cooperative.id == Batch.cooperative_id)
        .join(BatchDecision, BatchDecision.batch_id == Batch.id)
        .where(
            BatchDecision.id.in_(newest),
            BatchDecision.verdict.in_((BatchVerdict.SUSPENDED, BatchVerdict.RECALLED)),
        )
        .order_by(BatchDecision.id.desc())
        .limit(most)
    )
    return [StoppedBatch(*row) for row in session.execute(query).all()]


def waiting_certificates(session: Session, *, today: date, most: int = 100) -> list[CertificateRow]:
    """Certificates declared and not yet held against the original, the longest waiting first."""
    decided = select(CertificateDecision.certificate_id)
    query = select(Certificate, Cooperative).join(Cooperative, Cooperative.id == Certificate.cooperative_id)
    rows = session.execute(query.where(Certificate.id.not_in(decided)).order_by(Certificate.id).limit(most)).all()
    return _with_state(((certificate, cooperative) for certificate, cooperative in rows), today)


def certificates_of(session: Session, cooperative: Cooperative, *, today: date) -> list[CertificateRow]:
    query = select(Certificate).where(Certificate.cooperative_id == cooperative.id)
    rows = session.scalars(query.order_by(Certificate.expires_on.desc(), Certificate.id))
    return _with_state(((certificate, cooperative) for certificate in rows), today)


def all_certificates(session: Session, *, today: date, most: int = 500) -> list[CertificateRow]:
    """Every certificate, the next to expire first; those expired stand last."""
    query = select(Certificate, Cooperative).join(Cooperative, Cooperative.id == Certificate.cooperative_id)
    rows = session.execute(
        query.order_by(Certificate.expires_on < today, Certificate.expires_on, Certificate.id).limit(most)
    ).all()
    return _with_state(((certificate, cooperative) for certificate, cooperative in rows), today)


def _with_state(rows: Iterable[tuple[Certificate, Cooperative]], today: date) -> list[CertificateRow]:
    return [
        CertificateRow(certificate, cooperative, certificate.state_on(today).value) for certificate, cooperative in rows
    ]


def done_lately(session: Session, *, most: int = 8) -> list[Done]:
    """The newest decisions on batches and certificates, whoever took them."""
    batches = (
        select(Batch, Cooperative, BatchDecision)
        .join(BatchDecision, BatchDecision.batch_id == Batch.id)
        .join(Cooperative, Cooperative.id == Batch.cooperative_id)
        .order_by(BatchDecision.id.desc())
    )
    certificates = (
        select(Certificate, Cooperative, CertificateDecision)
        .join(CertificateDecision, CertificateDecision.certificate_id == Certificate.id)
        .join(Cooperative, Cooperative.id == Certificate.cooperative_id)
        .order_by(CertificateDecision.id.desc())
    )
    done = [
        Done("batch", batch.public_id, batch.code, cooperative.name, _spoken(made), made.reason, made.at)
        for batch, cooperative, made in session.execute(batches.limit(most)).all()
    ] + [
        Done("certificate", paper.public_id, paper.number, cooperative.name, made.verdict, made.reason, made.at)
        for paper, cooperative, made in session.execute(certificates.limit(most)).all()
    ]
    return sorted(done, key=lambda one: one.at, reverse=True)[:most]


def _spoken(decision: BatchDecision) -> str:
    return "cleared_by_rule" if decision.season_id is not None else decision.verdict


def decide_as_seen(
    session: Session,
    batch: Batch,
    verdict: BatchVerdict,
    *,
    seen: int,
    by: Actor,
    now: datetime,
    reason: str | None = None,
    advice: str | None = None,
) -> BatchDecision:
    """An auditor's word, refused as a conflict when the batch has had more than the `seen` decisions they read."""
    refuse_unseen(session, batch, seen, batch.code)
    decision = decide(session, batch, verdict, by=by, now=now, reason=reason, advice=advice)
    page = f"/my/batches/{batch.public_id}"
    notify(session, TOLD[verdict], cooperative_id=batch.cooperative_id, now=now, url=page, batch=batch.code)
    return decision


def refuse_unseen(session: Session, decided: Batch | Certificate | Cooperative, seen: int, name: str) -> None:
    """Hold a record, and refuse when it has other decisions than the ones that were read."""
    kind = type(decided)
    session.execute(select(kind.id).where(kind.id == decided.id).with_for_update()).one()
    session.refresh(decided, ["decisions"])
    if len(decided.decisions) != seen:
        raise Refused("%(name)s has been decided otherwise meanwhile: look again.", conflict=True, name=name)
