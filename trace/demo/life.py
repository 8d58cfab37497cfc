"""What consumers did with the demonstration's stamps: looks, scans, one copied stamp, a doubt, a complaint; and a
recall drill of the office."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from ..records import (
    Complaint,
    ComplaintAbout,
    ComplaintSource,
    Doubt,
    DoubtKind,
    DoubtState,
    RangeState,
    Run,
    StampRange,
)
from ..work.complaints import ComplaintFacts, answer_complaint, enter_complaint
from ..work.days import day_of
from ..work.doubts import About, Telling, settle_doubt, tell_doubt
from ..work.looks import Key, keep_looks
from ..work.recall_search import Search
from ..work.recalls import Order, recall_batches
from ..work.scans import NewScan, facts_of, keep_scans
from .stage import Stage

WATCHED_DAYS = 24
COPIED, COPIED_NUMBER = "tea", 77
"""The lot one of whose stamps is on more than one package, and that stamp."""
WHERE = (None, None, None, None, None, None, "20", "20", "01", "24")
"""Few say where they bought; most of those nearby."""
FAR = (None, None, "01", "79", "48", "31")


def plan_life(stage: Stage) -> None:
    for ago in range(WATCHED_DAYS, -1, -1):
        stage.tell(stage.day(ago), 20, partial(_scanned, stage, Random(f"scans {ago}"), ago))  # noqa: S311 - no secret
    stage.tell(stage.day(10), 9, partial(_drilled, stage))
    stage.tell(stage.day(6), 10, partial(_complained, stage))
    stage.tell(stage.day(3), 11, partial(_doubted, stage))


def _scanned(stage: Stage, chance: Random, ago: int, now: datetime) -> None:
    """A day's scans and looks of every run that is on packages by then."""
    scans: list[NewScan] = []
    looks: dict[Key, list[int]] = {}
    for key, run in stage.runs.items():
        numbers = [chance.randrange(1, run.count + 1) for _ in range(chance.randrange(run.count // 50 + 2))]
        places = [chance.choice(WHERE) for _ in numbers]
        if key == COPIED and 2 <= ago <= 13:
            numbers += [COPIED_NUMBER] * chance.randrange(2, 6)
            places += [chance.choice(FAR) for _ in numbers[len(places) :]]
        for number, place in zip(numbers, places, strict=True):
            stamps = range_of(run, number)
            if stamps.state == RangeState.ACTIVE:
                scans.append(_scan(stamps, number, place, chance, now))
                count = looks.setdefault((run.number, stamps.id, day_of(now)), [0, 0, number])
                count[0] += chance.randrange(1, 4)
                count[1] += chance.randrange(2)
    if scans:
        keep_scans(stage.session, scans, now=now)
        keep_looks(stage.session, looks)


def range_of(run: Run, number: int) -> StampRange:
    return next(row for row in run.ranges if row.first <= number <= row.last)


def _scan(stamps: StampRange, number: int, place: str | None, chance: Random, now: datetime) -> NewScan:
    return NewScan(
        stamps=facts_of(stamps),
        number=number,
        visitor=chance.randbytes(16),
        nonce=chance.randbytes(12),
        at=now - timedelta(hours=chance.randrange(12)),
        day=day_of(now),
        province=place,
        pressed=place is not None,
    )


def _drilled(stage: Stage, now: datetime) -> None:
    batch = range_of(stage.runs[COPIED], 1).batch
    assert batch is not None
    order = Order("Diễn tập thu hồi hằng năm theo yêu cầu VietGAP (dữ liệu mẫu).", None, None, drill=True)
    search, officer = Search(product=batch.product), stage.by_staff("officer")
    begun_at = now - timedelta(minutes=4, seconds=25)
    recall_batches(stage.session, [batch], order, search, begun_at=begun_at, by=officer, now=now)


def _complained(stage: Stage, now: datetime) -> None:
    stamps = range_of(stage.runs[COPIED], 1)
    assert stamps.batch is not None
    house = next(key for key, row in stage.cooperatives.items() if row.id == stamps.cooperative_id)
    facts = ComplaintFacts(
        ComplaintSource.CALL,
        ComplaintAbout.WEIGHT,
        "Khách ở Hà Nội cân lại hộp chè thấy thiếu khoảng 8 g.",
        day_of(now),
        batch=stamps.batch,
    )
    by = stage.by_manager(house)
    complaint = enter_complaint(stage.session, stage.cooperatives[house], facts, actor=by, now=now)
    stage.tell(day_of(now) + timedelta(days=2), 10, partial(_answered, stage, complaint, house))


def _answered(stage: Stage, complaint: Complaint, house: str, now: datetime) -> None:
    words = "Đã kiểm tra cân đóng gói, hiệu chỉnh lại và gửi bù khách một hộp."
    answer_complaint(stage.session, complaint, words, final=True, actor=stage.by_manager(house), now=now)


def _doubted(stage: Stage, now: datetime) -> None:
    about = About(range_of(stage.runs[COPIED], COPIED_NUMBER), COPIED_NUMBER)
    telling = Telling(
        words="Tôi thấy hai hộp chè cùng một số ở hai quán khác nhau.",
        seller="Quán nước gần bến xe (mẫu)",
        province="01",
    )
    doubt = tell_doubt(stage.session, DoubtKind.TWICE, about, telling, b"demo-doubt-1", now=now)
    stage.tell(day_of(now) + timedelta(days=1), 11, partial(_taken_up, stage, doubt))


def _taken_up(stage: Stage, doubt: Doubt, now: datetime) -> None:
    officer, note = stage.by_staff("officer"), "Đã nhờ hợp tác xã kiểm tra hộp lưu mẫu."
    settle_doubt(stage.session, doubt, DoubtState.LOOKING, by=officer, now=now, note=note)
