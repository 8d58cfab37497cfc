"""Two people at one form: whoever comes second is shown what stands now instead of writing over it unseen."""

import hashlib
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from wtforms import Field, FieldList, FileField, FormField, HiddenField

from ..work.refused import Refused

LONGEST_SHOWN = 200


def digest(fields: Iterable[Field]) -> str:
    """Of what is stored behind a form, as the form was filled with it."""
    stored = [
        f"{field.short_name}={_words(field.object_data)}" for field in fields if not isinstance(field, HiddenField)
    ]
    return hashlib.sha256("\n".join(stored).encode()).hexdigest()[:32]


def _words(data: Any) -> str:
    return "" if data is None or data == [] else str(data)


def changed() -> Refused:
    return Refused(
        "Somebody changed this while you were writing. Beside each field that differs stands what is kept now; press "
        "the button again and what you typed takes its place.",
        conflict=True,
    )


def tell_differences(fields: Iterable[Field]) -> None:
    """Beside each field what is kept now, where it is not what was typed."""
    for field in fields:
        if isinstance(field, HiddenField | FileField | FieldList | FormField):
            continue
        if _words(field.object_data) != _words(field.data):
            kept = gettext("Kept now: %(words)s", words=_shown(field)[:LONGEST_SHOWN])
            field.errors = [*field.errors, kept]


def _shown(field: Field) -> str:
    data = field.object_data
    if data is None or data == "":
        return str(gettext("nothing"))
    groups = getattr(field, "choices", None) or []
    labels = {str(key): label for key, label, *_ in groups} if isinstance(groups, list) else {}
    show = getattr(field, "show", str)
    return str(labels.get(str(data)) or show(data))
