"""The ledger as a plain list of stamps: what the machine in test_ledger.py holds the real one against."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House
from trace.records import Activation, Batch, HandOver, RangeState, Run, StampRange
from trace.service import keyring, numbering
from trace.work.activating import activate_noted, undo
from trace.work.actor import Actor
from trace.work.hand_overs import Handing, hand_over, take_back
from trace.work.ranges import lift, locked, move
from trace.work.refused import Refused, RefusedAll
from trace.work.stamps import issue_stamps, mark_delivered, mark_printed, report_found, report_lost, void

COUNT = 24
WAITING = {"made", "printed", "delivered", "handed_over", "returned"}
SPANS = st.tuples(st.integers(1, COUNT), st.integers(1, COUNT)).map(lambda two: (min(two), max(two)))

SINGLE = st.integers(1, COUNT).map(lambda number: (number, number))
"""For what is for good: a run that is all void after three steps teaches nothing."""


class Ledger(RuleBasedStateMachine):
    """Every deed on a run of 24 stamps, in any order; the model is one word a stamp."""

    session: Session
    house: House
    batch: Batch

    @initialize()
    def issue(self) -> None:
        house = self.house
        self.now = NOON
        self.by = Actor(house.member.id, "member-in-tests", "member")
        self.run: Run = issue_stamps(
            self.session,
            keyring(),
            numbering(),
            house.cooperative,
            COUNT,
            actor=AUDITOR,
            now=NOON,
            product=house.product,
        )
        mark_printed(self.session, self.run, [(5, COUNT)], **self._facts())
        self.stamps = ["made"] * 4 + ["printed"] * (COUNT - 4)
        self.was: list[str] = [""] * COUNT
        self.handed: list[tuple[HandOver, set[int]]] = []
        self.done: list[tuple[Activation, dict[int, str]]] = []

    def _deed(self, expected: dict[int, str] | None, deed: Callable[[], Any]) -> Any:
        """Do it; `expected` is what becomes of which stamps, None where it must be refused and change nothing."""
        try:
            with self.session.begin_nested():
                result = deed()
        except (Refused, RefusedAll):
            assert expected is None, "the model allows what was refused"
            return None
        assert expected is not None, "the model refuses what was done"
        for place, state in expected.items():
            self.was[place] = self.stamps[place] if state == "recalled" else ""
            self.stamps[place] = state
        return result

    def _inside(self, span: tuple[int, int], states: set[str], to: str) -> dict[int, str] | None:
        """Whatever in the span is in one of the states goes; refused if nothing is."""
        return {n: to for n in range(span[0] - 1, span[1]) if self.stamps[n] in states} or None

    def _facts(self) -> dict[str, Any]:
        """Who and when: each deed a second after the one before."""
        self.now += timedelta(seconds=1)
        return {"actor": self.by, "now": self.now}

    @rule(span=SPANS)
    def is_printed(self, span: tuple[int, int]) -> None:
        expected = self._inside(span, {"made"}, "printed") or {}
        self._deed(expected, lambda: mark_printed(self.session, self.run, [span], **self._facts()))

    @rule(span=SPANS)
    def is_delivered(self, span: tuple[int, int]) -> None:
        expected = self._inside(span, {"made", "printed"}, "delivered")
        self._deed(expected, lambda: mark_delivered(self.session, self.run, *span, **self._facts()))

    @rule(span=SINGLE)
    def is_voided(self, span: tuple[int, int]) -> None:
        expected = self._inside(span, WAITING | {"active", "lost", "recalled"}, "void")
        self._deed(expected, lambda: void(self.session, self.run, *span, "rách", **self._facts()))

    @rule(span=SPANS)
    def is_lost(self, span: tuple[int, int]) -> None:
        expected = self._inside(span, WAITING | {"active"}, "lost")
        self._deed(expected, lambda: report_lost(self.session, self.run, *span, "mất", **self._facts()))

    @rule(span=SPANS)
    def is_found(self, span: tuple[int, int]) -> None:
        expected = self._inside(span, {"lost"}, "returned")
        self._deed(expected, lambda: report_found(self.session, self.run, *span, **self._facts()))

    @rule(span=SPANS)
    def is_recalled(self, span: tuple[int, int]) -> None:
        inside = self.stamps[span[0] - 1 : span[1]]
        free = all(state not in {"void", "recalled"} for state in inside)
        expected = self._inside(span, set(inside), "recalled") if free else None
        self._deed(
            expected,
            lambda: move(
                self.session, locked(self.session, self.run), *span, RangeState.RECALLED, reason="thử", **self._facts()
            ),
        )

    @rule(span=SPANS)
    def is_lifted(self, span: tuple[int, int]) -> None:
        recalled = [n for n in range(span[0] - 1, span[1]) if self.stamps[n] == "recalled"]
        expected = {n: self.was[n] for n in recalled}
        count = self._deed(expected, lambda: lift(self.session, locked(self.session, self.run), *span, **self._facts()))
        assert count == len(recalled)

    @rule(span=SPANS)
    def is_activated(self, span: tuple[int, int]) -> None:
        before = dict(enumerate(self.stamps))
        taken = {"active", "recalled"} & set(self.stamps[span[0] - 1 : span[1]])
        expected = None if taken else self._inside(span, WAITING, "active")
        done = self._deed(expected, lambda: activate_noted(self.session, self.run, *span, self.batch, **self._facts()))
        if done is not None:
            assert done.done.count == len(expected or {})
            self.done.append((done.done, {n: before[n] for n in expected or {}}))

    @rule(data=st.data())
    def is_undone(self, data: st.DataObject) -> None:
        if not self.done:
            return
        done, before = data.draw(st.sampled_from(self.done))
        untouched = done.undone_at is None and all(self.stamps[n] == "active" for n in before)
        untouched = untouched and not any(
            set(before) & set(later) for other, later in self.done[self.done.index((done, before)) + 1 :]
        )
        expected = before if untouched else None
        self._deed(expected, lambda: undo(self.session, done, **self._facts()))

    @rule(span=SPANS)
    def is_handed_over(self, span: tuple[int, int]) -> None:
        may = {"printed", "delivered", "returned"}
        others = set(self.stamps[span[0] - 1 : span[1]]) - may - {"void", "lost"}
        expected = None if others else self._inside(span, may, "handed_over")
        handing = Handing(self.house.grower, 500_000, TODAY)
        handed = self._deed(
            expected, lambda: hand_over(self.session, self.run, span, handing, today=TODAY, **self._facts())
        )
        if handed is not None:
            assert handed.count == len(expected or {})
            self.handed.append((handed, set(expected or {})))

    @rule(data=st.data(), span=SPANS)
    def comes_back(self, data: st.DataObject, span: tuple[int, int]) -> None:
        if not self.handed:
            return
        handed, own = data.draw(st.sampled_from(self.handed))
        later = set().union(*(other for one, other in self.handed if one.id > handed.id))
        places = set(range(span[0] - 1, span[1]))
        held = all(self.stamps[n] == "handed_over" and n in own - later for n in places)
        expected = dict.fromkeys(places, "returned") if held else None
        self._deed(expected, lambda: take_back(self.session, handed, [span], **self._facts()))

    @invariant()
    def the_ranges_say_what_the_list_says(self) -> None:
        self.session.flush()
        self.session.expire_all()
        query = select(StampRange).where(StampRange.run_id == self.run.id).order_by(StampRange.first)
        rows = list(self.session.scalars(query))
        assert [row.first for row in rows] == [1] + [row.last + 1 for row in rows[:-1]], "no overlap, no gap"
        assert rows[-1].last == COUNT
        assert [row.state for row in rows for _ in range(row.count)] == self.stamps
        assert sum(row.count for row in rows) == COUNT
