"""What every form of a signed-in visitor does alike: complaints beside their fields, and no double submission."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from wtforms import HiddenField

from ..db import db
from ..records import SpentForm
from ..work.gates import Barred
from ..work.refused import Refused, RefusedAll
from .check_ways import barred_words
from .words import now, sentence

MARK = re.compile("[0-9a-f]{32}")


class Form(FlaskForm):
    """A form with a one-time mark: sent twice, it is taken once, and both answers lead to the same page."""

    mark = HiddenField(default=lambda: secrets.token_hex(16))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict = False

    @property
    def general(self) -> list[str]:
        """Complaints that belong to no field; shown on top."""
        kept: list[str] = self.form_errors
        return kept

    @property
    def taken(self) -> str | None:
        """Where the first submission of this very form led, if there was one."""
        spent = db.session.get(SpentForm, self.own_mark)
        return spent.location if spent else None

    @property
    def own_mark(self) -> str:
        """The mark as we gave it out; a new one in place of anything else."""
        mark = self.mark.data or ""
        return mark if MARK.fullmatch(mark) else secrets.token_hex(16)

    def complain(self, refusal: Refused) -> None:
        """Put a refusal beside its field, or on top where it has none."""
        self.conflict = self.conflict or refusal.conflict
        field = self._fields.get(refusal.field or "")
        if isinstance(refusal, Barred):
            self.general.append(barred_words(refusal))
        elif field is None:
            self.general.append(sentence(refusal))
        else:
            field.errors = [*field.errors, sentence(refusal)]

    def validate_on_submit(self, *args: Any, **kwargs: Any) -> bool:
        """As ever; but a form that was taken before is answered at once with where it led."""
        if self.is_submitted() and (location := self.taken):
            abort(redirect(location))
        return bool(super().validate_on_submit(*args, **kwargs))

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Do work inside; what it refuses becomes complaints of this form, and nothing of it is stored."""
        try:
            yield
        except Refused as refusal:
            db.session.rollback()
            self.complain(refusal)
        except RefusedAll as several:
            db.session.rollback()
            for each in several.refusals:
                self.complain(each)

    @property
    def complained(self) -> bool:
        return bool(self.general or self.errors or any(field.errors for field in self))


def finish(form: Form, location: str, message: str | None = None) -> ResponseReturnValue:
    """Commit what was done, once: a second press meets the mark and is led to where the first one went."""
    try:
        db.session.add(SpentForm(mark=form.own_mark, location=location, at=now()))
        db.session.flush()
    except IntegrityError:  # pressed twice at once: the other one was faster
        db.session.rollback()
        return redirect(form.taken or location)
    db.session.commit()
    if message:
        flash(message, "success")
    return redirect(location)


def show_form(template: str, form: Form, **context: Any) -> ResponseReturnValue:
    """The page of a form: 200 when fresh, 422 with complaints, 409 when somebody else was faster."""
    status = 200
    if form.complained:
        status = 409 if form.conflict else 422
    return render_template(template, form=form, **context), status
