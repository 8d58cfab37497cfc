"""Faces in words: the ready ones, those with the logo, and our own by the name that we gave them."""

from flask_babel import gettext, lazy_gettext

from labels.faces import LOGO

from ...db import db
from ...records import Printing
from ...work.print_choices import own_name

FACES = {
    "origin": lazy_gettext("Product, cooperative, certificate, harvest day"),
    "code": lazy_gettext("Symbol, code and serial"),
    "vietgap": lazy_gettext("With the VietGAP words"),
    "trademark": lazy_gettext("With the trademark's picture"),
    "bilingual": lazy_gettext("In Vietnamese and English"),
    "seal": lazy_gettext("Small seal: product above the symbol, serial below"),
    "chinese": lazy_gettext("In Vietnamese and Chinese"),
    "symbol": lazy_gettext("The symbol alone"),
    "pin": lazy_gettext("With a PIN under a scratch layer"),
}


def face_words(name: str, own: str = "") -> str:
    """What a face is called in lists; `own` is the name of one of our own."""
    if own:
        return str(gettext("Our own: %(name)s", name=own))
    if name.endswith(LOGO):
        return str(gettext("%(face)s, with our logo", face=FACES[name.removesuffix(LOGO)]))
    return str(FACES.get(name, name))


def printed_face_words(printing: Printing) -> str:
    """What the face of a print is called."""
    return face_words(printing.face, own_name(db.session, printing.face))
