"""What happened to the demonstration's lots: each told once, with its days before today and what became of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .data import PRODUCTS


class End(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    BY_RULE = "by_rule"
    CERTIFIED = "certified"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Stamps:
    count: int
    printed: int
    active: int
    void: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Sold:
    buyer: str
    packs: int
    days_after: int = 1


@dataclass(frozen=True, slots=True)
class Lot:
    key: str
    product: str
    growers: tuple[tuple[str, int], ...]
    """Who brought it, and kilograms."""
    paper: str
    packs: int
    end: End
    days_ago: int
    """Packed at least so many days ago, on the last day in season."""
    mark: str | None = None
    harvested_before_days: int = 1
    """Days from harvest to packing."""
    stamps: Stamps | None = None
    sold: tuple[Sold, ...] = ()
    reason: str | None = None
    advice: str | None = None
    note: str | None = None


FRESH_BY_MONTH = {1: "quyt", 7: "na", 8: "na", 9: "na", 10: "hong", 11: "quyt", 12: "quyt"}
"""What is at its best in a month; in the others it is tea."""

FRESH = {
    "na": (("man", 210), ("da", 130)),
    "hong": (("hong", 320), ("thach", 160)),
    "quyt": (("buoi", 380), ("lan", 220)),
    "che": (("tra", 60), ("bup", 40)),
}
FRESH_PAPER = {"na": "na", "hong": "hong", "quyt": "quyt", "che": "che"}
FRESH_MARK = {"na": "gi-na", "hong": "suong-som", "quyt": "quyt-vang"}
"""Marks in force: one that is only applied for makes a person look before a lot is cleared."""


def fresh_product(day: date) -> str:
    return FRESH_BY_MONTH.get(day.month, "che")


def last_in_season(product: str, day: date) -> date:
    """The last day not after `day` on which the product is harvested."""
    months = next(each.months for each in PRODUCTS if each.key == product)
    while day.month not in months:
        day = day.replace(day=1) - timedelta(days=1)
    return day


def fresh_lots(today: date) -> tuple[Lot, ...]:
    """This month's produce: one cleared by rule and half sold, one waiting, one still a draft."""
    product = fresh_product(today)
    growers, paper, mark = FRESH[product], FRESH_PAPER[product], FRESH_MARK.get(product)
    net = next(each.net_weight_g for each in PRODUCTS if each.key == product)
    packs = int(sum(weight for _, weight in growers) * 1000 * 0.95) // net
    spare = packs // 20
    stamps = Stamps(count=packs + spare, printed=packs + spare // 2, active=packs - 20, void=(7, 9))
    sold = (Sold("cua-hang", packs // 3, 0), Sold("cho-dem", packs // 4, 0))
    return (
        Lot("fresh", product, growers, paper, packs, End.BY_RULE, 1, mark, stamps=stamps, sold=sold),
        Lot("waiting", product, growers[:1], paper, packs // 4, End.WAITING, 0, mark),
        Lot("draft", product, growers, paper, packs // 2, End.DRAFT, 0, mark),
    )


FRAUD_LOTS = (
    Lot(
        "khe-first",
        "che",
        (("khe", 6_000),),
        "che",
        28_000,
        End.CERTIFIED,
        25,
        None,
        1,
        Stamps(28_200, 28_200, 28_000),
        (Sold("sieu-thi", 20_000),),
    ),
    Lot(
        "khe-second",
        "che",
        (("khe", 5_500),),
        "che",
        25_500,
        End.CERTIFIED,
        9,
        None,
        1,
        Stamps(25_600, 25_600, 25_500),
        (Sold("cua-hang", 12_000), Sold("sieu-thi", 6_000, 2)),
    ),
    Lot("khe-third", "che", (("khe", 14_000),), "che", 66_000, End.WAITING, 1, None, 1),
)
"""Planted: a hill of 1.5 hectares that brings 25 tonnes of tea within a certificate year. The desk shows it first."""

PAST_LOTS = (
    Lot(
        "tea", "che", (("tra", 90), ("bup", 60), ("suong", 45)), "che", 880, End.CERTIFIED, 30, "che", 2,
        Stamps(920, 920, 860, (500, 504)), (Sold("sieu-thi", 400), Sold("hop-tac", 120, 6)),
        note="Chè búp một tôm hai lá, sao trong ngày.",
    ),
    Lot(
        "tea-late", "che", (("suong", 50),), "che-old", 230, End.CERTIFIED, 95, None, 10, Stamps(240, 240, 230),
        (Sold("cua-hang", 100),), note="Chè ủ thêm mười ngày trước khi đóng hộp.",
    ),
    Lot(
        "na-last", "na", (("man", 260), ("suoi", 120)), "na", 350, End.CERTIFIED, 20, "gi-na", 0,
        Stamps(365, 360, 350, (352, 358)), (Sold("cho-dem", 200, 0), Sold("cua-hang", 120)),
    ),
    Lot(
        "na-recalled", "na", (("nui", 140),), "na", 130, End.RECALLED, 40, None, 0, Stamps(136, 136, 130),
        (Sold("cho-dem", 130, 0),),
        reason="Mẫu kiểm nghiệm có dư lượng thuốc bảo vệ thực vật vượt mức cho phép (dữ liệu mẫu).",
        advice="Không ăn; mang trả nơi mua hoặc gọi hợp tác xã để được hoàn tiền.",
    ),
    Lot(
        "na-refused", "na", (("da", 90),), "na", 120, End.REFUSED, 60, None, 0,
        reason="Số túi đóng gói nhiều hơn lượng thu nhận; đề nghị kiểm lại sổ cân.",
    ),
    Lot(
        "hong-last", "hong", (("hong", 210), ("thach", 150)), "hong", 170, End.CERTIFIED, 35, "suong-som", 2,
        Stamps(178, 178, 170), (Sold("sieu-thi", 90), Sold("cua-hang", 40, 3)),
    ),
    Lot(
        "hong-roll", "hong", (("hong", 250), ("thach", 140)), "hong", 180, End.CERTIFIED, 8, "suong-som", 1,
        note="Dán tem từ cuộn in trước, theo phiếu bàn giao.",
    ),
    Lot(
        "hong-rung", "hong", (("rung", 120),), "hong-2", 55, End.CERTIFIED, 25, None, 1, Stamps(57, 57, 55),
        (Sold("cho-dem", 30),),
    ),
    Lot(
        "quyt-last", "quyt", (("buoi", 300), ("lan", 150)), "quyt", 280, End.CERTIFIED, 45, "quyt-vang", 1,
        Stamps(294, 294, 280), (Sold("sieu-thi", 150), Sold("cho-dem", 60, 2)),
    ),
    Lot(
        "quyt-suspended", "quyt", (("lan", 180),), "quyt", 110, End.SUSPENDED, 12, "quyt-vang", 1,
        Stamps(115, 113, 110), (Sold("cho-dem", 50),), reason="Chờ kết quả kiểm nghiệm bổ sung (dữ liệu mẫu).",
    ),
)  # fmt: skip

BUYERS = {  # name, place, whether consumers may read it
    "cua-hang": ("Cửa hàng Nông sản Kỳ Lừa (mẫu)", "Lạng Sơn", True),
    "cho-dem": ("Chị Hoa, chợ đêm (mẫu)", "Lạng Sơn", False),
    "sieu-thi": ("Siêu thị Bắc Hà (mẫu)", "Hà Nội", True),
    "hop-tac": ("Công ty Trà Việt (mẫu)", "Hải Phòng", False),
}
