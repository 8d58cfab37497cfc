"""Pages elsewhere about a product, and the GLNs of places, for the resolver of GS1 links."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "product_link",
        sa.Column("product_id", WHOLE, nullable=False),
        sa.Column("link_type", sa.String(length=40), nullable=False),
        sa.Column("href", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        *_named(),
        sa.CheckConstraint("href LIKE 'https://%'", name=op.f("ck_product_link_goes_by_https")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_product_link_has_title")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_link_product_id_product")),
        *_keys("product_link"),
    )
    op.create_index(op.f("ix_product_link_product_id"), "product_link", ["product_id"])
    op.create_index(op.f("ix_product_link_cooperative_id"), "product_link", ["cooperative_id"])
    op.create_table(
        "place_number",
        sa.Column("gln", sa.String(length=13), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("plot_id", WHOLE, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        *_named(),
        sa.CheckConstraint("kind IN ('party', 'packhouse', 'plot')", name=op.f("ck_place_number_kind_known")),
        sa.CheckConstraint("length(gln) = 13", name=op.f("ck_place_number_gln_whole")),
        sa.CheckConstraint("(kind = 'plot') = (plot_id IS NOT NULL)", name=op.f("ck_place_number_plot_named")),
        sa.ForeignKeyConstraint(["plot_id"], ["plot.id"], name=op.f("fk_place_number_plot_id_plot")),
        *_keys("place_number"),
    )
    op.create_index(op.f("ix_place_number_cooperative_id"), "place_number", ["cooperative_id"])
    in_use = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_place_number_gln", "place_number", ["gln"], unique=True, sqlite_where=in_use, postgresql_where=in_use
    )


def _named() -> list[sa.Column[object]]:
    return [
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f(f"fk_{table}_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]
