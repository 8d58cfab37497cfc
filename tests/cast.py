"""One of every thing that an address can name, for one cooperative."""

from dataclasses import dataclass
from datetime import date
from secrets import token_bytes
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import Element, Face
from tests.conftest import AUDITOR, NOON, TODAY, House, code_of, make_batch, make_person
from trace.access import COOPERATIVE, STAFF
from trace.accounts import Office
from trace.accounts.certifiers import Certifier, let_in
from trace.logkeys import publisher
from trace.records import (
    Activation,
    AreaCode,
    BatchVerdict,
    Buyer,
    Campaign,
    ComplaintAbout,
    ComplaintSource,
    Cooperative,
    CopyCase,
    DiaryKind,
    Dispatch,
    DispatchLine,
    DoubtKind,
    EnrolmentState,
    FindingGrade,
    InternalGrade,
    PartSheet,
    PaymentKind,
    PlaceNumber,
    Printer,
    PrintExport,
    PrintJob,
    ProductLink,
    RangeState,
    Season,
    Setting,
    StampOrder,
    SupportKind,
    Trademark,
    TrademarkEvent,
    Upload,
    WirePrinter,
)
from trace.service import keyring, numbering, settings
from trace.standards.identifiers import check_digit, gtin14
from trace.work.activating import activate
from trace.work.actor import Actor
from trace.work.batches import decide
from trace.work.campaigns import open_campaign
from trace.work.complaints import ComplaintFacts, enter_complaint
from trace.work.diary import DiaryFacts, enter
from trace.work.diary_pages import attach_page
from trace.work.dossiers import ask_dossier
from trace.work.doubts import About, Telling, tell_doubt
from trace.work.enrolment_steps import set_contract
from trace.work.enrolments import enrol, move, propose_approval
from trace.work.findings import FindingFacts, add_finding
from trace.work.hand_overs import Handing, hand_over
from trace.work.imports import KINDS
from trace.work.imports.acts import bring
from trace.work.imports.sheets import Sheet
from trace.work.internal_audits import FindingFacts as InternalFault
from trace.work.internal_audits import begin as begin_audit
from trace.work.internal_audits import find_fault
from trace.work.log import publish
from trace.work.mark_use import consent
from trace.work.own_faces import add_face
from trace.work.own_stocks import add_stock
from trace.work.paying import propose_payment
from trace.work.printing import Order, print_stamps
from trace.work.programme_units import unit_of
from trace.work.proposals import ACTS, Act, agree, propose
from trace.work.recall_search import Search
from trace.work.recalls import Order as RecallOrder
from trace.work.recalls import recall_batches
from trace.work.samples import ResultFacts, SampleFacts, enter_test
from trace.work.stamps import issue_stamps, mark_printed
from trace.work.support import Invoice, add_cost
from trace.work.surveillance import add_visit
from trace.work.visits import Plan, plan_visit

MATRIX_ACT = Act("matrix.act", frozenset({*COOPERATIVE, *STAFF}), lambda *_: None, "Try a second pair of eyes")
"""An act that everybody of a cooperative and of the offices may agree to."""


@dataclass(frozen=True)
class Objects:
    kinds: dict[str, str]
    """The public id of each kind of thing."""

    def value(self, endpoint: str, argument: str) -> str:
        """What an endpoint's argument is filled with. A KeyError here means: a new route needs a row in `ROWS`."""
        row = ROWS.get(endpoint) or ROWS[endpoint.split(".", maxsplit=1)[0]]
        kind = row[argument]
        return kind[1:] if kind.startswith("=") else self.kinds[kind]


