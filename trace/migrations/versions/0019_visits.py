"""Audits on site: checklists in versions, visits, scans, answers, findings and their corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEPT = ("checklist", "visit", "visit_answer", "visit_scan", "finding", "finding_step")
"""What was found on site is never deleted."""

UNCHANGED = ("checklist", "visit_answer", "visit_scan", "finding", "finding_step")
"""Written once; a change of mind is a new line."""

FROZEN = {"visit": ("number", "batch_id", "certificate_id", "checklist_id", "created_at", "cooperative_id")}
ONCE = ("closed_at", "result", "result_note")
"""Set when a visit is closed, and never again."""


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
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN["visit"])
    op.execute(
        f"CREATE TRIGGER visit_is_frozen BEFORE UPDATE ON visit WHEN {changed} "
        "BEGIN SELECT RAISE(ABORT, 'visit is never changed'); END"
    )
    closed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in ONCE)
    op.execute(
        f"CREATE TRIGGER visit_is_closed_once BEFORE UPDATE ON visit WHEN OLD.closed_at IS NOT NULL AND ({closed}) "
        "BEGIN SELECT RAISE(ABORT, 'a visit is closed once'); END"
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
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN["visit"])
    op.execute(
        f"CREATE TRIGGER visit_is_frozen BEFORE UPDATE ON visit FOR EACH ROW WHEN ({changed}) "
        "EXECUTE FUNCTION refuse_change()"
    )
    closed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in ONCE)
    op.execute(
        "CREATE TRIGGER visit_is_closed_once BEFORE UPDATE ON visit FOR EACH ROW "
        f"WHEN (OLD.closed_at IS NOT NULL AND ({closed})) EXECUTE FUNCTION refuse_change()"
    )


def _tables() -> None:
    op.create_table(
        "checklist",
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_checklist_version_counts")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_checklist_by_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
        sa.UniqueConstraint("public_id", name=op.f("uq_checklist_public_id")),
        sa.UniqueConstraint("version", name=op.f("uq_checklist_version")),
    )
    op.create_table(
        "visit",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("certificate_id", WHOLE, nullable=True),
        sa.Column("checklist_id", WHOLE, nullable=False),
        sa.Column("sample_size", WHOLE, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("result", sa.String(length=12), nullable=True),
        sa.Column("result_note", sa.Text(), nullable=True),
        sa.Column("record_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (result IS NULL)", name=op.f("ck_visit_closed_has_result")),
        sa.CheckConstraint("sample_size BETWEEN 0 AND 10000", name=op.f("ck_visit_sample_plausible")),
        sa.CheckConstraint(
            "result IS NULL OR result IN ('nothing', 'certified', 'refused', 'warned', 'suspended', 'recalled', 'lifted')",
            name=op.f("ck_visit_result_known"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_visit_batch_id_batch")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_visit_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_visit_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(["checklist_id"], ["checklist.id"], name=op.f("fk_visit_checklist_id_checklist")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_visit_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["upload.id"], name=op.f("fk_visit_record_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("number", name=op.f("uq_visit_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_visit_public_id")),
    )
    op.create_index(op.f("ix_visit_batch_id"), "visit", ["batch_id"])
    op.create_index(op.f("ix_visit_certificate_id"), "visit", ["certificate_id"])
    op.create_index(op.f("ix_visit_cooperative_id"), "visit", ["cooperative_id"])
    op.create_table(
        "visit_answer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("visit_id", WHOLE, nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("answer IN ('good', 'bad', 'not_applicable')", name=op.f("ck_visit_answer_answer_known")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_visit_answer_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_visit_answer_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_answer_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_answer")),
    )
    op.create_index(op.f("ix_visit_answer_cooperative_id"), "visit_answer", ["cooperative_id"])
    op.create_index(op.f("ix_visit_answer_visit_id"), "visit_answer", ["visit_id"])
    op.create_table(
        "visit_scan",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("visit_id", WHOLE, nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("run_id", WHOLE, nullable=True),
        sa.Column("number", WHOLE, nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("repeated", sa.Boolean(), nullable=False),
        sa.Column("scanned_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_visit_scan_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_visit_scan_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_visit_scan_run_id_run")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_scan_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_scan")),
        sa.UniqueConstraint("visit_id", "mark", name=op.f("uq_visit_scan_visit_id_mark")),
    )
    op.create_index(op.f("ix_visit_scan_cooperative_id"), "visit_scan", ["cooperative_id"])
    op.create_index(op.f("ix_visit_scan_visit_id"), "visit_scan", ["visit_id"])
    op.create_table(
        "finding",
        sa.Column("visit_id", WHOLE, nullable=False),
        sa.Column("grade", sa.String(length=12), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("photo_id", WHOLE, nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "grade = 'observation' OR due_on IS NOT NULL", name=op.f("ck_finding_non_conformity_has_due_day")
        ),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_finding_has_text")),
        sa.CheckConstraint("grade IN ('major', 'minor', 'observation')", name=op.f("ck_finding_grade_known")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_finding_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_finding_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["upload.id"], name=op.f("fk_finding_photo_id_upload")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_finding_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("public_id", name=op.f("uq_finding_public_id")),
    )
    op.create_index(op.f("ix_finding_cooperative_id"), "finding", ["cooperative_id"])
    op.create_index(op.f("ix_finding_visit_id"), "finding", ["visit_id"])
    op.create_table(
        "finding_step",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("finding_id", WHOLE, nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("photo_id", WHOLE, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("step IN ('corrected', 'accepted', 'sent_back')", name=op.f("ck_finding_step_step_known")),
        sa.CheckConstraint("step = 'accepted' OR length(note) > 0", name=op.f("ck_finding_step_step_has_note")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_finding_step_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_finding_step_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_finding_step_finding_id_finding")),
        sa.ForeignKeyConstraint(["photo_id"], ["upload.id"], name=op.f("fk_finding_step_photo_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_step")),
    )
    op.create_index(op.f("ix_finding_step_cooperative_id"), "finding_step", ["cooperative_id"])
    op.create_index(op.f("ix_finding_step_finding_id"), "finding_step", ["finding_id"])
