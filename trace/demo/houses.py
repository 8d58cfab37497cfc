"""The demonstration's cooperatives: registered, approved, and everything they enter once."""

from datetime import datetime, timedelta
from functools import partial

from ..accounts.certifiers import Certifier, let_in, note_view
from ..accounts.people import actor_of, join
from ..accounts.tables import Place
from ..records import CertificateVerdict, ConsentTo, CooperativeVerdict, Market, Surveillance, TrademarkState
from ..standards.identifiers import check_digit, gtin14
from ..work import farm, uploads
from ..work.area_codes import AreaCodeFacts, register_code
from ..work.certificates import CertificateFacts, add_certificate
from ..work.certifying import decide_certificate
from ..work.cooperatives import Registration, decide_cooperative, register
from ..work.days import day_of
from ..work.products import ProductFacts, add_product
from ..work.scope import ScopeFacts, add_line
from ..work.surveillance import finish_visit
from ..work.trademarks import TrademarkFacts, add_state, add_trademark
from .data import AREA_CODES, CERTIFIER, GROWERS, HOUSES, MARKS, PAPERS, PRODUCTS, Grower, House, Mark, Paper, Product
from .pictures import picture_of
from .stage import Stage

REGISTERED_DAYS_AGO = 430
ENTERED_DAYS_AGO = 425
WAITING_DAYS_AGO = 2
CERTIFIER_DAYS_AGO = 60
RIGHT_DAYS = 3 * 365


def set_up(stage: Stage) -> None:
    """Plan everything that happens before the first lot."""
    stage.tell(stage.day(REGISTERED_DAYS_AGO + 1), 8, stage.hire)
    for house in HOUSES:
        _plan_house(stage, house)
    entered = stage.day(ENTERED_DAYS_AGO)
    for grower in GROWERS:
        stage.tell(entered, 8, lambda now, grower=grower: _enter_grower(stage, grower, now))  # type: ignore[misc]
    for told in AREA_CODES:
        stage.tell(entered, 9, lambda now, told=told: _register_code(stage, told, now))  # type: ignore[misc]
    for product in PRODUCTS:
        stage.tell(entered, 9, lambda now, product=product: _enter_product(stage, product, now))  # type: ignore[misc]
    for mark in MARKS:
        _plan_mark(stage, mark)
    for paper in PAPERS:
        _plan_paper(stage, paper)
    stage.tell(stage.day(CERTIFIER_DAYS_AGO), 9, lambda now: _let_certifier_in(stage, now))


def _plan_house(stage: Stage, house: House) -> None:
    days_ago = REGISTERED_DAYS_AGO if house.approved else WAITING_DAYS_AGO
    stage.tell(stage.day(days_ago), 8, lambda now: _register(stage, house, now))
    if house.approved:
        stage.tell(stage.day(days_ago - 1), 9, lambda now: _approve(stage, house, now))


def _register(stage: Stage, house: House, now: datetime) -> None:
    session = stage.session
    mailbox = house.key.replace("-", "")
    manager = stage.person(house.manager, f"quanly.{mailbox}", now)
    stage.managers[house.key] = manager
    said = Registration(
        name=house.name,
        kind=house.kind,
        tax_code=house.tax_code,
        personal_number=None,
        commune_code=house.commune,
        address=house.address,
        certified_address=house.certified_address,
        former_district_code=house.former_district,
        contact_name=house.contact,
        phone=house.phone,
        email=manager.email,
        consents=frozenset(ConsentTo),
    )
    cooperative = register(session, said, actor=stage.by_manager(house.key), now=now, today=day_of(now))
    stage.cooperatives[house.key] = cooperative
    join(session, manager, cooperative, Place.MANAGER, actor=stage.by_manager(house.key), now=now)
    member = stage.person(house.member, f"thanhvien.{mailbox}", now)
    join(session, member, cooperative, Place.MEMBER, actor=stage.by_manager(house.key), now=now)


def _approve(stage: Stage, house: House, now: datetime) -> None:
    cooperative, officer = stage.cooperatives[house.key], stage.by_staff("officer")
    decide_cooperative(stage.session, cooperative, CooperativeVerdict.APPROVED, None, by=officer, now=now)


def _let_certifier_in(stage: Stage, now: datetime) -> None:
    """Somebody of a certification body reads along with one cooperative, and has looked."""
    session, cooperative = stage.session, stage.cooperatives[HOUSES[0].key]
    who = stage.person(*CERTIFIER[:2], now)
    said = Certifier(who.name, CERTIFIER[2], who.email, None, stage.today + timedelta(days=300))
    let_in(session, cooperative, said, actor=stage.by_staff("officer"), now=now, today=day_of(now))
    page = f"/certifier/cooperatives/{cooperative.public_id}"
    note_view(session, who, page, cooperative.id, actor=actor_of(who, "certifier"), now=now)


def _enter_grower(stage: Stage, told: Grower, now: datetime) -> None:
    session, cooperative, actor = stage.session, stage.cooperatives[told.house], stage.by_manager(told.house)
    grower = farm.add_grower(session, cooperative, farm.GrowerFacts(told.name), actor=actor, now=now)
    if told.consents:
        farm.agree_to_name(session, grower, day_of(now), today=day_of(now), actor=actor, now=now)
    latitude, longitude = told.point or (None, None)
    facts = farm.PlotFacts(
        told.plot,
        told.area_m2,
        told.commune,
        grower_id=grower.id,
        area_code=told.area_code,
        latitude_e6=_millionths(latitude),
        longitude_e6=_millionths(longitude),
    )
    stage.growers[told.key] = grower
    stage.plots[told.key] = farm.add_plot(session, cooperative, facts, actor=actor, now=now)


