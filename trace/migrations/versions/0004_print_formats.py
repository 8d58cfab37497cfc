"""Formats of printings, any pattern of used cells, and part-used sheets that are remembered."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("printing", sa.Column("format", sa.String(length=10), nullable=False, server_default="pdf"))
    op.add_column("printing", sa.Column("dpi", WHOLE, nullable=False, server_default="0"))
    op.add_column("printing", sa.Column("copies", WHOLE, nullable=False, server_default="1"))
    _keep_skipped_cells_as_used_ones()
    op.drop_column("printing", "skipped_cells")
    op.create_table(
        "part_sheet",
        sa.Column("printing_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("stock", sa.String(length=40), nullable=False),
        sa.Column("used", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_part_sheet_number_counts")),
        sa.ForeignKeyConstraint(["printing_id"], ["printing.id"], name=op.f("fk_part_sheet_printing_id_printing")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_part_sheet_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_sheet")),
        sa.UniqueConstraint("public_id", name=op.f("uq_part_sheet_public_id")),
    )
    op.create_index(op.f("ix_part_sheet_printing_id"), "part_sheet", ["printing_id"])
    op.create_index(op.f("ix_part_sheet_cooperative_id"), "part_sheet", ["cooperative_id"])


def _keep_skipped_cells_as_used_ones() -> None:
    connection = op.get_bind()
    printing = sa.table("printing", sa.column("id"), sa.column("words"), sa.column("skipped_cells"))
    for key, words, skipped in connection.execute(
        sa.select(printing.c.id, printing.c.words, printing.c.skipped_cells).where(printing.c.skipped_cells > 0)
    ).all():
        kept = json.loads(words) | {"sheet": {"used": list(range(skipped))}}
        text = json.dumps(kept, ensure_ascii=False, sort_keys=True)
        connection.execute(sa.update(printing).where(printing.c.id == key).values(words=text))
