"""What every form of a signed-in visitor does alike: all complaints at once beside their fields, no double submission.

A page writes

    if form.sent():
        with form.refusals():
            …do the work with form.facts()…
            return finish(form, …)
    return show_form(…)

Where fields have complained, the same lines are a rehearsal: those fields read as `UNREAD`, work judges the others, and
whatever it did is rolled back. So a visitor hears what is wrong once, whoever found it: the fields or work.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, Self, TypeVar

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError, StatementError
from wtforms import Field, FieldList, FormField, HiddenField

from ..db import db
from ..records import SpentForm
from ..work.gates import Barred
from ..work.refused import Refused, RefusedAll
from . import meanwhile
from .check_ways import barred_words
from .unread import UNREAD, NotRead
from .words import now, sentence

P = ParamSpec("P")
R = TypeVar("R")

MARK = re.compile("[0-9a-f]{32}")


class Form(FlaskForm):
    """A form with a one-time mark: sent twice, it is taken once, and both answers lead to the same page."""

    mark = HiddenField(default=lambda: secrets.token_hex(16))
    was = HiddenField()
    """What stood in the record when its form was opened (`watched`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict = False
        self._heard: set[int] = set()
        self._rehearsing = False
        self._stale = False

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
        self.put(self._fields.get(refusal.field or ""), refusal)

    def put(self, field: Field | None, refusal: Refused) -> None:
        """Beside a field, unless the field itself has complained: work knew nothing of it then."""
        if id(field) in self._heard:
            return
        self.conflict = self.conflict or (refusal.conflict and not self._heard)
        said = barred_words(refusal) if isinstance(refusal, Barred) else sentence(refusal)
        if field is None:
            self.general.append(said)
        elif said not in field.errors:
            field.errors = [*field.errors, said]

    def validate_on_submit(self, *args: Any, **kwargs: Any) -> bool:
        """As ever; but a form that was taken before is answered at once with where it led."""
        if self.is_submitted() and (location := self.taken):
            abort(redirect(location))
        return bool(super().validate_on_submit(*args, **kwargs))

    def sent(self) -> bool:
        """Whether there is something to judge: go on inside `refusals`, which only rehearses if fields complained."""
        return self.validate_on_submit() or (self.is_submitted() and not self._is_forged)

    def watched(self) -> Self:
        """For a form filled with a record: whoever saves after somebody else is shown what stands now."""
        stored = meanwhile.digest(self)
        self._stale = self.is_submitted() and bool(self.was.data) and self.was.data != stored
        if self._stale or not self.is_submitted():
            self.was.data = stored
        return self

    @property
    def _is_forged(self) -> bool:
        token = self._fields.get("csrf_token")
        return token is not None and bool(token.errors)

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Do work inside; what it refuses becomes complaints of this form, and nothing of it is stored."""
        self._heard = {id(field) for field in leaves(self) if field.errors}
        self._rehearsing = self.complained
        unread = {field: field.data for field in leaves(self) if field.errors}
        for field in unread:
            field.data = UNREAD
        if self._stale:
            self.complain(meanwhile.changed())
            self._rehearsing = True
        try:
            yield
        except (Refused, RefusedAll) as refusal:
            db.session.rollback()
            self._complain_of(refusal)
        except (NotRead, TypeError, StatementError):
            if not self._rehearsing:
                raise
            db.session.rollback()
        finally:
            for field, data in unread.items():
                field.data = data
            if self._stale:
                meanwhile.tell_differences(self)

    def tried(self, do: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Inside `refusals`: what `do` gives, or `UNREAD` with its refusal told, so that the rest is judged too."""
        try:
            return do(*args, **kwargs)
        except (Refused, RefusedAll) as refusal:
            self._rehearsing = True
            self._complain_of(refusal)
            return UNREAD  # type: ignore[no-any-return]

    def _complain_of(self, refusal: Refused | RefusedAll) -> None:
        for each in refusal.refusals if isinstance(refusal, RefusedAll) else [refusal]:
            self.complain(each)

    def end_rehearsal(self) -> None:
        """Called where the work would be kept: after a rehearsal it must not be."""
        if self._rehearsing:
            raise NotRead

    @property
    def complained(self) -> bool:
        return bool(self.general or self.errors or any(field.errors for field in self))


def leaves(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields a person fills in, those of lines too."""
    for field in fields:
        if isinstance(field, FormField | FieldList):
            yield from leaves(field)
        else:
            yield field


def finish(form: Form, location: str, message: str | None = None) -> ResponseReturnValue:
    """Commit what was done, once: a second press meets the mark and is led to where the first one went."""
    form.end_rehearsal()
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
