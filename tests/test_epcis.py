"""A batch as EPCIS 2.0 events: documents that keep to the standard, tell what the page tells, and hand out no code."""

import re
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, code_of, make_batch
from trace.records import Batch, BatchVerdict, IntakeLine, PlaceNumber, Run
from trace.standards.gs1.checks import has_check_digit
from trace.work.batches import decide, submit
from trace.work.samples import ResultFacts, SampleFacts, enter_test

GTIN, PARTY, PLOT, HOUSE = "09521234543213", "9521234000013", "9521234000020", "9521234000037"
ROOT = "http://tem.test"
STEPS = {
    "accepting", "arriving", "assembling", "collecting", "commissioning", "consigning", "creating_class_instance",
    "cycle_counting", "decommissioning", "departing", "destroying", "disassembling", "dispensing", "encoding",
    "entering_exiting", "holding", "inspecting", "installing", "killing", "loading", "other", "packing", "picking",
    "receiving", "removing", "repackaging", "repairing", "replacing", "reserving", "retail_selling", "sampling",
    "sensor_reporting", "shipping", "staging_outbound", "stock_taking", "stocking", "storing", "transporting",
    "unloading", "unpacking", "void_shipping",
}  # fmt: skip
DISPOSITIONS = {
    "active", "available", "completeness_inferred", "completeness_verified", "conformant", "container_closed",
    "container_open", "damaged", "destroyed", "dispensed", "disposed", "encoded", "expired", "in_progress",
    "in_transit", "inactive", "mismatch_class", "mismatch_instance", "mismatch_quantity", "needs_replacement",
    "no_pedigree_match", "non_conformant", "non_sellable_other", "partially_dispensed", "recalled", "reserved",
    "retail_sold", "returned", "sellable_accessible", "sellable_not_accessible", "stolen", "unavailable", "unknown",
}  # fmt: skip
"""The bare words of CBV 2.0: 41 steps and 33 dispositions."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+07:00")
KEYED = re.compile(r"[a-z0-9]+:[A-Za-z]+")
"""An extension's name is a CURIE."""
ALWAYS = {"type", "eventTime", "eventTimeZoneOffset", "bizStep", "disposition"}
MAY = {"readPoint", "bizLocation", "ilmd", "certificationInfo", "persistentDisposition", "sourceList"}
HAS = {
    "ObjectEvent": {"action", "quantityList"},
    "TransformationEvent": {"inputQuantityList", "outputQuantityList"},
}


