"""What the page of a certificate shows, gathered and put into words."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext, lazy_gettext
from sqlalchemy.orm import Session

from ...accounts.offices import names_by_key, names_of
from ...records import Certificate, CertificateDecision, Cooperative, Scheme, ScopeLine, Upload
from ...standards.geography import PROVINCE_CODE
from ...standards.identifiers import vietgap_hint
from ...work.checks import allowed_g, drawn_g
from ...work.reach import Reached, history_of, owner, reached_by
from .entries_told import Event, entry_event, pseudonyms
from .vocabulary import SCHEMES, VERDICTS

_UNUSUAL = lazy_gettext("Not of the usual form VietGAP-TT-yy-bb-pp-nnnn. That is allowed: compare it letter by letter.")


@dataclass(frozen=True, slots=True)
class LineShown:
    """A scope line with what has been drawn on it in the certificate year of today."""

    line: ScopeLine
    drawn_g: int
    allowed_g: int


@dataclass(frozen=True, slots=True)
class VerdictShown:
    at: datetime
    verdict: str
    word: str
    by: str
    reason: str | None
    reaches_from: date


@dataclass(frozen=True, slots=True)
class CertificateShown:
    cooperative: Cooperative
    state: str
    scheme: str
    hint: str
    document: Upload | None
    lines: list[LineShown]
    reached: list[Reached]
    decisions: list[VerdictShown]
    events: list[Event]


def shown_certificate(session: Session, certificate: Certificate, *, today: date) -> CertificateShown:
    entries = history_of(session, [certificate.public_id])
    names = names_of(session, pseudonyms(entries))
    people = names_by_key(session, [row.by_person_id for row in certificate.decisions])
    document = session.get(Upload, certificate.document_id) if certificate.document_id is not None else None
    return CertificateShown(
        cooperative=owner(session, certificate),
        state=certificate.state_on(today).value,
        scheme=str(SCHEMES[certificate.scheme]),
        hint=number_hint(certificate),
        document=document,
        lines=[_line(session, line, today) for line in certificate.scope],
        reached=reached_by(session, certificate, certificate.issued_on),
        decisions=[_verdict(row, people) for row in certificate.decisions],
        events=[entry_event(entry, names) for entry in entries],
    )


def number_hint(certificate: Certificate) -> str:
    """What a number of the usual VietGAP form says of itself, to compare with the paper; nothing for other schemes."""
    if certificate.scheme != Scheme.VIETGAP:
        return ""
    read = vietgap_hint(certificate.number)
    if read is None:
        return str(_UNUSUAL)
    said = [
        gettext(
            "Its form says: body %(body)s named in %(year)s, province %(province)s, number %(serial)s.",
            body=f"{read.body:02d}",
            year=read.body_year,
            province=f"{read.province:02d}",
            serial=f"{read.serial:04d}",
        )
    ]
    if not read.for_crops:
        said.append(gettext("It is not for crops (%(sector)s).", sector=read.sector))
    if str(read.province) != PROVINCE_CODE:
        said.append(gettext("Lạng Sơn would be 20."))
    return " ".join(said)


def _line(session: Session, line: ScopeLine, today: date) -> LineShown:
    return LineShown(line, drawn_g(session, line, today), allowed_g(session, line, today))


def _verdict(row: CertificateDecision, people: dict[int, str]) -> VerdictShown:
    by = people.get(row.by_person_id or 0, "")
    return VerdictShown(row.at, row.verdict, str(VERDICTS[row.verdict]), by, row.reason, row.reaches_from)
