"""The demonstration's diaries and laboratory reports: a year of believable work on every plot, one line late, one plot
that waits for its pre-harvest interval, one report that failed."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from ..records import MICRO, Batch, DiaryKind, DiaryUnit
from ..work.days import day_of
from ..work.diary import DiaryFacts, enter
from ..work.samples import ResultFacts, SampleFacts, enter_test
from .data import GROWERS
from .stage import Stage

LATE = ("rung", 24, 3)
"""Whose fertiliser of so many days ago was written so many days ago."""
WAITING = {"suong-som": "nui", "nang-dong": "suong"}
"""Whose plot was sprayed lately."""


@dataclass(frozen=True, slots=True)
class Spray:
    material: str
    active: str
    dose: str
    phi_days: int
    purpose: str


SPRAYS = {
    "na": Spray("Trừ sâu Mẫu 1.8EC", "Abamectin 1,8 %", "10 ml cho bình 16 lít", 7, "rệp sáp"),
    "hong": Spray("Trừ bệnh Mẫu 72WP", "Mancozeb 64 % + Metalaxyl 8 %", "30 g cho bình 16 lít", 14, "thán thư"),
    "che": Spray("Thảo mộc Mẫu 0.6SL", "Matrine 0,6 %", "25 ml cho bình 16 lít", 5, "rầy xanh"),
    "quyt": Spray("Dầu khoáng Mẫu 99EC", "Petroleum oil 99 %", "80 ml cho bình 16 lít", 3, "nhện đỏ"),
}
FERTILISED = {"material": "Phân hữu cơ vi sinh Mẫu", "dose": "bón quanh tán, lấp đất", "quantity_milli": 240_000,
              "unit": DiaryUnit.KG}  # fmt: skip
CROPS = {"man": "na", "da": "na", "suoi": "na", "nui": "na", "hong": "hong", "thach": "hong", "rung": "hong",
         "tra": "che", "bup": "che", "suong": "che", "khe": "che", "buoi": "quyt", "lan": "quyt"}  # fmt: skip


def plan_diary(stage: Stage, harvests: dict[str, set[date]]) -> None:
    """Care of every plot over a year; sprays keep clear of what was harvested (`harvests`: days by grower)."""
    for house in {grower.house for grower in GROWERS}:
        _plan_buying(stage, house)
    for house, crop in sorted({(grower.house, CROPS[grower.key]) for grower in GROWERS}):
        _plan_together(stage, house, tuple(key for key in CROPS if CROPS[key] == crop))
    for grower in GROWERS:
        _plan_care(stage, grower.house, grower.key, harvests.get(grower.key, set()))
    _plan_reports(stage)


def _plan_buying(stage: Stage, house: str) -> None:
    for days_ago, name, amount in ((210, "NPK 16-16-8 Mẫu", 600), (95, "Phân hữu cơ vi sinh Mẫu", 1_500)):
        bought = {"material": name, "quantity_milli": amount * 1_000, "unit": DiaryUnit.KG}
        _plan_line(
            stage, house, stage.day(days_ago), DiaryKind.INPUT, bought | {"supplier": "Cửa hàng vật tư xã (mẫu)"}
        )


def _plan_together(stage: Stage, house: str, keys: tuple[str, ...]) -> None:
    """What all growers of a crop do on the same day: one line for all their plots."""
    told = partial(_plan_line, stage, house, keys=keys)
    for days_ago in (200, 90):
        told(stage.day(days_ago), DiaryKind.FERTILISER, FERTILISED)
    told(stage.day(170), DiaryKind.OTHER, {"note": "Cắt tỉa cành, dọn cỏ quanh gốc."})
    for days_ago in (120, 45):
        told(stage.day(days_ago), DiaryKind.IRRIGATION, {"purpose": "nước suối, tưới gốc"})


def _plan_care(stage: Stage, house: str, key: str, harvested: set[date]) -> None:
    spray, told = SPRAYS[CROPS[key]], partial(_plan_line, stage, house, keys=(key,))
    for days_ago in (150, 75):
        day = clear_of(harvested, stage.day(days_ago), spray.phi_days)
        told(day, DiaryKind.PESTICIDE, asdict(spray))
    if key == LATE[0]:
        told(stage.day(LATE[1]), DiaryKind.FERTILISER, FERTILISED, written=stage.day(LATE[2]))
    if WAITING.get(house) == key:
        told(stage.day(4), DiaryKind.PESTICIDE, asdict(SPRAYS["hong"]))


def clear_of(harvested: set[date], day: date, phi_days: int) -> date:
    """The last day up to `day` on which a spray holds none of these harvests back."""
    while any(day <= cut < day + timedelta(days=phi_days) for cut in harvested):
        day -= timedelta(days=1)
    return day


def _plan_line(
    stage: Stage,
    house: str,
    day: date,
    kind: DiaryKind,
    said: dict[str, Any],
    *,
    keys: tuple[str, ...] = (),
    written: date | None = None,
) -> None:
    """A line of some growers' plots, or of the whole cooperative; plots are there once the story has come so far."""

    def write(now: datetime) -> None:
        plots = tuple(stage.plots[key] for key in keys)
        names = ", ".join(stage.growers[key].name for key in keys) or None
        facts = DiaryFacts(kind, day, plots, done_by=names, **said)
        cooperative, actor = stage.cooperatives[house], stage.by_manager(house)
        enter(stage.session, cooperative, facts, actor=actor, now=now, today=day_of(now))

    stage.tell(written or day, 18, write)


