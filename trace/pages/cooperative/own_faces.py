"""One face of our own: its parts moved by number or by hand, drawn by the workshop that prints them."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from labels import Element, Face, LabelError
from labels.face import MOST_ELEMENTS

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import OwnFace
from ...service import settings
from ...work.face_samples import Sample, sample, sample_words
from ...work.label_refusals import as_refusal
from ...work.own_faces import add_face, change_face, face_of, free_name, retire_face
from ..acting import acting
from ..forms import Form, finish, show_form
from ..words import sentence, today
from .own_face_form import PARTS, FaceForm, called, data_of, element_of, part_of
from .print_form import in_words

bp = Blueprint("own_faces", __name__, url_prefix="/my/labels/faces")
USUAL = {
    "symbol": (14.0, 14.0),
    "text": (20.0, 4.0),
    "code": (20.0, 3.0),
    "serial": (20.0, 3.0),
    "pin": (20.0, 5.0),
    "picture": (10.0, 8.0),
    "rule": (20.0, 0.3),
    "frame": (20.0, 10.0),
}
"""What a new part measures."""


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow("stamps")
def show(public_id: str) -> ResponseReturnValue:
    own = find(OwnFace, public_id)
    if request.method == "GET":
        return _page(FaceForm(formdata=None, data=data_of(own.name, own.last.number, face_of(own))), own)
    form = FaceForm()
    if form.validate_on_submit():
        form = _changed(form)
        face = form.face()
        if face and request.form.get("do") == "save":
            with form.refusals():
                change_face(db.session, own, form.name.data or "", face, seen=form.seen.data or 0, **acting())
                return finish(form, url_for(".show", public_id=public_id), gettext("Saved as another version."))
    return _page(form, own)


def _changed(form: FaceForm) -> FaceForm:
    """The form without the parts that were taken away, and with one that was asked for."""
    add = request.form.get("add", "") if request.form.get("do") == "add" else ""
    parts = [part.data for part in form.parts if not part["gone"].data]
    if add in PARTS and len(parts) < MOST_ELEMENTS:
        wide, high = (min(side, float(most or side)) for side, most in
                      zip(USUAL[add], (form.width_mm.data, form.height_mm.data), strict=True))  # fmt: skip
        parts.append(part_of(Element(kind=add, x=0, y=0, width=wide, height=high,
                                     text="{product}" if add == "text" else "")))  # fmt: skip
    elif len(parts) == len(form.parts):
        return form
    kept = {name: form[name].data for name in ("name", "seen", "width_mm", "height_mm", "dpi")}
    again = FaceForm(formdata=None, data=kept | {"parts": parts})
    again.mark.data = form.mark.data
    return again


def _page(form: FaceForm, own: OwnFace) -> ResponseReturnValue:
    """The form beside what it describes; where it describes no face, its parts are shown as boxes alone."""
    face = None if request.method == "POST" and form.complained else form.face()
    drawn = _drawn(face, int(form.dpi.data or 203))
    return show_form(
        "cooperative/own_face.html",
        form,
        own=own,
        kinds=PARTS,
        drawn=Markup(drawn.svg),  # noqa: S704 # nosec B704 - made by our own workshop, its words escaped there
        refused=sentence(as_refusal(drawn.refused, "")) if drawn.refused else "",
        verdicts=[in_words(one) for one in drawn.verdicts],
        boxes=[box for box in map(_box, form.parts) if box],
    )


def _drawn(face: Face | None, dpi: int) -> Sample:
    if face is None:
        return Sample()
    own = own_cooperative()
    return sample(face, sample_words(db.session, own, today()), settings().public_url, own.label, dpi)


def _box(part: Any) -> dict[str, Any] | None:
    """A part as the picture's handle knows it; None for one whose figures are none yet."""
    try:
        element = element_of(part.data)
    except (LabelError, TypeError):
        return None
    return {"prefix": part.name, "called": called(element), "element": element}


@bp.post("/<public_id>/copy")
@allow("stamps")
def copy(public_id: str) -> ResponseReturnValue:
    own, form = find(OwnFace, public_id), Form()
    if form.sent():
        with form.refusals():
            name = free_name(db.session, own.cooperative_id, own.name)
            other = add_face(db.session, own_cooperative(), name, face_of(own), **acting())
            return finish(form, url_for(".show", public_id=other.public_id), gettext("This is the copy."))
    return _page(FaceForm(formdata=None, data=data_of(own.name, own.last.number, face_of(own))), own)


@bp.get("/<public_id>/file")
@allow("stamps")
def file(public_id: str) -> ResponseReturnValue:
    """The face as a file for another cooperative: places and words, no picture, no name of ours."""
    own = find(OwnFace, public_id)
    face = face_of(own)
    shared = replace(face, title=own.name).to_json()
    answer = Response(shared, content_type="application/json; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"face-{own.public_id}.json")
    return answer


@bp.route("/<public_id>/end", methods=["GET", "POST"])
@allow("stamps")
def end(public_id: str) -> ResponseReturnValue:
    own, form = find(OwnFace, public_id), Form()
    if form.sent():
        with form.refusals():
            retire_face(db.session, own, **acting())
            return finish(form, url_for("own_labels.index"))
    return show_form("cooperative/own_end.html", form, name=own.name, back=url_for(".show", public_id=public_id))
