"""Faces and papers of our own, for those whom the ready ones do not serve."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from labels import FACES, Face

from ...access import allow, own_cooperative
from ...db import db
from ...service import settings
from ...work.face_samples import fitted_face, sample_words
from ...work.own_faces import add_face, face_of, free_name, own_faces, read_face
from ...work.own_stocks import own_stocks, stock_of
from ...work.print_choices import FACES_OFFERED, find_stock, own_stock_choices
from ...work.refused import Refused
from ..acting import acting
from ..choices import ChoiceField
from ..fields import UploadField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import today
from .face_names import face_words
from .own_stock_form import Millimetres
from .print_form import paper_name, papers

bp = Blueprint("own_labels", __name__, url_prefix="/my/labels")
MOST_BYTES = 200_000


class NewFaceForm(Form):
    name = WordsField(lazy_gettext("Name of the face"), validators=[needed()], longest=60)
    start = ChoiceField(lazy_gettext("Begin with"))
    stock = ChoiceField(lazy_gettext("For stamps on"))
    width_mm = Millimetres(lazy_gettext("Width of the stamp"))
    height_mm = Millimetres(lazy_gettext("Height of the stamp"))

    def offer(self) -> None:
        self.start.choices = [(name, face_words(name)) for name in FACES_OFFERED]
        other = [("", str(gettext("another size: give width and height")))]
        self.stock.choices = papers(own_stock_choices(db.session, own_cooperative().id)) | {"…": other}

    def face(self) -> Face:
        """The chosen ready face as it falls on stamps of that size. Raises `Refused`."""
        stock = find_stock(db.session, own_cooperative().id, self.stock.data or "")
        wide, high = (stock.width_mm, stock.height_mm) if stock else (self.width_mm.data, self.height_mm.data)
        if wide is None or high is None:
            raise Refused("Give width and height, or choose a paper.", field="width_mm")
        words = sample_words(db.session, own_cooperative(), today())
        design, size = FACES[self.start.data or "code"], (float(wide), float(high))
        return fitted_face(design, size, words, settings().public_url, round_label=bool(stock and stock.round))


class ImportForm(Form):
    file = UploadField(lazy_gettext("File of a face"), validators=[needed()])


@bp.get("")
@allow("stamps")
def index() -> ResponseReturnValue:
    own = own_cooperative()
    faces = [(one, face_of(one)) for one in own_faces(db.session, own.id)]
    stocks = [(one, paper_name(stock_of(one))) for one in own_stocks(db.session, own.id)]
    return render_template(
        "cooperative/own_labels.html", faces=faces, stocks=stocks, logo=own.logo, form=ImportForm(formdata=None)
    )


@bp.route("/faces/new", methods=["GET", "POST"])
@allow("stamps")
def new_face() -> ResponseReturnValue:
    form = NewFaceForm(data={"start": "origin", "stock": "a4-24"})
    form.offer()
    if form.sent():
        with form.refusals():
            own = add_face(db.session, own_cooperative(), form.name.data or "", form.face(), **acting())
            return finish(form, url_for("own_faces.show", public_id=own.public_id))
    return show_form("cooperative/own_face_new.html", form)


@bp.route("/faces/import", methods=["GET", "POST"])
@allow("stamps")
def bring() -> ResponseReturnValue:
    form = ImportForm()
    if form.sent():
        with form.refusals():
            sent = form.file.data
            data = sent.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise Refused("This file is too long to be a face.", field="file")
            face = read_face(data)
            name = free_name(db.session, own_cooperative().id, face.title or face.name)
            own = add_face(db.session, own_cooperative(), name, face, **acting())
            return finish(form, url_for("own_faces.show", public_id=own.public_id), gettext("Face brought in."))
    return show_form("cooperative/own_face_import.html", form)