def write_harvest(stage: Stage, house: str, batch: Batch, now: datetime) -> None:
    """What came in, plot by plot, in the diary of the same evening."""
    for line in batch.intake:
        facts = DiaryFacts(
            DiaryKind.HARVEST, line.harvested_on, (line.plot,) if line.plot else (), quantity_milli=line.weight_g,
            unit=DiaryUnit.KG, batch=batch, done_by=line.grower.name if line.grower else None,
        )  # fmt: skip
        cooperative, actor = stage.cooperatives[house], stage.by_manager(house)
        enter(stage.session, cooperative, facts, actor=actor, now=now, today=day_of(now))


REPORTS = (
    ("suong-som", "na", 130, 380, (("Chì (Pb)", 0.03, 0.1), ("Cadimi (Cd)", None, 0.05), ("Abamectin", None, 0.01))),
    ("suong-som", "hong", 345, 365, (("Mancozeb (CS₂)", 0.4, 5), ("Metalaxyl", None, 0.05))),
    ("nang-dong", "che", 420, 400, (("Chì (Pb)", 0.6, 2), ("Imidacloprid", 0.01, 0.05))),
    ("nang-dong", "quyt", 60, 365, (("Chì (Pb)", 0.02, 0.1), ("Chlorpyrifos", None, 0.01))),
)
"""House, product, sampled so many days ago, good for so many days; substance, found and limit in mg/kg. One runs out
soon, one has run out."""
LABORATORY = "Trung tâm Kiểm nghiệm Vùng cao (mẫu)"


def _plan_reports(stage: Stage) -> None:
    for number, report in enumerate(REPORTS, 1):
        day = stage.day(report[2] - 9)
        stage.tell(day, 15, partial(_enter_report, stage, number, report))


def _enter_report(stage: Stage, number: int, report: Any, now: datetime) -> None:
    house, product, days_ago, good_days, results = report
    sampled = stage.day(days_ago)
    facts = SampleFacts(
        laboratory=LABORATORY,
        report_number=f"KN-{number:03d} (mẫu)",
        sampled_on=sampled,
        reported_on=sampled + timedelta(days=8),
        valid_until=sampled + timedelta(days=good_days),
        results=tuple(_result(*each) for each in results),
        product=stage.products[product],
    )
    cooperative, actor = stage.cooperatives[house], stage.by_manager(house)
    enter_test(stage.session, cooperative, facts, None, actor=actor, now=now, today=day_of(now))


def _result(analyte: str, found: float | None, limit: float) -> ResultFacts:
    return ResultFacts(
        analyte, "mg/kg", None if found is None else round(found * MICRO), round(limit * MICRO), "LC-MS/MS (mẫu)"
    )


def report_failure(stage: Stage, house: str, batch: Batch, now: datetime) -> None:
    """The report because of which a lot was recalled."""
    day = day_of(now)
    facts = SampleFacts(
        laboratory=LABORATORY,
        report_number="KN-105 (mẫu)",
        sampled_on=day - timedelta(days=1),
        reported_on=day,
        valid_until=day + timedelta(days=365),
        results=(_result("Chlorpyrifos", 0.25, 0.01), _result("Chì (Pb)", 0.02, 0.1)),
        batch=batch,
    )
    cooperative, actor = stage.cooperatives[house], stage.by_manager(house)
    enter_test(stage.session, cooperative, facts, None, actor=actor, now=now, today=day)
