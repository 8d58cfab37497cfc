"""No unit is paid more than the cap that held when it was paid, whoever writes the payment."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PAID = (
    "(SELECT coalesce(sum(CASE WHEN p.what = 'returned' THEN -p.amount_vnd ELSE p.amount_vnd END), 0) "
    "FROM support_payment p JOIN enrolment e ON e.id = p.enrolment_id "
    "WHERE e.unit_id = (SELECT unit_id FROM enrolment WHERE id = NEW.enrolment_id) "
    "AND (NEW.cap_per = 'unit' OR e.campaign_id = (SELECT campaign_id FROM enrolment WHERE id = NEW.enrolment_id)) "
    "AND (NEW.cap_per <> 'kind' OR p.kind_id = NEW.kind_id))"
)
"""By what the cap is counted over: `work/programme_rules.CapPer`."""
SAID = "the cap of the unit is exceeded"


def upgrade() -> None:
    """Payments of before know no cap of theirs and are not judged again."""
    op.add_column("support_payment", sa.Column("cap_vnd", WHOLE, nullable=True))
    op.add_column("support_payment", sa.Column("cap_per", sa.String(length=10), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        op.execute(
            "CREATE TRIGGER support_payment_within_cap BEFORE INSERT ON support_payment "
            f"WHEN NEW.what <> 'returned' AND NEW.cap_vnd IS NOT NULL AND {PAID} + NEW.amount_vnd > NEW.cap_vnd "
            f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )


def _postgresql() -> None:
    """The unit's row is held first: the sum that follows sees whatever another payment has just committed."""
    op.execute(
        "CREATE FUNCTION pay_within_cap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "PERFORM 1 FROM programme_unit WHERE id = (SELECT unit_id FROM enrolment WHERE id = NEW.enrolment_id) "
        "FOR NO KEY UPDATE; "
        f"IF {PAID} + NEW.amount_vnd > NEW.cap_vnd "
        f"THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER support_payment_a_within_cap BEFORE INSERT ON support_payment FOR EACH ROW "
        "WHEN (NEW.what <> 'returned' AND NEW.cap_vnd IS NOT NULL) EXECUTE FUNCTION pay_within_cap()"
    )
