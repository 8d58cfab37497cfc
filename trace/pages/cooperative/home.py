"""The home of a cooperative: three deeds, what waits, what is left, what was done lately."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow, own_cooperative, visitor
from ...db import db
from ...standards.quantities import show_count
from ...work.checks import as_json
from ...work.drafts import latest_batch
from ...work.home_tasks import Waiting, steps, waiting
from ...work.own_batches import recent_batches
from ...work.remaining import left_on_certificates, stamps_by_state
from ..check_ways import Way
from ..checks_told import tell
from ..words import language, today
from .approval import approval_words
from .batch_shown import badge_of
from .batches import PressForm
from .certificates_left import shown_left
from .endings import WHAT, in_words, link_of

bp = Blueprint("my_home", __name__, url_prefix="/my")
RECENT = 6
SHOWN_LEFT = 4
Sentence = tuple[str, str, str]


@bp.get("")
@allow("cooperative.read")
def home() -> ResponseReturnValue:
    own, day = own_cooperative(), today()
    done = steps(db.session, own)
    left = [shown_left(row) for row in left_on_certificates(db.session, own, day)]
    return render_template(
        "cooperative/home.html",
        cooperative=own,
        waits=approval_words(own),
        form=PressForm(),
        latest=latest_batch(db.session, own),
        tasks=[(_task(one), _tone(one)) for one in waiting(db.session, own, day)],
        left=left[:SHOWN_LEFT],
        more_left=left[SHOWN_LEFT:],
        stamps=stamps_by_state(db.session, own),
        recent=recent_batches(db.session, own, RECENT),
        badge_of=badge_of,
        checklist=None if done.done else _checklist(done),
        may_manage=visitor().may("cooperative.manage"),
    )


def _tone(one: Waiting) -> str:
    stops = {"recalled", "stamps_recalled", "suspended", "certificate_suspended"}
    return "stop" if one.kind in stops else "unknown" if one.kind == "certificate_declared" else "wait"


def _task(one: Waiting) -> Way:
    tell_it: dict[str, Callable[[Waiting], Sentence]] = {
        "recalled": _recalled,
        "stamps_recalled": _stamps_recalled,
        "suspended": _suspended,
        "failed_checks": _failed,
        "draft": _draft,
        "printed": _printed,
        "ends": _ends,
    }
    return Way(*tell_it.get(one.kind, _certificate)(one))


def _batch_url(one: Waiting) -> str:
    return url_for("batches.show", public_id=one.subject.public_id)


def _recalled(one: Waiting) -> Sentence:
    words = gettext("Batch %(batch)s is recalled: stop selling it and tell its buyers.", **one.figures)
    return words, _batch_url(one), gettext("See why")


def _stamps_recalled(one: Waiting) -> Sentence:
    words = gettext("Stamps %(stamps)s are recalled: stop selling what they are on.", **one.figures)
    return words, url_for("runs.show", public_id=one.subject.public_id), gettext("See why")


def _suspended(one: Waiting) -> Sentence:
    words = gettext("Batch %(batch)s is suspended: nothing of it may leave for now.", **one.figures)
    return words, _batch_url(one), gettext("See why")


def _failed(one: Waiting) -> Sentence:
    told = tell(as_json([one.figures["check"]])[0]).sentence
    return f"{one.figures['batch']}: {told}", _batch_url(one), gettext("Put it right")


def _draft(one: Waiting) -> Sentence:
    words = gettext("Batch %(batch)s is still a draft.", **one.figures)
    return words, url_for("batches.edit", public_id=one.subject.public_id), gettext("Finish it")


def _printed(one: Waiting) -> Sentence:
    count = show_count(one.figures["count"], language())
    words = gettext("%(count)s stamps of run %(run)s are printed but not active.", count=count, run=one.figures["run"])
    return words, url_for("run_deeds.activate_stamps", public_id=one.subject.public_id), gettext("Activate")


def _ends(one: Waiting) -> Sentence:
    ending = one.subject
    words = f"{WHAT[ending.what]} {ending.name}: {in_words(one.figures['days'])}."
    return words, link_of(ending), gettext("Look at it")


def _certificate(one: Waiting) -> Sentence:
    url = url_for("certificates.show", public_id=one.subject.public_id)
    sentences = {
        "certificate_declared": gettext(
            "Certificate %(number)s waits to be compared with the original by an auditor.", number=one.figures["number"]
        ),
        "certificate_suspended": gettext("Certificate %(number)s is suspended.", number=one.figures["number"]),
        "certificate_warned": gettext("Certificate %(number)s carries a warning.", number=one.figures["number"]),
        "certificate_expires": gettext(
            "Certificate %(number)s expires in %(days)s days.", number=one.figures["number"], days=one.figures["days"]
        ),
    }
    return sentences[one.kind], url, gettext("Look at it")


def _checklist(done: Any) -> list[tuple[bool, str, str, str]]:
    return [
        (done.grower, gettext("A member household"), url_for("growers.new"), gettext("Enter")),
        (done.plot, gettext("Its plot, with area and planting-area code"), url_for("plots.new"), gettext("Enter")),
        (done.product, gettext("A product, with photo and pack"), url_for("products.new"), gettext("Enter")),
        (done.certificate, gettext("A certificate, with its scan"), url_for("certificates.new"), gettext("Enter")),
        (done.batch, gettext("The first batch, handed in"), url_for("batches.new"), gettext("Enter")),
        (done.stamps, gettext("The first stamps"), url_for("runs.new"), gettext("Issue")),
    ]
