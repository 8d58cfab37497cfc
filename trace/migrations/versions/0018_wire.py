"""Printers that the service sends to, where the operator allows it, and what was sent."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "wire_printer",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("port", WHOLE, nullable=False),
        sa.Column("language", sa.String(length=4), nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        *_named("wire_printer"),
        sa.CheckConstraint("port BETWEEN 1 AND 65535", name=op.f("ck_wire_printer_port_exists")),
        sa.CheckConstraint("language IN ('zpl', 'tspl')", name=op.f("ck_wire_printer_language_known")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_wire_printer_by_person_id_person")),
    )
    op.create_index(op.f("ix_wire_printer_cooperative_id"), "wire_printer", ["cooperative_id"])
    op.create_table(
        "print_send",
        sa.Column("job_id", WHOLE, nullable=False),
        sa.Column("printer_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sent", WHOLE, nullable=False),
        sa.Column("sure", WHOLE, nullable=False),
        sa.Column("beat_at", MOMENT, nullable=True),
        sa.Column("problem", sa.String(length=20), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        *_named("print_send"),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'done', 'stopped')", name=op.f("ck_print_send_state_known")
        ),
        sa.CheckConstraint("sure <= sent", name=op.f("ck_print_send_sure_was_sent")),
        sa.CheckConstraint("state != 'stopped' OR length(problem) > 0", name=op.f("ck_print_send_stopped_says_why")),
        sa.ForeignKeyConstraint(["job_id"], ["print_job.id"], name=op.f("fk_print_send_job_id_print_job")),
        sa.ForeignKeyConstraint(
            ["printer_id"], ["wire_printer.id"], name=op.f("fk_print_send_printer_id_wire_printer")
        ),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_print_send_by_person_id_person")),
    )
    op.create_index(op.f("ix_print_send_cooperative_id"), "print_send", ["cooperative_id"])
    op.create_index(op.f("ix_print_send_job_id"), "print_send", ["job_id"])
    being_sent = sa.text("state IN ('waiting', 'sending')")
    op.create_index(
        "uq_print_send_open",
        "print_send",
        ["job_id"],
        unique=True,
        sqlite_where=being_sent,
        postgresql_where=being_sent,
    )
    for table in ("wire_printer", "print_send"):
        _keep(table)


def _named(table: str) -> list[Any]:
    owner = op.f(f"fk_{table}_cooperative_id_cooperative")
    return [
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=owner),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


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
