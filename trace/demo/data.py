"""Who and what the demonstration tells of: invented people and cooperatives, real kinds of produce of the province.

Days are told as days before today, so that the story is as fresh on any day as on the first. Numbers of documents are
invented; what the province's own rights are called is not.
"""

from dataclasses import dataclass

from ..records import CooperativeKind, Scheme, TrademarkKind, TrademarkState

PASSWORD = "tem goc chay thu 2026"  # noqa: S105 - printed for whoever tries the demonstration; production refuses it
DOMAIN = "demo.example"
"""RFC 2606: no mail can ever be delivered there."""


@dataclass(frozen=True, slots=True)
class House:
    key: str
    name: str
    kind: CooperativeKind
    tax_code: str | None
    commune: str
    address: str
    certified_address: str | None
    former_district: str | None
    contact: str
    phone: str
    manager: str
    member: str
    approved: bool = True


@dataclass(frozen=True, slots=True)
class Grower:
    house: str
    key: str
    name: str
    consents: bool
    plot: str
    area_m2: int
    commune: str
    point: tuple[float, float] | None
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    house: str
    key: str
    names: tuple[str, str, str]
    """Vietnamese, English, Chinese."""
    variety: str
    pack: str
    net_weight_g: int
    shelf_life_days: int
    keeping: str
    months: frozenset[int]
    """When it is harvested."""
    gtin_start: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    house: str
    key: str
    kind: TrademarkKind
    name: str
    owner: str
    application: str
    filed_days_ago: int
    certificate: str | None
    states: tuple[tuple[TrademarkState, int], ...]
    """Each legal state with the days since it came."""
    right_giver: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate."""

    house: str
    key: str
    scheme: Scheme
    number: str
    body: str
    issued_days_ago: int
    expires_in_days: int
    lines: tuple[tuple[str, str, int], ...]
    """Product, grower (who has one plot), expected kilograms a year."""
    confirmed: bool = True
    stars: int | None = None


HOUSES = (
    House(
        "suong-som", "HTX Nông sản Sương Sớm", CooperativeKind.COOPERATIVE, "4999999934", "06463",
        "Thôn Lũng Mây", "Thôn Lũng Mây, xã Quang Lang", "187", "Hoàng Thị Mận", "+84912000101",
        "Hoàng Thị Mận", "Lương Văn Thạch",
    ),
    House(
        "nang-dong", "HTX Chè và Quýt Nắng Đông", CooperativeKind.COOPERATIVE, "4999999941", "06613",
        "Thôn Khe Sim", "Khu 3, thị trấn Đình Lập", "189", "Nông Văn Trà", "+84912000202",
        "Nông Văn Trà", "Chu Thị Bưởi",
    ),
    House(
        "suoi-trong", "Tổ hợp tác Rau Suối Trong", CooperativeKind.GROUP, "4999999959", "06211",
        "Thôn Bản Ngàn", None, None, "Lý Thị Cải", "+84912000303", "Lý Thị Cải", "Vi Văn Ngót", approved=False,
    ),
)  # fmt: skip

GROWERS = (
    Grower("suong-som", "man", "Hoàng Thị Mận", True, "Vườn na Lũng Mây 1", 18_000, "06463", (21.6412, 106.5731),
            "VN-LSOR-0101"),
    Grower("suong-som", "da", "Vi Văn Đá", True, "Vườn na Lũng Mây 2", 12_500, "06463", (21.6428, 106.5756),
            "VN-LSOR-0101"),
    Grower("suong-som", "suoi", "Lộc Thị Suối", True, "Vườn na Khau Đồn", 9_000, "06463", (21.6350, 106.5690)),
    Grower("suong-som", "nui", "Hứa Văn Núi", False, "Vườn na Núi Trổ", 15_000, "06481", (21.6102, 106.6204)),
    Grower("suong-som", "hong", "Lương Thị Hồng", True, "Vườn hồng Co Luồng", 14_000, "06184", (21.9301, 106.7203)),
    Grower("suong-som", "thach", "Lương Văn Thạch", True, "Vườn hồng Đồi Thông", 11_000, "06184", (21.9333, 106.7241)),
    Grower("suong-som", "rung", "Hà Văn Rừng", False, "Vườn hồng Bản Sâu", 8_000, "06187", None),
    Grower("nang-dong", "tra", "Nông Văn Trà", True, "Đồi chè Khe Sim", 32_000, "06613", (21.5440, 107.0953)),
    Grower("nang-dong", "bup", "Hoàng Thị Búp", True, "Đồi chè Pá Danh", 26_000, "06616", (21.5123, 107.1400)),
    Grower("nang-dong", "suong", "Lã Văn Sương", True, "Đồi chè Nà Phai", 21_000, "06613", (21.5502, 107.1011)),
    Grower("nang-dong", "khe", "Triệu Văn Khe", False, "Đồi chè Khe Lạnh", 15_000, "06613", (21.5391, 107.0888)),
    Grower("nang-dong", "buoi", "Chu Thị Bưởi", True, "Vườn quýt Lân Vàng", 16_000, "06325", (21.8990, 106.3203),
            "VN-LSOR-0102"),
    Grower("nang-dong", "lan", "Dương Công Lân", False, "Vườn quýt Thung Trắng", 13_000, "06364", (21.8402, 106.3950)),
)  # fmt: skip

AREA_CODES = (
    ("VN-LSOR-0101", "suong-som", "Na"),
    ("VN-LSOR-0102", "nang-dong", "Quýt"),
)
"""Code, holder and crop, as the province's register has them."""

