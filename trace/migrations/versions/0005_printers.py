"""Printers and their corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "printer",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("tray", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=2), nullable=False),
        sa.Column("dx_um", WHOLE, nullable=False),
        sa.Column("dy_um", WHOLE, nullable=False),
        sa.Column("scale_x_ppm", WHOLE, nullable=False),
        sa.Column("scale_y_ppm", WHOLE, nullable=False),
        sa.Column("measured_at", MOMENT, nullable=True),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("page IN ('A4', 'A5')", name=op.f("ck_printer_page_known")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_printer_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_printer_public_id")),
    )
    op.create_index(op.f("ix_printer_cooperative_id"), "printer", ["cooperative_id"])
