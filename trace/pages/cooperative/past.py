"""The history of a record, told from its entries to those it belongs to."""

from typing import Any

from flask_babel import gettext, lazy_gettext

from ...accounts.offices import names_of
from ...db import db
from ...work.past import entries_of
from ..staff.entries_told import ENTRY_TITLES
from ..staff.vocabulary import ICONS, ROLES, TONES
from ..words import show_moment

FIELDS: dict[str, Any] = {
    "name": lazy_gettext("name"),
    "phone": lazy_gettext("phone"),
    "note": lazy_gettext("note"),
    "grower_id": lazy_gettext("household"),
    "area_code": lazy_gettext("planting-area code"),
    "area_m2": lazy_gettext("area"),
    "commune_code": lazy_gettext("commune"),
    "latitude_e6": lazy_gettext("place"),
    "longitude_e6": lazy_gettext("place"),
    "outline": lazy_gettext("outline"),
    "name_vi": lazy_gettext("name"),
    "name_en": lazy_gettext("English name"),
    "name_zh": lazy_gettext("Chinese name"),
    "variety": lazy_gettext("variety"),
    "pack": lazy_gettext("pack"),
    "net_weight_g": lazy_gettext("net weight"),
    "shelf_life_days": lazy_gettext("shelf life"),
    "keeping": lazy_gettext("how to keep it"),
    "gtin": "GTIN",
    "photo_id": lazy_gettext("photo"),
    "kind": lazy_gettext("kind"),
    "owner": lazy_gettext("owner"),
    "application_number": lazy_gettext("application number"),
    "filed_on": lazy_gettext("filing day"),
    "certificate_number": lazy_gettext("certificate number"),
    "image_id": lazy_gettext("picture"),
    "right_document_id": lazy_gettext("document of the right"),
    "right_giver": lazy_gettext("giver of the right"),
    "right_number": lazy_gettext("number of the right's document"),
    "right_from": lazy_gettext("first day of the right"),
    "right_to": lazy_gettext("last day of the right"),
    "scheme": lazy_gettext("scheme"),
    "number": lazy_gettext("number"),
    "body": lazy_gettext("certifying body"),
    "issued_on": lazy_gettext("day of issue"),
    "expires_on": lazy_gettext("last day"),
    "stars": lazy_gettext("stars"),
    "document_id": lazy_gettext("document"),
    "contact_name": lazy_gettext("contact person"),
    "email": lazy_gettext("e-mail"),
    "zalo_phone": lazy_gettext("Zalo number"),
    "address": lazy_gettext("address"),
}
"""Columns in words, as they stand in "changed: …"."""
WHOLE = frozenset({"added", "changed", "declared", "registered", "left", "returned", "closed", "reopened"})
"""Deeds whose entries hold all columns of the record, so that two of them can be compared."""


def history_of(subject: Any) -> list[dict[str, str]]:
    """The entries about a record, oldest first, as `ui.timeline` draws them."""
    entries = entries_of(db.session, subject.public_id)
    names = _names(entries)
    told = []
    before: dict[str, Any] = {}
    for entry, words in entries:
        whole = entry["kind"].rpartition(".")[2] in WHOLE
        after = entry["facts"] | words if whole else before
        changed = [key for key in FIELDS if before and before.get(key) != after.get(key)]
        told.append(_event(entry, changed, names))
        before = after
    return told


def _names(entries: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, str]:
    """Names of those who acted for a cooperative; people in offices stay offices."""
    acted = {entry["by"]["pseudonym"] for entry, _ in entries if entry["by"]["role"] in {"member", "manager"}}
    return names_of(db.session, acted)


def _event(entry: dict[str, Any], changed: list[str], names: dict[str, str]) -> dict[str, str]:
    by, facts = entry["by"], entry["facts"]
    said = [names.get(by["pseudonym"]) or str(ROLES.get(by["role"], by["role"]))]
    said += [str(facts[key]) for key in ("reason", "text") if facts.get(key)]
    if entry["kind"].endswith(".changed"):
        fields = dict.fromkeys(str(FIELDS[key]) for key in changed)
        if fields:
            said.append(gettext("changed: %(fields)s", fields=", ".join(fields)))
    tone = TONES.get(entry["kind"].rpartition(".")[2], "")
    title = str(ENTRY_TITLES.get(entry["kind"], entry["kind"]))
    return {
        "when": show_moment(entry["at"]),
        "title": title,
        "text": " · ".join(said),
        "tone": tone,
        "icon": ICONS.get(tone, "log"),
    }
