"""The second pair of eyes: an act that one person proposes and another agrees to, or a signed paper decision does.

An act that needs it says so once, at import: `ACTS.add(Act("office.give", seconds=…, perform=…, told=…))`. A page then
calls `propose`; whoever of `seconds` opens the proposal's page agrees, and `perform` does the act in the same
transaction. Where the province has set "paper_decisions", the one person there is enters number, day and scan of a
signed decision instead, and the history and the page say so.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ..records import Answer, Proposal, ProposalAnswer, Upload
from .actor import Actor
from .deployments import setting
from .history import record
from .notices import notify, settle
from .refused import Refused, refuse_all

GOOD_FOR = timedelta(days=14)
ANSWERED = "This proposal has been answered meanwhile, or has lapsed: look again."
OF_COOPERATIVES = frozenset({"member", "manager"})


@dataclass(frozen=True, slots=True)
class Act:
    """What may be proposed. `told` is an English msgid with places for the proposal's facts."""

    kind: str
    seconds: frozenset[str]
    """The roles whose people may agree; of a cooperative's proposal, people of that cooperative and the offices'."""
    perform: Callable[[Session, Proposal, Actor, datetime], object]
    """Do it, as agreed; raises `Refused` where it cannot be done any more. Called once."""
    told: str


class Acts(dict[str, Act]):
    def add(self, act: Act) -> Act:
        self[act.kind] = act
        return act


ACTS = Acts()


@dataclass(frozen=True, slots=True)
class Paper:
    """A signed decision on paper; its scan has been kept."""

    number: str
    on: date
    scan: Upload


def facts_of(proposal: Proposal) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(proposal.facts)
    return found


def propose(
    session: Session,
    kind: str,
    subject: Any,
    facts: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
    cooperative_id: int | None = None,
) -> Proposal:
    """Put an act before a second person. `subject` has a public id; `facts` hold nothing personal. Flushes."""
    act = ACTS[kind]
    for other in about(session, subject.public_id):
        if other.kind == kind and other.waits(now):
            raise Refused("This has been proposed already and waits for an answer.", conflict=True)
    proposal = Proposal(
        kind=kind,
        subject_kind=subject.__tablename__,
        subject=subject.public_id,
        cooperative_id=cooperative_id,
        facts=json.dumps(facts, ensure_ascii=False, sort_keys=True),
        reason=(reason or "").strip() or None,
        by_person_id=actor.person_id,
        created_at=now,
        lapses_at=now + GOOD_FOR,
    )
    session.add(proposal)
    session.flush()
    record(session, "proposal.made", proposal, actor=actor, now=now)
    _tell(session, act, proposal, now)
    return proposal


def _tell(session: Session, act: Act, proposal: Proposal, now: datetime) -> None:
    """Everybody who may agree, the proposer among them: a notice is one for all of an office."""
    words: dict[str, Any] = {"now": now, "url": address(proposal)}
    if proposal.cooperative_id is not None and act.seconds & OF_COOPERATIVES:
        notify(session, "A second person is asked for.", cooperative_id=proposal.cooperative_id, **words)
    for office in sorted(act.seconds - OF_COOPERATIVES):
        notify(session, "A second person is asked for.", office=office, **words)


def address(proposal: Proposal) -> str:
    return f"/proposals/{proposal.public_id}"


def agree(
    session: Session, proposal: Proposal, *, actor: Actor, now: datetime, paper: Paper | None = None
) -> ProposalAnswer:
    """Say yes, and do the act. Without a paper the one who agrees must not be the one who proposed."""
    held = _held(session, proposal, now)
    refuse_all(_objections(session, held, actor, now, paper))
    answer = _answer(session, held, Answer.AGREED, actor, now, paper=paper)
    ACTS[held.kind].perform(session, held, actor, now)
    return answer