ROWS = {
    "area_codes": {"public_id": "area_code"},
    "findings": {"public_id": "finding"},
    "dossiers": {"public_id": "batch"},
    "dossiers.fetch": {"public_id": "dossier", "kind": "=pdf"},
    "my_findings": {"public_id": "finding"},
    "visits": {"public_id": "visit"},
    "visit_scanning": {"public_id": "visit"},
    "audit_batches": {"public_id": "batch"},
    "enrolments": {"public_id": "enrolment", "kind": "=csv", "how": "=withdrawn"},
    "enrolments.accept_invoice": {"public_id": "support_cost"},
    "enrolments.new": {"public_id": "campaign"},
    "programme": {"public_id": "campaign", "kind": "=csv"},
    "programme_imports": {"public_id": "office_import", "kind": "=advice"},
    "programme_overview": {"kind": "=csv"},
    "programme_report": {"public_id": "campaign"},
    "programme_letters": {"public_id": "campaign", "kind": "=csv"},
    "programme_units": {"public_id": "programme_unit", "kind": "=csv"},
    "programme_units.take_in": {"public_id": "cooperative"},
    "support_kinds": {"public_id": "support_kind", "kind": "=csv"},
    "audit_certificates": {"public_id": "certificate", "verdict": "=warned"},
    "audit_certificates.turn": {"public_id": "certificate", "verdict": "=suspended"},
    "batches": {"public_id": "batch"},
    "certifier.cooperative": {"public_id": "cooperative"},
    "certifier.renewal": {"public_id": "certificate"},
    "certifiers": {"public_id": "cooperative", "access_id": "certifier_access"},
    "cases": {"public_id": "case", "state": "=looking"},
    "certificates": {"public_id": "certificate"},
    "complaints": {"public_id": "complaint"},
    "consumer": {"code": "code", "gtin": "gtin"},
    "consumer.batch": {"public_id": "batch"},
    "consumer.batch_card": {"public_id": "batch"},
    "consumer.batch_stall": {"public_id": "batch"},
    "consumer.cooperative_card": {"public_id": "cooperative"},
    "consumer.cooperative_stall": {"public_id": "cooperative"},
    "consumer.product_card": {"public_id": "product"},
    "consumer.product_stall": {"public_id": "product"},
    "consumer.batch_jsonld": {"public_id": "batch"},
    "consumer.batch_epcis": {"public_id": "batch"},
    "consumer.cooperative": {"public_id": "cooperative"},
    "consumer.cooperative_jsonld": {"public_id": "cooperative"},
    "consumer.progress": {"public_id": "doubt"},
    "consumer.recall_notice": {"public_id": "recalled_batch"},
    "consumer.product": {"public_id": "product"},
    "consumer.product_jsonld": {"public_id": "product"},
    "diary": {"public_id": "diary_entry"},
    "diary_paper": {"public_id": "diary_page"},
    "diary_paper.month": {"public_id": "grower", "month": "=2026-08"},
    "dispatches": {"public_id": "dispatch"},
    "doubts": {"public_id": "doubt"},
    "doubts.complaint": {"public_id": "complaint"},
    "activation": {"public_id": "activation"},
    "hand_overs": {"public_id": "hand_over"},
    "hand_overs.new": {"public_id": "run"},
    "office_orders": {"public_id": "stamp_order"},
    "stamp_orders": {"public_id": "stamp_order"},
    "variance": {"public_id": "run", "kind": "=csv"},
    "growers": {"public_id": "grower"},
    "imports": {"public_id": "import_sheet", "kind": "=growers"},
    "internal_audits": {"public_id": "internal_audit", "grower": "grower"},
    "internal_audits.correct": {"public_id": "internal_finding"},
    "links": {"public_id": "product_link"},
    "links.end_of_place": {"public_id": "place"},
    "log": {"shard": "=1", "index": "=0", "path": "=0/000.p/1"},
    "my_cooperative": {"what": "=name"},
    "my_programme": {"public_id": "enrolment"},
    "my_people": {"public_id": "manager"},
    "people_desk": {"public_id": "manager"},
    "office": {"public_id": "cooperative"},
    "operate_people": {"public_id": "officer"},
    "plots": {"public_id": "plot"},
    "printing": {"public_id": "printing"},
    "printing.order": {"public_id": "run"},
    "printing.picture": {"public_id": "run"},
    "printing.order_for": {"public_id": "batch"},
    "printing.picture_for": {"public_id": "batch"},
    "printing.throw_away": {"public_id": "part_sheet"},
    "print_answers": {"public_id": "printing"},
    "proposals": {"public_id": "proposal"},
    "operate_printers": {"public_id": "wire_printer"},
    "print_jobs": {"public_id": "printing"},
    "print_sends": {"public_id": "printing"},
    "print_jobs.file": {"public_id": "print_export"},
    "printers": {"public_id": "printer"},
    "own_faces": {"public_id": "own_face"},
    "own_stocks": {"public_id": "own_stock"},
    "products": {"public_id": "product"},
    "range_recalls": {"public_id": "recall"},
    "recalls": {"public_id": "recall"},
    "run_deeds": {"public_id": "run"},
    "runs": {"public_id": "run", "number": "=7"},
    "samples": {"public_id": "sample_test"},
    "scope": {"public_id": "certificate", "line_id": "scope_line"},
    "seasons": {"public_id": "season"},
    "seasons.new": {"public_id": "cooperative"},
    "slips": {"public_id": "dispatch"},
    "security": {"token": "=" + "0" * 43},
    "mark_use": {"public_id": "trademark"},
    "mark_use.withdraw": {"public_id": "trademark_consent"},
    "surveillance": {"public_id": "certificate"},
    "surveillance.done": {"public_id": "surveillance"},
    "trademarks": {"public_id": "trademark"},
    "uploads": {"public_id": "upload"},
}
"""Endpoint or blueprint → what its arguments are filled with: a kind of thing, or "=" and the very words."""


