"""Certifiers from outside: who may read which cooperative's records, until when."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FROZEN = ("person_id", "cooperative_id", "body", "to_on", "created_at")


def upgrade() -> None:
    op.create_table(
        "certifier_access",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.CheckConstraint("length(body) > 0", name=op.f("ck_certifier_access_has_body")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certifier_access_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_certifier_access_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_certifier_access_by_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certifier_access")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certifier_access_public_id")),
    )
    op.create_index(op.f("ix_certifier_access_person_id"), "certifier_access", ["person_id"])
    op.create_index(op.f("ix_certifier_access_cooperative_id"), "certifier_access", ["cooperative_id"])
    if op.get_bind().dialect.name == "postgresql":
        _guards_postgresql()
    else:
        _guards_sqlite()


def _guards_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER certifier_access_is_kept BEFORE DELETE ON certifier_access "
        "BEGIN SELECT RAISE(ABORT, 'certifier_access is never deleted'); END"
    )
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN)
    op.execute(
        f"CREATE TRIGGER certifier_access_is_frozen BEFORE UPDATE ON certifier_access WHEN {changed} "
        "BEGIN SELECT RAISE(ABORT, 'certifier_access is never changed'); END"
    )


def _guards_postgresql() -> None:
    op.execute(
        "CREATE TRIGGER certifier_access_is_kept BEFORE DELETE ON certifier_access "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER certifier_access_is_kept_whole BEFORE TRUNCATE ON certifier_access "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN)
    op.execute(
        f"CREATE TRIGGER certifier_access_is_frozen BEFORE UPDATE ON certifier_access FOR EACH ROW WHEN ({changed}) "
        "EXECUTE FUNCTION refuse_change()"
    )
