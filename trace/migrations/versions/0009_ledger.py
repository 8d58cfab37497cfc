"""The ledger of stamps: every state of a range, hand-overs, orders, activations that can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEPT = ("activation", "hand_over", "hand_over_return", "stamp_order", "stamp_order_decision")
UNCHANGED = ("hand_over", "hand_over_return", "stamp_order", "stamp_order_decision")
CHECKS = {
    "state_known": "state IN ('ordered', 'made', 'printed', 'delivered', 'handed_over', 'active', 'returned', 'lost', "
    "'void', 'recalled')",
    "end_has_reason": "state NOT IN ('void', 'lost', 'recalled') OR length(reason) > 0",
    "recall_knows_before": "(state = 'recalled') = (was IS NOT NULL)",
    "active_has_moment": "state != 'active' OR active_at IS NOT NULL",
    "handed_over_to_somebody": "state != 'handed_over' OR hand_over_id IS NOT NULL",
}
NEW_COLUMNS = ("printing_id", "hand_over_id", "active_at", "was")


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        _ranges_postgresql()
        _guards_postgresql()
    else:
        _ranges_sqlite()
        _guards_sqlite()


def _ranges_postgresql() -> None:
    for column in _new_columns():
        op.add_column("stamp_range", column)
    op.execute("UPDATE stamp_range SET active_at = since_at WHERE state = 'active'")
    op.drop_constraint("ck_stamp_range_state_known", "stamp_range")
    op.drop_constraint("ck_stamp_range_void_has_reason", "stamp_range")
    for name, text in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_stamp_range_{name}"), "stamp_range", text)
    op.create_foreign_key(
        op.f("fk_stamp_range_printing_id_printing"), "stamp_range", "printing", ["printing_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_stamp_range_hand_over_id_hand_over"), "stamp_range", "hand_over", ["hand_over_id"], ["id"]
    )
    op.create_index(op.f("ix_stamp_range_hand_over_id"), "stamp_range", ["hand_over_id"])


def _new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("printing_id", WHOLE, nullable=True),
        sa.Column("hand_over_id", WHOLE, nullable=True),
        sa.Column("active_at", MOMENT, nullable=True),
        sa.Column("was", sa.String(length=12), nullable=True),
    ]


def _ranges_sqlite() -> None:
    """SQLite changes no CHECK: the table is made anew beside the old one, filled, and takes its name."""
    old = "id, run_id, first, last, state, batch_id, reason, since_at, by_person_id, cooperative_id"
    op.execute("ALTER TABLE stamp_range RENAME TO stamp_range_before")
    for column in ("batch_id", "cooperative_id", "run_id"):
        op.drop_index(f"ix_stamp_range_{column}", "stamp_range_before")
    _range_table()
    op.execute(
        f"INSERT INTO stamp_range ({old}, active_at) "
        f"SELECT {old}, CASE state WHEN 'active' THEN since_at END FROM stamp_range_before"
    )
    op.drop_table("stamp_range_before")
    for column in ("batch_id", "cooperative_id", "run_id", "hand_over_id"):
        op.create_index(op.f(f"ix_stamp_range_{column}"), "stamp_range", [column])
    for act in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER stamp_range_never_overlaps_{act.lower()} BEFORE {act} ON stamp_range "
            "WHEN EXISTS (SELECT 1 FROM stamp_range WHERE run_id = NEW.run_id AND id IS NOT NEW.id "
            "AND first <= NEW.last AND last >= NEW.first) "
            "BEGIN SELECT RAISE(ABORT, 'stamp ranges overlap'); END"
        )


def _range_table() -> None:
    op.create_table(
        "stamp_range",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("first", WHOLE, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("since_at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        *_new_columns(),
        *(sa.CheckConstraint(text, name=op.f(f"ck_stamp_range_{name}")) for name, text in CHECKS.items()),
        sa.CheckConstraint("state != 'active' OR batch_id IS NOT NULL", name=op.f("ck_stamp_range_active_has_batch")),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_stamp_range_in_order")),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{table}.id"], name=op.f(f"fk_stamp_range_{name}_id_{table}"))
            for name, table in (
                ("batch", "batch"),
                ("by_person", "person"),
                ("cooperative", "cooperative"),
                ("run", "run"),
                ("printing", "printing"),
                ("hand_over", "hand_over"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stamp_range")),
    )


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


def _references(table: str, *names: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}")) for column, to in names
    ]


def _named(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _tables() -> None:
    op.create_table(
        "hand_over",
        *_named("hand_over"),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("first", WHOLE, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("grower_id", WHOLE, nullable=False),
        sa.Column("expected_g", WHOLE, nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_hand_over_in_order")),
        sa.CheckConstraint("expected_g > 0", name=op.f("ck_hand_over_has_weight")),
        *_references(
            "hand_over",
            ("run_id", "run"),
            ("grower_id", "grower"),
            ("by_person_id", "person"),
            ("cooperative_id", "cooperative"),
        ),
    )
    op.create_table(
        "hand_over_return",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("hand_over_id", WHOLE, nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_hand_over_return_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_return")),
        *_references(
            "hand_over_return",
            ("hand_over_id", "hand_over"),
            ("by_person_id", "person"),
            ("cooperative_id", "cooperative"),
        ),
    )
    _order_tables()
    _activation_table()
    for table, *columns in (
        ("hand_over", "run_id", "grower_id", "cooperative_id"),
        ("hand_over_return", "hand_over_id", "cooperative_id"),
        ("stamp_order", "cooperative_id"),
        ("stamp_order_decision", "cooperative_id"),
        ("activation", "run_id", "batch_id", "cooperative_id"),
    ):
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _order_tables() -> None:
    op.create_table(
        "stamp_order",
        *_named("stamp_order"),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("product_id", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("limit_count", WHOLE, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.CheckConstraint("count >= 1 AND limit_count >= 0", name=op.f("ck_stamp_order_counts_plausible")),
        sa.UniqueConstraint("run_id", name=op.f("uq_stamp_order_run_id")),
        *_references(
            "stamp_order",
            ("run_id", "run"),
            ("product_id", "product"),
            ("batch_id", "batch"),
            ("by_person_id", "person"),
            ("cooperative_id", "cooperative"),
        ),
    )
    op.create_table(
        "stamp_order_decision",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("order_id", WHOLE, nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("verdict IN ('approved', 'refused')", name=op.f("ck_stamp_order_decision_verdict_known")),
        sa.CheckConstraint(
            "(verdict = 'approved') = (count > 0)", name=op.f("ck_stamp_order_decision_approved_counts")
        ),
        sa.CheckConstraint(
            "verdict != 'refused' OR length(reason) > 0", name=op.f("ck_stamp_order_decision_refused_has_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stamp_order_decision")),
        sa.UniqueConstraint("order_id", name=op.f("uq_stamp_order_decision_order_id")),
        *_references(
            "stamp_order_decision",
            ("order_id", "stamp_order"),
            ("by_person_id", "person"),
            ("cooperative_id", "cooperative"),
        ),
    )


def _activation_table() -> None:
    op.create_table(
        "activation",
        *_named("activation"),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("first", WHOLE, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.CheckConstraint("count > 0", name=op.f("ck_activation_counts")),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_activation_in_order")),
        *_references(
            "activation",
            ("run_id", "run"),
            ("batch_id", "batch"),
            ("by_person_id", "person"),
            ("cooperative_id", "cooperative"),
        ),
    )
