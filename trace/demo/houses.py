"""The demonstration's cooperatives: registered, approved, and everything they enter once."""

from datetime import date, datetime, timedelta

from ..accounts.tables import Place
from ..records import (
    Certificate,
    CertificateDecision,
    CertificateVerdict,
    Consent,
    ConsentTo,
    Cooperative,
    CooperativeDecision,
    CooperativeVerdict,
    ScopeLine,
    TrademarkEvent,
    TrademarkKind,
)
from ..records import Product as ProductRecord
from ..records import Trademark as TrademarkRecord
from ..standards.identifiers import check_digit, gtin14
from ..standards.words import fold
from ..work import farm, uploads
from ..work.history import record
from .data import GROWERS, HOUSES, MARKS, PAPERS, PRODUCTS, Grower, House, Mark, Paper, Product
from .pictures import picture_of
from .stage import Stage

REGISTERED_DAYS_AGO = 430
ENTERED_DAYS_AGO = 425
WAITING_DAYS_AGO = 2


def set_up(stage: Stage) -> None:
    """Plan everything that happens before the first lot."""
    stage.tell(stage.day(REGISTERED_DAYS_AGO + 1), 8, stage.hire)
    for house in HOUSES:
        _plan_house(stage, house)
    entered = stage.day(ENTERED_DAYS_AGO)
    for grower in GROWERS:
        stage.tell(entered, 8, lambda now, grower=grower: _enter_grower(stage, grower, now))  # type: ignore[misc]
    for product in PRODUCTS:
        stage.tell(entered, 9, lambda now, product=product: _enter_product(stage, product, now))  # type: ignore[misc]
    for mark in MARKS:
        stage.tell(entered, 10, lambda now, mark=mark: _enter_mark(stage, mark, now))  # type: ignore[misc]
    for paper in PAPERS:
        _plan_paper(stage, paper)


def _plan_house(stage: Stage, house: House) -> None:
    days_ago = REGISTERED_DAYS_AGO if house.approved else WAITING_DAYS_AGO
    stage.tell(stage.day(days_ago), 8, lambda now: _register(stage, house, now))
    if house.approved:
        stage.tell(stage.day(days_ago - 1), 9, lambda now: _approve(stage, house, now))


def _register(stage: Stage, house: House, now: datetime) -> None:
    session = stage.session
    cooperative = Cooperative(
        kind=house.kind, name=house.name, folded=fold(house.name), label=house.label, tax_code=house.tax_code,
        commune_code=house.commune, address=house.address, certified_address=house.certified_address,
        former_district_code=house.former_district, contact_name=house.contact, phone=house.phone, created_at=now,
    )  # fmt: skip
    session.add(cooperative)
    session.flush()
    stage.cooperatives[house.key] = cooperative
    cooperative.consents += [
        Consent(cooperative_id=cooperative.id, what=what, given_on=now.date(), recorded_at=now) for what in ConsentTo
    ]
    mailbox = house.key.replace("-", "")
    stage.join(stage.person(house.manager, f"quanly.{mailbox}", now), house.key, Place.MANAGER, now)
    stage.join(stage.person(house.member, f"thanhvien.{mailbox}", now), house.key, Place.MEMBER, now)
    record(session, "cooperative.registered", cooperative, actor=stage.by_manager(house.key), now=now)


def _approve(stage: Stage, house: House, now: datetime) -> None:
    officer = stage.by_staff("officer")
    cooperative = stage.cooperatives[house.key]
    verdict = CooperativeVerdict.APPROVED
    cooperative.decisions.append(CooperativeDecision(verdict=verdict, at=now, by_person_id=officer.person_id))
    facts = {"verdict": verdict.value}
    record(stage.session, "cooperative.approved", cooperative, actor=officer, now=now, facts=facts)


def _enter_grower(stage: Stage, told: Grower, now: datetime) -> None:
    session, cooperative, actor = stage.session, stage.cooperatives[told.house], stage.by_manager(told.house)
    grower = farm.add_grower(session, cooperative, farm.GrowerFacts(told.name), actor=actor, now=now)
    if told.consents:
        farm.agree_to_name(session, grower, now.date(), today=now.date(), actor=actor, now=now)
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


def _millionths(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * 1_000_000)


