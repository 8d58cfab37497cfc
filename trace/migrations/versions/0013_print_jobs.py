"""Jobs of the press, what of them was read back, and who fetched their files; several ranges in one print."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("print_job", "print_chunk", "print_export")


def upgrade() -> None:
    op.add_column("printing", sa.Column("spans", sa.Text(), nullable=True))
    _jobs()
    _parts()
    for table in KEPT:
        _keep(table)


def _jobs() -> None:
    op.create_table(
        "print_job",
        sa.Column("printing_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("labels", WHOLE, nullable=False),
        sa.Column("done", WHOLE, nullable=False),
        sa.Column("spans", sa.Text(), nullable=True),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("leased_by", sa.String(length=64), nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("attempts", WHOLE, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("file_name", sa.String(length=80), nullable=True),
        sa.Column("size_bytes", WHOLE, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("sheets", WHOLE, nullable=True),
        sa.Column("read", WHOLE, nullable=True),
        sa.Column("checked", WHOLE, nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("kept_until", MOMENT, nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        *_named("print_job"),
        sa.CheckConstraint(
            "state IN ('waiting', 'working', 'done', 'failed', 'cancelled')", name=op.f("ck_print_job_state_known")
        ),
        sa.CheckConstraint("(state = 'working') = (lease IS NOT NULL)", name=op.f("ck_print_job_lease_while_working")),
        sa.CheckConstraint("state != 'done' OR sha256 IS NOT NULL", name=op.f("ck_print_job_done_has_file")),
        sa.CheckConstraint("state != 'failed' OR length(problem) > 0", name=op.f("ck_print_job_failed_says_why")),
        sa.ForeignKeyConstraint(["printing_id"], ["printing.id"], name=op.f("fk_print_job_printing_id_printing")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_print_job_by_person_id_person")),
    )
    op.create_index(op.f("ix_print_job_cooperative_id"), "print_job", ["cooperative_id"])
    op.create_index(op.f("ix_print_job_printing_id"), "print_job", ["printing_id"])
    being_made = sa.text("state IN ('waiting', 'working')")
    op.create_index(
        "uq_print_job_open",
        "print_job",
        ["printing_id"],
        unique=True,
        sqlite_where=being_made,
        postgresql_where=being_made,
    )
    op.create_index("ix_print_job_state", "print_job", ["state"], sqlite_where=being_made, postgresql_where=being_made)


def _parts() -> None:
    op.create_table(
        "print_chunk",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("job_id", WHOLE, nullable=False),
        sa.Column("first_page", WHOLE, nullable=False),
        sa.Column("last_page", WHOLE, nullable=False),
        sa.Column("labels", WHOLE, nullable=False),
        sa.Column("read", WHOLE, nullable=False),
        sa.Column("checked", WHOLE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("first_page >= 1 AND last_page >= first_page", name=op.f("ck_print_chunk_in_order")),
        sa.ForeignKeyConstraint(["job_id"], ["print_job.id"], name=op.f("fk_print_chunk_job_id_print_job")),
        _owner("print_chunk"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_chunk")),
        sa.UniqueConstraint("job_id", "first_page", name=op.f("uq_print_chunk_job_id_first_page")),
    )
    op.create_index(op.f("ix_print_chunk_cooperative_id"), "print_chunk", ["cooperative_id"])
    op.create_index(op.f("ix_print_chunk_job_id"), "print_chunk", ["job_id"])
    op.create_table(
        "print_export",
        sa.Column("job_id", WHOLE, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *_named("print_export"),
        sa.ForeignKeyConstraint(["job_id"], ["print_job.id"], name=op.f("fk_print_export_job_id_print_job")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_print_export_by_person_id_person")),
    )
    op.create_index(op.f("ix_print_export_cooperative_id"), "print_export", ["cooperative_id"])
    op.create_index(op.f("ix_print_export_job_id"), "print_export", ["job_id"])


def _named(table: str) -> list[Any]:
    return [
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        _owner(table),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _owner(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_cooperative_id_cooperative")
    return sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=name)


def _keep(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION refuse_change()"
        op.execute(f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_is_kept_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    else:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END"
        )