def _report(house: House) -> SampleFacts:
    return SampleFacts("Phòng thử Mẫu", "KN-1", TODAY, TODAY, TODAY, (ResultFacts("Chì", "mg/kg"),), plot=house.plot)


def _pasted() -> list[Sheet]:
    return [Sheet("", (("Tên hộ",), ("Lộc Thị Suối",)))]


def objects_of(session: Session, house: House) -> Objects:
    own = {"cooperative_id": house.cooperative.id, "created_at": NOON}
    house.product.gtin = gtin14(
        f"952123454{house.cooperative.id:03d}" + check_digit(f"952123454{house.cooperative.id:03d}")
    )
    batch = make_batch(session, house)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    cooperative = session.get_one(Cooperative, house.cooperative.id)
    run = issue_stamps(session, keyring(), numbering(), cooperative, 100, actor=AUDITOR, now=NOON, batch=batch)
    activate(session, run, 1, 50, batch, actor=AUDITOR, now=NOON)
    upload = Upload(
        name="ảnh.jpg",
        media_type="image/jpeg",
        sha256="0" * 64,
        size_bytes=1,
        width_px=4,
        height_px=3,
        content=b"x",
        **own,
    )
    mark = Trademark(kind="ordinary", name="Na Mẫu", folded="na mau", owner=house.cooperative.name, **own)
    buyer = Buyer(name="Cửa hàng Mẫu", folded="cua hang mau", **own)
    season = Season(
        product_id=house.product.id, from_on=date(2026, 7, 1), to_on=date(2026, 9, 30), limit_g=10_000_000, **own
    )
    session.add_all([upload, mark, buyer, season])
    session.flush()
    house.product.photo_id = upload.id
    mark.states.append(TrademarkEvent(state="filed", on_day=date(2020, 1, 1), cooperative_id=house.cooperative.id))
    printed = Order(1, 10, stock="a4-65", face="code")
    told = {"keyring": keyring(), "public_url": "http://tem.test", "today": TODAY}
    printing = print_stamps(session, run, printed, actor=AUDITOR, now=NOON, **told)
    job = session.scalars(select(PrintJob).where(PrintJob.printing_id == printing.id)).one()
    export = PrintExport(job_id=job.id, **own)
    wire = WirePrinter(name="Zebra", host="192.0.2.9", ip="192.0.2.9", port=9100, language="zpl", **own)
    session.add_all([export, wire])
    dispatch = Dispatch(number=f"{house.cooperative.label}-1", on_day=NOON.date(), buyer_id=buyer.id, **own)
    dispatch.lines = [DispatchLine(cooperative_id=house.cooperative.id, batch_id=batch.id, weight_g=1000)]
    link = ProductLink(product_id=house.product.id, link_type="recipeInfo", href="https://na.vn/", title="Na", **own)
    number = f"893{house.cooperative.id:09d}"
    place = PlaceNumber(gln=number + check_digit(number), kind="party", **own)
    session.add_all([dispatch, link, place])
    stamps = About(stamps=run.ranges[0], number=7)
    doubt = tell_doubt(session, DoubtKind.TWICE, stamps, Telling(), token_bytes(8), now=NOON)
    heard = ComplaintFacts(ComplaintSource.CALL, ComplaintAbout.SPOILED, "Quả dập", TODAY, batch=batch)
    complaint = enter_complaint(session, cooperative, heard, actor=AUDITOR, now=NOON)
    printer = Printer(name="HP", tray="1", page="A4", **own)
    area_code = AreaCode(
        code=f"VN-LSOR-{house.cooperative.id:04d}", folded=f"VNLSOR{house.cooperative.id:04d}", crop="Na",
        holder_id=house.cooperative.id, market="domestic", from_on=date(2020, 1, 1), created_at=NOON,
    )  # fmt: skip
    session.add_all([printer, area_code])
    doing = {"actor": AUDITOR, "now": NOON}
    figures = {"feed": "sheet", "page_width_mm": 210.0, "page_height_mm": 297.0, "width_mm": 50.0, "height_mm": 30.0}
    figures |= {"columns": 3, "rows": 8, "left_mm": 20.0, "top_mm": 20.0, "round": False}
    own_stock = add_stock(session, cooperative, "Giấy đo", figures, **doing)
    symbol = Element(kind="symbol", x=1, y=1, width=28, height=28)
    own_face = add_face(
        session, cooperative, "Mẫu", Face(name="m", width_mm=50, height_mm=30, elements=(symbol,)), **doing
    )
    plan = Plan(cooperative, TODAY, "Kiểm tra", 10)
    visit = plan_visit(session, plan, by=AUDITOR, now=NOON, today=TODAY)
    found = FindingFacts(FindingGrade.MINOR, "Kho chưa khóa", TODAY)
    dossier = ask_dossier(session, batch, by=AUDITOR, now=NOON)
    dossier.paper = dossier.tables = upload
    finding = add_finding(session, visit, found, None, by=AUDITOR, now=NOON, today=TODAY)
    case = CopyCase(
        run_id=run.id, number=7, batch_id=batch.id, points_milli=12_000, visitor_days=43, reasons="{}", **own
    )
    session.add(case)
    recalled = make_batch(session, house)
    decide(session, recalled, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="mẫu")
    drill = RecallOrder("Diễn tập", None, None, drill=True)
    recall = recall_batches(session, [batch], drill, Search(), begun_at=NOON, by=AUDITOR, now=NOON)
    session.flush()
    ACTS.add(MATRIX_ACT)
    proposal = propose(session, "matrix.act", run, {}, actor=AUDITOR, now=NOON, cooperative_id=house.cooperative.id)
    doing = {"actor": AUDITOR, "now": NOON, "today": TODAY}
    page = attach_page(session, house.grower, TODAY, upload, **doing)
    audit = begin_audit(session, cooperative, TODAY, "Mẫu", **doing)
    watered = DiaryFacts(DiaryKind.IRRIGATION, TODAY, (house.plot,))
    mark_printed(session, run, [(91, 95)], actor=AUDITOR, now=NOON)
    handing = Handing(house.grower, 5_000, TODAY)
    handed = hand_over(session, run, (91, 95), handing, actor=AUDITOR, now=NOON, today=TODAY)
    asked = issue_stamps(
        session, keyring(), numbering(), cooperative, 10,
        actor=AUDITOR, now=NOON, product=house.product, state=RangeState.ORDERED,
    )  # fmt: skip
    order = StampOrder(run_id=asked.id, product_id=house.product.id, count=10, limit_count=900, **own)
    session.add(order)
    session.flush()
    reader = make_person(session, f"chứng nhận {house.cooperative.label}")
    certifier = Certifier(reader.name, "Tổ chức chứng nhận", reader.email, None, TODAY)
    named = {
        "certifier_access": let_in(session, cooperative, certifier, **doing),
        **enrolled(session, house),
        "proposal": proposal,
        "diary_entry": enter(session, cooperative, watered, **doing),
        "diary_page": page,
        "surveillance": add_visit(session, house.certificate, TODAY, actor=AUDITOR, now=NOON),
        "trademark_consent": consent(
            session, mark, "HTX Bạn", document=None, from_on=TODAY, to_on=None, actor=AUDITOR, now=NOON
        ),
        "internal_audit": audit,
        "internal_finding": find_fault(
            session, audit, InternalFault(InternalGrade.MINOR, "Kho chưa khóa", TODAY), actor=AUDITOR, now=NOON
        ),
        "office_import": bring(session, None, KINDS["advice"], _pasted(), "", actor=AUDITOR, now=NOON),
        "import_sheet": bring(session, cooperative, KINDS["growers"], _pasted(), "", actor=AUDITOR, now=NOON),
        "sample_test": enter_test(session, cooperative, _report(house), None, **doing),
        "grower": house.grower,
        "plot": house.plot,
        "product": house.product,
        "certificate": house.certificate,
        "cooperative": house.cooperative,
        "batch": batch,
        "run": run,
        "upload": upload,
        "trademark": mark,
        "printing": printing,
        "print_export": export,
        "wire_printer": wire,
        "printer": printer,
        "area_code": area_code,
        "own_face": own_face,
        "own_stock": own_stock,
        "visit": visit,
        "finding": finding,
        "dossier": dossier,
        "part_sheet": session.scalars(select(PartSheet).where(PartSheet.printing_id == printing.id)).one(),
        "dispatch": dispatch,
        "product_link": link,
        "place": place,
        "season": season,
        "doubt": doubt,
        "complaint": complaint,
        "case": case,
        "activation": session.scalars(select(Activation).where(Activation.run_id == run.id)).one(),
        "hand_over": handed,
        "stamp_order": order,
        "recall": recall,
        "recalled_batch": recalled,
        "manager": house.manager,
        "officer": make_person(session, f"cán bộ {house.cooperative.label}", office=Office.OFFICER),
    }
    session.commit()
    publish(session, publisher(settings()), now=NOON)
    session.commit()
    kinds = {kind: thing.public_id for kind, thing in named.items()}
    kinds["scope_line"] = str(house.scope_line.id)
    return Objects(kinds | {"code": code_of(run, 7), "gtin": house.product.gtin})


