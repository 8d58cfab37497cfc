"""Visits of the certification body, consents of a mark's owner, and what has been warned of."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEPT = (
    "surveillance",
    "trademark_consent",
    "expiry_warning",
)
UNCHANGED = ("expiry_warning",)
FROZEN = {
    "surveillance": ("certificate_id", "due_on", "created_at"),
    "trademark_consent": ("trademark_id", "holder", "document", "from_on", "to_on", "created_at"),
}


def upgrade() -> None:
    op.add_column("trademark_event", sa.Column("answer_by", sa.Date(), nullable=True))
    whole = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE certificate ADD COLUMN renews_id {whole} "
        "CONSTRAINT fk_certificate_renews_id_certificate REFERENCES certificate (id)"
    )
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
        "surveillance",
        sa.Column("certificate_id", WHOLE, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        *_named(),
        *_references("surveillance", certificate_id="certificate"),
        *_keys("surveillance"),
    )
    _index("surveillance", "certificate_id", "cooperative_id")
    op.create_table(
        "trademark_consent",
        sa.Column("trademark_id", WHOLE, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_named(),
        sa.CheckConstraint("length(holder) > 0", name=op.f("ck_trademark_consent_has_holder")),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_trademark_consent_days_in_order")),
        *_references("trademark_consent", trademark_id="trademark"),
        *_keys("trademark_consent"),
    )
    _index("trademark_consent", "trademark_id", "cooperative_id")
    op.create_table(
        "expiry_warning",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("step", WHOLE, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        *_references("expiry_warning", cooperative_id="cooperative"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expiry_warning")),
        sa.UniqueConstraint(
            "subject", "what", "ends_on", "step", name=op.f("uq_expiry_warning_subject_what_ends_on_step")
        ),
    )
    _index("expiry_warning", "cooperative_id")


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
