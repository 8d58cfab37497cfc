"""Documents of an enrolment, and the scores of an audit of tools before and after."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("enrolment_document", "enrolment_score")


def upgrade() -> None:
    op.create_table(
        "enrolment_document",
        sa.Column("enrolment_id", WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("upload_id", WHOLE, nullable=False),
        *_named("enrolment_document"),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_enrolment_document_has_name")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_document_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_enrolment_document_upload_id_upload")),
    )
    op.create_table(
        "enrolment_score",
        sa.Column("enrolment_id", WHOLE, nullable=False),
        sa.Column("phase", sa.String(length=6), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("points", WHOLE, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("photo_id", WHOLE, nullable=True),
        *_named("enrolment_score"),
        sa.CheckConstraint("phase IN ('before', 'after')", name=op.f("ck_enrolment_score_phase_known")),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name=op.f("ck_enrolment_score_points_within")),
        sa.CheckConstraint("length(criterion) > 0", name=op.f("ck_enrolment_score_has_criterion")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_score_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["upload.id"], name=op.f("fk_enrolment_score_photo_id_upload")),
    )
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_enrolment_id"), table, ["enrolment_id"], unique=False)
        _guard(table)


def _named(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _guard(table: str) -> None:
    """Kept and never changed, on both engines."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for act, name in (("DELETE", "kept"), ("UPDATE", "unchanged")):
        start = f"CREATE TRIGGER {table}_is_{name} BEFORE {act} ON {table} "
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is {name}'); END"
        op.execute(start + ("FOR EACH ROW EXECUTE FUNCTION refuse_change()" if postgresql else refuse))
    if postgresql:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
