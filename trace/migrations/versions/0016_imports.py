"""Imports of spreadsheets, and what marks a record whose import was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("import_sheet", "import_row")


def upgrade() -> None:
    for table in ("grower", "plot", "buyer"):
        op.add_column(table, sa.Column("taken_back_at", MOMENT, nullable=True))
    op.create_table(
        "import_sheet",
        sa.Column("cooperative_id", WHOLE, nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("target", sa.String(length=12), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sheets", sa.Text(), nullable=False),
        sa.Column("sheet", WHOLE, nullable=False),
        sa.Column("matched", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("written_at", MOMENT, nullable=True),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(kind) > 0", name=op.f("ck_import_sheet_has_kind")),
        sa.CheckConstraint(
            "taken_back_at IS NULL OR written_at IS NOT NULL", name=op.f("ck_import_sheet_written_before_taken_back")
        ),
        sa.CheckConstraint("dropped_at IS NULL OR written_at IS NULL", name=op.f("ck_import_sheet_written_or_dropped")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_import_sheet_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_import_sheet_by_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_sheet")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_sheet_public_id")),
    )
    op.create_index(op.f("ix_import_sheet_cooperative_id"), "import_sheet", ["cooperative_id"])
    op.create_table(
        "import_row",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("import_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import_sheet.id"], name=op.f("fk_import_row_import_id_import_sheet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index(op.f("ix_import_row_import_id"), "import_row", ["import_id"])
    _guards()


def _guards() -> None:
    if op.get_bind().dialect.name != "postgresql":
        for table in KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END"
            )
        op.execute(
            "CREATE TRIGGER import_row_is_unchanged BEFORE UPDATE ON import_row "
            "BEGIN SELECT RAISE(ABORT, 'import_row is never changed'); END"
        )
        return
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_kept_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER import_row_is_unchanged BEFORE UPDATE ON import_row "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
