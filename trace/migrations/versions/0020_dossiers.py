"""Dossiers of batches, made by the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER dossier_is_kept BEFORE DELETE ON dossier FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER dossier_is_kept_whole BEFORE TRUNCATE ON dossier "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    else:
        op.execute(
            "CREATE TRIGGER dossier_is_kept BEFORE DELETE ON dossier "
            "BEGIN SELECT RAISE(ABORT, 'dossier is never deleted'); END"
        )


def _tables() -> None:
    op.create_table(
        "dossier",
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("steps", WHOLE, nullable=False),
        sa.Column("done", WHOLE, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("paper_id", WHOLE, nullable=True),
        sa.Column("tables_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "ended_at IS NULL OR problem IS NOT NULL OR (paper_id IS NOT NULL AND tables_id IS NOT NULL)",
            name=op.f("ck_dossier_ended_has_files"),
        ),
        sa.CheckConstraint("done >= 0 AND done <= steps", name=op.f("ck_dossier_steps_plausible")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_dossier_batch_id_batch")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_dossier_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_dossier_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["upload.id"], name=op.f("fk_dossier_paper_id_upload")),
        sa.ForeignKeyConstraint(["tables_id"], ["upload.id"], name=op.f("fk_dossier_tables_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dossier_public_id")),
    )
    op.create_index(op.f("ix_dossier_batch_id"), "dossier", ["batch_id"])
    op.create_index(op.f("ix_dossier_cooperative_id"), "dossier", ["cooperative_id"])
