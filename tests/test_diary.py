"""The growing diary: lines written once, corrected beside, late or in time, and sprays that hold a harvest back."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, make_batch
from trace.records import Batch, DiaryEntry, DiaryKind, DiaryPage, DiaryUnit, Entry, Upload
from trace.work.diary import DiaryFacts, correct, enter, objections, withdraw
from trace.work.diary_book import Wanted, all_lines, late_by, lines
from trace.work.intervals import held_back, intervals
from trace.work.refused import Refused, RefusedAll


def spray(house: House, on_day: date, days: int = 7, **more: Any) -> DiaryFacts:
    return DiaryFacts(
        DiaryKind.PESTICIDE,
        on_day,
        **{"plots": (house.plot,), "material": "Abatin 1.8EC", "active": "Abamectin", "dose": "15 ml/16 l",
           "phi_days": days, "done_by": "Vi Văn Mẫu"} | more,
    )  # fmt: skip


def write(session: Session, house: House, facts: DiaryFacts, *, now: datetime = NOON, **more: Any) -> DiaryEntry:
    doing = {"actor": AUDITOR, "now": now, "today": now.date()}
    return enter(session, house.cooperative, facts, **doing, **more)


def fields_of(refused: pytest.ExceptionInfo[Any]) -> set[str | None]:
    value = refused.value
    return {each.field for each in value.refusals} if isinstance(value, RefusedAll) else {value.field}


@pytest.mark.parametrize(
    ("sprayed", "days", "cut", "held"),
    [(10, 7, 16, True), (10, 7, 17, False), (10, 0, 10, False), (17, 7, 16, False), (16, 1, 16, True)],
)
def test_a_harvest_waits_until_the_interval_has_passed(
    session: Session, house: House, sprayed: int, days: int, cut: int, held: bool
) -> None:
    write(session, house, spray(house, date(2026, 8, sprayed), days))

    assert bool(held_back(session, [house.plot], date(2026, 8, cut))) is held


def test_a_batch_cut_too_early_is_refused_with_both_days(session: Session, house: House) -> None:
    write(session, house, spray(house, TODAY - timedelta(days=3), 7))

    with pytest.raises(Refused, match=r"2026-08-17.*2026-08-20 came before 2026-08-24") as refused:
        make_batch(session, house)
    assert refused.value.field == "intake-0-harvested_on"


def test_a_household_without_a_named_plot_answers_for_each_of_its_plots(session: Session, house: House) -> None:
    write(session, house, spray(house, TODAY - timedelta(days=3), 7))
    draft = make_batch(session, house, submitted=False)
    draft.intake[0].plot = None
    session.flush()
    from trace.work.batches import submit

    with pytest.raises(Refused, match="came before"):
        submit(session, draft, actor=AUDITOR, now=NOON, today=TODAY)


def test_a_correction_stands_in_the_place_of_the_line_and_both_stay(session: Session, house: House) -> None:
    first = write(session, house, spray(house, TODAY - timedelta(days=3), 30))
    doing = {"actor": AUDITOR, "now": NOON + timedelta(hours=1), "today": TODAY}

    second = correct(session, first, spray(house, TODAY - timedelta(days=3), 3), "chép nhầm bao bì", **doing)
    session.commit()

    assert not held_back(session, [house.plot], TODAY)
    wanted = Wanted(plot=house.plot)
    assert lines(session, house.cooperative, wanted).rows == [second]
    assert all_lines(session, house.cooperative, replace(wanted, all_versions=True)) == [first, second]
    with pytest.raises(Refused, match="corrected already"):
        correct(session, first, spray(house, TODAY), "lại nữa", **doing)
    with pytest.raises(Refused) as refused:
        withdraw(session, second, " ", actor=AUDITOR, now=NOON)
    assert refused.value.field == "reason"
    withdraw(session, second, "phun ở vườn khác", actor=AUDITOR, now=NOON)
    assert not intervals(session, [house.plot], TODAY)
    mine = Entry.subject.in_([first.public_id, second.public_id])
    kinds = session.scalars(select(Entry.kind).where(mine).order_by(Entry.index))
    assert list(kinds) == ["diary.entered", "diary.corrected"]


@pytest.mark.parametrize("change", [{"on_day": TODAY}, {"phi_days": 1}, {"created_at": NOON}, {"note": "x"}])
def test_what_was_written_stays(session: Session, house: House, change: dict[str, Any]) -> None:
    entry = write(session, house, spray(house, TODAY - timedelta(days=3)), now=NOON + timedelta(minutes=1))
    for name, value in change.items():
        setattr(entry, name, value)
    with pytest.raises((IntegrityError, OperationalError)):
        session.flush()
    session.rollback()


def test_no_line_is_deleted(session: Session, house: House) -> None:
    entry = write(session, house, spray(house, TODAY))
    with pytest.raises((IntegrityError, OperationalError)):
        session.execute(DiaryEntry.__table__.delete().where(DiaryEntry.id == entry.id))
    session.rollback()


def test_a_line_typed_from_paper_counts_from_its_photograph(session: Session, house: House) -> None:
    photo = Upload(cooperative_id=house.cooperative.id, name="trang.jpg", media_type="image/jpeg", sha256="0" * 64,
                   size_bytes=1, content=b"x", created_at=NOON)  # fmt: skip
    session.add(photo)
    session.flush()
    page = DiaryPage(cooperative_id=house.cooperative.id, grower_id=house.grower.id, month_on=date(2026, 8, 1),
                     upload_id=photo.id, created_at=NOON - timedelta(days=3))  # fmt: skip
    session.add(page)
    facts = spray(house, TODAY - timedelta(days=8))

    assert late_by(session, write(session, house, facts)) == 8
    assert late_by(session, write(session, house, facts, page=page)) == 0


def test_all_complaints_come_at_once(session: Session, house: House) -> None:
    wrong = spray(house, TODAY + timedelta(days=1), 400, plots=(), material=None, dose=None, done_by=None,
                  quantity_milli=10**14, unit=DiaryUnit.LITRE)  # fmt: skip
    with pytest.raises(RefusedAll) as refused:
        write(session, house, wrong)
    assert fields_of(refused) == {"on_day", "plots", "material", "dose", "done_by", "phi_days", "quantity"}
    with pytest.raises(Refused) as refused_harvest:
        write(session, house, DiaryFacts(DiaryKind.HARVEST, TODAY, (house.plot,), quantity_milli=3, unit=DiaryUnit.BAG))
    assert fields_of(refused_harvest) == {"quantity"}


def test_a_harvest_names_a_batch_that_was_cut_that_day(session: Session, house: House, batch: Batch) -> None:
    cut = DiaryFacts(DiaryKind.HARVEST, TODAY, (house.plot,), quantity_milli=120_000, unit=DiaryUnit.KG, batch=batch)
    assert write(session, house, cut).weight_g == 120_000
    with pytest.raises(Refused) as refused:
        write(session, house, replace(cut, on_day=TODAY - timedelta(days=1)))
    assert refused.value.field == "batch"


def test_a_closed_plot_takes_no_later_line(session: Session, house: House) -> None:
    house.plot.closed_on = date(2026, 7, 31)
    session.flush()
    write(session, house, spray(house, date(2026, 7, 31)))
    with pytest.raises(Refused, match="closed before"):
        write(session, house, spray(house, date(2026, 8, 1)))


@given(kind=st.sampled_from(DiaryKind), on_day=st.dates(), phi=st.none() | st.integers(-5, 500),
       quantity=st.none() | st.integers(-10, 10**12), words=st.none() | st.text(max_size=4))  # fmt: skip
def test_whatever_is_typed_is_answered_in_words(
    kind: DiaryKind, on_day: date, phi: int | None, quantity: int | None, words: str | None
) -> None:
    facts = DiaryFacts(kind, on_day, material=words, phi_days=phi, quantity_milli=quantity, unit=DiaryUnit.KG)
    found = objections(facts.only_of_its_kind, TODAY)
    assert all(each.field and str(each) for each in found)
    if on_day > TODAY:
        assert "on_day" in {each.field for each in found}
