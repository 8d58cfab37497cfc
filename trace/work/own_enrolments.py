"""A registered cooperative's own part in the programme: its unit, its enrolments and nobody else's."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Campaign, Cooperative, Enrolment, EnrolmentKind, ProgrammeUnit


def own_unit(session: Session, cooperative: Cooperative) -> ProgrammeUnit | None:
    """None until it has enrolled or was advised: reading writes nothing."""
    return session.scalar(select(ProgrammeUnit).where(ProgrammeUnit.registered_id == cooperative.id))


def own_enrolments(session: Session, cooperative: Cooperative) -> Sequence[Enrolment]:
    """The newest first.

    Until an officer has approved the registration, only what was entered since: whoever types another's tax code must
    not read what that unit did before.
    """
    query = select(Enrolment).join(ProgrammeUnit, ProgrammeUnit.id == Enrolment.unit_id)
    query = query.where(ProgrammeUnit.registered_id == cooperative.id, Enrolment.taken_back_at.is_(None))
    if not cooperative.approved:
        query = query.where(Enrolment.created_at >= cooperative.created_at)
    return session.scalars(query.order_by(Enrolment.received_on.desc(), Enrolment.id.desc())).all()


def own_enrolment(session: Session, cooperative: Cooperative, public_id: str) -> Enrolment | None:
    return next((one for one in own_enrolments(session, cooperative) if one.public_id == public_id), None)


def asked_already(session: Session, cooperative: Cooperative, campaign: Campaign) -> set[int]:
    """Ids of the kinds that it has asked for in a year and not dropped: they are not offered again."""
    query = (
        select(EnrolmentKind.kind_id)
        .join(ProgrammeUnit, ProgrammeUnit.id == EnrolmentKind.unit_id)
        .where(ProgrammeUnit.registered_id == cooperative.id)
        .where(EnrolmentKind.campaign_id == campaign.id, EnrolmentKind.dropped_at.is_(None))
    )
    return set(session.scalars(query))
