"""Where GS1 Digital Links of ours lead: what is registered at each level of a link (Resolver 1.2.1 §2.5).

Our pages of a product, a lot and a stamp; then what the cooperative added about the product. Whoever holds a suspended
or recalled lot is led to us alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from sqlalchemy.orm import Session

from ..records import Cooperative, PlaceKind, PlaceNumber, ProductLink
from ..standards.gs1 import LINK_TYPES, DigitalLink, Target
from .public import batch_of_lot, is_stopped, links_of, place_of_gln, product_of_gtin

KEYS: Final = ("01", "414", "417")
"""The primary keys that are served."""
LANGUAGES: Final = ("vi", "en", "zh")
PAGE: Final = "text/html"
JSON_LD: Final = "application/ld+json"
FRONT: Final = frozenset({"defaultLink", "defaultLinkMulti"})
OURS: Final = FRONT | frozenset(
    {
        "certificationInfo",
        "dpp",
        "epcis",
        "jws",
        "masterData",
        "pip",
        "recallStatus",
        "registryEntry",
        "safetyInfo",
        "traceability",
        "verificationService",
    }
)
"""Types that tell what holds for the goods: nobody but us says that."""
OPEN_TYPES: Final = tuple(name for name in LINK_TYPES if name not in OURS)
"""Types that a cooperative may add."""


@dataclass(frozen=True, slots=True)
class Level:
    """What is registered at one level. `stopped`: a suspended or recalled lot, or a stamp of one."""

    link: DigitalLink
    description: str
    ours: tuple[Target, ...]
    stopped: bool = False
    added: tuple[Target, ...] = ()
    """By the cooperative."""

    @property
    def targets(self) -> tuple[Target, ...]:
        return self.ours + self.added


@dataclass(frozen=True, slots=True)
class Named:
    """A product's key and names, as they are kept between requests."""

    id: int
    page: str
    names: tuple[str, str, str]
    """In Vietnamese, English, Chinese."""

    def title(self, language: str, lot: str = "") -> str:
        name = self.names[LANGUAGES.index(language)]
        return f"{name}, {lot}" if lot else name


@dataclass(frozen=True, slots=True)
class StampSeen:
    """A stamp as its code was read, and the lot it stands on ("" where none may be told)."""

    code: str
    lot: str = ""


def product_level(session: Session, link: DigitalLink, root: str) -> tuple[Level, Named] | None:
    """The product of a link, whatever qualifiers it has; None for a GTIN that nobody here has."""
    product = product_of_gtin(session, link.gtin or "")
    if product is None:
        return None
    cooperative = session.get_one(Cooperative, product.cooperative_id)
    page, home = f"{root}/p/{product.public_id}", f"{root}/c/{cooperative.public_id}"
    names = (product.name_vi, product.name_in("en"), product.name_in("zh"))
    named = Named(product.id, page, names)
    targets = (
        *_front(page, named),
        *_in_each("pip", page, named),
        *_in_each("certificationInfo", page, named, "#certificates"),
        Target("masterData", f"{page}.jsonld", product.name_vi, JSON_LD),
        *(Target("homepage", f"{home}?lang={lang}", cooperative.name, PAGE, (lang,)) for lang in LANGUAGES),
        *(Target("support", f"{home}?lang={lang}#contact", cooperative.name, PAGE, (lang,)) for lang in LANGUAGES),
        Target("verificationService", f"{root}/", "Tem Gốc", PAGE),
    )
    added = tuple(_own(own) for own in links_of(session, product))
    return Level(DigitalLink(link.key), product.name_vi, targets, added=added), named


def lot_level(session: Session, key: tuple[str, str], lot: str, product: Named, root: str) -> Level | None:
    """A lot; None for one that is unknown or not told of."""
    batch = batch_of_lot(session, product.id, lot)
    if batch is None:
        return None
    page = f"{root}/b/{batch.public_id}"
    stopped = is_stopped(batch)
    targets = (
        *_front(page, product, lot),
        *_in_each("traceability", page, product, "#journey", lot),
        *_in_each("certificationInfo", page, product, "#certificates", lot),
        Target("masterData", f"{page}.jsonld", product.title("vi", lot), JSON_LD),
        Target("epcis", f"{page}/epcis.jsonld", product.title("vi", lot), JSON_LD),
        *(_in_each("recallStatus", page, product, "", lot) if stopped else ()),
    )
    return Level(DigitalLink(key, (("10", lot),)), product.title("vi", lot), targets, stopped)


def stamp_level(link: DigitalLink, product: Named, stamp: StampSeen | None, lot: Level | None, root: str) -> Level:
    """The stamp of a link, on its lot; without one, the page that says: this serial was not issued."""
    serial = link.serial or ""
    named = DigitalLink(link.key, (("21", serial),))
    if stamp is None:
        page = f"{product.page}?serial={quote(serial, safe='')}"
        return Level(named, product.names[0], (Target("defaultLink", page, product.names[0]),))
    page = f"{root}/T/{stamp.code}"
    of_lot = [target for target in lot.ours if target.link_type not in FRONT] if lot else []
    targets = (*_front(page, product), *_in_each("verificationService", page, product), *of_lot)
    return Level(named, product.names[0], targets, lot is not None and lot.stopped)


def place_level(session: Session, link: DigitalLink, root: str) -> Level | None:
    """A party (417), or a packhouse or plot (414), by its GLN."""
    key, gln = link.key
    place = place_of_gln(session, gln)
    if place is None or (place.kind == PlaceKind.PARTY) != (key == "417"):
        return None
    cooperative = session.get_one(Cooperative, place.cooperative_id)
    page, name = f"{root}/c/{cooperative.public_id}", place_name(place, cooperative)
    targets = (
        Target("defaultLink", page, name),
        *(Target("defaultLinkMulti", f"{page}?lang={lang}", name, PAGE, (lang,)) for lang in LANGUAGES),
        *(Target("locationInfo", f"{page}?lang={lang}", name, PAGE, (lang,)) for lang in LANGUAGES),
    )
    return Level(DigitalLink(link.key), name, targets)


def place_name(place: PlaceNumber, cooperative: Cooperative) -> str:
    """A plot is named by its planting-area code alone: its own name may name a household."""
    code = place.plot.area_code if place.plot else None
    return f"{cooperative.name}, {code}" if code else cooperative.name


def _front(page: str, product: Named, lot: str = "") -> Iterator[Target]:
    """The default link, and its variants by language."""
    yield Target("defaultLink", page, product.title("vi", lot))
    yield from _in_each("defaultLinkMulti", page, product, "", lot)


def _in_each(name: str, page: str, product: Named, part: str = "", lot: str = "") -> Iterator[Target]:
    for lang in LANGUAGES:
        yield Target(name, f"{page}?lang={lang}{part}", product.title(lang, lot), PAGE, (lang,))


def _own(own: ProductLink) -> Target:
    languages = (own.language,) if own.language else ()
    return Target(own.link_type, own.href, own.title, PAGE, languages)
