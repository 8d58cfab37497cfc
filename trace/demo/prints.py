"""The demonstration's prints: a sheet that is left half used, a roll, a measured printer, a face of one's own in two
versions, PINs, and a print house's list that waits for its second person. Each file is drawn and read back here."""

from dataclasses import replace
from datetime import datetime, timedelta

from labels import FACES, STOCKS

from ..records import Printing, Run
from ..work.days import day_of
from ..work.face_samples import fitted_face, sample_words
from ..work.own_faces import add_face, change_face
from ..work.own_stocks import OWN
from ..work.print_answers import Said, answer
from ..work.print_ends import release
from ..work.print_exports import fetch, propose_export
from ..work.print_jobs import drawn, take
from ..work.print_making import draw_file, making, read_back
from ..work.print_spans import newest_job
from ..work.printers import add_printer, marks_of, measure
from ..work.printing import Order, print_stamps
from ..work.stamps import issue_stamps
from .stage import Stage

HOUSE, OTHER_HOUSE, OTHER_PRODUCT = "suong-som", "nang-dong", "che"
KEPT = timedelta(days=14)
LISTED = 6_000
"""More than may leave the house without a second person."""
OFF_MM = (1.2, -0.8)
"""How far the office printer puts everything beside its place."""


def plan_prints(stage: Stage, run: Run) -> None:
    """Print the first stamps of a run that nobody has printed yet, and a list of another cooperative's."""
    stage.tell(stage.day(5), 9, lambda now: _print_a_sheet(stage, run, now))
    stage.tell(stage.day(5), 10, lambda now: _print_a_roll(stage, run, now))
    stage.tell(stage.day(4), 8, lambda now: _measure_a_printer(stage, run, now))
    stage.tell(stage.day(3), 9, lambda now: _design_a_face(stage, run, now))
    stage.tell(stage.day(2), 10, lambda now: _print_pins(stage, run, now))
    stage.tell(stage.day(2), 15, lambda now: _ask_for_a_list(stage, now))


def _print(stage: Stage, house: str, run: Run, order: Order, now: datetime) -> Printing:
    """Have it printed, and be the press that does it."""
    session, actor = stage.session, stage.by_manager(house)
    printing = print_stamps(
        session, run, order, keyring=stage.keyring, public_url=stage.public_url, actor=actor, now=now, today=day_of(now)
    )
    job = take(session, "demo", now=now)
    assert job is not None
    lease, made = job.lease or "", making(session, job, stage.keyring)
    stage.print_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = stage.print_folder / f"{made.public_id}.{made.extension}"
    drawn(session, job.id, lease, path.name, draw_file(made, path, _unheard), now=now)
    path.chmod(0o600)
    proof = read_back(made, path, progress=_unheard, after=_unheard)
    assert not proof.faults
    assert proof.labels == made.labels
    release(session, job.id, lease, proof, now=now, keep=KEPT)
    return printing


def _unheard(*_progress: object) -> None:
    """Nobody waits for these small files."""


def _print_a_sheet(stage: Stage, run: Run, now: datetime) -> None:
    """One sheet and seven stamps of the next: seventeen places stay free."""
    printing = _print(stage, HOUSE, run, Order(1, 31, "a4-24", "origin"), now)
    answer(stage.session, printing, Said(good=True), keyring=stage.keyring, actor=stage.by_manager(HOUSE), now=now)


def _print_a_roll(stage: Stage, run: Run, now: datetime) -> None:
    printing = _print(stage, HOUSE, run, Order(32, 91, "roll-35x22-3", "code"), now)
    job = newest_job(stage.session, printing)
    assert job is not None
    fetch(stage.session, job, "", actor=stage.by_manager(HOUSE), now=now)


def _measure_a_printer(stage: Stage, run: Run, now: datetime) -> None:
    """Two pages: one that tells how it errs, one that proves the correction."""
    session, actor = stage.session, stage.by_manager(HOUSE)
    name, tray, page = "Máy in văn phòng (mẫu)", "Khay 1", "A4"
    printer = add_printer(session, stage.cooperatives[HOUSE], name, tray, page, actor=actor, now=now)
    session.flush()
    (a_left, a_top), (b_left, b_top) = marks_of(printer)
    beside = (a_left + OFF_MM[0], a_top + OFF_MM[1]), (b_left + OFF_MM[0], b_top + OFF_MM[1])
    measure(session, printer, *beside, actor=actor, now=now)
    measure(session, printer, *marks_of(printer), actor=actor, now=now)
    _print(stage, HOUSE, run, Order(92, 115, "a4-24", "origin", printer=printer.public_id), now)


def _design_a_face(stage: Stage, run: Run, now: datetime) -> None:
    """A face of their own, printed, made better, and printed again."""
    session, actor, house = stage.session, stage.by_manager(HOUSE), stage.cooperatives[HOUSE]
    stock = STOCKS["roll-50x30"]
    words = sample_words(session, house, day_of(now))
    face = fitted_face(FACES["origin"], (stock.width_mm, stock.height_mm), words, stage.public_url)
    own = add_face(session, house, "Tem hộp quà 50 × 30", face, actor=actor, now=now)
    order = Order(116, 127, stock.name, f"{OWN}{own.public_id}")
    _print(stage, HOUSE, run, order, now)
    bold = [replace(part, weight="bold") if part.text == "{cooperative}" else part for part in face.elements]
    better = replace(face, elements=tuple(bold))
    change_face(session, own, own.name, better, seen=own.last.number, actor=actor, now=now)
    _print(stage, HOUSE, run, replace(order, first=128, last=139), now)


def _print_pins(stage: Stage, run: Run, now: datetime) -> None:
    _print(stage, HOUSE, run, Order(140, 151, "roll-50x30", "pin"), now)


def _ask_for_a_list(stage: Stage, now: datetime) -> None:
    session, actor = stage.session, stage.by_manager(OTHER_HOUSE)
    product, house = stage.products[OTHER_PRODUCT], stage.cooperatives[OTHER_HOUSE]
    run = issue_stamps(session, stage.keyring, stage.numbering, house, LISTED, actor=actor, now=now, product=product)
    printing = _print(stage, OTHER_HOUSE, run, Order(1, LISTED, "a4-65", "code", format="csv"), now)
    job = newest_job(session, printing)
    assert job is not None
    propose_export(session, job, "Nhà in Kỳ Lừa (mẫu) in tem vỡ cho vụ chè xuân.", actor=actor, now=now)
