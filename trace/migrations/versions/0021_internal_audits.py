"""Internal audits of cooperatives: households looked at, findings put right."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEPT = ("internal_audit", "internal_audit_grower", "internal_finding")
UNCHANGED = ("internal_audit_grower",)
FROZEN = {
    "internal_audit": ("on_day", "led_by", "checklist_id", "created_at", "cooperative_id"),
    "internal_finding": ("audit_id", "grower_id", "grade", "item", "text", "action", "due_on", "created_at"),
}


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
    for table in UNCHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_is_unchanged BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
        )
    for table, columns in FROZEN.items():
        changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in columns)
        op.execute(
            f"CREATE TRIGGER {table}_is_frozen BEFORE UPDATE ON {table} WHEN {changed} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
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
    for table in UNCHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_is_unchanged BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    for table, columns in FROZEN.items():
        changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
        op.execute(
            f"CREATE TRIGGER {table}_is_frozen BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed}) "
            "EXECUTE FUNCTION refuse_change()"
        )


def _tables() -> None:
    op.create_table(
        "internal_audit",
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("led_by", sa.Text(), nullable=False),
        sa.Column("checklist_id", WHOLE, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        *_named(),
        sa.CheckConstraint("length(led_by) > 0", name=op.f("ck_internal_audit_has_leader")),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= on_day", name=op.f("ck_internal_audit_days_in_order")),
        *_references("internal_audit", checklist_id="checklist", by_person_id="person"),
        *_keys("internal_audit"),
    )
    _index("internal_audit", "cooperative_id")
    op.create_table(
        "internal_audit_grower",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("audit_id", WHOLE, nullable=False),
        sa.Column("grower_id", WHOLE, nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        *_references(
            "internal_audit_grower",
            audit_id="internal_audit",
            grower_id="grower",
            by_person_id="person",
            cooperative_id="cooperative",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_audit_grower")),
    )
    _index("internal_audit_grower", "audit_id", "grower_id", "cooperative_id")
    op.create_table(
        "internal_finding",
        sa.Column("audit_id", WHOLE, nullable=False),
        sa.Column("grower_id", WHOLE, nullable=True),
        sa.Column("grade", sa.String(length=12), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("done", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        *_named(),
        sa.CheckConstraint("grade IN ('major', 'minor', 'observation')", name=op.f("ck_internal_finding_grade_known")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_internal_finding_has_text")),
        sa.CheckConstraint("(closed_on IS NULL) = (done IS NULL)", name=op.f("ck_internal_finding_closed_says_how")),
        *_references("internal_finding", audit_id="internal_audit", grower_id="grower", by_person_id="person"),
        *_keys("internal_finding"),
    )
    _index("internal_finding", "audit_id", "cooperative_id")


def _named() -> list[sa.Column[object]]:
    return [
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        *_references(table, cooperative_id="cooperative"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _references(table: str, **columns: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
