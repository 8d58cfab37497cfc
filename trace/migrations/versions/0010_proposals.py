"""Acts that need a second pair of eyes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("proposal", "proposal_answer")


def upgrade() -> None:
    _proposal()
    _answer()
    for table in TABLES:
        _keep(table)


def _proposal() -> None:
    op.create_table(
        "proposal",
        sa.Column("cooperative_id", WHOLE, nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("lapses_at", MOMENT, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("lapses_at > created_at", name=op.f("ck_proposal_lapses_later")),
        _points("proposal", "cooperative_id", "cooperative"),
        _points("proposal", "by_person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposal_public_id")),
    )
    for column in ("cooperative_id", "kind", "subject"):
        op.create_index(op.f(f"ix_proposal_{column}"), "proposal", [column])


def _answer() -> None:
    whole = "(paper_number IS NULL) = (paper_on IS NULL) AND (paper_number IS NULL) = (paper_id IS NULL)"
    op.create_table(
        "proposal_answer",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("proposal_id", WHOLE, nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("paper_number", sa.String(length=60), nullable=True),
        sa.Column("paper_on", sa.Date(), nullable=True),
        sa.Column("paper_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "answer IN ('agreed', 'refused', 'withdrawn')", name=op.f("ck_proposal_answer_answer_known")
        ),
        sa.CheckConstraint(whole, name=op.f("ck_proposal_answer_paper_whole")),
        sa.CheckConstraint("paper_number IS NULL OR answer = 'agreed'", name=op.f("ck_proposal_answer_paper_agrees")),
        _points("proposal_answer", "proposal_id", "proposal"),
        _points("proposal_answer", "by_person_id", "person"),
        _points("proposal_answer", "paper_id", "upload"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_answer")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_proposal_answer_proposal_id")),
    )


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _keep(table: str) -> None:
    """Neither changed nor deleted, as in 0001."""
    if op.get_bind().dialect.name == "postgresql":
        for name, acts, each in (
            ("is_kept", "DELETE", "ROW"),
            ("is_kept_whole", "TRUNCATE", "STATEMENT"),
            ("is_unchanged", "UPDATE", "ROW"),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {acts} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            )
        return
    for name, act, word in (("is_kept", "DELETE", "deleted"), ("is_unchanged", "UPDATE", "changed")):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never {word}'); END"
        )
