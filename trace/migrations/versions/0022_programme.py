"""The provincial programme: years, letters, advice, enrolments with their steps, costs and payments."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEPT = (
    "campaign",
    "campaign_letter",
    "programme_unit",
    "advice",
    "support_kind",
    "step_template",
    "enrolment",
    "enrolment_kind",
    "enrolment_move",
    "enrolment_step",
    "support_cost",
    "support_payment",
)
UNCHANGED = ("campaign_letter", "advice", "step_template", "enrolment_move", "support_payment")


def upgrade() -> None:
    _programme()
    _enrolments()
    _support()
    if op.get_bind().dialect.name == "postgresql":
        _guards_postgresql()
    else:
        _guards_sqlite()


def _guards_sqlite() -> None:
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never deleted'); END"
        )
    for table in UNCHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_is_unchanged BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is never changed'); END"
        )


def _guards_postgresql() -> None:
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_kept_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for table in UNCHANGED:
        op.execute(
            f"CREATE TRIGGER {table}_is_unchanged BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def _programme() -> None:
    op.create_table(
        "campaign",
        sa.Column("year", WHOLE, nullable=False),
        sa.Column("target_units", WHOLE, nullable=False),
        sa.Column("budget_vnd", WHOLE, nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("budget_vnd >= 0", name=op.f("ck_campaign_budget_counts")),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_campaign_days_in_order")),
        sa.CheckConstraint("target_units >= 0", name=op.f("ck_campaign_target_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_public_id")),
        sa.UniqueConstraint("year", name=op.f("uq_campaign_year")),
    )
    op.create_table(
        "support_kind",
        sa.Column("key", sa.String(length=30), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_support_kind_has_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_kind")),
        sa.UniqueConstraint("key", name=op.f("uq_support_kind_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_support_kind_public_id")),
    )
    op.create_table(
        "campaign_letter",
        sa.Column("campaign_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("authority_code", sa.String(length=5), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('letter', 'reminder', 'answer')", name=op.f("ck_campaign_letter_kind_known")),
        sa.CheckConstraint("length(authority) > 0", name=op.f("ck_campaign_letter_has_authority")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_letter_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_letter")),
        sa.UniqueConstraint("public_id", name=op.f("uq_campaign_letter_public_id")),
    )
    op.create_index(op.f("ix_campaign_letter_campaign_id"), "campaign_letter", ["campaign_id"], unique=False)
    op.create_table(
        "programme_unit",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("tax_code", sa.String(length=14), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("former_district_code", sa.String(length=3), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("registered_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('cooperative', 'union', 'group', 'enterprise', 'household')",
            name=op.f("ck_programme_unit_kind_known"),
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_programme_unit_has_name")),
        sa.ForeignKeyConstraint(
            ["registered_id"], ["cooperative.id"], name=op.f("fk_programme_unit_registered_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_unit")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_unit_public_id")),
        sa.UniqueConstraint("registered_id", name=op.f("uq_programme_unit_registered_id")),
        sa.UniqueConstraint("tax_code", name=op.f("uq_programme_unit_tax_code")),
    )
    op.create_table(
        "step_template",
        sa.Column("kind_id", WHOLE, nullable=False),
        sa.Column("version", WHOLE, nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_step_template_version_counts")),
        sa.ForeignKeyConstraint(["kind_id"], ["support_kind.id"], name=op.f("fk_step_template_kind_id_support_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_template")),
        sa.UniqueConstraint("kind_id", "version", name=op.f("uq_step_template_kind_id_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_step_template_public_id")),
    )
    op.create_index(op.f("ix_step_template_kind_id"), "step_template", ["kind_id"], unique=False)
    op.create_table(
        "advice",
        sa.Column("unit_id", WHOLE, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("length(subject) > 0", name=op.f("ck_advice_has_subject")),
        sa.ForeignKeyConstraint(["unit_id"], ["programme_unit.id"], name=op.f("fk_advice_unit_id_programme_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_advice_public_id")),
    )
    op.create_index(op.f("ix_advice_unit_id"), "advice", ["unit_id"], unique=False)


def _enrolments() -> None:
    op.create_table(
        "enrolment",
        sa.Column("campaign_id", WHOLE, nullable=False),
        sa.Column("unit_id", WHOLE, nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("late_reason", sa.Text(), nullable=True),
        sa.Column("consultant", sa.Text(), nullable=True),
        sa.Column("contract_number", sa.Text(), nullable=True),
        sa.Column("contract_on", sa.Date(), nullable=True),
        sa.Column("closing_number", sa.Text(), nullable=True),
        sa.Column("closing_on", sa.Date(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_enrolment_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["unit_id"], ["programme_unit.id"], name=op.f("fk_enrolment_unit_id_programme_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_enrolment_public_id")),
    )
    op.create_index(op.f("ix_enrolment_campaign_id"), "enrolment", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_enrolment_unit_id"), "enrolment", ["unit_id"], unique=False)
    op.create_table(
        "enrolment_kind",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("enrolment_id", WHOLE, nullable=False),
        sa.Column("campaign_id", WHOLE, nullable=False),
        sa.Column("unit_id", WHOLE, nullable=False),
        sa.Column("kind_id", WHOLE, nullable=False),
        sa.Column("expected_vnd", WHOLE, nullable=False),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.CheckConstraint("expected_vnd >= 0", name=op.f("ck_enrolment_kind_cost_counts")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_enrolment_kind_campaign_id_campaign")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_kind_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["support_kind.id"], name=op.f("fk_enrolment_kind_kind_id_support_kind")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["programme_unit.id"], name=op.f("fk_enrolment_kind_unit_id_programme_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_kind")),
        sa.UniqueConstraint("enrolment_id", "kind_id", name=op.f("uq_enrolment_kind_enrolment_id_kind_id")),
    )
    op.create_index(op.f("ix_enrolment_kind_enrolment_id"), "enrolment_kind", ["enrolment_id"], unique=False)
    op.create_index(
        "uq_enrolment_kind_once_a_year",
        "enrolment_kind",
        ["campaign_id", "unit_id", "kind_id"],
        unique=True,
        sqlite_where=sa.text("dropped_at IS NULL"),
        postgresql_where=sa.text("dropped_at IS NULL"),
    )
    op.create_table(
        "enrolment_move",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("enrolment_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "state IN ('received', 'checked', 'approved', 'refused', 'under_way', 'accepted', 'paid', 'closed', 'withdrawn')",
            name=op.f("ck_enrolment_move_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('refused', 'withdrawn') OR length(reason) > 0", name=op.f("ck_enrolment_move_end_has_reason")
        ),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_enrolment_move_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_move_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_move")),
    )
    op.create_index(op.f("ix_enrolment_move_enrolment_id"), "enrolment_move", ["enrolment_id"], unique=False)
    op.create_table(
        "enrolment_step",
        sa.Column("enrolment_id", WHOLE, nullable=False),
        sa.Column("kind_id", WHOLE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_step_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["support_kind.id"], name=op.f("fk_enrolment_step_kind_id_support_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_step")),
        sa.UniqueConstraint("public_id", name=op.f("uq_enrolment_step_public_id")),
    )
    op.create_index(op.f("ix_enrolment_step_enrolment_id"), "enrolment_step", ["enrolment_id"], unique=False)


def _support() -> None:
    op.create_table(
        "support_cost",
        sa.Column("enrolment_id", WHOLE, nullable=False),
        sa.Column("kind_id", WHOLE, nullable=False),
        sa.Column("invoice_number", sa.Text(), nullable=False),
        sa.Column("invoice_folded", sa.Text(), nullable=False),
        sa.Column("invoice_on", sa.Date(), nullable=False),
        sa.Column("seller", sa.Text(), nullable=False),
        sa.Column("seller_folded", sa.Text(), nullable=False),
        sa.Column("amount_vnd", WHOLE, nullable=False),
        sa.Column("accepted_vnd", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("file_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "accepted_vnd IS NULL OR accepted_vnd = amount_vnd OR length(reason) > 0",
            name=op.f("ck_support_cost_less_has_reason"),
        ),
        sa.CheckConstraint(
            "accepted_vnd IS NULL OR accepted_vnd BETWEEN 0 AND amount_vnd",
            name=op.f("ck_support_cost_accepted_within"),
        ),
        sa.CheckConstraint("amount_vnd > 0", name=op.f("ck_support_cost_amount_counts")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_support_cost_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["upload.id"], name=op.f("fk_support_cost_file_id_upload")),
        sa.ForeignKeyConstraint(["kind_id"], ["support_kind.id"], name=op.f("fk_support_cost_kind_id_support_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_cost")),
        sa.UniqueConstraint(
            "invoice_folded", "seller_folded", name=op.f("uq_support_cost_invoice_folded_seller_folded")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_support_cost_public_id")),
    )
    op.create_index(op.f("ix_support_cost_enrolment_id"), "support_cost", ["enrolment_id"], unique=False)
    op.create_table(
        "support_payment",
        sa.Column("enrolment_id", WHOLE, nullable=False),
        sa.Column("kind_id", WHOLE, nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("amount_vnd", WHOLE, nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("what IN ('advance', 'payment', 'returned')", name=op.f("ck_support_payment_what_known")),
        sa.CheckConstraint("amount_vnd > 0", name=op.f("ck_support_payment_amount_counts")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_support_payment_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_support_payment_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["support_kind.id"], name=op.f("fk_support_payment_kind_id_support_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_payment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_support_payment_public_id")),
    )
    op.create_index(op.f("ix_support_payment_enrolment_id"), "support_payment", ["enrolment_id"], unique=False)
