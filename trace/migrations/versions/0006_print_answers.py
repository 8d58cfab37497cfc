"""What people say of a print once it lies before them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("printing", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("printing", sa.Column("came_out_well", sa.Boolean(), nullable=True))
