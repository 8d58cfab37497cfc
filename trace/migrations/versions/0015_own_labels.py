"""Label papers and faces of a cooperative's own."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("own_stock", "own_face", "own_face_version")
UNCHANGED = ("own_face_version",)


def upgrade() -> None:
    op.create_table(
        "own_stock",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        *_named(),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_own_stock_has_name")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_own_stock_by_person_id_person")),
        *_keys("own_stock"),
    )
    op.create_index(op.f("ix_own_stock_cooperative_id"), "own_stock", ["cooperative_id"])
    op.create_table(
        "own_face",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        *_named(),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_own_face_has_name")),
        *_keys("own_face"),
    )
    op.create_index(op.f("ix_own_face_cooperative_id"), "own_face", ["cooperative_id"])
    op.create_table(
        "own_face_version",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("face_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_own_face_version_number_counts")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_own_face_version_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_own_face_version_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["face_id"], ["own_face.id"], name=op.f("fk_own_face_version_face_id_own_face")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_face_version")),
        sa.UniqueConstraint("face_id", "number", name=op.f("uq_own_face_version_face_id_number")),
    )
    op.create_index(op.f("ix_own_face_version_cooperative_id"), "own_face_version", ["cooperative_id"])
    op.create_index(op.f("ix_own_face_version_face_id"), "own_face_version", ["face_id"])
    _guard()


def _named() -> list[sa.Column[object]]:
    return [
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    owner = op.f(f"fk_{table}_cooperative_id_cooperative")
    return [
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=owner),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _guard() -> None:
    """Nothing is deleted, and a version is written once: a reprint must look as the first print did."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for tables, name, act in ((KEPT, "kept", "DELETE"), (UNCHANGED, "unchanged", "UPDATE")):
        for table in tables:
            start = f"CREATE TRIGGER {table}_is_{name} BEFORE {act} ON {table} "
            done = "deleted" if act == "DELETE" else "changed"
            op.execute(
                start + "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                if postgresql
                else start + f"BEGIN SELECT RAISE(ABORT, '{table} is never {done}'); END"
            )
    if postgresql:
        for table in KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_is_kept_whole BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
