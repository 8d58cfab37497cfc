"""Tests of samples: result against limit, in date or not, and for which batches a report speaks."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, make_batch
from trace.records import MICRO, SampleResult, SampleTest
from trace.work.refused import Refused, RefusedAll
from trace.work.samples import ResultFacts, SampleFacts, enter_test, samples_for, void_test

DOING = {"actor": AUDITOR, "now": NOON, "today": TODAY}
LEAD = ResultFacts("Chì (Pb)", "mg/kg", MICRO // 20, MICRO // 10, "TCVN 7602")


@pytest.fixture
def facts(house: House) -> SampleFacts:
    return SampleFacts(
        laboratory="Trung tâm Kiểm nghiệm Mẫu",
        report_number="KN-26-104",
        sampled_on=date(2026, 8, 1),
        reported_on=date(2026, 8, 10),
        valid_until=date(2027, 8, 1),
        results=(LEAD, ResultFacts("E. coli", "CFU/g")),
        product=house.product,
    )


@pytest.mark.parametrize(
    ("found", "limit", "passed"),
    [(None, None, True), (None, 5, True), (5, 5, True), (6, 5, False), (0, None, False), (1, None, False)],
)
def test_a_result_stays_within_its_limit(found: int | None, limit: int | None, passed: bool) -> None:
    assert SampleResult(found_micro=found, limit_micro=limit).passed is passed


def test_a_report_is_good_from_the_sample_to_its_last_day(session: Session, house: House, facts: SampleFacts) -> None:
    test = enter_test(session, house.cooperative, facts, None, **DOING)
    session.commit()
    days = {day: test.in_date_on(day) for day in (date(2026, 7, 31), date(2026, 8, 1), date(2027, 8, 1))}
    assert list(days.values()) == [False, True, True]
    assert not test.in_date_on(date(2027, 8, 2))
    assert test.passed
    void_test(session, test, "nhập nhầm", actor=AUDITOR, now=NOON)
    assert not test.in_date_on(TODAY)
    with pytest.raises(Refused, match="already"):
        void_test(session, test, "nữa", actor=AUDITOR, now=NOON)


def test_a_report_speaks_for_the_batch_its_plot_or_its_product(
    session: Session, house: House, facts: SampleFacts
) -> None:
    batch = make_batch(session, house)
    of_product = enter_test(session, house.cooperative, facts, None, **DOING)
    of_plot = enter_test(session, house.cooperative, replace(facts, product=None, plot=house.plot), None, **DOING)
    of_batch = enter_test(session, house.cooperative, replace(facts, product=None, batch=batch), None, **DOING)
    other = make_batch(session, house)
    session.flush()
    assert set(samples_for(session, batch)) == {of_product, of_plot, of_batch}
    assert set(samples_for(session, other)) == {of_product, of_plot}


def test_absurd_reports_are_refused_with_every_complaint(session: Session, house: House, facts: SampleFacts) -> None:
    wrong = replace(facts, sampled_on=TODAY + timedelta(1), reported_on=TODAY, valid_until=TODAY - timedelta(1),
                    product=None, results=())  # fmt: skip
    with pytest.raises(RefusedAll) as refused:
        enter_test(session, house.cooperative, wrong, None, **DOING)
    assert {each.field for each in refused.value.refusals} == {
        "sampled_on", "reported_on", "valid_until", "batch", "results",
    }  # fmt: skip
    with pytest.raises(Refused, match="three years"):
        enter_test(session, house.cooperative, replace(facts, valid_until=date(2126, 8, 1)), None, **DOING)


def test_a_result_is_never_changed(session: Session, house: House, facts: SampleFacts) -> None:
    test: SampleTest = enter_test(session, house.cooperative, facts, None, **DOING)
    session.commit()
    test.results[0].found_micro = 1
    with pytest.raises((IntegrityError, OperationalError)):
        session.flush()
    session.rollback()