OFFICERS = [Actor(None, f"officer-{number}", "officer") for number in (1, 2)]


def the_campaign(session: Session) -> Campaign:
    """The year of the programme; for every cooperative the same."""
    known = session.scalars(select(Campaign)).first()
    days = {"opens_on": date(2026, 1, 5), "closes_on": date(2026, 8, 31)}
    figures = {"target_units": 5, "budget_vnd": 500_000_000}
    return known or open_campaign(session, 2026, **figures, **days, actor=OFFICERS[0], now=NOON)


def enrolled(session: Session, house: House) -> dict[str, Any]:
    """The cooperative's enrolment, under way, with an invoice that nobody has looked at."""
    doing = {"actor": OFFICERS[0], "now": NOON}
    campaign, unit = the_campaign(session), unit_of(session, house.cooperative, **doing)
    kinds = session.scalars(select(SupportKind).where(SupportKind.key.in_(["tools", "vietgap"]))).all()
    asked = dict.fromkeys(kinds, 60_000_000)
    enrolment = enrol(session, campaign, unit, asked, "Kế hoạch", **doing, today=TODAY)
    move(session, enrolment, EnrolmentState.CHECKED, **doing)
    person = make_person(session, f"cán bộ thứ hai {house.cooperative.label}", office=Office.OFFICER)
    second = Actor(person.id, person.public_id, "officer")
    agree(session, propose_approval(session, enrolment, **doing), actor=second, now=NOON)
    set_contract(session, enrolment, "12/HĐ", TODAY, "Viện Năng suất", **doing)
    move(session, enrolment, EnrolmentState.UNDER_WAY, **doing)
    invoice = Invoice(house.cooperative.label, TODAY, "Công ty Chứng nhận", 9_000_000)
    cost = add_cost(session, enrolment, kinds[0], invoice, **doing, today=TODAY)
    agree(
        session, propose_payment(session, enrolment, kinds[0], PaymentKind.ADVANCE, 1_000_000, **doing),
        actor=second, now=NOON,
    )  # fmt: skip
    named = {"enrolment": enrolment, "support_cost": cost, "campaign": campaign, "programme_unit": unit}
    return named | {"support_kind": kinds[0]}


def turn_orders_on(session: Session) -> None:
    """The province approves stamps before they are made, from today on."""
    session.add(Setting(key="stamp_orders", from_on=TODAY, value="true", set_at=NOON))
    session.commit()
