"""A face as it will look, before there is a stamp: a cooperative's own words where there are some, else invented."""

from dataclasses import dataclass, replace
from datetime import date
from math import floor

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import (
    Design,
    Element,
    Face,
    LabelError,
    Picture,
    Stamp,
    Stock,
    Verdict,
    Words,
    fitness,
    label_svg,
    read_picture,
    ready,
)

from ..records import Cooperative, Product, Trademark, Upload
from ..standards.identifiers import show_phone
from ..standards.pins import STAND_IN
from ..standards.quantities import show_weight
from .label_refusals import as_refusal
from .products import standing_of

CODE = "0" * 16
"""No stamp's code: whoever scans a picture of a face is told so."""
DPIS = (203, 300, 600)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the workshop drew, or why it could not; and whether it will scan."""

    svg: str = ""
    verdicts: tuple[Verdict, ...] = ()
    refused: LabelError | None = None


def sample(face: Face, words: Words, public_url: str, label: str, dpi: int) -> Sample:
    """Draw a face on a label of its own size."""
    stock = paper_for(face.width_mm, face.height_mm)
    stamp = Stamp(f"{public_url.upper()}/T/{CODE}", code=CODE, serial=f"{label}-26A-0000123", pin=STAND_IN)
    try:
        plan, _ = ready([stamp], stock=stock, face=face, words=words, dpi=dpi)
        drawn = label_svg(stamp, stock=stock, face=face, words=words, dpi=dpi)
        return Sample(drawn, tuple(fitness(plan, stamp.link, dpi)))
    except LabelError as error:
        return Sample(refused=error)


def fitted_face(
    design: Design, size: tuple[float, float], words: Words, public_url: str, *, round_label: bool = False
) -> Face:
    """A ready face as it falls on labels of that size, every place to the hundredth. Raises `Refused`."""
    stamp = Stamp(f"{public_url.upper()}/T/{CODE}", code=CODE, serial="XXX-26A-0000123", pin=STAND_IN)
    try:
        plan, _ = ready([stamp], stock=paper_for(*size, round_label=round_label), face=design, words=words)
    except LabelError as error:
        raise as_refusal(error, "start") from error
    return replace(plan.face, name="own", title="", elements=tuple(map(_rounded, plan.face.elements)))


def _rounded(element: Element) -> Element:
    """Outwards by nothing: a part that touched another must not come to lie over it."""
    return replace(
        element,
        x=round(element.x, 2),
        y=round(element.y, 2),
        width=max(0.05, floor(element.width * 100) / 100),
        height=max(0.05, floor(element.height * 100) / 100),
        size_pt=max(element.floor_pt, floor(element.size_pt * 10) / 10),
    )


def paper_for(width_mm: float, height_mm: float, *, round_label: bool = False) -> Stock:
    """Paper of one label. Raises LabelError for a size that no label has."""
    return Stock(
        name="label",
        page_width_mm=width_mm,
        page_height_mm=height_mm,
        width_mm=width_mm,
        height_mm=height_mm,
        round=round_label,
    )


def sample_words(session: Session, cooperative: Cooperative, today: date) -> Words:
    """Every fact that a face may show."""
    product = session.scalars(select(Product).where(standing_of(cooperative)).order_by(Product.id).limit(1)).first()
    return Words(
        product=product.name_vi if product else "Na Chi Lăng",
        cooperative=cooperative.name,
        certificate="VietGAP-TT-00-00-26-0000",
        harvest_day=f"{today:%d/%m/%Y}",
        weight=show_weight(product.net_weight_g, "vi") if product else "1 kg",
        contact=show_phone(cooperative.phone) if cooperative.phone else "0205 000 0000",
        product_2=(product.name_en if product else "") or "Chi Lang custard apple",
        cooperative_2=cooperative.name,
        product_zh=(product.name_zh if product else "") or "谅山水果",
        trademark=_mark(session, cooperative, today) or placeholder(),
        logo=picture_of(cooperative.logo) or placeholder(),
    )


def picture_of(upload: Upload | None) -> Picture | None:
    """A kept picture as the workshop takes it; None where it cannot be drawn."""
    try:
        return read_picture(upload.content) if upload else None
    except LabelError:
        return None


def _mark(session: Session, cooperative: Cooperative, today: date) -> Picture | None:
    """A mark that may be shown today, if there is one."""
    marks = session.scalars(select(Trademark).where(Trademark.cooperative_id == cooperative.id).order_by(Trademark.id))
    return next((picture_of(mark.image) for mark in marks if mark.image and mark.shown_on(today)), None)


def placeholder() -> Picture:
    """A crossed box: here a picture will stand."""
    image = Image.new("L", (400, 240), 255)
    pen = ImageDraw.Draw(image)
    pen.rectangle((4, 4, 395, 235), outline=90, width=6)
    pen.line((4, 4, 395, 235), fill=170, width=4)
    pen.line((395, 4, 4, 235), fill=170, width=4)
    return Picture(400, 240, True, image.tobytes())
