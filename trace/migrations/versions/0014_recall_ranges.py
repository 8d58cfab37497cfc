"""Recalls of ranges of stamps; complaints that suspect copies."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TOLD = ("recall_id", "run_id", "first", "last", "spans", "count", "created_at", "cooperative_id")
"""Of a recall; only that it was lifted is added, once."""


def upgrade() -> None:
    op.add_column("complaint", sa.Column("copies_suspected", sa.Boolean(), nullable=False, server_default=sa.false()))
    _table()
    if op.get_bind().dialect.name == "postgresql":
        _guards("IS DISTINCT FROM", "FOR EACH ROW WHEN ({}) EXECUTE FUNCTION refuse_change()")
        op.execute(
            "CREATE TRIGGER recall_range_is_kept BEFORE DELETE ON recall_range "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER recall_range_is_kept_whole BEFORE TRUNCATE ON recall_range "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    else:
        _guards("IS NOT", "WHEN {} BEGIN SELECT RAISE(ABORT, 'what was told is never changed'); END")
        op.execute(
            "CREATE TRIGGER recall_range_is_kept BEFORE DELETE ON recall_range "
            "BEGIN SELECT RAISE(ABORT, 'recall_range is never deleted'); END"
        )


def _guards(differs: str, refusing: str) -> None:
    changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in TOLD)
    again = f"OLD.lifted_at IS NOT NULL AND NEW.lifted_at {differs} OLD.lifted_at"
    frozen = refusing.format(f"{changed} OR ({again})")
    op.execute(f"CREATE TRIGGER recall_range_is_frozen BEFORE UPDATE ON recall_range {frozen}")
    frozen = refusing.format(f"NEW.copies_suspected {differs} OLD.copies_suspected")
    op.execute(f"CREATE TRIGGER complaint_suspicion_is_frozen BEFORE UPDATE ON complaint {frozen}")


def _table() -> None:
    op.create_table(
        "recall_range",
        sa.Column("recall_id", WHOLE, nullable=False),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("first", WHOLE, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=True),
        sa.Column("lifted_by_person_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_recall_range_in_order")),
        sa.CheckConstraint("count > 0", name=op.f("ck_recall_range_counts")),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_reason IS NULL)", name=op.f("ck_recall_range_lifted_with_reason")
        ),
        sa.ForeignKeyConstraint(["recall_id"], ["recall.id"], name=op.f("fk_recall_range_recall_id_recall")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_recall_range_run_id_run")),
        sa.ForeignKeyConstraint(
            ["lifted_by_person_id"], ["person.id"], name=op.f("fk_recall_range_lifted_by_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_recall_range_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_range")),
        sa.UniqueConstraint("public_id", name=op.f("uq_recall_range_public_id")),
    )
    for column in ("recall_id", "run_id", "cooperative_id"):
        op.create_index(op.f(f"ix_recall_range_{column}"), "recall_range", [column])
