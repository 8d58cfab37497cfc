"""Looks, scans and what follows: cases of copies, doubts, complaints, recalls of several batches."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEPT = (
    "complaint",
    "complaint_answer",
    "copy_case",
    "copy_case_step",
    "doubt",
    "doubt_step",
    "recall",
    "recall_batch",
    "scan_day",
)
"""What people told, and what was done about it, is never deleted."""

UNCHANGED = ("complaint_answer", "copy_case", "copy_case_step", "doubt_step", "recall", "recall_batch")
"""Written once."""

FROZEN = {
    "doubt": ("kind", "words", "seller", "province", "code", "run_id", "number", "photo_id", "created_at"),
    "complaint": ("reference", "source", "about", "words", "received_on", "due_on", "batch_id", "photo_id"),
}
"""What was told stays as it was told; how to reach the person is forgotten in time."""


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
        "scan_salt",
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day_on", name=op.f("pk_scan_salt")),
    )
    op.create_table(
        "recall",
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("done_at >= begun_at", name=op.f("ck_recall_times_in_order")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_recall_has_reason")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_recall_by_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
        sa.UniqueConstraint("public_id", name=op.f("uq_recall_public_id")),
    )
    op.create_table(
        "scan_norm",
        sa.Column("product_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("once", WHOLE, nullable=False),
        sa.Column("twice", WHOLE, nullable=False),
        sa.Column("active", WHOLE, nullable=False),
        sa.Column("scanned", WHOLE, nullable=False),
        sa.Column("counted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_scan_norm_product_id_product")),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_scan_norm")),
    )
    op.create_table(
        "complaint",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("complainant", sa.Text(), nullable=True),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("dispatch_id", WHOLE, nullable=True),
        sa.Column("run_id", WHOLE, nullable=True),
        sa.Column("number", WHOLE, nullable=True),
        sa.Column("photo_id", WHOLE, nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "about IN ('spoiled', 'weight', 'taste', 'foreign', 'other')", name=op.f("ck_complaint_about_known")
        ),
        sa.CheckConstraint("source IN ('page', 'call', 'visit', 'letter')", name=op.f("ck_complaint_source_known")),
        sa.CheckConstraint("due_on >= received_on", name=op.f("ck_complaint_days_in_order")),
        sa.CheckConstraint("length(words) > 0", name=op.f("ck_complaint_has_words")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_complaint_batch_id_batch")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_complaint_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_complaint_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatch.id"], name=op.f("fk_complaint_dispatch_id_dispatch")),
        sa.ForeignKeyConstraint(["photo_id"], ["upload.id"], name=op.f("fk_complaint_photo_id_upload")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_complaint_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("cooperative_id", "reference", name=op.f("uq_complaint_cooperative_id_reference")),
        sa.UniqueConstraint("nonce", name=op.f("uq_complaint_nonce")),
        sa.UniqueConstraint("public_id", name=op.f("uq_complaint_public_id")),
    )
    op.create_index(op.f("ix_complaint_batch_id"), "complaint", ["batch_id"], unique=False)
    op.create_index(op.f("ix_complaint_cooperative_id"), "complaint", ["cooperative_id"], unique=False)
    op.create_table(
        "copy_case",
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("points_milli", WHOLE, nullable=False),
        sa.Column("visitor_days", WHOLE, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("points_milli >= 0", name=op.f("ck_copy_case_points_plausible")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_copy_case_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_copy_case_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_copy_case_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_case")),
        sa.UniqueConstraint("public_id", name=op.f("uq_copy_case_public_id")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_copy_case_run_id_number")),
    )
    op.create_index(op.f("ix_copy_case_batch_id"), "copy_case", ["batch_id"], unique=False)
    op.create_index(op.f("ix_copy_case_cooperative_id"), "copy_case", ["cooperative_id"], unique=False)
    op.create_table(
        "doubt",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("seller", sa.Text(), nullable=True),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("run_id", WHOLE, nullable=True),
        sa.Column("number", WHOLE, nullable=True),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("photo_id", WHOLE, nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('serial', 'twice', 'torn', 'goods', 'unknown', 'other')", name=op.f("ck_doubt_kind_known")
        ),
        sa.CheckConstraint("(run_id IS NULL) = (number IS NULL)", name=op.f("ck_doubt_stamp_whole")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_doubt_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_doubt_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["upload.id"], name=op.f("fk_doubt_photo_id_upload")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_doubt_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
        sa.UniqueConstraint("nonce", name=op.f("uq_doubt_nonce")),
        sa.UniqueConstraint("public_id", name=op.f("uq_doubt_public_id")),
    )
    op.create_index(op.f("ix_doubt_cooperative_id"), "doubt", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_doubt_run_id"), "doubt", ["run_id"], unique=False)
    op.create_table(
        "look_day",
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("batch_key", WHOLE, autoincrement=False, nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("looks", WHOLE, nullable=False),
        sa.Column("robots", WHOLE, nullable=False),
        sa.CheckConstraint("looks >= 0 AND robots >= 0", name=op.f("ck_look_day_counts_plausible")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_look_day_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_look_day_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "batch_key", "day_on", name=op.f("pk_look_day")),
    )
    op.create_index("ix_look_day_cooperative_id_day_on", "look_day", ["cooperative_id", "day_on"], unique=False)
    op.create_table(
        "scan",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("visitor", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("hour_at", MOMENT, nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("pressed", sa.Boolean(), nullable=False),
        sa.Column("early", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("after_pin", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_scan_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_scan_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_scan_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        sa.UniqueConstraint("nonce", name=op.f("uq_scan_nonce")),
        sa.UniqueConstraint("run_id", "number", "visitor", name=op.f("uq_scan_run_id_number_visitor")),
    )
    op.create_index("ix_scan_cooperative_id_day_on", "scan", ["cooperative_id", "day_on"], unique=False)
    op.create_index(op.f("ix_scan_day_on"), "scan", ["day_on"], unique=False)
    op.create_table(
        "scan_day",
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.Column("run_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("day_on", sa.Date(), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("scans", WHOLE, nullable=False),
        sa.Column("early", WHOLE, nullable=False),
        sa.Column("late", WHOLE, nullable=False),
        sa.Column("after_pin", WHOLE, nullable=False),
        sa.CheckConstraint(
            "scans > 0 AND early >= 0 AND late >= 0 AND after_pin >= 0", name=op.f("ck_scan_day_counts_plausible")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_scan_day_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_scan_day_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_scan_day_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "number", "day_on", "province", name=op.f("pk_scan_day")),
    )
    op.create_index("ix_scan_day_cooperative_id_day_on", "scan_day", ["cooperative_id", "day_on"], unique=False)
    op.create_table(
        "complaint_answer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("complaint_id", WHOLE, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("length(words) > 0", name=op.f("ck_complaint_answer_has_words")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_complaint_answer_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_answer_complaint_id_complaint")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_complaint_answer_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_answer")),
    )
    op.create_index(op.f("ix_complaint_answer_complaint_id"), "complaint_answer", ["complaint_id"], unique=False)
    op.create_index(op.f("ix_complaint_answer_cooperative_id"), "complaint_answer", ["cooperative_id"], unique=False)
    op.create_table(
        "copy_case_step",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("case_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.CheckConstraint("state = 'looking' OR length(note) > 0", name=op.f("ck_copy_case_step_verdict_has_note")),
        sa.CheckConstraint(
            "state IN ('open', 'looking', 'copied', 'cleared')", name=op.f("ck_copy_case_step_state_known")
        ),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_copy_case_step_by_person_id_person")),
        sa.ForeignKeyConstraint(["case_id"], ["copy_case.id"], name=op.f("fk_copy_case_step_case_id_copy_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_case_step")),
    )
    op.create_index(op.f("ix_copy_case_step_case_id"), "copy_case_step", ["case_id"], unique=False)
    op.create_table(
        "doubt_step",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("doubt_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.CheckConstraint("state != 'answered' OR length(answer) > 0", name=op.f("ck_doubt_step_answered_in_words")),
        sa.CheckConstraint("state IN ('received', 'looking', 'answered')", name=op.f("ck_doubt_step_state_known")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_doubt_step_by_person_id_person")),
        sa.ForeignKeyConstraint(["doubt_id"], ["doubt.id"], name=op.f("fk_doubt_step_doubt_id_doubt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt_step")),
    )
    op.create_index(op.f("ix_doubt_step_doubt_id"), "doubt_step", ["doubt_id"], unique=False)
    op.create_table(
        "recall_batch",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("recall_id", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("active_stamps", WHOLE, nullable=False),
        sa.Column("dispatched_g", WHOLE, nullable=False),
        sa.Column("buyers", WHOLE, nullable=False),
        sa.Column("decision_id", WHOLE, nullable=True),
        sa.CheckConstraint("active_stamps >= 0 AND dispatched_g >= 0", name=op.f("ck_recall_batch_counts_plausible")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_recall_batch_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["batch_decision.id"], name=op.f("fk_recall_batch_decision_id_batch_decision")
        ),
        sa.ForeignKeyConstraint(["recall_id"], ["recall.id"], name=op.f("fk_recall_batch_recall_id_recall")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_batch")),
    )
    op.create_index(op.f("ix_recall_batch_batch_id"), "recall_batch", ["batch_id"], unique=False)
    op.create_index(op.f("ix_recall_batch_recall_id"), "recall_batch", ["recall_id"], unique=False)