def _enter_product(stage: Stage, told: Product, now: datetime) -> None:
    session, actor = stage.session, stage.by_manager(told.house)
    owner = stage.cooperatives[told.house].id
    photo = uploads.keep(
        session, owner, picture_of(told.key), f"{told.key}.jpg", uploads.PICTURES, actor=actor, now=now
    )
    vi, en, zh = told.names
    product = ProductRecord(
        cooperative_id=owner, name_vi=vi, name_en=en, name_zh=zh, folded=fold(f"{vi} {en}"), variety=told.variety,
        pack=told.pack, net_weight_g=told.net_weight_g, shelf_life_days=told.shelf_life_days, keeping=told.keeping,
        gtin=gtin14(told.gtin_start + check_digit(told.gtin_start)) if told.gtin_start else None,
        photo_id=photo.id, created_at=now,
    )  # fmt: skip
    session.add(product)
    record(session, "product.added", product, actor=actor, now=now)
    stage.products[told.key] = product


def _enter_mark(stage: Stage, told: Mark, now: datetime) -> None:
    session = stage.session
    right_from = stage.day(told.states[-1][1] - 30) if told.right_giver else None
    mark = TrademarkRecord(
        cooperative_id=stage.cooperatives[told.house].id, kind=told.kind, name=told.name, folded=fold(told.name),
        owner=told.owner, application_number=told.application, filed_on=stage.day(told.filed_days_ago),
        certificate_number=told.certificate, right_giver=told.right_giver,
        right_number="QSD-01 (mẫu)" if told.right_giver else None, right_from=right_from,
        right_to=_in_three_years(stage.today) if told.right_giver else None, created_at=now,
    )  # fmt: skip
    session.add(mark)
    session.flush()
    document = f"{TrademarkKind(told.kind).value} {told.application}"
    mark.states += [
        TrademarkEvent(cooperative_id=mark.cooperative_id, state=state, on_day=stage.day(ago), document=document)
        for state, ago in told.states
    ]
    record(session, "trademark.added", mark, actor=stage.by_manager(told.house), now=now)
    stage.marks[told.key] = mark


def _in_three_years(day: date) -> date:
    return day + timedelta(days=3 * 365)


def _plan_paper(stage: Stage, told: Paper) -> None:
    entered = min(told.issued_days_ago, ENTERED_DAYS_AGO - 1)
    stage.tell(stage.day(entered), 11, lambda now: _enter_paper(stage, told, now))
    if told.confirmed:
        stage.tell(stage.day(entered - 1), 10, lambda now: _confirm_paper(stage, told, now))


def _enter_paper(stage: Stage, told: Paper, now: datetime) -> None:
    owner = stage.cooperatives[told.house].id
    paper = Certificate(
        cooperative_id=owner, scheme=told.scheme, number=told.number, body=told.body, stars=told.stars,
        issued_on=stage.day(told.issued_days_ago), expires_on=stage.day(-told.expires_in_days), created_at=now,
    )  # fmt: skip
    paper.scope = [
        ScopeLine(
            cooperative_id=owner,
            product_id=stage.products[product].id,
            plot_id=stage.plots[grower].id,
            grower_id=stage.growers[grower].id,
            area_m2=stage.plots[grower].area_m2,
            expected_g_a_year=kilograms * 1000,
        )
        for product, grower, kilograms in told.lines
    ]
    stage.session.add(paper)
    record(stage.session, "certificate.declared", paper, actor=stage.by_manager(told.house), now=now)
    stage.papers[told.key] = paper


def _confirm_paper(stage: Stage, told: Paper, now: datetime) -> None:
    paper = stage.papers[told.key]
    decide_paper(stage, paper, CertificateVerdict.CONFIRMED, paper.issued_on, now=now)


def decide_paper(
    stage: Stage,
    paper: Certificate,
    verdict: CertificateVerdict,
    reaches_from: date,
    *,
    now: datetime,
    reason: str | None = None,
) -> None:
    auditor = stage.by_staff("auditor")
    decision = CertificateDecision(
        cooperative_id=paper.cooperative_id, verdict=verdict, reaches_from=reaches_from, reason=reason, at=now,
        by_person_id=auditor.person_id,
    )  # fmt: skip
    paper.decisions.append(decision)
    stage.session.flush()
    facts = {"verdict": verdict.value, "reaches_from": reaches_from.isoformat(), "reason": reason}
    record(stage.session, f"certificate.{verdict.value}", paper, actor=auditor, now=now, facts=facts)