def _objections(
    session: Session, proposal: Proposal, actor: Actor, now: datetime, paper: Paper | None
) -> list[Refused]:
    found = []
    if not may_second(proposal, actor):
        found.append(Refused("Somebody of another office agrees to this."))
    if paper is None and actor.person_id == proposal.by_person_id:
        found.append(Refused("You proposed this: a second person agrees to it."))
    if paper is not None and not papers_stand_in(session, now.date()):
        found.append(Refused("Paper decisions are not allowed here: an operator allows them in the settings."))
    if paper is not None and paper.on > now.date() + timedelta(days=1):
        found.append(Refused("This day lies ahead: a decision is entered once it has been signed.", field="signed_on"))
    return found


def may_second(proposal: Proposal, actor: Actor) -> bool:
    """Whether somebody is of those who may agree, whoever proposed it."""
    if actor.role not in ACTS[proposal.kind].seconds:
        return False
    return actor.role not in OF_COOPERATIVES or proposal.cooperative_id in actor.belongs_to


def papers_stand_in(session: Session, day: date) -> bool:
    return bool(setting(session, "paper_decisions", day))


def decline(session: Session, proposal: Proposal, reason: str | None, *, actor: Actor, now: datetime) -> ProposalAnswer:
    """Say no; whoever proposed it takes it back by the same."""
    held = _held(session, proposal, now)
    own = actor.person_id == held.by_person_id
    if not own and not may_second(held, actor):
        raise Refused("Somebody of another office agrees to this.")
    if not own and not (reason or "").strip():
        raise Refused("Say why, so that who proposed it can act on it.", field="reason")
    return _answer(session, held, Answer.WITHDRAWN if own else Answer.REFUSED, actor, now, reason=reason)


def _held(session: Session, proposal: Proposal, now: datetime) -> Proposal:
    """The proposal, held until the transaction ends and seen as it now is; refused once it is answered."""
    query = select(Proposal).where(Proposal.id == proposal.id).with_for_update()
    held = session.scalars(query.execution_options(populate_existing=True)).one()
    session.refresh(held, ["answer"])
    if not held.waits(now):
        raise Refused(ANSWERED, conflict=True)
    return held


def _answer(
    session: Session,
    proposal: Proposal,
    said: Answer,
    actor: Actor,
    now: datetime,
    *,
    reason: str | None = None,
    paper: Paper | None = None,
) -> ProposalAnswer:
    answer = ProposalAnswer(
        answer=said,
        reason=(reason or "").strip() or None,
        at=now,
        by_person_id=actor.person_id,
        paper_number=paper and paper.number,
        paper_on=paper and paper.on,
        paper_id=paper and paper.scan.id,
    )
    proposal.answer = answer
    session.flush()
    signed = {"number": paper.number, "on": paper.on.isoformat(), "sha256": paper.scan.sha256} if paper else None
    facts = {"kind": proposal.kind, "reason": answer.reason, "paper": signed}
    record(session, f"proposal.{said.value}", proposal, actor=actor, now=now, facts=facts)
    settle(session, address(proposal), now=now)
    if said is not Answer.WITHDRAWN and proposal.by_person_id not in {None, actor.person_id}:
        words = "A second person has answered your proposal."
        notify(session, words, person_id=proposal.by_person_id, url=address(proposal), now=now)
    return answer


def about(session: Session, subject: str) -> Sequence[Proposal]:
    """Everything that was proposed about a thing (its public id), the newest first: for its page and its history."""
    return session.scalars(select(Proposal).where(Proposal.subject == subject).order_by(Proposal.id.desc())).all()


def agreed_to(session: Session, kind: str, subject: str) -> Proposal | None:
    """The newest proposal of a kind about a thing that was agreed to; None where there is none."""
    return next((one for one in about(session, subject) if one.kind == kind and one.agreed), None)


def concerning(session: Session, actor: Actor, of: frozenset[int] | None, *, most: int = 100) -> Sequence[Proposal]:
    """What somebody may answer or has proposed, of these cooperatives (None: of all), the newest first."""
    kinds = [act.kind for act in ACTS.values() if actor.role in act.seconds]
    query = select(Proposal).where(or_(Proposal.kind.in_(kinds), Proposal.by_person_id == actor.person_id))
    if of is not None:
        query = query.where(Proposal.cooperative_id.in_(of))
    return session.scalars(query.order_by(Proposal.id.desc()).limit(most)).all()
