"""How to reach a person is kept for the answer alone, and forgotten some time after it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ..records import Complaint, ComplaintAnswer, Doubt, DoubtState, DoubtStep

KEEP = timedelta(days=90)


def forget_contacts(session: Session, *, now: datetime) -> int:
    """Blank the contacts of doubts and complaints answered 90 days ago and not taken up since; returns how many."""
    before = now - KEEP
    newest = select(DoubtStep.doubt_id).group_by(DoubtStep.doubt_id).having(func.max(DoubtStep.at) < before)
    answered = select(DoubtStep.doubt_id).where(DoubtStep.state == DoubtState.ANSWERED)
    doubts = update(Doubt).where(Doubt.contact.is_not(None), Doubt.id.in_(newest), Doubt.id.in_(answered))
    final = select(ComplaintAnswer.complaint_id).where(ComplaintAnswer.final, ComplaintAnswer.at < before)
    complaints = update(Complaint).where(Complaint.complainant.is_not(None), Complaint.id.in_(final))
    forgotten = 0
    for statement in (doubts.values(contact=None), complaints.values(complainant=None)):
        forgotten += session.execute(statement).rowcount  # type: ignore[attr-defined] # an UPDATE's result has it
    return forgotten
