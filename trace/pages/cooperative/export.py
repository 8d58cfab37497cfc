"""Everything of one's own to take along, at any time."""

from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow, own_cooperative
from ...db import db
from ...work.export import export_all
from ...work.own_lists import uploads_total
from ..staff.vocabulary import KINDS, SCHEMES, VERDICTS
from ..stamp_words import FINER
from ..words import today
from . import trademark_words
from .complaints import ABOUT, SOURCES
from .cooperative import CONSENTS
from .diary_words import KINDS as DIARY_KINDS
from .face_names import FACES
from .internal_audit_words import GRADES

bp = Blueprint("my_export", __name__, url_prefix="/my/export")
IN_MEMORY = 8 * 1024 * 1024
KEYS: dict[tuple[str, str], Mapping[str, object]] = {
    ("Cooperative", "Kind"): KINDS,
    ("Consents", "To show"): CONSENTS,
    ("Trademarks", "Kind"): trademark_words.KINDS,
    ("Steps of trademarks", "State"): trademark_words.STATES,
    ("Certificates", "Scheme"): SCHEMES,
    ("Certificate decisions", "Decision"): VERDICTS,
    ("Batch decisions", "Decision"): VERDICTS,
    ("Stamps by state", "State"): FINER,
    ("Orders of stamps", "Decision"): VERDICTS,
    ("Printed sheets", "Face"): FACES,
    ("Diary", "What was done"): DIARY_KINDS,
    ("Findings of internal audits", "Grade"): GRADES,
    ("Complaints", "Source"): SOURCES,
    ("Complaints", "About"): ABOUT,
}


@bp.get("")
@allow("cooperative.manage")
def page() -> ResponseReturnValue:
    files, size = uploads_total(db.session, own_cooperative())
    return render_template("cooperative/export.html", files=files, megabytes=-(-size // 1_000_000))


@bp.get("/tem-goc.zip")
@allow("cooperative.manage")
def download() -> ResponseReturnValue:
    """Spooled to disk beyond a few megabytes, then sent as it lies there."""
    spool = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer
    export_all(db.session, own_cooperative(), cast(IO[bytes], spool), lambda words: str(gettext(words)), KEYS)
    spool.seek(0)
    name = f"tem-goc-{own_cooperative().label}-{today():%Y%m%d}.zip"
    answer = send_file(spool, mimetype="application/zip", as_attachment=True, download_name=name)
    answer.call_on_close(spool.close)
    return answer