PRODUCTS = (
    Product(
        "suong-som", "na", ("Na Chi Lăng", "Chi Lăng custard apple", "支陵番荔枝"), "na dai", "túi", 1_000, 7,
        "Nơi thoáng mát, tránh nắng; quả chín để ngăn mát, dùng trong 2 ngày.", frozenset({7, 8, 9, 10}),
    ),
    Product(
        "suong-som", "hong", ("Hồng không hạt Bảo Lâm", "Bảo Lâm seedless persimmon", "保林无籽柿"), "hồng Bảo Lâm",
        "hộp", 2_000, 15, "Nơi khô mát; đã ngâm, gọt vỏ là dùng được.", frozenset({9, 10, 11}),
    ),
    Product(
        "nang-dong", "che", ("Chè Đình Lập", "Đình Lập green tea", "亭立绿茶"), "Ngọc Thúy", "hộp", 200, 540,
        "Nơi khô ráo, kín, tránh mùi lạ.", frozenset(range(1, 13)), "952010000017",
    ),
    Product(
        "nang-dong", "quyt", ("Quýt Bắc Sơn", "Bắc Sơn mandarin", "北山柑橘"), "quýt vàng", "túi", 1_500, 21,
        "Nơi thoáng mát, để được 3 tuần.", frozenset({10, 11, 12, 1}),
    ),
)  # fmt: skip

MARKS = (
    Mark(
        "suong-som", "suong-som", TrademarkKind.ORDINARY, "Sương Sớm", "HTX Nông sản Sương Sớm", "4-2021-90001", 1_600,
        "4-0900001-000", ((TrademarkState.FILED, 1_600), (TrademarkState.GRANTED, 1_000)),
    ),
    Mark(
        "suong-som", "gi-na", TrademarkKind.GEOGRAPHICAL, "Lạng Sơn (quả na)", "Nhà nước CHXHCN Việt Nam",
        "6-2022-90002", 1_300, "00140", ((TrademarkState.FILED, 1_300), (TrademarkState.GRANTED, 800)),
        "Cơ quan quản lý chỉ dẫn địa lý (mẫu)",
    ),
    Mark(
        "nang-dong", "quyt-vang", TrademarkKind.COLLECTIVE, "Quýt vàng Bắc Sơn", "Hội quýt vàng (mẫu)",
        "4-2016-90003", 3_400, "4-0900003-000", ((TrademarkState.FILED, 3_400), (TrademarkState.GRANTED, 2_900)),
        "Hội quýt vàng (mẫu)",
    ),
    Mark(
        "nang-dong", "che", TrademarkKind.CERTIFICATION, "Chè Đình Lập", "Cơ quan chứng nhận (mẫu)", "4-2025-90004",
        420, None, ((TrademarkState.FILED, 420), (TrademarkState.FORMALLY_ACCEPTED, 380)), "Cơ quan chứng nhận (mẫu)",
    ),
)  # fmt: skip

PAPERS = (
    Paper(
        "suong-som", "na", Scheme.VIETGAP, "VietGAP-TT-13-09-20-0411", "Tổ chức chứng nhận Miền Núi (mẫu)", 700, 395,
        (("na", "man", 16_000), ("na", "da", 11_000), ("na", "suoi", 8_000), ("na", "nui", 13_000)),
    ),
    Paper(
        "suong-som", "hong", Scheme.VIETGAP, "VietGAP-TT-13-09-20-0398", "Tổ chức chứng nhận Miền Núi (mẫu)", 1_070, 25,
        (("hong", "hong", 9_000), ("hong", "thach", 7_500)),
    ),
    Paper(
        "suong-som", "hong-2", Scheme.VIETGAP, "VietGAP-TT-13-09-20-0402", "Tổ chức chứng nhận Miền Núi (mẫu)",
        900, 195,
        (("hong", "rung", 5_000),),
    ),
    Paper(
        "suong-som", "globalgap", Scheme.GLOBALGAP, "GGN 4063061000017", "Tổ chức chứng nhận Biên Giới (mẫu)", 30, 335,
        (("na", "man", 16_000),), confirmed=False,
    ),
    Paper(
        "nang-dong", "che", Scheme.VIETGAP, "VietGAP-TT-14-02-20-0077", "Tổ chức chứng nhận Đồi Xanh (mẫu)", 400, 695,
        (("che", "tra", 24_000), ("che", "bup", 19_000), ("che", "suong", 15_000), ("che", "khe", 13_000)),
    ),
    Paper(
        "nang-dong", "che-old", Scheme.VIETGAP, "VietGAP-TT-14-02-20-0031", "Tổ chức chứng nhận Đồi Xanh (mẫu)", 1_200,
        -100, (("che", "suong", 15_000),),
    ),
    Paper(
        "nang-dong", "quyt", Scheme.VIETGAP, "VietGAP-TT-14-02-20-0085", "Tổ chức chứng nhận Đồi Xanh (mẫu)", 520, 575,
        (("quyt", "buoi", 14_000), ("quyt", "lan", 11_000)),
    ),
    Paper(
        "nang-dong", "ocop", Scheme.OCOP, "OCOP-20-2025-014 (mẫu)", "UBND tỉnh Lạng Sơn (mẫu)", 300, 795,
        (("che", "tra", 24_000),), stars=4,
    ),
)  # fmt: skip
SECOND_OFFICER = ("Hoàng Thị Soạn", "chuyenvien2")
"""Name and mailbox of whoever is the second pair of eyes."""
SUSPENDED_PAPER = "hong-2"
CERTIFIER = ("Vy Thu Hiền", "chungnhan", "Tổ chức chứng nhận Miền Núi (mẫu)")
"""Name, mailbox, certification body: it certified the first house, and reads along there."""

STAFF = (
    ("auditor", "Đặng Thị Kiểm", "kiemtra"),
    ("officer", "Trần Văn Duyệt", "chuyenvien"),
    ("operator", "Phạm Thị Hành", "vanhanh"),
)
