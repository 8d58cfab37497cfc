"""PINs under a scratch layer: their keys, which stamps carry one, and what became of each."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("pin_key", "pin_issue", "stamp_pin")
FORGOTTEN = "OLD.used_on IS NOT NULL AND (NEW.used_on {other} OLD.used_on OR NEW.nonce {other} OLD.nonce)"
"""The first use of a PIN stays the first."""


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        _guards_postgresql()
    else:
        _guards_sqlite()


def _guards_sqlite() -> None:
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END"
        )
    op.execute(
        "CREATE TRIGGER pin_issue_is_unchanged BEFORE UPDATE ON pin_issue "
        "BEGIN SELECT RAISE(ABORT, 'pin_issue is never changed'); END"
    )
    op.execute(
        "CREATE TRIGGER stamp_pin_is_frozen BEFORE UPDATE ON stamp_pin "
        f"WHEN NEW.tries < OLD.tries OR ({FORGOTTEN.format(other='IS NOT')}) "
        "BEGIN SELECT RAISE(ABORT, 'stamp_pin is never changed'); END"
    )


def _guards_postgresql() -> None:
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_kept_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER pin_issue_is_unchanged BEFORE UPDATE ON pin_issue FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER stamp_pin_is_frozen BEFORE UPDATE ON stamp_pin FOR EACH ROW "
        f"WHEN (NEW.tries < OLD.tries OR ({FORGOTTEN.format(other='IS DISTINCT FROM')})) "
        "EXECUTE FUNCTION refuse_change()"
    )


def _tables() -> None:
    op.create_table(
        "pin_key",
        sa.Column("version", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("leaked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_pin_key")),
    )
    op.create_table(
        "pin_issue",
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("first", WHOLE, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.Column("reissue", WHOLE, nullable=False),
        sa.Column("key_version", sa.SmallInteger(), nullable=False),
        sa.Column("printing_id", WHOLE, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_pin_issue_in_order")),
        sa.CheckConstraint("reissue >= 0", name=op.f("ck_pin_issue_reissue_counted")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_pin_issue_run_id_run")),
        sa.ForeignKeyConstraint(["key_version"], ["pin_key.version"], name=op.f("fk_pin_issue_key_version_pin_key")),
        sa.ForeignKeyConstraint(["printing_id"], ["printing.id"], name=op.f("fk_pin_issue_printing_id_printing")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_pin_issue_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_pin_issue_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pin_issue")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pin_issue_public_id")),
    )
    op.create_index(op.f("ix_pin_issue_run_id"), "pin_issue", ["run_id"])
    op.create_index(op.f("ix_pin_issue_cooperative_id"), "pin_issue", ["cooperative_id"])
    op.create_table(
        "stamp_pin",
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("reissue", WHOLE, autoincrement=False, nullable=False),
        sa.Column("tries", WHOLE, nullable=False),
        sa.Column("tries_that_day", WHOLE, nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "tries >= tries_that_day AND tries_that_day >= 0", name=op.f("ck_stamp_pin_counts_plausible")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_stamp_pin_run_id_run")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_stamp_pin_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("run_id", "number", "reissue", name=op.f("pk_stamp_pin")),
    )
    op.create_index(op.f("ix_stamp_pin_cooperative_id"), "stamp_pin", ["cooperative_id"])
