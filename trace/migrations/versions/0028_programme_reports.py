"""Yearly reports of the programme, as they were signed."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "programme_report",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign_id", WHOLE, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("upload_id", WHOLE, nullable=False),
        sa.CheckConstraint("length(number) > 0", name=op.f("ck_programme_report_has_number")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_programme_report_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_programme_report_upload_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_report_public_id")),
    )
    op.create_index(op.f("ix_programme_report_campaign_id"), "programme_report", ["campaign_id"])
    postgresql = op.get_bind().dialect.name == "postgresql"
    for act, name in (("DELETE", "kept"), ("UPDATE", "unchanged")):
        start = f"CREATE TRIGGER programme_report_is_{name} BEFORE {act} ON programme_report "
        refuse = f"BEGIN SELECT RAISE(ABORT, 'programme_report is {name}'); END"
        op.execute(start + ("FOR EACH ROW EXECUTE FUNCTION refuse_change()" if postgresql else refuse))
    if postgresql:
        op.execute(
            "CREATE TRIGGER programme_report_is_kept_whole BEFORE TRUNCATE ON programme_report "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
