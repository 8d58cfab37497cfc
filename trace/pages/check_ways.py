"""What a cooperative does about a check: one sentence, one button. The table of figures is the auditor's."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext
from markupsafe import Markup, escape

from ..work.check import Check, as_json
from ..work.gates import Barred
from .checks_told import tell


@dataclass(frozen=True, slots=True)
class Way:
    text: str
    url: str
    button: str


def way_of(check: Check, *, batch_url: str, draft_url: str = "") -> Way:
    """`batch_url` is where a correction is added, `draft_url` where a draft is changed, if it still is one."""
    told, figures = tell(as_json([check])[0]).sentence, check.figures
    if check.key == "on_certificate" and figures["certificate"] is None:
        told = gettext("%(source)s stands on no certificate for this product.", source=figures["source"])
        return Way(told, url_for("certificates.index"), gettext("Enter a certificate"))
    if check.key == "on_certificate" and not figures["confirmed"]:
        told = gettext("Certificate %(number)s waits to be compared with the original.", number=figures["certificate"])
        return Way(told, _page("certificates", figures["certificate_id"]), gettext("See what is missing"))
    for key, endpoint, button in _FARM:
        if check.key == key and endpoint in current_app.view_functions:
            return Way(told, url_for(endpoint), str(button()))
    for name, endpoint, button in _PAGES:
        if figures.get(name):
            return Way(told, _page(endpoint, figures[name]), str(button()))
    if draft_url:
        return Way(told, draft_url, gettext("Change the draft"))
    return Way(told, batch_url, gettext("Add a correction"))


_FARM: tuple[tuple[str, str, Any], ...] = (
    ("spray_kept", "diary.index", lambda: gettext("Look at the diary")),
    ("diary_kept", "diary.index", lambda: gettext("Write the diary")),
    ("test_passed", "samples.new", lambda: gettext("Enter a test")),
)
_PAGES: tuple[tuple[str, str, Any], ...] = (
    ("certificate_id", "certificates", lambda: gettext("Look at the certificate")),
    ("trademark_id", "trademarks", lambda: gettext("Look at the trademark")),
    ("plot_id", "plots", lambda: gettext("Look at the plot")),
)


def _page(endpoint: str, public_id: str) -> str:
    return url_for(f"{endpoint}.show", public_id=public_id)


def barred_words(barred: Barred) -> str:
    """A shut gate among a form's complaints: what is wrong, with a link to where it is put right."""
    way = way_of(barred.check, batch_url=_page("batches", barred.batch_id))
    return Markup('{} <a href="{}">{}</a>').format(escape(way.text), way.url, way.button)