def check(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Hold a document to the rules; gives its events."""
    assert set(told) == {"@context", "type", "schemaVersion", "creationDate", "epcisBody"}
    assert told["@context"][0] == "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
    assert told["@context"][1:] == [{"gs1": "https://gs1.org/voc/"}], "the only address its context allows for gs1:"
    assert (told["type"], told["schemaVersion"]) == ("EPCISDocument", "2.0")
    assert MOMENT.fullmatch(told["creationDate"])
    events: list[dict[str, Any]] = told["epcisBody"]["eventList"]
    for event in events:
        assert ALWAYS | HAS[event["type"]] <= set(event) <= ALWAYS | HAS[event["type"]] | MAY
        assert MOMENT.fullmatch(event["eventTime"])
        assert datetime.fromisoformat(event["eventTime"]).utcoffset() == timedelta(hours=7)
        assert event["eventTimeZoneOffset"] == "+07:00"
        assert event["bizStep"] in STEPS
        assert event["disposition"] in DISPOSITIONS
        assert event.get("action", "ADD") in {"ADD", "OBSERVE", "DELETE"}
        assert "ilmd" not in event or event["type"] == "TransformationEvent" or event["action"] == "ADD"
        assert all(KEYED.fullmatch(name) for name in event.get("ilmd", {}))
        assert all(isinstance(value, str) for value in event.get("ilmd", {}).values())
        for mark in event.get("persistentDisposition", {}).values():
            assert set(mark) <= DISPOSITIONS
        for each in ids(event):
            constrained(each)
    return events


def ids(event: dict[str, Any]) -> list[str]:
    lists = [event.get(name, []) for name in ("quantityList", "inputQuantityList", "outputQuantityList")]
    goods = [each["epcClass"] for each in chain(*lists)]
    places = [event[name]["id"] for name in ("readPoint", "bizLocation") if name in event]
    return goods + places + [each["source"] for each in event.get("sourceList", [])]


def constrained(uri: str) -> None:
    """A Digital Link in EPCIS is a key with at most one level, without variant and query; else a URI of our own."""
    assert uri.startswith(ROOT)
    assert "?" not in uri
    path = uri.removeprefix(ROOT)
    if path.startswith("/b/"):
        return
    found = re.fullmatch(r"/01/(\d{14})/10/([^/]{1,60})|/41[47]/(\d{13})", path)
    assert found, uri
    assert has_check_digit(found[1] or found[3])
    assert len(unquote(found[2] or "")) <= 20


@pytest.fixture
def lot(session: Session, house: House) -> Batch:
    """A packed lot of a product with a GTIN, from a plot and a packhouse with numbers."""
    house.product.gtin = GTIN
    own = {"cooperative_id": house.cooperative.id, "created_at": NOON}
    session.add_all(
        [
            PlaceNumber(gln=PARTY, kind="party", **own),
            PlaceNumber(gln=PLOT, kind="plot", plot_id=house.plot.id, **own),
            PlaceNumber(gln=HOUSE, kind="packhouse", **own),
        ]
    )
    batch = make_batch(session, house, code="NA/2026-08")
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    return batch


def events(client: FlaskClient, batch: Batch) -> list[dict[str, Any]]:
    answer = client.get(f"/b/{batch.public_id}/epcis.jsonld")
    assert answer.content_type == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told = answer.json
    assert told
    return check(told)


def test_a_lot_is_harvested_packed_and_looked_at(client: FlaskClient, lot: Batch) -> None:
    harvest, packing, look = events(client, lot)
    assert (harvest["action"], harvest["bizStep"], harvest["disposition"]) == ("ADD", "commissioning", "active")
    assert harvest["ilmd"] == {"gs1:harvestDate": "2026-08-20", "gs1:countryOfOrigin": "VN"}
    assert harvest["readPoint"]["id"] == f"{ROOT}/414/{PLOT}"
    assert harvest["certificationInfo"] == f"{ROOT}/b/{lot.public_id}#certificates"
    assert packing["type"] == "TransformationEvent"
    assert packing["inputQuantityList"] == harvest["quantityList"]
    assert packing["outputQuantityList"] == [{"epcClass": f"{ROOT}/01/{GTIN}/10/NA%2F2026-08"}]
    assert packing["ilmd"] == {"gs1:packagingDate": "2026-08-20", "gs1:bestBeforeDate": "2026-08-27"}
    assert packing["readPoint"]["id"] == f"{ROOT}/414/{HOUSE}"
    assert (look["bizStep"], look["disposition"]) == ("inspecting", "conformant")


def test_a_lot_without_a_number_goes_by_its_page(client: FlaskClient, batch: Batch) -> None:
    _, packing, _ = events(client, batch)
    assert packing["outputQuantityList"] == [{"epcClass": f"{ROOT}/b/{batch.public_id}"}]
    assert "readPoint" not in packing


def test_a_recall_and_its_end_are_events_too(client: FlaskClient, session: Session, lot: Batch) -> None:
    later = {"by": AUDITOR, "reason": "dư lượng vượt mức"}
    decide(session, lot, BatchVerdict.RECALLED, now=NOON + timedelta(hours=1), **later)
    session.commit()
    recall = events(client, lot)[-1]
    assert (recall["bizStep"], recall["disposition"]) == ("holding", "recalled")
    assert recall["persistentDisposition"] == {"set": ["recalled"]}
    assert "dư lượng" not in str(recall), "reasons are for people"


def test_a_test_that_found_too_much_is_told(client: FlaskClient, session: Session, house: House, lot: Batch) -> None:
    facts = SampleFacts(
        "Phòng thử Mẫu", "KN-7", TODAY, TODAY, TODAY + timedelta(days=9),
        (ResultFacts("Abamectin", "mg/kg", 90_000, 50_000),), lot,
    )  # fmt: skip
    enter_test(session, house.cooperative, facts, None, actor=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    assert "non_conformant" in [event["disposition"] for event in events(client, lot)]


def test_no_code_no_weight_and_no_household_is_handed_out(client: FlaskClient, batch: Batch, run: Run) -> None:
    told = client.get(f"/b/{batch.public_id}/epcis.jsonld").text
    for private in (code_of(run, 7), "/21/", "Vi Văn Mẫu", "Lũng Than", "120", 'quantity":'):
        assert private not in told


def test_a_batch_that_waits_tells_no_events(client: FlaskClient, session: Session, house: House) -> None:
    batch = make_batch(session, house)
    session.commit()
    assert client.get(f"/b/{batch.public_id}/epcis.jsonld").status_code == 404


@pytest.mark.parametrize("asked", ["gs1:epcis", "https://ref.gs1.org/voc/epcis", "https://gs1.org/voc/epcis"])
def test_the_resolver_leads_to_the_events_of_a_lot(client: FlaskClient, lot: Batch, asked: str) -> None:
    answer = client.get(f"/01/{GTIN}/10/NA%2F2026-08?linkType={asked}")
    assert answer.status_code == 307
    assert answer.location.partition("?")[0] == f"{ROOT}/b/{lot.public_id}/epcis.jsonld"


def test_harvests_of_several_days_are_events_each(client: FlaskClient, session: Session, house: House) -> None:
    batch = make_batch(session, house, submitted=False)
    batch.intake.append(
        IntakeLine(
            cooperative_id=house.cooperative.id, plot_id=house.plot.id, harvested_on=date(2026, 8, 19), weight_g=9_000,
            scope_line_id=house.scope_line.id,
        )
    )  # fmt: skip
    session.flush()
    submit(session, batch, actor=AUDITOR, now=NOON, today=TODAY)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    told = events(client, batch)
    days = [event["ilmd"]["gs1:harvestDate"] for event in told if "gs1:harvestDate" in event.get("ilmd", {})]
    assert days == ["2026-08-19", "2026-08-20"]
    [packing] = [event for event in told if event["type"] == "TransformationEvent"]
    assert len({each["epcClass"] for each in packing["inputQuantityList"]}) == 2
