"""Enrolments, advice and units that came by an import and were taken back with it."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ADVICE = "id, public_id, created_at, unit_id, on_day, subject, given_by"
"""What never changes of an advice; that it was taken back is added once."""


def upgrade() -> None:
    for table in ("advice", "enrolment", "programme_unit"):
        op.add_column(table, sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER advice_is_unchanged ON advice")
        op.execute(
            f"CREATE TRIGGER advice_is_unchanged BEFORE UPDATE OF {ADVICE} ON advice "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute("DROP TRIGGER advice_is_unchanged")
        op.execute(
            f"CREATE TRIGGER advice_is_unchanged BEFORE UPDATE OF {ADVICE} ON advice "
            "BEGIN SELECT RAISE(ABORT, 'advice is never changed'); END"
        )
