"""What an enrolment in the programme brought: certificates, trademarks, runs."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "enrolment_result",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("enrolment_id", WHOLE, nullable=False),
        sa.Column("kind_id", WHOLE, nullable=False),
        sa.Column("certificate_id", WHOLE, nullable=True),
        sa.Column("trademark_id", WHOLE, nullable=True),
        sa.Column("run_id", WHOLE, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "CASE WHEN certificate_id IS NULL THEN 0 ELSE 1 END + CASE WHEN trademark_id IS NULL THEN 0 ELSE 1 END + CASE WHEN run_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_enrolment_result_one_thing"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_enrolment_result_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_result_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["kind_id"], ["support_kind.id"], name=op.f("fk_enrolment_result_kind_id_support_kind")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_enrolment_result_run_id_run")),
        sa.ForeignKeyConstraint(
            ["trademark_id"], ["trademark.id"], name=op.f("fk_enrolment_result_trademark_id_trademark")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_result")),
        sa.UniqueConstraint(
            "enrolment_id", "certificate_id", name=op.f("uq_enrolment_result_enrolment_id_certificate_id")
        ),
        sa.UniqueConstraint("enrolment_id", "run_id", name=op.f("uq_enrolment_result_enrolment_id_run_id")),
        sa.UniqueConstraint("enrolment_id", "trademark_id", name=op.f("uq_enrolment_result_enrolment_id_trademark_id")),
    )
    op.create_index(op.f("ix_enrolment_result_enrolment_id"), "enrolment_result", ["enrolment_id"], unique=False)
    for act, name in (("DELETE", "kept"), ("UPDATE", "unchanged")):
        start = f"CREATE TRIGGER enrolment_result_is_{name} BEFORE {act} ON enrolment_result "
        if op.get_bind().dialect.name == "postgresql":
            op.execute(start + "FOR EACH ROW EXECUTE FUNCTION refuse_change()")
        else:
            op.execute(start + f"BEGIN SELECT RAISE(ABORT, 'enrolment_result is {name}'); END")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER enrolment_result_is_kept_whole BEFORE TRUNCATE ON enrolment_result "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