def _register_code(stage: Stage, told: tuple[str, str, str], now: datetime) -> None:
    code, holder, crop = told
    facts = AreaCodeFacts(code, stage.cooperatives[holder], crop, Market.DOMESTIC, stage.day(REGISTERED_DAYS_AGO))
    register_code(stage.session, facts, actor=stage.by_staff("officer"), now=now)


def _millionths(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * 1_000_000)


def _enter_product(stage: Stage, told: Product, now: datetime) -> None:
    session, actor = stage.session, stage.by_manager(told.house)
    owner = stage.cooperatives[told.house].id
    photo = uploads.keep(
        session, owner, picture_of(told.key), f"{told.key}.jpg", uploads.PICTURES, actor=actor, now=now
    )
    vi, en, zh = told.names
    facts = ProductFacts(
        name_vi=vi,
        name_en=en,
        name_zh=zh,
        pack=told.pack,
        net_weight_g=told.net_weight_g,
        variety=told.variety,
        shelf_life_days=told.shelf_life_days,
        keeping=told.keeping,
        gtin=gtin14(told.gtin_start + check_digit(told.gtin_start)) if told.gtin_start else None,
    )
    cooperative = stage.cooperatives[told.house]
    stage.products[told.key] = add_product(session, cooperative, facts, photo, actor=actor, now=now)


def _plan_mark(stage: Stage, told: Mark) -> None:
    """Entered once filed and once the cooperative is here; the steps before that day are entered with it."""
    entered = min(ENTERED_DAYS_AGO, told.filed_days_ago - 1)
    stage.tell(stage.day(entered), 10, lambda now: _enter_mark(stage, told, now))
    for state, ago in told.states:
        if state is not TrademarkState.FILED:
            day = stage.day(min(ago, entered))
            stage.tell(day, 11, lambda now, state=state, ago=ago: _step_mark(stage, told, state, ago, now))  # type: ignore[misc]


def _enter_mark(stage: Stage, told: Mark, now: datetime) -> None:
    given = told.right_giver is not None
    facts = TrademarkFacts(
        kind=told.kind,
        name=told.name,
        owner=told.owner,
        application_number=told.application,
        filed_on=stage.day(told.filed_days_ago),
        certificate_number=told.certificate,
        right_giver=told.right_giver,
        right_number="QSD-01 (mẫu)" if given else None,
        right_from=stage.day(min(told.states[-1][1], ENTERED_DAYS_AGO)) if given else None,
        right_to=stage.day(-RIGHT_DAYS) if given else None,
    )
    cooperative, actor = stage.cooperatives[told.house], stage.by_manager(told.house)
    mark = add_trademark(stage.session, cooperative, facts, actor=actor, now=now, today=day_of(now))
    stage.marks[told.key] = mark


def _step_mark(stage: Stage, told: Mark, state: TrademarkState, days_ago: int, now: datetime) -> None:
    actor, mark = stage.by_manager(told.house), stage.marks[told.key]
    paper = f"Văn bản về đơn {told.application} (mẫu)"
    add_state(stage.session, mark, state, stage.day(days_ago), paper, actor=actor, now=now, today=day_of(now))


def _plan_paper(stage: Stage, told: Paper) -> None:
    entered = min(told.issued_days_ago, ENTERED_DAYS_AGO - 1)
    stage.tell(stage.day(entered), 11, lambda now: _enter_paper(stage, told, now))
    if told.confirmed:
        stage.tell(stage.day(entered - 1), 10, lambda now: _confirm_paper(stage, told, now))


def _enter_paper(stage: Stage, told: Paper, now: datetime) -> None:
    session, actor, cooperative = stage.session, stage.by_manager(told.house), stage.cooperatives[told.house]
    issued_on, expires_on = stage.day(told.issued_days_ago), stage.day(-told.expires_in_days)
    facts = CertificateFacts(told.scheme, told.number, told.body, issued_on, expires_on, told.stars)
    paper = add_certificate(session, cooperative, facts, None, actor=actor, now=now, today=day_of(now))
    stage.papers[told.key] = paper
    for product, grower, kilograms in told.lines:
        plot = stage.plots[grower]
        line = ScopeFacts(stage.products[product], plot, stage.growers[grower], plot.area_m2, kilograms * 1000)
        add_line(session, paper, line, actor=actor, now=now)
    for visit in paper.surveillances:
        if visit.due_on < stage.today:
            day = visit.due_on - timedelta(days=6)
            stage.tell(day, 10, partial(_visited, stage, told.house, visit))


def _visited(stage: Stage, house: str, visit: Surveillance, now: datetime) -> None:
    day, actor = day_of(now), stage.by_manager(house)
    finish_visit(stage.session, visit, day, "Duy trì chứng nhận (mẫu).", actor=actor, now=now, today=day)


def _confirm_paper(stage: Stage, told: Paper, now: datetime) -> None:
    auditor, paper = stage.by_staff("auditor"), stage.papers[told.key]
    decide_certificate(stage.session, paper, CertificateVerdict.CONFIRMED, by=auditor, now=now)
