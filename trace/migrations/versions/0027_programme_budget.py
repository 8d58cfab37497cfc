"""No year of the programme pays out more than its budget, whoever writes the payment."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

PAID = (
    "(SELECT coalesce(sum(CASE WHEN p.what = 'returned' THEN -p.amount_vnd ELSE p.amount_vnd END), 0) "
    "FROM support_payment p JOIN enrolment e ON e.id = p.enrolment_id WHERE e.campaign_id = {campaign})"
)
OWN = "(SELECT campaign_id FROM enrolment WHERE id = NEW.enrolment_id)"
BUDGET = f"(SELECT budget_vnd FROM campaign WHERE id = {OWN})"
SAID = "the budget of the year is exceeded"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _postgresql()
    else:
        _sqlite()


def _sqlite() -> None:
    op.execute(
        "CREATE TRIGGER support_payment_within_budget BEFORE INSERT ON support_payment "
        f"WHEN NEW.what <> 'returned' AND {PAID.format(campaign=OWN)} + NEW.amount_vnd > {BUDGET} "
        f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )
    op.execute(
        "CREATE TRIGGER campaign_budget_covers BEFORE UPDATE OF budget_vnd ON campaign "
        f"WHEN NEW.budget_vnd < {PAID.format(campaign='NEW.id')} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
    )


def _postgresql() -> None:
    """The year's row is held first: the sum that follows sees whatever another payment has just committed."""
    op.execute(
        "CREATE FUNCTION pay_within_budget() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE own_year bigint; BEGIN "
        f"SELECT campaign_id INTO own_year FROM enrolment WHERE id = NEW.enrolment_id; "
        "PERFORM 1 FROM campaign WHERE id = own_year FOR NO KEY UPDATE; "
        f"IF {PAID.format(campaign='own_year')} + NEW.amount_vnd > (SELECT budget_vnd FROM campaign WHERE id = own_year) "
        f"THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER support_payment_within_budget BEFORE INSERT ON support_payment FOR EACH ROW "
        "WHEN (NEW.what <> 'returned') EXECUTE FUNCTION pay_within_budget()"
    )
    op.execute(
        "CREATE FUNCTION budget_covers_paid() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.budget_vnd < {PAID.format(campaign='NEW.id')} "
        f"THEN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER campaign_budget_covers BEFORE UPDATE OF budget_vnd ON campaign FOR EACH ROW "
        "EXECUTE FUNCTION budget_covers_paid()"
    )
