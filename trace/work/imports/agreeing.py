"""Imports that a second person agrees to before they are written or taken back, such as money paid in earlier years."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...records import Cooperative, Import, Proposal
from ..actor import Actor
from ..days import day_of
from ..proposals import ACTS, Act, propose
from ..refused import Refused
from . import KINDS
from .acts import context_of, state_of, take_back, write
from .kind import Context, Doing, Kind

OFFICER = frozenset({"officer"})


def propose_writing(session: Session, brought: Import, kind: Kind, *, actor: Actor, now: datetime) -> Proposal:
    """Put a table of which every row is ready before a second person."""
    state = state_of(session, brought, kind, _context(session, brought, kind, now))
    if not state.ready:
        raise Refused("%(count)s rows are still wrong: nothing was written.", count=len(state.wrong), conflict=True)
    facts = {"rows": len(state.rows)}
    return propose(session, WRITE.kind, brought, facts, actor=actor, now=now)


def propose_taking_back(session: Session, brought: Import, *, actor: Actor, now: datetime) -> Proposal:
    if brought.written_at is None or brought.taken_back_at is not None:
        raise Refused("This import has been taken back already, or was never written.", conflict=True)
    facts = {"rows": len(brought.rows)}
    return propose(session, TAKE_BACK.kind, brought, facts, actor=actor, now=now)


def _write(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    brought, kind = _proposed(session, proposal)
    write(session, brought, kind, _context(session, brought, kind, now), Doing(actor, now))


def _take_back(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    brought, kind = _proposed(session, proposal)
    take_back(session, brought, kind, _context(session, brought, kind, now), Doing(actor, now))


def _proposed(session: Session, proposal: Proposal) -> tuple[Import, Kind]:
    brought = session.scalars(select(Import).where(Import.public_id == proposal.subject)).one()
    return brought, KINDS[brought.kind]


def _context(session: Session, brought: Import, kind: Kind, now: datetime) -> Context:
    owner = session.get(Cooperative, brought.cooperative_id) if brought.cooperative_id else None
    return context_of(session, owner, kind, brought, day_of(now))


WRITE = ACTS.add(Act("import.write", OFFICER, _write, "Write %(rows)s rows of an import of earlier years"))
TAKE_BACK = ACTS.add(
    Act("import.take_back", OFFICER, _take_back, "Take back %(rows)s rows of an import of earlier years")
)
