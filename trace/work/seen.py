"""What a consumer is shown of a stamp: plain values, with consent already weighed and nothing left to ask.

Keys (verdict, kind, state, event) are put into words by the templates; free text is as people wrote it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from .standing import StampVerdict


@dataclass(frozen=True, slots=True)
class PhotoSeen:
    url: str
    """JPEG or WebP of ≤ 800 px, same origin"""
    width: int
    height: int
    alt: str = ""
    """what it shows; "" → the product's name is used"""
    webp_url: str = ""
    """the same size, lighter; "" where the picture is WebP itself"""


@dataclass(frozen=True, slots=True)
class CooperativeSeen:
    name: str
    """Such as "HTX Nông sản Chi Lăng" """
    kind: str
    """One of "cooperative" | "union" | "group" | "enterprise" | "household" """
    commune: str
    """Such as "xã Chi Lăng" (today's)"""
    address: str
    """today's, whole"""
    address_certified: str = ""
    """as on the certificate, with its old district; "" when the same"""
    phone: str = ""
    """as shown: "0912 345 678"; "" = none or no consent"""
    zalo_url: str = ""
    """https://zalo.me/… only with consent"""
    sells_by_phone: bool = False
    """consent to be called for orders: the button then reads "Call to order" """
    logo: PhotoSeen | None = None
    left_on: date | None = None
    """has left the programme since"""
    gln: str = ""
    """the number GS1 gave it as a party"""
    url: str = ""
    """its own page, as a path"""


@dataclass(frozen=True, slots=True)
class ProductSeen:
    name: str
    """in the page's language if there is one …"""
    name_lang: str = "vi"
    """… and the language it really is in"""
    variety: str = ""
    unit: str = ""
    """word for one pack: "gói", "hộp" """
    net_weight_g: int | None = None
    shelf_life_days: int | None = None
    keeping: str = ""
    """how to keep it"""
    gtin: str = ""
    photos: tuple[PhotoSeen, ...] = ()
    url: str = ""
    """its own page, as a path"""


@dataclass(frozen=True, slots=True)
class PlotSeen:
    name: str
    """Such as "Vườn Lũng Than" """
    commune: str
    area_m2: int | None = None
    area_code: str = ""
    """planting-area code"""
    grower: str = ""
    """Such as "" unless the grower consented"""
    outline: str = ""
    """SVG polygon points in a 100 × 100 box, or "" """
    map_url: str = ""
    """Such as "geo:" or a map site; only with consent"""


@dataclass(frozen=True, slots=True)
class CertificateSeen:
    scheme: str
    """key of records.Scheme: "vietgap", "globalgap", …"""
    number: str
    body: str
    from_on: date
    to_on: date
    state: str
    """today: "in_force" | "warned" | "suspended" | "cancelled" | "expired" | "not_yet" | "declared" | "refused" """
    covered_harvest: bool
    """the whole harvest and packing lay inside what it covered"""
    state_since_on: date | None = None
    """day from which a warning, suspension or cancellation reaches"""
    confirmed_on: date | None = None
    """compared with the original"""
    confirmed_by: str = ""
    """office, never a person"""
    document_url: str = ""
    stars: int | None = None
    """OCOP"""


@dataclass(frozen=True, slots=True)
class TrademarkSeen:
    """Only rights that may be shown (work decides; ® and logo only when registered)."""

    kind: str
    """One of "ordinary" | "collective" | "certification" | "geographical" """
    name: str
    state: str
    """One of "registered" (in force) | "application" """
    owner: str = ""
    number: str = ""
    """certificate number, or the application's when not granted"""
    filed_on: date | None = None
    until_on: date | None = None
    """None for a GI"""
    right_giver: str = ""
    """who gave this cooperative the right to use it"""
    right_until_on: date | None = None
    image: PhotoSeen | None = None


@dataclass(frozen=True, slots=True)
class EventSeen:
    """The journey, oldest first; also the stages of item 5."""

    kind: str
    """One of "harvested" | "packed" | "submitted" | "cleared" | "activated" | "dispatched" | "suspended" | "lifted"
    | "recalled" | "refused" | "tested" | "sprayed" """
    on: date
    declared: bool
    """True: the cooperative says so; False: an office did or checked it"""
    text: str = ""
    """free text: "3 hộ, 1.240 kg", reason, place"""
    place: str = ""
    """plot, packhouse, market"""
    place_code: str = ""
    """location trace code (area code, GLN, packhouse code)"""
    by: str = ""
    """office, for declared=False"""


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """One thing that was checked in clearing."""

    key: str
    """Check.key of work/checks.py, of those in `origin_parts.TOLD_CHECKS`; lines of one key
    collapsed, passed if none of them failed"""
    passed: bool


