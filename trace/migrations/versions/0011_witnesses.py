"""What witnesses say of a checkpoint."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "log_cosignature",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("size", WHOLE, autoincrement=False, nullable=False),
        sa.Column("witness", sa.String(length=200), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shard", "size"],
            ["log_checkpoint.shard", "log_checkpoint.size"],
            name=op.f("fk_log_cosignature_shard_size_log_checkpoint"),
        ),
        sa.PrimaryKeyConstraint("shard", "size", "witness", name=op.f("pk_log_cosignature")),
    )
