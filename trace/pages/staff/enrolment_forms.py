"""The forms on an enrolment's page of work: days of its steps, a document, an audit's scores, a result."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms.validators import NumberRange

from ...db import db
from ...records import Certificate, Enrolment, EnrolmentStep, Run, Trademark
from ...work.enrolment_papers import FIVE_S
from ...work.result_choices import Result, results_to_name
from ..choices import ChoiceField, RecordField
from ..fields import CountField, DayField, UploadField, WordsField, needed, not_ahead
from ..forms import Form
from ..programme_words import PHASES

POINTS = NumberRange(0, 100, message=lazy_gettext("Points go from 0 to 100."))


def steps_form(enrolment: Enrolment, *, sent: bool) -> Form:
    """A line a step: by when, done when, a note; named after the step's public id."""
    fields: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for step in enrolment.steps:
        key = step.public_id
        fields |= {
            f"{key}_due": DayField(gettext("Due by")),
            f"{key}_done": DayField(gettext("Finished on"), validators=[not_ahead()]),
            f"{key}_note": WordsField(gettext("Note")),
        }
        given |= {f"{key}_due": step.due_on, f"{key}_done": step.done_on, f"{key}_note": step.note}
    made = type("StepsForm", (Form,), fields)
    form: Form = made(data=given) if sent else made(formdata=None, data=given)
    return form


def step_fields(form: Form, step: EnrolmentStep) -> tuple[Any, Any, Any]:
    due, done, note = (form[f"{step.public_id}_{name}"] for name in ("due", "done", "note"))
    return due, done, note


class DocumentForm(Form):
    name = WordsField(lazy_gettext("What this document is"), validators=[needed()])
    file = UploadField(lazy_gettext("File"), validators=[needed()], description=lazy_gettext("PDF, JPEG, PNG or WebP."))


class ScoresBase(Form):
    phase = ChoiceField(lazy_gettext("Which audit"), validators=[needed()], words=PHASES)
    on_day = DayField(lazy_gettext("Day of the audit"), validators=[needed(), not_ahead()])


_CRITERIA: dict[str, Any] = {}
for _place, _name in enumerate(FIVE_S):
    _CRITERIA[f"points_{_place}"] = CountField(_name, validators=[needed(), POINTS])
    _CRITERIA[f"photo_{_place}"] = UploadField(lazy_gettext("Photo"))
ScoresForm: Any = type("ScoresForm", (ScoresBase,), _CRITERIA)


class ResultForm(Form):
    kind = RecordField(lazy_gettext("Kind of support"), validators=[needed()])
    thing = RecordField(lazy_gettext("What came of it"), validators=[needed()])

    def offer(self, enrolment: Enrolment) -> "ResultForm":
        self.kind.offer(
            [asked.kind for asked in enrolment.asked], lambda kind: str(kind.name), key=lambda kind: kind.key
        )
        things = results_to_name(db.session, enrolment)
        self.thing.offer(things, result_words, blank=gettext("Choose …"))
        return self


def result_words(thing: Result) -> str:
    if isinstance(thing, Certificate):
        return str(gettext("Certificate %(number)s", number=thing.number))
    if isinstance(thing, Trademark):
        return str(gettext("Trademark %(name)s", name=thing.name))
    assert isinstance(thing, Run)
    return str(gettext("Stamp run %(label)s", label=thing.label))
