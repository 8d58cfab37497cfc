"""The growing diary with the photographs of its paper pages, and tests of samples."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEPT = ("diary_page", "diary_entry", "diary_entry_plot", "diary_photo", "sample_test", "sample_result")
"""Never deleted: a correction stands in the place of a line, a test is made void."""

UNCHANGED = ("diary_entry", "diary_entry_plot", "diary_photo", "sample_result")
"""Written once."""

FROZEN = {
    "diary_page": ("grower_id", "month_on", "upload_id", "created_at", "cooperative_id"),
    "sample_test": (
        "laboratory",
        "report_number",
        "batch_id",
        "plot_id",
        "product_id",
        "sampled_on",
        "reported_on",
        "valid_until",
        "document_id",
        "created_at",
        "cooperative_id",
    ),
}
"""What may still change: that a page has been typed, that a test is void."""


def upgrade() -> None:
    _diary()
    _tests()
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


def _diary() -> None:
    op.create_table(
        "diary_page",
        sa.Column("grower_id", WHOLE, nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("upload_id", WHOLE, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("typed_at", MOMENT, nullable=True),
        *_named(),
        sa.CheckConstraint("typed_at IS NULL OR typed_at >= created_at", name=op.f("ck_diary_page_typed_after_photo")),
        *_references("diary_page", grower_id="grower", upload_id="upload", by_person_id="person"),
        *_keys("diary_page"),
    )
    _index("diary_page", "grower_id", "cooperative_id")
    op.create_table(
        "diary_entry",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("material", sa.Text(), nullable=True),
        sa.Column("active", sa.Text(), nullable=True),
        sa.Column("dose", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("phi_days", WHOLE, nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("supplier", sa.Text(), nullable=True),
        sa.Column("quantity_milli", WHOLE, nullable=True),
        sa.Column("unit", sa.String(length=8), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("page_id", WHOLE, nullable=True),
        sa.Column("corrects_id", WHOLE, nullable=True),
        sa.Column("withdraws", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        *_named(),
        sa.CheckConstraint(
            "kind IN ('input', 'seed', 'fertiliser', 'pesticide', 'irrigation', 'harvest', 'handling', 'other')",
            name=op.f("ck_diary_entry_kind_known"),
        ),
        sa.CheckConstraint(
            "unit IS NULL OR unit IN ('kg', 'l', 'm3', 'piece', 'bag', 'bottle', 'hour')",
            name=op.f("ck_diary_entry_unit_known"),
        ),
        sa.CheckConstraint("(quantity_milli IS NULL) = (unit IS NULL)", name=op.f("ck_diary_entry_quantity_whole")),
        sa.CheckConstraint(
            "quantity_milli IS NULL OR quantity_milli BETWEEN 1 AND 10000000000",
            name=op.f("ck_diary_entry_quantity_plausible"),
        ),
        sa.CheckConstraint("phi_days IS NULL OR phi_days BETWEEN 0 AND 365", name=op.f("ck_diary_entry_phi_plausible")),
        sa.CheckConstraint(
            "kind != 'pesticide' OR withdraws OR phi_days IS NOT NULL", name=op.f("ck_diary_entry_spray_has_phi")
        ),
        sa.CheckConstraint(
            "kind != 'pesticide' OR withdraws OR length(material) > 0", name=op.f("ck_diary_entry_spray_has_name")
        ),
        sa.CheckConstraint("batch_id IS NULL OR kind = 'harvest'", name=op.f("ck_diary_entry_batch_of_harvest")),
        sa.CheckConstraint(
            "(corrects_id IS NULL) = (reason IS NULL)", name=op.f("ck_diary_entry_correction_has_reason")
        ),
        sa.CheckConstraint("corrects_id IS NOT NULL OR NOT withdraws", name=op.f("ck_diary_entry_withdraws_something")),
        *_references(
            "diary_entry", batch_id="batch", page_id="diary_page", corrects_id="diary_entry", by_person_id="person"
        ),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_diary_entry_corrects_id")),
        *_keys("diary_entry"),
    )
    _index("diary_entry", "on_day", "batch_id", "page_id", "cooperative_id")
    op.create_table(
        "diary_entry_plot",
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("plot_id", WHOLE, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        *_references("diary_entry_plot", entry_id="diary_entry", plot_id="plot", cooperative_id="cooperative"),
        sa.PrimaryKeyConstraint("entry_id", "plot_id", name=op.f("pk_diary_entry_plot")),
    )
    _index("diary_entry_plot", "plot_id", "cooperative_id")
    op.create_table(
        "diary_photo",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("upload_id", WHOLE, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        *_references("diary_photo", entry_id="diary_entry", upload_id="upload", cooperative_id="cooperative"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diary_photo")),
    )
    _index("diary_photo", "entry_id", "cooperative_id")


def _tests() -> None:
    op.create_table(
        "sample_test",
        sa.Column("laboratory", sa.Text(), nullable=False),
        sa.Column("report_number", sa.Text(), nullable=False),
        sa.Column("sample_code", sa.Text(), nullable=True),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("plot_id", WHOLE, nullable=True),
        sa.Column("product_id", WHOLE, nullable=True),
        sa.Column("sampled_on", sa.Date(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("document_id", WHOLE, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.Column("voided_reason", sa.Text(), nullable=True),
        *_named(),
        sa.CheckConstraint(
            "batch_id IS NOT NULL OR plot_id IS NOT NULL OR product_id IS NOT NULL",
            name=op.f("ck_sample_test_names_a_sample"),
        ),
        sa.CheckConstraint(
            "reported_on >= sampled_on AND valid_until >= reported_on", name=op.f("ck_sample_test_days_in_order")
        ),
        sa.CheckConstraint("length(laboratory) > 0", name=op.f("ck_sample_test_has_laboratory")),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (voided_reason IS NULL)", name=op.f("ck_sample_test_void_has_reason")
        ),
        *_references(
            "sample_test",
            batch_id="batch",
            plot_id="plot",
            product_id="product",
            document_id="upload",
            by_person_id="person",
        ),
        *_keys("sample_test"),
    )
    _index("sample_test", "batch_id", "plot_id", "product_id", "cooperative_id")
    op.create_table(
        "sample_result",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("test_id", WHOLE, nullable=False),
        sa.Column("analyte", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("found_micro", WHOLE, nullable=True),
        sa.Column("limit_micro", WHOLE, nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("found_micro IS NULL OR found_micro >= 0", name=op.f("ck_sample_result_found_not_negative")),
        sa.CheckConstraint("limit_micro IS NULL OR limit_micro >= 0", name=op.f("ck_sample_result_limit_not_negative")),
        sa.CheckConstraint("length(analyte) > 0", name=op.f("ck_sample_result_has_analyte")),
        *_references("sample_result", test_id="sample_test", cooperative_id="cooperative"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_result")),
    )
    _index("sample_result", "test_id", "cooperative_id")


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
