"""EPCIS 2.0 documents in JSON-LD: events about a class of goods (a lot), in the words of the Core Business Vocabulary.

What the events need and no more: no stamp is ever named, for an event would hand out its code.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

MEDIA_TYPE: Final = "application/ld+json"
CONTEXT: Final = (
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"gs1": "https://gs1.org/voc/"},
)
"""EPCIS's own context maps gs1: to this very address and protects it; another would break JSON-LD processing."""
ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
OFFSET: Final = "+07:00"
Json = dict[str, Any]


def document(events: Iterable[Json], created_at: datetime) -> Json:
    return {
        "@context": list(CONTEXT),
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": moment(created_at),
        "epcisBody": {"eventList": list(events)},
    }


def object_event(action: str, step: str, disposition: str, goods: str, at: date | datetime, **more: Any) -> Json:
    """Something happened to goods of one class. `goods`: the URI of the class, of unspecified quantity."""
    what = {"action": action, "quantityList": [{"epcClass": goods}]}
    return _event("ObjectEvent", at) | what | _why(step, disposition) | _given(more)


def transformation(step: str, disposition: str, inputs: Iterable[str], output: str, at: date, **more: Any) -> Json:
    """Goods of some classes became goods of another."""
    what = {
        "inputQuantityList": [{"epcClass": each} for each in inputs],
        "outputQuantityList": [{"epcClass": output}],
    }
    return _event("TransformationEvent", at) | what | _why(step, disposition) | _given(more)


def where(place: str) -> Json:
    """A place as a member of an event; empty where it has no number."""
    return {"readPoint": {"id": place}, "bizLocation": {"id": place}} if place else {}


def moment(at: date | datetime) -> str:
    """With its milliseconds and its zone. Of a day alone its noon is written: that day in most zones of the world."""
    if not isinstance(at, datetime):
        at = datetime.combine(at, time(12), ZONE)
    return at.astimezone(ZONE).isoformat(timespec="milliseconds")


def _event(kind: str, at: date | datetime) -> Json:
    return {"type": kind, "eventTime": moment(at), "eventTimeZoneOffset": OFFSET}


def _why(step: str, disposition: str) -> Json:
    return {"bizStep": step, "disposition": disposition}


def _given(more: Json) -> Json:
    return {name: value for name, value in more.items() if value}
