"""The market that goods left for: a planting-area code holds for one market."""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """In one statement that both engines take: SQLite adds no constraint to a table that stands."""
    op.execute(
        "ALTER TABLE dispatch ADD COLUMN market VARCHAR(12) DEFAULT 'domestic' NOT NULL "
        "CONSTRAINT ck_dispatch_market_known CHECK (market IN ('domestic', 'china', 'other'))"
    )
