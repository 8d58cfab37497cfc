"""The province's register of planting-area codes."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FROZEN = ("code", "folded", "holder_id", "crop", "market", "from_on", "to_on")
"""What the authority's paper says stays as entered; a code ends by being revoked."""


def upgrade() -> None:
    op.create_table(
        "area_code",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("folded", sa.String(length=40), nullable=False),
        sa.Column("holder_id", WHOLE, nullable=False),
        sa.Column("crop", sa.String(length=60), nullable=False),
        sa.Column("market", sa.String(length=12), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("market IN ('domestic', 'china', 'other')", name=op.f("ck_area_code_market_known")),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_area_code_days_in_order")),
        sa.CheckConstraint(
            "(revoked_on IS NULL) = (revoked_reason IS NULL)", name=op.f("ck_area_code_revoking_has_reason")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["cooperative.id"], name=op.f("fk_area_code_holder_id_cooperative")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_area_code_by_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_area_code_public_id")),
    )
    op.create_index(op.f("ix_area_code_folded"), "area_code", ["folded"])
    op.create_index(op.f("ix_area_code_holder_id"), "area_code", ["holder_id"])
    if op.get_bind().dialect.name == "postgresql":
        _guards_postgresql()
    else:
        _guards_sqlite()


def _guards_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER area_code_is_kept BEFORE DELETE ON area_code "
        "BEGIN SELECT RAISE(ABORT, 'area_code is never deleted'); END"
    )
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN)
    op.execute(
        f"CREATE TRIGGER area_code_is_frozen BEFORE UPDATE ON area_code WHEN {changed} "
        "BEGIN SELECT RAISE(ABORT, 'area_code is never changed'); END"
    )


def _guards_postgresql() -> None:
    op.execute(
        "CREATE TRIGGER area_code_is_kept BEFORE DELETE ON area_code FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER area_code_is_kept_whole BEFORE TRUNCATE ON area_code "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN)
    op.execute(
        f"CREATE TRIGGER area_code_is_frozen BEFORE UPDATE ON area_code FOR EACH ROW WHEN ({changed}) "
        "EXECUTE FUNCTION refuse_change()"
    )
