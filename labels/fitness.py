"""Will it scan? Said before anything is printed, with the figures and what would help."""

from .layout import Drawing
from .qr import size_of
from .run import Plan
from .stamp import gtin_of
from .stock import Stock
from .verdicts import Verdict, goods_number, overlaps, paper_edges, picture_sharpness, type_size

CONSUMER_MM, GS1_MM, GS1_MOST_MM = (
    0.375,
    0.396,
    0.990,
)  # GS1 General Specifications, symbol specification tables 1 and 3
LEAST_DOTS = 3
GOOD_CONTRAST, LEAST_CONTRAST = 0.55, 0.40  # ISO/IEC 15415 symbol contrast, grades 3 and 2
LASER_DPI = 600
GRADES = ("good", "warn", "bad")


def fitness(plan: Plan, link: str, dpi: int = 0, paper: str = "#ffffff") -> list[Verdict]:
    """All verdicts on a planned run, the worst first. `dpi` = the printer's, else the stock's; `paper` = its colour."""
    dpi = dpi or plan.stock.dpi or LASER_DPI
    drawing, stock = plan.drawing, plan.stock
    modules = size_of(plan.survey.version) + 8
    found = [
        _module_mm(drawing, modules, link),
        _module_dots(drawing, dpi),
        _quiet_zone(drawing, stock),
        _share(drawing, stock),
        _contrast(paper),
        *goods_number(plan),
        *overlaps(plan),
        *type_size(drawing),
        *paper_edges(plan),
        *picture_sharpness(drawing),
    ]
    return sorted(found, key=lambda verdict: -GRADES.index(verdict.grade))


def fits(verdicts: list[Verdict]) -> bool:
    """Whether nothing is bad."""
    return all(verdict.grade != "bad" for verdict in verdicts)


def _module_mm(drawing: Drawing, modules: int, link: str) -> Verdict:
    gs1 = bool(gtin_of(link))
    least = GS1_MM if gs1 else CONSUMER_MM
    figures: dict[str, object] = {
        "module": f"{drawing.module:.3f}",
        "least": f"{least:.3f}",
        "need": f"{least * modules:.1f}",
    }
    if drawing.module < least - 5e-4:
        return Verdict(
            "module-small",
            "bad",
            "A module of the symbol is %(module)s mm; it must be at least %(least)s mm.",
            figures,
            "Give the symbol %(need)s mm: a larger label, a face with fewer words, or a shorter address.",
        )
    if gs1 and drawing.module > GS1_MOST_MM:
        return Verdict(
            "module-large",
            "warn",
            "A module of the symbol is %(module)s mm; tills read up to 0.990 mm.",
            figures,
            "Take a smaller label.",
        )
    return Verdict(
        "module-mm", "good", "A module of the symbol is %(module)s mm; at least %(least)s mm is needed.", figures
    )


def _module_dots(drawing: Drawing, dpi: int) -> Verdict:
    exact = drawing.module * dpi / 25.4
    whole = abs(exact - round(exact)) < 0.02
    figures: dict[str, object] = {"dots": f"{exact:.1f}", "dpi": dpi, "least": LEAST_DOTS}
    if exact < LEAST_DOTS - 0.02:
        return Verdict(
            "dots-few",
            "bad",
            "At %(dpi)d dpi a module has %(dots)s dots; it needs %(least)d.",
            figures,
            "Take a larger label, or a printer of a higher resolution.",
        )
    if not whole and exact < 8:
        return Verdict(
            "dots-broken",
            "warn",
            "At %(dpi)d dpi a module has %(dots)s dots, so that modules come out uneven.",
            figures,
            "Say the printer's dpi, and modules are made of whole dots.",
        )
    return Verdict("dots", "good", "At %(dpi)d dpi a module has %(dots)s dots.", figures)


def _quiet_zone(drawing: Drawing, stock: Stock) -> Verdict:
    box = drawing.symbol
    if stock.round:
        middle = stock.width_mm / 2
        corners = [(box.x + x - middle, box.y + y - middle) for x in (0, box.width) for y in (0, box.height)]
        inside = max(x * x + y * y for x, y in corners) <= (middle + 0.02) ** 2
    else:
        inside = (
            min(box.x, box.y) >= -0.02
            and box.x + box.width <= stock.width_mm + 0.02
            and box.y + box.height <= stock.height_mm + 0.02
        )
    if not inside:
        return Verdict(
            "quiet-zone-cut",
            "bad",
            "The white border of 4 modules around the symbol runs over the label's edge.",
            fix="Make the symbol smaller or move it inwards.",
        )
    return Verdict("quiet-zone", "good", "The symbol keeps its white border of 4 modules on all sides.")


def _share(drawing: Drawing, stock: Stock) -> Verdict:
    share = drawing.symbol.width**2 / (stock.width_mm * stock.height_mm * (0.785 if stock.round else 1))
    figures: dict[str, object] = {"share": round(100 * share)}
    if share < 0.08:
        return Verdict(
            "share-small",
            "warn",
            "The symbol takes %(share)d %% of the label: people may not see it.",
            figures,
            "Take a face with a larger symbol.",
        )
    return Verdict("share", "good", "The symbol takes %(share)d %% of the label.", figures)


def _contrast(paper: str) -> Verdict:
    contrast = _reflectance(paper) - 0.04  # black print reflects a little
    figures: dict[str, object] = {"contrast": round(100 * contrast)}
    if contrast < LEAST_CONTRAST:
        return Verdict(
            "contrast-low",
            "bad",
            "Black on this paper has a contrast of %(contrast)d %%; scanners need 40 %%.",
            figures,
            "Take white or light paper.",
        )
    if contrast < GOOD_CONTRAST:
        return Verdict(
            "contrast-fair",
            "warn",
            "Black on this paper has a contrast of %(contrast)d %%.",
            figures,
            "White paper scans better.",
        )
    return Verdict("contrast", "good", "Black on this paper has a contrast of %(contrast)d %%.", figures)


def _reflectance(paper: str) -> float:
    """Of a colour #rrggbb, as a 660 nm scanner sees it: mostly its red part."""
    red, green, blue = (int(paper[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return float(0.8 * red**2.2 + 0.15 * green**2.2 + 0.05 * blue**2.2)
