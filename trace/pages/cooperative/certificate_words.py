"""Certificates in forms and in words."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext, lazy_gettext

from ...records import Certificate, CertificateState, Scheme
from ...standards.identifiers import certificate_number
from ...work.certificates import STARS, CertificateFacts
from ..choices import ChoiceField
from ..fields import DayField, UploadField, WordsField, needed, not_ahead
from ..forms import Form
from ..staff.vocabulary import SCHEMES
from ..unread import one_of
from ..words import show_day
from .parts import SCAN_HINT, PrintedField, choices_of, said

STARS_TYPED = frozenset(map(str, STARS))
SOON = timedelta(days=60)
TONES = {
    CertificateState.DECLARED: "wait",
    CertificateState.IN_FORCE: "valid",
    CertificateState.WARNED: "wait",
    CertificateState.SUSPENDED: "stop",
    CertificateState.CANCELLED: "stop",
    CertificateState.EXPIRED: "wait",
    CertificateState.NOT_YET: "wait",
    CertificateState.REFUSED: "stop",
}
WORDS: dict[CertificateState, Any] = {
    CertificateState.DECLARED: lazy_gettext("Declared, waiting to be compared with the original"),
    CertificateState.IN_FORCE: lazy_gettext("In force"),
    CertificateState.WARNED: lazy_gettext("In force, with a warning"),
    CertificateState.SUSPENDED: lazy_gettext("Suspended"),
    CertificateState.CANCELLED: lazy_gettext("Cancelled"),
    CertificateState.EXPIRED: lazy_gettext("Expired"),
    CertificateState.NOT_YET: lazy_gettext("Not yet in force"),
    CertificateState.REFUSED: lazy_gettext("Not accepted"),
}
SENTENCES: dict[CertificateState, Any] = {
    CertificateState.DECLARED: lazy_gettext(
        "It opens nothing yet: an auditor first compares it with the original. Until then you can put everything right."
    ),
    CertificateState.IN_FORCE: lazy_gettext("Batches harvested while it runs can draw on its scope lines."),
    CertificateState.WARNED: lazy_gettext("It still covers harvests, but something has to be put right."),
    CertificateState.SUSPENDED: lazy_gettext("It covers no harvest from the day named until the suspension is lifted."),
    CertificateState.CANCELLED: lazy_gettext(
        "It covers no harvest from the day named. Enter a new one when you have it."
    ),
    CertificateState.EXPIRED: lazy_gettext(
        "It covers no new harvest. Batches harvested before stay valid. Enter its successor as a new certificate."
    ),
    CertificateState.NOT_YET: lazy_gettext("It covers harvests from its day of issue."),
    CertificateState.REFUSED: lazy_gettext("An auditor could not confirm it. Enter it anew, corrected."),
}


@dataclass(frozen=True, slots=True)
class Told:
    word: str
    tone: str
    sentence: str
    ends: str
    """A line about its end where that is near, else empty."""


def told(certificate: Certificate, day: date) -> Told:
    """What holds for a certificate on a day, in words."""
    state = certificate.state_on(day)
    ends = ""
    if state in {CertificateState.IN_FORCE, CertificateState.WARNED} and certificate.expires_on - day <= SOON:
        left = (certificate.expires_on - day).days
        last = show_day(certificate.expires_on)
        ends = gettext("Ends on %(day)s, in %(left)s days: ask for the renewal now.", day=last, left=left)
    return Told(str(WORDS[state]), TONES[state], str(SENTENCES[state]), ends)


class CertificateForm(Form):
    scheme = ChoiceField(lazy_gettext("Scheme"), [needed()])
    stars = ChoiceField(lazy_gettext("Stars (OCOP only)"))
    number = PrintedField(
        lazy_gettext("Number as printed"),
        [needed()],
        reader=certificate_number,
        description=lazy_gettext("For example VietGAP-TT-13-09-20-0096. Other forms are kept as they are."),
    )
    body = WordsField(lazy_gettext("Certifying body"), [needed()])
    issued_on = DayField(lazy_gettext("Day of issue"), [needed(), not_ahead()])
    expires_on = DayField(lazy_gettext("Last day"), [needed()])
    document = UploadField(lazy_gettext("Scan of the certificate"), description=SCAN_HINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scheme.choices = choices_of(SCHEMES)
        self.stars.choices = [("", "–"), *((str(stars), str(stars)) for stars in STARS)]

    def facts(self) -> CertificateFacts:
        return CertificateFacts(
            scheme=one_of(Scheme, said(self.scheme)),
            number=said(self.number),
            body=said(self.body),
            issued_on=said(self.issued_on),
            expires_on=said(self.expires_on),
            stars=int(self.stars.data) if self.stars.data in STARS_TYPED else None,
        )
