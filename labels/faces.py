"""The ready faces: lists of lines in order of reading. `fit.fitted` gives them places on a label of any size."""

from dataclasses import dataclass, replace
from difflib import get_close_matches

from .errors import LabelError


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    text: str = ""
    size_pt: float = 6.5
    floor_pt: float = 4.5
    weight: str = "regular"
    lines: int = 1
    inverted: bool = False
    height_mm: float = 0.0  # of a picture or a rule, at scale 1
    head: bool = False
    yields: int = 0
    """Lines that give way where there is no room: 1 goes first; 0 stays."""


@dataclass(frozen=True, slots=True)
class Design:
    """A ready face, before it meets a label."""

    name: str
    title: str
    lines: tuple[Line, ...]
    needs: tuple[str, ...] = ()


_PRODUCT = Line("text", "{product}", 9, 5, "bold", 2)
_COOPERATIVE = Line("text", "{cooperative}", 6.5, 4.5, "medium", 3)
_CERTIFIED = Line("text", "{certified}", 5.5, 4.2, lines=2)
_HARVESTED = Line("text", "{harvested}", 5.5, 4.2)
_NET = Line("text", "{net}", 5.5, 4.2)
_CALL = Line("text", "{call}", 5.5, 4.2)
_RULE = Line("rule", height_mm=0.15)
_CODE = Line("code", size_pt=6, floor_pt=4.5)
_SERIAL = Line("serial", size_pt=5, floor_pt=4)
_SCAN = Line("text", "{scan}", 5, 4, "medium", 2)
_SECOND = (
    Line("text", "{product_2}", 7, 4.5, "medium", 2, head=True),
    Line("text", "{cooperative_2}", 5.5, 4.2, lines=2, head=True),
    Line("text", "{2:harvested}", 5.5, 4.2),
    Line("text", "{2:scan}", 5, 4, lines=2),
)
_VIETGAP = Line("text", "{vietgap_words}", 6.5, 4.5, "bold", inverted=True, head=True)
_SCRATCH = (Line("pin", size_pt=8, floor_pt=6), Line("text", "{scratch}", 5, 4, "medium"))


def _head(*lines: Line) -> tuple[Line, ...]:
    """These lines above the symbol, where the symbol stands in the middle."""
    return tuple(replace(line, head=True) for line in lines)


_ALL = (
    Design("symbol", "The symbol alone", ()),
    Design(
        "seal",
        "Small seal: product above the symbol, serial below",
        (*_head(_PRODUCT), replace(_COOPERATIVE, size_pt=5.5, yields=1), replace(_SERIAL, yields=2)),
        ("product",),
    ),
    Design("code", "Symbol with code and serial", (_CODE, _SERIAL)),
    Design(
        "origin",
        "Product, cooperative, certificate, harvest day",
        (*_head(_PRODUCT, _COOPERATIVE), _RULE, _CERTIFIED, _HARVESTED, _NET, _CALL, _CODE, _SERIAL),
        ("product",),
    ),
    Design(
        "trademark",
        "With the trademark's picture",
        (*_head(Line("picture", "{trademark}", height_mm=9), _PRODUCT, _COOPERATIVE), _CODE, _SERIAL),
        ("trademark",),
    ),
    Design(
        "vietgap",
        "With the VietGAP words",
        (_VIETGAP, *_head(_PRODUCT, _COOPERATIVE), _CERTIFIED, _CODE, _SERIAL),
        ("certificate",),
    ),
    Design("pin", "With a scratch-off PIN field", (*_head(_PRODUCT, _COOPERATIVE), *_SCRATCH, _CODE, _SERIAL)),
    Design(
        "bilingual",
        "In two languages",
        (
            *_head(_PRODUCT),
            _SECOND[0],
            *_head(_COOPERATIVE),
            _SECOND[1],
            _RULE,
            _HARVESTED,
            _SECOND[2],
            _SCAN,
            _SECOND[3],
            _CODE,
            _SERIAL,
        ),
        ("product", "product_2"),
    ),
    Design(
        "chinese",
        "In Vietnamese and Chinese",
        (
            *_head(_PRODUCT, Line("text", "{product_zh}", 8, 5, lines=2), _COOPERATIVE),
            _RULE,
            _HARVESTED,
            Line("text", "{zh:harvested}", 5.5, 4.2),
            _SCAN,
            Line("text", "{zh:scan}", 5.5, 4.2, lines=2),
            _CODE,
            _SERIAL,
        ),
        ("product", "product_zh"),
    ),
)
LOGO = "-logo"
_LOGO_LINE = Line("picture", "{logo}", height_mm=9, head=True)

FACES: dict[str, Design] = {design.name: design for design in _ALL}


def with_logo(design: Design) -> Design:
    """The same face with the cooperative's own picture over its lines."""
    return replace(
        design,
        name=design.name + LOGO,
        title=f"{design.title}, with the cooperative's logo",
        lines=(_LOGO_LINE, *design.lines),
        needs=(*design.needs, "logo"),
    )


def face_named(name: str) -> Design:
    """Raises LabelError, with the nearest names, for a face that is not a ready one."""
    if name in FACES:
        return FACES[name]
    if name.endswith(LOGO) and name.removesuffix(LOGO) in FACES:
        return with_logo(FACES[name.removesuffix(LOGO)])
    near = ", ".join(get_close_matches(name, FACES, 3, 0.3)) or ", ".join(FACES)
    raise LabelError("unknown-face", "There is no face named %(name)r. Near: %(near)s.", name=name, near=near)