@dataclass(frozen=True, slots=True)
class SpraySeen:
    """One spray on a plot of the batch, before a harvest of it."""

    on: date
    material: str
    """trade name, as on the pack"""
    active: str
    """active ingredient"""
    interval_days: int
    """pre-harvest interval, as on the pack"""
    waited_days: int
    """days to the first harvest that followed it"""

    @property
    def kept(self) -> bool:
        return self.waited_days >= self.interval_days


@dataclass(frozen=True, slots=True)
class TestSeen:
    """A laboratory's report that speaks for the batch."""

    sampled_on: date
    laboratory: str
    report: str
    """its number"""
    valid_until_on: date
    results: int
    above: tuple[str, ...]
    """substances found above their limit"""


@dataclass(frozen=True, slots=True)
class CareSeen:
    """The diary of the batch's plots in the year before its harvest, in short."""

    counts: tuple[tuple[str, int], ...] = ()
    """by DiaryKind the days on which it was done; kinds without a day are left out"""
    sprays: tuple[SpraySeen, ...] = ()
    """the newest first; what was sprayed on several plots alike is told once"""


@dataclass(frozen=True, slots=True)
class CorrectionSeen:
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class DispatchSeen:
    on: date
    place: str = ""
    buyer: str = ""
    """Such as "" unless the cooperative made it public"""
    weight_g: int | None = None
    packs: int | None = None


@dataclass(frozen=True, slots=True)
class HistorySeen:
    """Entries of the log about this batch or stamp, oldest first."""

    on: date
    kind: str
    """the Entry's kind; the template has its words, an unknown kind reads "Changed" """
    entry: int
    """index in the log"""


@dataclass(frozen=True, slots=True)
class BatchSeen:
    lot: str
    harvested_from_on: date
    harvested_to_on: date
    packed_on: date | None = None
    best_before_on: date | None = None
    weight_g: int | None = None
    packs: int | None = None
    notes: str = ""
    cleared: str = ""
    """One of "" | "rule" | "auditor" """
    cleared_on: date | None = None
    cleared_by: str = ""
    """office"""
    checks: tuple[CheckSeen, ...] = ()
    url: str = ""
    """its own page, as a path; "" where it has none"""


@dataclass(frozen=True, slots=True)
class OfficeSeen:
    """Whom to ask or tell when something is wrong."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ScansSeen:
    """Told only of a stamp that may be on several packages."""

    count: int
    first_on: date
    first_place: str = ""
    """Province of the first scan, where it was told"""


@dataclass(frozen=True, slots=True)
class StampPage:
    verdict: StampVerdict
    code: str
    """grouped: "7K3M-9QX2-WABC-D5EF" """
    serial: str
    """Such as "HCL-26A-0000123", to compare with the printed one"""
    verdict_on: date | None = None
    """day of the recall, suspension, voiding; last day of the certificate (lapsed); use-by day (past_shelf_life)"""
    verdict_reason: str = ""
    """free text a person wrote: recall, suspension, void"""
    lapse: str = ""
    """for "lapsed": "expired" | "not_yet" | "suspended" | "cancelled" | "" (CertificateState of the first uncovered
    day)"""
    cooperative: CooperativeSeen | None = None
    """None only for unverifiable"""
    product: ProductSeen | None = None
    """may be known before activation (the run's product) or None"""
    batch: BatchSeen | None = None
    """None: not_active, void before activation, unverifiable"""
    plots: tuple[PlotSeen, ...] = ()
    spots: tuple[tuple[int, int], ...] = ()
    """where to mark the sketch of the province: units of `standards.province_map`"""
    certificates: tuple[CertificateSeen, ...] = ()
    """the one that counts first"""
    trademarks: tuple[TrademarkSeen, ...] = ()
    events: tuple[EventSeen, ...] = ()
    corrections: tuple[CorrectionSeen, ...] = ()
    care: CareSeen = CareSeen()
    tests: tuple[TestSeen, ...] = ()
    """the newest sample first"""
    dispatches: tuple[DispatchSeen, ...] = ()
    history: tuple[HistorySeen, ...] = ()
    looks: int | None = None
    """times this stamp was looked at before; None hides the line"""
    first_look_on: date | None = None
    scanned: ScansSeen | None = None
    pin: bool = False
    """printed with a PIN under a scratch layer, and active: the page asks for it"""
    office: OfficeSeen | None = None
    report_url: str = ""
    """page to report a doubt; "" → the office's phone only"""
    languages: tuple[tuple[str, str], ...] = (("vi", "Tiếng Việt"), ("en", "English"), ("zh", "中文"))
    as_of: datetime | None = None
    """only when a remembered answer is shown (database busy): local time of that answer"""
