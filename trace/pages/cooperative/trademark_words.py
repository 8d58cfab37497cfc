"""Trademarks in forms and in words."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from ...records import TrademarkKind, TrademarkState
from ...work.trademarks import Showing, TrademarkFacts
from ..choices import ChoiceField
from ..fields import DayField, NoteField, UploadField, WordsField, needed, not_ahead
from ..forms import Form
from ..unread import one_of
from .parts import PICTURE_HINT, SCAN_HINT, choices_of, said

KINDS: dict[str, Any] = {
    TrademarkKind.ORDINARY: lazy_gettext("Ordinary trademark (your own)"),
    TrademarkKind.COLLECTIVE: lazy_gettext("Collective mark"),
    TrademarkKind.CERTIFICATION: lazy_gettext("Certification mark"),
    TrademarkKind.GEOGRAPHICAL: lazy_gettext("Geographical indication"),
}
STATES: dict[str, Any] = {
    TrademarkState.FILED: lazy_gettext("Application filed"),
    TrademarkState.FORMALLY_ACCEPTED: lazy_gettext("Formally accepted"),
    TrademarkState.PUBLISHED: lazy_gettext("Application published"),
    TrademarkState.EXAMINED: lazy_gettext("Under substantive examination"),
    TrademarkState.GRANTED: lazy_gettext("Granted"),
    TrademarkState.RENEWED: lazy_gettext("Renewed for ten years"),
    TrademarkState.REFUSED: lazy_gettext("Refused by the office"),
    TrademarkState.WITHDRAWN: lazy_gettext("Application withdrawn"),
    TrademarkState.TERMINATED: lazy_gettext("Terminated"),
    TrademarkState.CANCELLED: lazy_gettext("Cancelled (never valid)"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What may be shown, in words: the word for a badge, its tone, and what follows for stamps and why."""

    word: Any
    tone: str
    sentence: Any


SHOWINGS: dict[Showing, Told] = {
    Showing.REGISTERED: Told(
        lazy_gettext("Registered"), "valid", lazy_gettext("Stamps and pages may show it as registered: it is in force.")
    ),
    Showing.APPLICATION: Told(
        lazy_gettext("Application filed, not yet granted"),
        "wait",
        lazy_gettext(
            "Stamps and pages may name it, with the words “application filed, not yet granted”, never with ®."
        ),
    ),
    Showing.NO_RIGHT: Told(
        lazy_gettext("Right to use it missing"),
        "stop",
        lazy_gettext("It is shown nowhere: it belongs to another owner. Enter the document that lets you use it."),
    ),
    Showing.RIGHT_NOT_YET: Told(
        lazy_gettext("Right to use it not yet begun"),
        "wait",
        lazy_gettext("It is shown nowhere until the first day of your right to use it."),
    ),
    Showing.RIGHT_ENDED: Told(
        lazy_gettext("Right to use it ended"),
        "stop",
        lazy_gettext("It is shown nowhere: your right to use it has ended. Ask its owner for a new one."),
    ),
    Showing.TERM_ENDED: Told(
        lazy_gettext("Term ended"),
        "stop",
        lazy_gettext("It is shown nowhere: ten years from filing have passed. Record the renewal if there is one."),
    ),
    Showing.REFUSED: Told(
        lazy_gettext("Refused"), "stop", lazy_gettext("It is shown nowhere: the office refused the application.")
    ),
    Showing.WITHDRAWN: Told(
        lazy_gettext("Withdrawn"), "unknown", lazy_gettext("It is shown nowhere: the application was withdrawn.")
    ),
    Showing.TERMINATED: Told(
        lazy_gettext("Terminated"), "stop", lazy_gettext("It is shown nowhere: the right has been terminated.")
    ),
    Showing.CANCELLED: Told(
        lazy_gettext("Cancelled"), "stop", lazy_gettext("It is shown nowhere: the right has been cancelled.")
    ),
}


class TrademarkForm(Form):
    kind = ChoiceField(lazy_gettext("Kind"), [needed()])
    name = WordsField(lazy_gettext("Name as it is written"), [needed()], longest=120)
    owner = WordsField(
        lazy_gettext("Owner"),
        [needed()],
        description=lazy_gettext(
            "As on the certificate or application; for a geographical indication, who manages it."
        ),
    )
    application_number = WordsField(lazy_gettext("Application number"), longest=60)
    filed_on = DayField(
        lazy_gettext("Filing day"),
        [not_ahead()],
        description=lazy_gettext("The ten years of a trademark count from this day."),
    )
    certificate_number = WordsField(lazy_gettext("Certificate number"), longest=60)
    image = UploadField(lazy_gettext("Picture of the mark"), description=PICTURE_HINT)
    right_number = WordsField(lazy_gettext("Number of the document"), longest=120)
    right_giver = WordsField(lazy_gettext("Who gave the right"))
    right_from = DayField(lazy_gettext("From (day)"))
    right_to = DayField(lazy_gettext("To (day)"), description=lazy_gettext("Leave it empty if no end is stated."))
    right_document = UploadField(lazy_gettext("Scan of the document"), description=SCAN_HINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices_of(KINDS)

    def facts(self) -> TrademarkFacts:
        return TrademarkFacts(
            kind=one_of(TrademarkKind, said(self.kind)),
            name=said(self.name),
            owner=said(self.owner),
            application_number=self.application_number.data,
            filed_on=self.filed_on.data,
            certificate_number=self.certificate_number.data,
            right_giver=self.right_giver.data,
            right_number=self.right_number.data,
            right_from=self.right_from.data,
            right_to=self.right_to.data,
        )


class StateForm(Form):
    state = ChoiceField(lazy_gettext("Legal step"), [needed()])
    on_day = DayField(lazy_gettext("Day of the document"), [needed(), not_ahead()])
    document = WordsField(
        lazy_gettext("Document"), description=lazy_gettext("Number and kind, such as Quyết định 560/QĐ-SHTT.")
    )

    answer_by = DayField(
        lazy_gettext("The office wants an answer by"),
        description=lazy_gettext("If the paper names a day: you are reminded until the next step is recorded."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = choices_of(STATES)


class ConsentForm(Form):
    holder = WordsField(
        lazy_gettext("Who may use it"),
        [needed()],
        description=lazy_gettext("A member household, a shop, another cooperative."),
    )
    document = WordsField(lazy_gettext("Document"), longest=120)
    from_on = DayField(lazy_gettext("From (day)"), [needed()])
    to_on = DayField(lazy_gettext("To (day)"), description=lazy_gettext("Leave it empty if no end is stated."))


class WithdrawForm(Form):
    day = DayField(lazy_gettext("Day"), [needed()])
    reason = NoteField(lazy_gettext("Reason"), [needed()])
