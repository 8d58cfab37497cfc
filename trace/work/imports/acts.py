"""The life of an import: brought, matched, written all or nothing, taken back while its rows are unused."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from ...records import Cooperative, Import, ImportRow
from ..actor import Actor
from ..history import record
from ..proposals import about
from ..refused import Refused
from .checking import Checked, check_rows, missing
from .kind import Context, Doing, Kind
from .matching import Matching, guess, kept
from .sheets import Sheet, as_json, from_json

UNFINISHED_SHOWN = 30


@dataclass(frozen=True, slots=True)
class State:
    """An import as it stands now, every row looked at anew."""

    sheets: list[Sheet]
    matching: Matching
    missing: list[str]
    rows: list[Checked]

    @property
    def wrong(self) -> list[Checked]:
        return [row for row in self.rows if not row.ready]

    @property
    def ready(self) -> bool:
        return bool(self.rows) and not self.wrong


def bring(
    session: Session,
    cooperative: Cooperative | None,
    kind: Kind,
    sheets: list[Sheet],
    name: str,
    *,
    target: Any = None,
    actor: Actor,
    now: datetime,
) -> Import:
    """Keep what was sent; nothing of it is written yet."""
    found = guess(kind, sheets, pasted=not name)
    brought = Import(
        cooperative_id=cooperative.id if cooperative else None,
        kind=kind.key,
        target=target.public_id if target is not None else None,
        name=name[-120:],
        sheets=as_json(sheets),
        sheet=found.sheet,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(brought)
    session.flush()
    _record(session, brought, "import.brought", actor, now)
    return brought


def state_of(session: Session, brought: Import, kind: Kind, context: Context) -> State:
    sheets = from_json(_text(session, brought))
    if brought.matched is not None:
        matching = kept(brought.sheet, brought.matched)
    else:
        matching = guess(kind, sheets, pasted=not brought.name)
    rows = check_rows(kind, sheets[matching.sheet], matching, context)
    return State(sheets, matching, missing(kind, matching), rows)


def _text(session: Session, brought: Import) -> str:
    query = select(Import).where(Import.id == brought.id).options(undefer(Import.sheets))
    return session.scalars(query).one().sheets


def match(session: Session, brought: Import, matching: Matching, *, actor: Actor, now: datetime) -> None:
    """Remember which column holds what, as a person said."""
    _open(session, brought)
    _refuse_while_asked(session, brought, now)
    brought.sheet, brought.matched = matching.sheet, matching.as_json
    session.flush()
    _record(session, brought, "import.matched", actor, now)


def write(session: Session, brought: Import, kind: Kind, context: Context, doing: Doing) -> int:
    """Write every row, or none if a single one is wrong. How many were written."""
    _open(session, brought)
    state = state_of(session, brought, kind, context)
    if not state.ready:
        raise Refused("%(count)s rows are still wrong: nothing was written.", count=len(state.wrong), conflict=True)
    for row in state.rows:
        made = _made(session, kind, context, row, doing)
        made_of = ImportRow(import_id=brought.id, number=row.number, subject_kind=made.__tablename__)
        made_of.subject = made.public_id
        session.add(made_of)
    brought.written_at = doing.now
    session.flush()
    _record(session, brought, "import.written", doing.actor, doing.now, rows=len(state.rows))
    return len(state.rows)


def _made(session: Session, kind: Kind, context: Context, row: Checked, doing: Doing) -> Any:
    """The record of a row. What another person wrote since the rows were looked at may stand in its way."""
    try:
        made = kind.write(context, row.facts, doing)
        session.flush()
    except IntegrityError as error:
        raise Refused(
            "Row %(row)s clashes with what was written meanwhile: look at the rows again.",
            row=row.number, conflict=True,
        ) from error  # fmt: skip
    return made


def take_back(session: Session, brought: Import, kind: Kind, context: Context, doing: Doing) -> int:
    """Undo an import, the last row first; refused as a whole when something uses a single row of it."""
    _lock(session, brought)
    if brought.written_at is None or brought.taken_back_at is not None:
        raise Refused("This import has been taken back already, or was never written.", conflict=True)
    for row in reversed(brought.rows):
        try:
            kind.take_back(context, row.subject, doing)
        except Refused as used:
            raise Refused(
                "Row %(row)s is in use, so the import stays: change its records one by one.", row=row.number
            ) from used
    brought.taken_back_at = doing.now
    session.flush()
    _record(session, brought, "import.taken_back", doing.actor, doing.now, rows=len(brought.rows))
    return len(brought.rows)


def drop(session: Session, brought: Import, *, actor: Actor, now: datetime) -> None:
    """Throw away what was never written."""
    _open(session, brought)
    _refuse_while_asked(session, brought, now)
    brought.dropped_at = now
    brought.sheets = "[]"
    session.flush()
    _record(session, brought, "import.dropped", actor, now)


def imports_of(session: Session, cooperative: Cooperative | None, kinds: list[str]) -> list[Import]:
    """Lately brought and not thrown away, the newest first."""
    mine = Import.cooperative_id == cooperative.id if cooperative else Import.cooperative_id.is_(None)
    query = select(Import).where(mine, Import.kind.in_(kinds), Import.dropped_at.is_(None))
    return list(session.scalars(query.order_by(Import.id.desc()).limit(UNFINISHED_SHOWN)))


def context_of(session: Session, cooperative: Cooperative | None, kind: Kind, brought: Import, today: date) -> Context:
    target = None
    if kind.target is not None:
        target = session.scalars(select(kind.target).where(kind.target.public_id == brought.target)).one()
    return Context(session, cooperative, target, today)


def _open(session: Session, brought: Import) -> None:
    _lock(session, brought)
    if brought.written_at is not None or brought.dropped_at is not None:
        raise Refused("This import has been written or thrown away already.", conflict=True)


def _refuse_while_asked(session: Session, brought: Import, now: datetime) -> None:
    """What a second person looks at stays as it is until they have answered."""
    if any(proposal.waits(now) for proposal in about(session, brought.public_id)):
        raise Refused("A second person is asked about this table: take the proposal back first.", conflict=True)


def _lock(session: Session, brought: Import) -> None:
    session.refresh(brought, ["written_at", "taken_back_at", "dropped_at"], with_for_update=True)


def _record(session: Session, brought: Import, kind: str, actor: Actor, now: datetime, **more: Any) -> None:
    facts = {"kind": brought.kind, "target": brought.target, "sheet": brought.sheet} | more
    record(session, kind, brought, actor=actor, now=now, facts=facts, private={"name": brought.name})
