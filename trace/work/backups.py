"""Whether a lost disk or a lost key folder could be survived today, as the operator's home shows it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Backup, Job, KeyCopy
from .actor import Actor
from .refused import Refused, refuse_all

TOO_OLD = timedelta(hours=26)
"""A day and the time a night's backup may take: an older proved one is an alarm."""


@dataclass(frozen=True, slots=True)
class BackupState:
    """Red until a backup younger than 26 hours has been restored whole and the keys as they are now are kept twice."""

    last_proved: Backup | None
    last: Backup | None
    key_copy: KeyCopy | None
    """The newest proof that a copy of the keys as they are now exists; None when there is none."""
    backup_is_fresh: bool
    problem: str | None
    """What kept the last attempt from becoming a proved backup, in English; None when it did."""

    @property
    def keys_are_copied(self) -> bool:
        return self.key_copy is not None

    @property
    def red(self) -> bool:
        return not (self.backup_is_fresh and self.keys_are_copied)


def backup_state(session: Session, now: datetime, fingerprint: str) -> BackupState:
    """`fingerprint` is the key folder's as it is now: after a rotation an older copy no longer counts."""
    newest = select(Backup).order_by(Backup.made_at.desc(), Backup.id.desc()).limit(1)
    proved = session.scalars(newest.where(Backup.proved_at.is_not(None))).first()
    copies = select(KeyCopy).where(KeyCopy.fingerprint == fingerprint).order_by(KeyCopy.id.desc()).limit(1)
    last, job = session.scalars(newest).first(), session.get(Job, "backup")
    return BackupState(
        last_proved=proved,
        last=last,
        key_copy=session.scalars(copies).first(),
        backup_is_fresh=proved is not None and now - proved.made_at < TOO_OLD,
        problem=(job.last_problem if job else None) or (last.problem if last else None),
    )


def recent_backups(session: Session, most: int = 20) -> list[Backup]:
    """The newest first, removed ones left out."""
    query = select(Backup).where(Backup.removed_at.is_(None)).order_by(Backup.made_at.desc(), Backup.id.desc())
    return list(session.scalars(query.limit(most)))


def confirm_key_copy(
    session: Session, typed: str, place: str, *, fingerprint: str, actor: Actor, now: datetime
) -> KeyCopy:
    """Take what somebody typed from a copy of the key folder as proof that the copy exists and is whole.

    The first 16 hexadecimal digits will do; blanks and dashes are passed over. Flushes.
    """
    digits = re.sub(r"[\s:.-]", "", typed).lower()
    found = []
    if not place.strip():
        found.append(Refused("Say where the copy is kept.", field="place"))
    if len(digits) < 16 or not fingerprint.startswith(digits):
        found.append(
            Refused(
                "This is not the fingerprint of the keys as they are now: read it from the copy, not from the service.",
                field="fingerprint",
            )
        )
    refuse_all(found)
    copy = KeyCopy(fingerprint=fingerprint, place=place.strip(), at=now, by_person_id=actor.person_id)
    session.add(copy)
    session.flush()
    return copy
