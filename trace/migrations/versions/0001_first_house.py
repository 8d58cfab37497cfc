"""The house as first built: every table of the chain, and the triggers that keep its history."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

KEPT = (
    "batch",
    "batch_correction",
    "batch_decision",
    "buyer",
    "certificate",
    "certificate_decision",
    "cooperative",
    "cooperative_decision",
    "deployment",
    "dispatch",
    "dispatch_line",
    "entry",
    "grower",
    "membership",
    "plot",
    "printing",
    "product",
    "run",
    "season",
    "setting",
    "stamp_key",
    "trademark",
    "trademark_event",
)
"""Nothing of business value is ever deleted: it is voided, ended or superseded."""

UNCHANGED = (
    "entry",
    "batch_correction",
    "batch_decision",
    "certificate_decision",
    "cooperative_decision",
    "trademark_event",
    "setting",
)
"""Lines of history: written once."""

FROZEN_ONCE_SUBMITTED = (
    "code",
    "product_id",
    "packed_on",
    "packs",
    "loss_g",
    "trademark_id",
    "note",
    "submitted_at",
    "cooperative_id",
)

FROZEN_ONCE_DECIDED = ("scheme", "number", "body", "issued_on", "expires_on", "stars", "document_id", "cooperative_id")


def upgrade() -> None:
    _tables()
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
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN_ONCE_SUBMITTED)
    op.execute(
        f"CREATE TRIGGER batch_is_frozen BEFORE UPDATE ON batch WHEN OLD.submitted_at IS NOT NULL AND ({changed}) "
        "BEGIN SELECT RAISE(ABORT, 'a submitted batch is frozen'); END"
    )
    for act, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        op.execute(
            f"CREATE TRIGGER intake_line_is_frozen_{act.lower()} BEFORE {act} ON intake_line "
            f"WHEN (SELECT submitted_at FROM batch WHERE id = {row}.batch_id) IS NOT NULL "
            "BEGIN SELECT RAISE(ABORT, 'a submitted batch is frozen'); END"
        )
    decided = "EXISTS (SELECT 1 FROM certificate_decision WHERE certificate_id = OLD.{})"
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN_ONCE_DECIDED)
    op.execute(
        f"CREATE TRIGGER certificate_is_frozen BEFORE UPDATE ON certificate WHEN ({changed}) "
        f"AND {decided.format('id')} BEGIN SELECT RAISE(ABORT, 'a certificate that was decided on is frozen'); END"
    )
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER scope_line_is_frozen_{act.lower()} BEFORE {act} ON scope_line "
            f"WHEN {decided.format('certificate_id')} "
            "BEGIN SELECT RAISE(ABORT, 'a certificate that was decided on is frozen'); END"
        )
    for act in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER stamp_range_never_overlaps_{act.lower()} BEFORE {act} ON stamp_range "
            "WHEN EXISTS (SELECT 1 FROM stamp_range WHERE run_id = NEW.run_id AND id IS NOT NEW.id "
            "AND first <= NEW.last AND last >= NEW.first) "
            "BEGIN SELECT RAISE(ABORT, 'stamp ranges overlap'); END"
        )


def _guards_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% is never %', TG_TABLE_NAME, CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
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
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN_ONCE_SUBMITTED)
    op.execute(
        "CREATE FUNCTION refuse_thaw() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'a submitted batch is frozen' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER batch_is_frozen BEFORE UPDATE ON batch FOR EACH ROW "
        f"WHEN (OLD.submitted_at IS NOT NULL AND ({changed})) EXECUTE FUNCTION refuse_thaw()"
    )
    op.execute(
        "CREATE FUNCTION refuse_late_intake() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE row record; BEGIN "
        "row := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; "
        "IF (SELECT submitted_at FROM batch WHERE id = row.batch_id) IS NOT NULL THEN "
        "RAISE EXCEPTION 'a submitted batch is frozen' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN row; END $$"
    )
    op.execute(
        "CREATE TRIGGER intake_line_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON intake_line "
        "FOR EACH ROW EXECUTE FUNCTION refuse_late_intake()"
    )
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in FROZEN_ONCE_DECIDED)
    op.execute(
        "CREATE FUNCTION refuse_decided() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE row record; BEGIN "
        "IF EXISTS (SELECT 1 FROM certificate_decision WHERE certificate_id = "
        "CASE TG_TABLE_NAME WHEN 'certificate' THEN OLD.id ELSE (to_jsonb(OLD)->>'certificate_id')::bigint END) THEN "
        "RAISE EXCEPTION 'a certificate that was decided on is frozen' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "row := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; RETURN row; END $$"
    )
    op.execute(
        "CREATE TRIGGER certificate_is_frozen BEFORE UPDATE ON certificate FOR EACH ROW "
        f"WHEN ({changed}) EXECUTE FUNCTION refuse_decided()"
    )
    op.execute(
        "CREATE TRIGGER scope_line_is_frozen BEFORE UPDATE OR DELETE ON scope_line "
        "FOR EACH ROW EXECUTE FUNCTION refuse_decided()"
    )
    # A run has at most 2^20 serials counted from 1, so run × 2^20 + serial gives every stamp a number of its own.
    op.execute(
        "ALTER TABLE stamp_range ADD CONSTRAINT stamp_range_never_overlaps EXCLUDE USING gist "
        "(int8range(run_id * 1048576 + first, run_id * 1048576 + last, '[]') WITH &&)"
    )


def _tables() -> None:
    op.create_table(
        "log_tile",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", WHOLE, autoincrement=False, nullable=False),
        sa.Column("width", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("shard", "level", "position", name=op.f("pk_log_tile")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("size", WHOLE, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("shard", "size", name=op.f("pk_log_checkpoint")),
    )
    op.create_table(
        "bucket",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("tokens_milli", WHOLE, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_bucket")),
    )
    op.create_table(
        "cooperative",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("label", sa.String(length=8), nullable=False),
        sa.Column("tax_code", sa.String(length=14), nullable=True),
        sa.Column("personal_number", sa.String(length=12), nullable=True),
        sa.Column("commune_code", sa.String(length=5), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("certified_address", sa.Text(), nullable=True),
        sa.Column("former_district_code", sa.String(length=3), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("zalo_phone", sa.String(length=16), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('cooperative', 'union', 'group', 'enterprise', 'household')",
            name=op.f("ck_cooperative_kind_known"),
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_cooperative_has_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperative")),
        sa.UniqueConstraint("label", name=op.f("uq_cooperative_label")),
        sa.UniqueConstraint("public_id", name=op.f("uq_cooperative_public_id")),
        sa.UniqueConstraint("tax_code", name=op.f("uq_cooperative_tax_code")),
    )
    op.create_table(
        "person",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("password_changed_at", MOMENT, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("office", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("theme", sa.String(length=5), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=True),
        sa.Column("totp_secret", sa.String(length=255), nullable=True),
        sa.Column("totp_counter", WHOLE, nullable=True),
        sa.Column("recovery_hashes", sa.Text(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "office IS NULL OR office IN ('auditor', 'officer', 'operator')", name=op.f("ck_person_office_known")
        ),
        sa.CheckConstraint(
            "email IS NOT NULL OR phone IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_person_can_be_reached")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_person_fs_uniquifier")),
        sa.UniqueConstraint("phone", name=op.f("uq_person_phone")),
        sa.UniqueConstraint("public_id", name=op.f("uq_person_public_id")),
    )
    op.create_table(
        "spent_form",
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_spent_form")),
    )
    op.create_table(
        "stamp_key",
        sa.Column("version", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("leaked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_stamp_key")),
    )
    op.create_table(
        "buyer",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_buyer_has_name")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_buyer_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_buyer_public_id")),
    )
    op.create_index(op.f("ix_buyer_cooperative_id"), "buyer", ["cooperative_id"], unique=False)
    op.create_table(
        "cooperative_decision",
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.CheckConstraint(
            "verdict != 'refused' OR length(reason) > 0", name=op.f("ck_cooperative_decision_refusal_has_reason")
        ),
        sa.CheckConstraint(
            "verdict IN ('approved', 'refused', 'left')", name=op.f("ck_cooperative_decision_verdict_known")
        ),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_cooperative_decision_by_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_cooperative_decision_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperative_decision")),
    )
    op.create_index(
        op.f("ix_cooperative_decision_cooperative_id"), "cooperative_decision", ["cooperative_id"], unique=False
    )
    op.create_table(
        "deployment",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_url", sa.Text(), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("confirmed_by_id", WHOLE, nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("moved_at", MOMENT, nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_deployment_only_one")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["person.id"], name=op.f("fk_deployment_confirmed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_table(
        "entry",
        sa.Column("index", WHOLE, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("chain_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(body) <= 65535", name=op.f("ck_entry_body_fits")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_entry_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_entry")),
    )
    op.create_index(op.f("ix_entry_cooperative_id"), "entry", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_entry_subject"), "entry", ["subject"], unique=False)
    op.create_table(
        "grower",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_grower_has_name")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_grower_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grower")),
        sa.UniqueConstraint("public_id", name=op.f("uq_grower_public_id")),
    )
    op.create_index(op.f("ix_grower_cooperative_id"), "grower", ["cooperative_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("since_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("place IN ('member', 'manager')", name=op.f("ck_membership_place_known")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_membership_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "person_id", "cooperative_id", "since_at", name=op.f("uq_membership_person_id_cooperative_id_since_at")
        ),
    )
    op.create_index(op.f("ix_membership_cooperative_id"), "membership", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_passkey_public_id")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"], unique=False)
    op.create_table(
        "one_time_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=True),
        sa.Column("place", sa.String(length=10), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(purpose = 'reset') = (person_id IS NOT NULL) AND (purpose = 'invite') = (cooperative_id IS NOT NULL)",
            name=op.f("ck_one_time_link_opens_one_thing"),
        ),
        sa.CheckConstraint("(cooperative_id IS NULL) = (place IS NULL)", name=op.f("ck_one_time_link_place_whole")),
        sa.CheckConstraint("purpose IN ('invite', 'reset')", name=op.f("ck_one_time_link_purpose_known")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_one_time_link_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_one_time_link_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id_person")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_one_time_link_public_id")),
    )
    op.create_index(op.f("ix_one_time_link_cooperative_id"), "one_time_link", ["cooperative_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=True),
        sa.Column("office", sa.String(length=10), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("mailed_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN cooperative_id IS NULL THEN 0 ELSE 1 END) "
            "+ (CASE WHEN office IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_notice_is_for_one"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_notice_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notice_public_id")),
    )
    op.create_index(op.f("ix_notice_cooperative_id"), "notice", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_notice_person_id"), "notice", ["person_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.Column("auditor_id", WHOLE, nullable=False),
        sa.Column("stands_in_for_id", WHOLE, nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_assignment_days_in_order")),
        sa.CheckConstraint(
            "stands_in_for_id IS NULL OR to_on IS NOT NULL", name=op.f("ck_assignment_standing_in_ends")
        ),
        sa.ForeignKeyConstraint(["auditor_id"], ["person.id"], name=op.f("fk_assignment_auditor_id_person")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_assignment_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_assignment_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(
            ["stands_in_for_id"], ["person.id"], name=op.f("fk_assignment_stands_in_for_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(op.f("ix_assignment_auditor_id"), "assignment", ["auditor_id"], unique=False)
    op.create_index(op.f("ix_assignment_cooperative_id"), "assignment", ["cooperative_id"], unique=False)
    op.create_table(
        "setting",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_setting_by_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
    )
    op.create_index(op.f("ix_setting_key"), "setting", ["key"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_in_public_id")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "upload",
        sa.Column("cooperative_id", WHOLE, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.Column("width_px", WHOLE, nullable=True),
        sa.Column("height_px", WHOLE, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_upload_has_size")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_upload_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("public_id", name=op.f("uq_upload_public_id")),
    )
    op.create_index(op.f("ix_upload_cooperative_id"), "upload", ["cooperative_id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("scheme", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("stars", WHOLE, nullable=True),
        sa.Column("document_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "scheme IN ('vietgap', 'globalgap', 'organic', 'iso_9001', 'iso_22000', 'ocop', 'product_standard', 'technical_regulation')",
            name=op.f("ck_certificate_scheme_known"),
        ),
        sa.CheckConstraint("expires_on >= issued_on", name=op.f("ck_certificate_days_in_order")),
        sa.CheckConstraint("stars IS NULL OR stars BETWEEN 3 AND 5", name=op.f("ck_certificate_stars_known")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_certificate_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["upload.id"], name=op.f("fk_certificate_document_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_public_id")),
    )
    op.create_index(op.f("ix_certificate_cooperative_id"), "certificate", ["cooperative_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("grower_id", WHOLE, nullable=True),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("what IN ('name', 'phone', 'photo')", name=op.f("ck_consent_what_known")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_consent_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["grower_id"], ["grower.id"], name=op.f("fk_consent_grower_id_grower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_cooperative_id"), "consent", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_consent_grower_id"), "consent", ["grower_id"], unique=False)
    op.create_table(
        "cooperative_logo",
        sa.Column("cooperative_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("upload_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_cooperative_logo_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_cooperative_logo_upload_id_upload")),
        sa.PrimaryKeyConstraint("cooperative_id", name=op.f("pk_cooperative_logo")),
    )
    op.create_table(
        "dispatch",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("buyer_id", WHOLE, nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("voided_reason", sa.Text(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["buyer_id"], ["buyer.id"], name=op.f("fk_dispatch_buyer_id_buyer")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_dispatch_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_dispatch_public_id")),
    )
    op.create_index(op.f("ix_dispatch_cooperative_id"), "dispatch", ["cooperative_id"], unique=False)
    op.create_table(
        "entry_secret",
        sa.Column("entry_index", WHOLE, autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_index"], ["entry.index"], name=op.f("fk_entry_secret_entry_index_entry")),
        sa.PrimaryKeyConstraint("entry_index", name=op.f("pk_entry_secret")),
    )
    op.create_table(
        "plot",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("grower_id", WHOLE, nullable=True),
        sa.Column("area_code", sa.Text(), nullable=True),
        sa.Column("area_m2", WHOLE, nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=False),
        sa.Column("latitude_e6", WHOLE, nullable=True),
        sa.Column("longitude_e6", WHOLE, nullable=True),
        sa.Column("outline", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("(latitude_e6 IS NULL) = (longitude_e6 IS NULL)", name=op.f("ck_plot_point_whole")),
        sa.CheckConstraint("area_m2 > 0 AND area_m2 <= 100000000", name=op.f("ck_plot_area_plausible")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_plot_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["grower_id"], ["grower.id"], name=op.f("fk_plot_grower_id_grower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plot_public_id")),
    )
    op.create_index(op.f("ix_plot_cooperative_id"), "plot", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_plot_grower_id"), "plot", ["grower_id"], unique=False)
    op.create_table(
        "product",
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("name_zh", sa.Text(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("variety", sa.Text(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("net_weight_g", WHOLE, nullable=False),
        sa.Column("shelf_life_days", WHOLE, nullable=True),
        sa.Column("keeping", sa.Text(), nullable=True),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("photo_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("net_weight_g > 0 AND net_weight_g <= 1000000", name=op.f("ck_product_weight_plausible")),
        sa.CheckConstraint(
            "shelf_life_days IS NULL OR shelf_life_days BETWEEN 1 AND 3650",
            name=op.f("ck_product_shelf_life_plausible"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_product_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["upload.id"], name=op.f("fk_product_photo_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("gtin", name=op.f("uq_product_gtin")),
        sa.UniqueConstraint("public_id", name=op.f("uq_product_public_id")),
    )
    op.create_index(op.f("ix_product_cooperative_id"), "product", ["cooperative_id"], unique=False)
    op.create_table(
        "trademark",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("application_number", sa.Text(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("certificate_number", sa.Text(), nullable=True),
        sa.Column("image_id", WHOLE, nullable=True),
        sa.Column("right_document_id", WHOLE, nullable=True),
        sa.Column("right_giver", sa.Text(), nullable=True),
        sa.Column("right_number", sa.Text(), nullable=True),
        sa.Column("right_from", sa.Date(), nullable=True),
        sa.Column("right_to", sa.Date(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "kind IN ('ordinary', 'collective', 'certification', 'geographical')", name=op.f("ck_trademark_kind_known")
        ),
        sa.CheckConstraint(
            "right_to IS NULL OR right_from IS NULL OR right_to >= right_from", name=op.f("ck_trademark_right_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_trademark_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["image_id"], ["upload.id"], name=op.f("fk_trademark_image_id_upload")),
        sa.ForeignKeyConstraint(
            ["right_document_id"], ["upload.id"], name=op.f("fk_trademark_right_document_id_upload")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trademark")),
        sa.UniqueConstraint("public_id", name=op.f("uq_trademark_public_id")),
    )
    op.create_index(op.f("ix_trademark_cooperative_id"), "trademark", ["cooperative_id"], unique=False)
    op.create_table(
        "batch",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("product_id", WHOLE, nullable=False),
        sa.Column("packed_on", sa.Date(), nullable=True),
        sa.Column("packs", WHOLE, nullable=True),
        sa.Column("loss_g", WHOLE, nullable=False),
        sa.Column("trademark_id", WHOLE, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("submitted_at", MOMENT, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("loss_g >= 0", name=op.f("ck_batch_loss_not_negative")),
        sa.CheckConstraint("packs IS NULL OR packs BETWEEN 1 AND 10000000", name=op.f("ck_batch_packs_plausible")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_batch_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_batch_product_id_product")),
        sa.ForeignKeyConstraint(["trademark_id"], ["trademark.id"], name=op.f("fk_batch_trademark_id_trademark")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("cooperative_id", "code", name=op.f("uq_batch_cooperative_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_batch_public_id")),
    )
    op.create_index(op.f("ix_batch_cooperative_id"), "batch", ["cooperative_id"], unique=False)
    op.create_table(
        "certificate_decision",
        sa.Column("certificate_id", WHOLE, nullable=False),
        sa.Column("reaches_from", sa.Date(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "verdict = 'confirmed' OR length(reason) > 0", name=op.f("ck_certificate_decision_adverse_has_reason")
        ),
        sa.CheckConstraint(
            "verdict IN ('confirmed', 'refused', 'warned', 'suspended', 'lifted', 'cancelled')",
            name=op.f("ck_certificate_decision_verdict_known"),
        ),
        sa.ForeignKeyConstraint(
            ["by_person_id"], ["person.id"], name=op.f("fk_certificate_decision_by_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_decision_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_certificate_decision_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_decision")),
    )
    op.create_index(
        op.f("ix_certificate_decision_certificate_id"), "certificate_decision", ["certificate_id"], unique=False
    )
    op.create_index(
        op.f("ix_certificate_decision_cooperative_id"), "certificate_decision", ["cooperative_id"], unique=False
    )
    op.create_table(
        "run",
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("count", WHOLE, nullable=False),
        sa.Column("key_version", sa.SmallInteger(), nullable=False),
        sa.Column("product_id", WHOLE, nullable=True),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("count BETWEEN 1 AND 1048576", name=op.f("ck_run_count_fits")),
        sa.CheckConstraint("number >= 0 AND number < 33554432", name=op.f("ck_run_number_fits")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_run_by_person_id_person")),
        sa.ForeignKeyConstraint(["cooperative_id"], ["cooperative.id"], name=op.f("fk_run_cooperative_id_cooperative")),
        sa.ForeignKeyConstraint(["key_version"], ["stamp_key.version"], name=op.f("fk_run_key_version_stamp_key")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_run_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("label", name=op.f("uq_run_label")),
        sa.UniqueConstraint("number", name=op.f("uq_run_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_run_public_id")),
    )
    op.create_index(op.f("ix_run_cooperative_id"), "run", ["cooperative_id"], unique=False)
    op.create_table(
        "scope_line",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("certificate_id", WHOLE, nullable=False),
        sa.Column("product_id", WHOLE, nullable=False),
        sa.Column("plot_id", WHOLE, nullable=True),
        sa.Column("grower_id", WHOLE, nullable=True),
        sa.Column("area_m2", WHOLE, nullable=False),
        sa.Column("expected_g_a_year", WHOLE, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("area_m2 > 0 AND area_m2 <= 100000000", name=op.f("ck_scope_line_area_plausible")),
        sa.CheckConstraint(
            "expected_g_a_year > 0 AND expected_g_a_year <= 100000000000", name=op.f("ck_scope_line_output_plausible")
        ),
        sa.CheckConstraint("plot_id IS NOT NULL OR grower_id IS NOT NULL", name=op.f("ck_scope_line_names_a_site")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_scope_line_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_scope_line_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["grower_id"], ["grower.id"], name=op.f("fk_scope_line_grower_id_grower")),
        sa.ForeignKeyConstraint(["plot_id"], ["plot.id"], name=op.f("fk_scope_line_plot_id_plot")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_scope_line_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_line")),
        sa.UniqueConstraint("public_id", name=op.f("uq_scope_line_public_id")),
    )
    op.create_index(op.f("ix_scope_line_certificate_id"), "scope_line", ["certificate_id"], unique=False)
    op.create_index(op.f("ix_scope_line_cooperative_id"), "scope_line", ["cooperative_id"], unique=False)
    op.create_table(
        "season",
        sa.Column("product_id", WHOLE, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("limit_g", WHOLE, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("limit_g > 0", name=op.f("ck_season_has_limit")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_season_days_in_order")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_season_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_season_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_season_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_season")),
        sa.UniqueConstraint("public_id", name=op.f("uq_season_public_id")),
    )
    op.create_index(op.f("ix_season_cooperative_id"), "season", ["cooperative_id"], unique=False)
    op.create_table(
        "trademark_event",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("trademark_id", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "state IN ('filed', 'formally_accepted', 'published', 'examined', 'granted', 'renewed', 'refused', 'withdrawn', 'terminated', 'cancelled')",
            name=op.f("ck_trademark_event_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_trademark_event_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(
            ["trademark_id"], ["trademark.id"], name=op.f("fk_trademark_event_trademark_id_trademark")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trademark_event")),
    )
    op.create_index(op.f("ix_trademark_event_cooperative_id"), "trademark_event", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_trademark_event_trademark_id"), "trademark_event", ["trademark_id"], unique=False)
    op.create_table(
        "batch_correction",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_batch_correction_has_text")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_correction_batch_id_batch")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_batch_correction_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_batch_correction_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_correction")),
    )
    op.create_index(op.f("ix_batch_correction_batch_id"), "batch_correction", ["batch_id"], unique=False)
    op.create_index(op.f("ix_batch_correction_cooperative_id"), "batch_correction", ["cooperative_id"], unique=False)
    op.create_table(
        "batch_decision",
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("season_id", WHOLE, nullable=True),
        sa.Column("advice", sa.Text(), nullable=True),
        sa.Column("checks", sa.Text(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "verdict IN ('certified', 'lifted') OR length(reason) > 0",
            name=op.f("ck_batch_decision_adverse_has_reason"),
        ),
        sa.CheckConstraint(
            "verdict IN ('certified', 'refused', 'suspended', 'recalled', 'lifted')",
            name=op.f("ck_batch_decision_verdict_known"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_decision_batch_id_batch")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_batch_decision_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_batch_decision_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_batch_decision_season_id_season")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_decision")),
    )
    op.create_index(op.f("ix_batch_decision_batch_id"), "batch_decision", ["batch_id"], unique=False)
    op.create_index(op.f("ix_batch_decision_cooperative_id"), "batch_decision", ["cooperative_id"], unique=False)
    op.create_table(
        "batch_photo",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("upload_id", WHOLE, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_batch_photo_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_batch_photo_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_batch_photo_upload_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_photo")),
    )
    op.create_index(op.f("ix_batch_photo_batch_id"), "batch_photo", ["batch_id"], unique=False)
    op.create_index(op.f("ix_batch_photo_cooperative_id"), "batch_photo", ["cooperative_id"], unique=False)
    op.create_table(
        "dispatch_line",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("dispatch_id", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("weight_g", WHOLE, nullable=False),
        sa.Column("packs", WHOLE, nullable=True),
        sa.Column("run_id", WHOLE, nullable=True),
        sa.Column("first", WHOLE, nullable=True),
        sa.Column("last", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "(first IS NULL) = (run_id IS NULL) AND (last IS NULL) = (run_id IS NULL)",
            name=op.f("ck_dispatch_line_range_whole"),
        ),
        sa.CheckConstraint("weight_g > 0", name=op.f("ck_dispatch_line_has_weight")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_dispatch_line_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_dispatch_line_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatch.id"], name=op.f("fk_dispatch_line_dispatch_id_dispatch")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_dispatch_line_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatch_line")),
    )
    op.create_index(op.f("ix_dispatch_line_batch_id"), "dispatch_line", ["batch_id"], unique=False)
    op.create_index(op.f("ix_dispatch_line_cooperative_id"), "dispatch_line", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_dispatch_line_dispatch_id"), "dispatch_line", ["dispatch_id"], unique=False)
    op.create_table(
        "intake_line",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=False),
        sa.Column("grower_id", WHOLE, nullable=True),
        sa.Column("plot_id", WHOLE, nullable=True),
        sa.Column("harvested_on", sa.Date(), nullable=False),
        sa.Column("weight_g", WHOLE, nullable=False),
        sa.Column("scope_line_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("grower_id IS NOT NULL OR plot_id IS NOT NULL", name=op.f("ck_intake_line_names_a_source")),
        sa.CheckConstraint("weight_g > 0 AND weight_g <= 10000000000", name=op.f("ck_intake_line_weight_plausible")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_intake_line_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_intake_line_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["grower_id"], ["grower.id"], name=op.f("fk_intake_line_grower_id_grower")),
        sa.ForeignKeyConstraint(["plot_id"], ["plot.id"], name=op.f("fk_intake_line_plot_id_plot")),
        sa.ForeignKeyConstraint(
            ["scope_line_id"], ["scope_line.id"], name=op.f("fk_intake_line_scope_line_id_scope_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_line")),
    )
    op.create_index(op.f("ix_intake_line_batch_id"), "intake_line", ["batch_id"], unique=False)
    op.create_index(op.f("ix_intake_line_cooperative_id"), "intake_line", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_intake_line_scope_line_id"), "intake_line", ["scope_line_id"], unique=False)
    op.create_table(
        "printing",
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("first", WHOLE, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("stock", sa.String(length=40), nullable=False),
        sa.Column("face", sa.String(length=40), nullable=False),
        sa.Column("skipped_cells", WHOLE, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("public_url", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_printing_in_order")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_printing_batch_id_batch")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_printing_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_printing_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_printing_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printing")),
        sa.UniqueConstraint("public_id", name=op.f("uq_printing_public_id")),
    )
    op.create_index(op.f("ix_printing_cooperative_id"), "printing", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_printing_run_id"), "printing", ["run_id"], unique=False)
    op.create_table(
        "season_plot",
        sa.Column("season_id", WHOLE, nullable=False),
        sa.Column("plot_id", WHOLE, nullable=False),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_season_plot_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["plot.id"], name=op.f("fk_season_plot_plot_id_plot")),
        sa.ForeignKeyConstraint(["season_id"], ["season.id"], name=op.f("fk_season_plot_season_id_season")),
        sa.PrimaryKeyConstraint("season_id", "plot_id", name=op.f("pk_season_plot")),
    )
    op.create_index(op.f("ix_season_plot_cooperative_id"), "season_plot", ["cooperative_id"], unique=False)
    op.create_table(
        "stamp_range",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("run_id", WHOLE, nullable=False),
        sa.Column("first", WHOLE, nullable=False),
        sa.Column("last", WHOLE, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("batch_id", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("since_at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.Column("cooperative_id", WHOLE, nullable=False),
        sa.CheckConstraint("state != 'active' OR batch_id IS NOT NULL", name=op.f("ck_stamp_range_active_has_batch")),
        sa.CheckConstraint("state != 'void' OR length(reason) > 0", name=op.f("ck_stamp_range_void_has_reason")),
        sa.CheckConstraint("state IN ('made', 'printed', 'active', 'void')", name=op.f("ck_stamp_range_state_known")),
        sa.CheckConstraint("first >= 1 AND last >= first", name=op.f("ck_stamp_range_in_order")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_stamp_range_batch_id_batch")),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_stamp_range_by_person_id_person")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_stamp_range_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_stamp_range_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stamp_range")),
    )
    op.create_index(op.f("ix_stamp_range_batch_id"), "stamp_range", ["batch_id"], unique=False)
    op.create_index(op.f("ix_stamp_range_cooperative_id"), "stamp_range", ["cooperative_id"], unique=False)
    op.create_index(op.f("ix_stamp_range_run_id"), "stamp_range", ["run_id"], unique=False)
    _upkeep_tables()


def _upkeep_tables() -> None:
    op.create_table(
        "backup",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("size_bytes", WHOLE, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("entries", WHOLE, nullable=False),
        sa.Column("proved_at", MOMENT, nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('scheduled', 'asked', 'upgrade')", name=op.f("ck_backup_kind_known")),
        sa.CheckConstraint("proved_at IS NULL OR problem IS NULL", name=op.f("ck_backup_proved_or_problem")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
        sa.UniqueConstraint("name", name=op.f("uq_backup_name")),
    )
    op.create_table(
        "key_copy",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_person_id", WHOLE, nullable=True),
        sa.ForeignKeyConstraint(["by_person_id"], ["person.id"], name=op.f("fk_key_copy_by_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_copy")),
    )
    op.create_table(
        "job",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("leased_by", sa.String(length=64), nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("last_done_at", MOMENT, nullable=True),
        sa.Column("last_problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
    )
