"""The parts of an origin: cooperative, product, plots, certificates, trademarks, as a consumer may see them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from ..records import (
    Batch,
    BatchDecision,
    BatchVerdict,
    Certificate,
    CertificateVerdict,
    ConsentTo,
    Cooperative,
    CooperativeVerdict,
    IntakeLine,
    Plot,
    Product,
    Trademark,
    Upload,
)
from ..standards.geography import commune, district
from ..standards.identifiers import show_phone
from ..standards.province_map import district_spot
from .days import day_of
from .public import is_told
from .seen import (
    BatchSeen,
    CertificateSeen,
    CheckSeen,
    CooperativeSeen,
    PhotoSeen,
    PlotSeen,
    ProductSeen,
    TrademarkSeen,
)
from .standing import shelf_life_ends_on

MAPS = "https://www.openstreetmap.org/"
"""Opens on every phone and on a PC, with or without an app; nothing of it is loaded by our pages."""


@dataclass(frozen=True, slots=True)
class Shown:
    """To whom: the language, the day, and where pictures are found."""

    language: str
    today: date
    photo_url: Callable[[Upload], str]


def photo_seen(upload: Upload, shown: Shown, alt: str = "") -> PhotoSeen:
    url = shown.photo_url(upload)
    webp = f"{url}&f=webp" if upload.media_type == "image/jpeg" else ""
    return PhotoSeen(url, upload.width_px or 0, upload.height_px or 0, alt=alt, webp_url=webp)


def cooperative_seen(cooperative: Cooperative, shown: Shown) -> CooperativeSeen:
    unit = commune(cooperative.commune_code)
    where = unit.full_name if unit else ""
    old = district(cooperative.former_district_code or "")
    certified = cooperative.certified_address or ""
    if certified and old:
        certified = f"{certified}, {old.kind} {old.name}"
    left = cooperative.last_decision if cooperative.has_left else None
    may_call = cooperative.consents_to(ConsentTo.PHONE)
    return CooperativeSeen(
        name=cooperative.name,
        kind=cooperative.kind,
        commune=where,
        address=", ".join(part for part in (cooperative.address, where, "tỉnh Lạng Sơn") if part),
        address_certified=certified,
        phone=show_phone(cooperative.phone) if may_call else "",
        zalo_url=f"https://zalo.me/{cooperative.zalo_phone.lstrip('+')}" if may_call and cooperative.zalo_phone else "",
        logo=photo_seen(cooperative.logo, shown, cooperative.name) if cooperative.logo else None,
        left_on=day_of(left.at) if left and left.verdict == CooperativeVerdict.LEFT else None,
        url=f"/c/{cooperative.public_id}",
    )


def product_seen(product: Product, batch: Batch | None, shown: Shown) -> ProductSeen:
    name = product.name_in(shown.language)
    pictures = [product.photo] if product.photo else []
    pictures += batch.photos if batch else []
    return ProductSeen(
        name=name,
        name_lang=shown.language if name != product.name_vi else "vi",
        variety=product.variety or "",
        unit=product.pack,
        net_weight_g=product.net_weight_g,
        shelf_life_days=product.shelf_life_days,
        keeping=product.keeping or "",
        gtin=product.gtin or "",
        photos=tuple(photo_seen(picture, shown, name) for picture in pictures if picture.is_picture),
        url=f"/p/{product.public_id}",
    )


def batch_seen(batch: Batch) -> BatchSeen | None:
    if batch.harvested_from is None or batch.harvested_to is None:
        return None
    clearing = batch.last(BatchVerdict.CERTIFIED)
    cleared = "" if clearing is None else "rule" if clearing.season_id else "auditor"
    return BatchSeen(
        lot=batch.code,
        harvested_from_on=batch.harvested_from,
        harvested_to_on=batch.harvested_to,
        packed_on=batch.packed_on,
        best_before_on=shelf_life_ends_on(batch),
        cleared=cleared,
        cleared_on=day_of(clearing.at) if clearing else None,
        cleared_by=(clearing.office or "") if clearing else "",
        checks=_checks(clearing),
        url=f"/b/{batch.public_id}" if is_told(batch) else "",
    )


TOLD_CHECKS = frozenset(
    {
        "has_intake",
        "on_certificate",
        "day_covered",
        "within_output",
        "packed_within_received",
        "spray_kept",
        "test_passed",
    }
)
"""What a consumer is told of; the others are between the cooperative and the office."""


def _checks(clearing: BatchDecision | None) -> tuple[CheckSeen, ...]:
    """The checks as they stood when the batch was cleared; one line a rule, passed if it passed everywhere.

    Where no report spoke for the batch, nothing is said of tests.
    """
    passed: dict[str, bool] = {}
    for check in json.loads(clearing.checks or "[]") if clearing else []:
        untested = check["key"] == "test_passed" and check["figures"].get("report") is None
        if check["key"] in TOLD_CHECKS and not untested:
            passed[check["key"]] = passed.get(check["key"], True) and check["outcome"] != "fail"
    return tuple(CheckSeen(key, good) for key, good in passed.items())


def plots_seen(batch: Batch) -> tuple[PlotSeen, ...]:
    """A plot's and a grower's name only where the grower has agreed to be named."""
    seen = {_source(line): line for line in batch.intake}
    return tuple(_plot_seen(line) for line in seen.values())


def _source(line: IntakeLine) -> tuple[int | None, int | None]:
    return line.plot_id, line.grower_id if line.plot_id is None else None


def _plot_seen(line: IntakeLine) -> PlotSeen:
    plot: Plot | None = line.plot
    grower = (plot.grower if plot else None) or line.grower
    named = grower is not None and grower.consents_to(ConsentTo.NAME)
    unit = commune(plot.commune_code) if plot else None
    return PlotSeen(
        name=plot.name if plot and (grower is None or named) else "",
        commune=unit.full_name if unit else "",
        area_m2=plot.area_m2 if plot else None,
        area_code=(plot.area_code or "") if plot else "",
        grower=grower.name if grower and named else "",
        map_url=(_map_url(plot) if plot and named else "") or _commune_url(unit.full_name if unit else ""),
    )


def _map_url(plot: Plot) -> str:
    if plot.latitude_e6 is None or plot.longitude_e6 is None:
        return ""
    latitude, longitude = f"{plot.latitude_e6 / 1e6:.5f}", f"{plot.longitude_e6 / 1e6:.5f}"
    return f"{MAPS}?mlat={latitude}&mlon={longitude}#map=15/{latitude}/{longitude}"


def _commune_url(name: str) -> str:
    """The commune, where the plot's point is nobody's business."""
    return f"{MAPS}search?query={quote(f'{name}, Lạng Sơn, Việt Nam')}" if name else ""


def spots_seen(batch: Batch) -> tuple[tuple[int, int], ...]:
    """About where the plots lie, in the drawing of `standards.province_map`: by the old district alone."""
    units = (commune(line.plot.commune_code) for line in batch.intake if line.plot)
    spots = (district_spot(unit.old_district.code) for unit in units if unit)
    return tuple(sorted({(spot.x, spot.y) for spot in spots if spot}))


def certificates_seen(batch: Batch, shown: Shown) -> tuple[CertificateSeen, ...]:
    lines: dict[Certificate, list[IntakeLine]] = {}
    for line in batch.intake:
        if line.scope_line is not None:
            lines.setdefault(line.scope_line.certificate, []).append(line)
    packed = {batch.packed_on} if batch.packed_on else set()
    return tuple(
        certificate_seen(certificate, {line.harvested_on for line in drawn} | packed, shown)
        for certificate, drawn in lines.items()
    )


def certificate_seen(certificate: Certificate, days: set[date], shown: Shown) -> CertificateSeen:
    """`days` are those it has to cover: of a harvest, or today."""
    confirmed = next((d for d in certificate.decisions if d.verdict == CertificateVerdict.CONFIRMED), None)
    last = certificate.decisions[-1] if certificate.decisions else None
    return CertificateSeen(
        scheme=certificate.scheme,
        number=certificate.number,
        body=certificate.body,
        from_on=certificate.issued_on,
        to_on=certificate.expires_on,
        state=certificate.state_on(shown.today),
        covered_harvest=all(certificate.covers(day) for day in days),
        state_since_on=last.reaches_from if last and last.verdict != CertificateVerdict.CONFIRMED else None,
        confirmed_on=day_of(confirmed.at) if confirmed else None,
        stars=certificate.stars,
    )


def trademarks_seen(batch: Batch, shown: Shown) -> tuple[TrademarkSeen, ...]:
    """The batch's mark, if it may be shown today: in force, or honestly an application; never without the right."""
    mark = batch.trademark
    if mark is None or not mark.shown_on(shown.today):
        return ()
    return (trademark_seen(mark, shown),)


def trademark_seen(mark: Trademark, shown: Shown) -> TrademarkSeen:
    registered = mark.in_force_on(shown.today)
    return TrademarkSeen(
        kind=mark.kind,
        name=mark.name,
        state="registered" if registered else "application",
        owner=mark.owner,
        number=(mark.certificate_number if registered else mark.application_number) or "",
        filed_on=mark.filed_on,
        until_on=mark.term_ends_on,
        right_giver=mark.right_giver or "",
        right_until_on=mark.right_to,
        image=photo_seen(mark.image, shown, mark.name) if registered and mark.image else None,
    )
