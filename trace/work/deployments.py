"""First start, the confirmed public address, and the province's settings with their from-days."""

import json
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Deployment, Setting, StampKey
from .actor import SERVICE, Actor
from .history import record
from .refused import Refused

DEFAULTS: dict[str, Any] = {
    "office.vi": "Sở Khoa học và Công nghệ tỉnh Lạng Sơn",
    "office.en": "Department of Science and Technology of Lạng Sơn",
    "office.zh": "谅山省科学技术厅",
    "office.phone": "+842053812264",
    "spoil_percent": 5,
    "output_tolerance_percent": 10,
    "complaint_answer_days": 7,
    "stamp_orders": False,
    "diary_late_days": 7,
    "surveillance_months": 12,
    "paper_decisions": False,
    "yield_tolerance_percent": 20,
    "sample_percent": 10,
    "gate.issue": "abcdfkl",
    "gate.print": "abkl",
    "gate.activate": "abcdefhkl",
    "gate.clear": "abcdefghkl",
    "once_only_above": 5_000,
}
"""What holds until the province sets something else. Offices change their names: each value has a from-day."""


def first_start(session: Session, *, now: datetime, make_key: Callable[[int], None]) -> Deployment:
    """The deployment's row and its first stamp key, made once and for ever.

    `make_key` writes the secret file of a key version. A database that already has keys never gets new ones here: a
    missing file must stop the start, since every printed stamp would look forged.
    """
    deployment = session.get(Deployment, 1)
    if deployment is not None:
        return deployment
    make_key(1)
    deployment = Deployment(id=1, name=f"temgoc-{secrets.token_hex(6)}", made_at=now)
    session.add_all([deployment, StampKey(version=1, salt=secrets.token_bytes(32), made_at=now)])
    session.flush()
    return deployment


def confirm_address(session: Session, url: str, *, actor: Actor, now: datetime) -> None:
    """An operator has seen the address that stamps will carry; from now on runs are released for use."""
    deployment = session.get_one(Deployment, 1)
    if not url.lower().startswith("https://"):
        raise Refused("Stamps are printed once and read for years: only an https address can be confirmed.")
    deployment.confirmed_url, deployment.confirmed_at, deployment.confirmed_by_id = url, now, actor.person_id
    change_setting(session, "public_url", url, from_on=now.date(), actor=actor, now=now)


def setting(session: Session, key: str, day: date) -> Any:
    """What holds on a day: the newest value whose from-day has come, else the default."""
    query = select(Setting.value).where(Setting.key == key, Setting.from_on <= day)
    value = session.scalar(query.order_by(Setting.from_on.desc(), Setting.id.desc()).limit(1))
    return DEFAULTS.get(key) if value is None else json.loads(value)


def change_setting(session: Session, key: str, value: Any, *, from_on: date, actor: Actor, now: datetime) -> None:
    words = json.dumps(value, ensure_ascii=False)
    session.add(Setting(key=key, from_on=from_on, value=words, set_at=now, by_person_id=actor.person_id))
    record(
        session,
        "setting.changed",
        _Subject(key),
        actor=actor,
        now=now,
        facts={"key": key, "value": words, "from_on": from_on.isoformat()},
    )


class _Subject:
    """A setting has no public id of its own: its key stands in the entry."""

    __tablename__ = "setting"

    def __init__(self, key: str) -> None:
        self.public_id = key[:24]


__all__ = ["DEFAULTS", "SERVICE", "change_setting", "confirm_address", "first_start", "setting"]
