"""Whoever changes anything behind the service's back, a byte at a hundred places, is found and named."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, House, make_batch
from trace import logkeys
from trace.commands.worker import verify_log
from trace.records import Batch, BatchVerdict, Run
from trace.settings import Settings
from trace.upkeep.copies import NotDone
from trace.work.batches import decide
from trace.work.history import record
from trace.work.log import current_shard, origin, publish
from trace.work.log_check import Difference, differences
from trace.work.stamps import void

Verify = Callable[[], list[Difference]]
Place = tuple[str, str, str]
"""A table, a column, and a condition that names one row."""


@pytest.fixture
def verify(session: Session, settings: Settings, house: House, batch: Batch, run: Run) -> Verify:
    """A cooperative's year in small, published; no trigger guards its tables any more, as for an operator with psql."""
    record(session, "grower.changed", house.grower, actor=AUDITOR, now=NOON)
    record(session, "product.changed", house.product, actor=AUDITOR, now=NOON)
    void(session, run, 45, 46, "rách", actor=AUDITOR, now=NOON)
    recalled = make_batch(session, house)
    decide(session, recalled, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    decide(session, recalled, BatchVerdict.RECALLED, reason="dư lượng", advice="trả lại", by=AUDITOR, now=NOON)
    session.commit()
    publish(session, logkeys.publisher(settings), now=NOON)
    session.commit()
    _take_guards_away(session)
    key = logkeys.signer(settings, origin(session, current_shard(session))).verifier()

    def ask() -> list[Difference]:
        session.expire_all()
        return list(differences(session, key))

    return ask


def _take_guards_away(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE stamp_range DROP CONSTRAINT stamp_range_never_overlaps"))
        session.execute(text("SET session_replication_role = replica"))
        return
    for name in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))


PLACES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("entry", ("body", "leaf_hash", "chain_hash", "kind", "subject")),
    ("entry_secret", ("words",)),
    ("log_tile", ("content",)),
    ("log_checkpoint", ("note", "root")),
    ("product", ("name_vi", "net_weight_g", "shelf_life_days")),
    ("grower", ("name",)),
    ("batch", ("packs", "loss_g", "code")),
    ("intake_line", ("weight_g",)),
    ("batch_decision", ("verdict",)),
    ("stamp_range", ("last",)),
    ("run", ("count", "label")),
)
OTHER_VERDICT = {"certified": "refused", "recalled": "lifted"}


def places(session: Session) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for table, columns in PLACES:
        keys = {
            "entry": '"index"',
            "entry_secret": "entry_index",
            "log_tile": "level, position",
            "log_checkpoint": "size",
        }
        key = keys.get(table, "id")
        for row in session.execute(text(f"SELECT {key} FROM {table}")).mappings().all():
            yield from ((table, column, dict(row)) for column in columns)


def changed(value: Any, chance: random.Random) -> Any:
    """The value with one byte, letter or digit of it changed."""
    if isinstance(value, int):
        return value + chance.choice((1, 7))
    if value in OTHER_VERDICT:
        return OTHER_VERDICT[value]
    if isinstance(value, str):
        place = chance.randrange(len(value))
        letter = chr(ord(value[place]) ^ 1) if value[place].isalnum() else "x"
        return value[:place] + letter + value[place + 1 :]
    content = bytearray(value)
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def test_a_hundred_bytes_changed_behind_the_services_back_are_found_and_named(session: Session, verify: Verify) -> None:
    assert verify() == []
    chance = random.Random(47)
    everywhere = list(places(session))
    missed = []
    for table, column, key in chance.choices(everywhere, k=100):
        where = " AND ".join(f'"{name}" = :{name}' for name in key)
        [before] = session.scalars(text(f"SELECT {column} FROM {table} WHERE {where}"), key).all()
        if before is None:
            continue
        update = text(f"UPDATE {table} SET {column} = :new WHERE {where}")
        session.execute(update, key | {"new": changed(before, chance)})
        found = verify()
        session.execute(update, key | {"new": before})
        if not found:
            missed.append((table, column, key))
        if table == "entry":
            assert found[0].index == key["index"], (column, found)
    assert missed == []
    assert verify() == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DELETE FROM intake_line", "intake"),
        ("DELETE FROM batch_decision WHERE verdict = 'recalled'", "its decisions"),
        ("UPDATE stamp_range SET batch_id = (SELECT max(id) FROM batch) WHERE state = 'active'", "on which batch"),
        (
            "UPDATE stamp_range SET state = 'active', reason = NULL, active_at = since_at, "
            "batch_id = (SELECT min(id) FROM batch)",
            "active",
        ),
    ],
)
def test_a_deed_undone_or_invented_behind_the_services_back_is_named(
    session: Session, verify: Verify, statement: str, named: str
) -> None:
    session.execute(text(statement))
    assert any(named in str(found) for found in verify())


def test_the_nightly_check_says_what_differs(session: Session, verify: Verify) -> None:
    verify_log(session, NOON)
    session.execute(text("UPDATE product SET name_vi = 'Na chợ'"))
    session.commit()
    with pytest.raises(NotDone, match="name_vi"):
        verify_log(session, NOON)
