"""A verdict, and those on what surrounds the symbol: type, paper, pictures."""

from dataclasses import dataclass, field

from .face import overlap
from .layout import Drawing
from .marks import margin_for_note
from .run import Plan
from .typefaces import PT_MM

SMALL_TYPE_PT, PICTURE_DPI = 4.5, 200
UNPRINTABLE_MM = 4.0  # along the edges of paper, in most office printers


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing looked at. `message` and `fix` are English sentences with %(name)s places that `figures` fills.

    `grade`: good, warn (it may do), bad (do not print this).
    """

    code: str
    grade: str
    message: str
    figures: dict[str, object] = field(default_factory=dict)
    fix: str = ""

    def __str__(self) -> str:
        return self.message % self.figures + (" " + self.fix % self.figures if self.fix else "")


def goods_number(plan: Plan) -> list[Verdict]:
    """Whether a till's clerk finds the goods' number in type, where the links carry one (GS1: HRI)."""
    gtin = plan.survey.gtin
    if not gtin or any(gtin in run.text for run in plan.drawing.runs):
        return []
    return [
        Verdict(
            "no-hri",
            "warn",
            "The number (01) %(gtin)s does not stand in type on the stamp.",
            {"gtin": gtin},
            "Take a larger label: a till that cannot scan needs the number to type.",
        )
    ]


def overlaps(plan: Plan) -> list[Verdict]:
    """Whether type or pictures lie over one another: an own face may say so by mistake. Frames and lines may."""
    parts = [(number, part) for number, part in enumerate(plan.face.elements, 1) if part.kind not in ("rule", "frame")]
    for index, (number, part) in enumerate(parts):
        for other_number, other in parts[index + 1 :]:
            if overlap(part, other):
                return [
                    Verdict(
                        "parts-overlap",
                        "warn",
                        "Parts %(first)d and %(second)d of the face lie over one another.",
                        {"first": number, "second": other_number},
                        "Move one of them, or make it smaller.",
                    )
                ]
    return []


def type_size(drawing: Drawing) -> list[Verdict]:
    """Whether all letters can be read by people."""
    sizes = [run.size for run in drawing.runs] + [slot.size for slot in drawing.slots]
    if not sizes or min(sizes) >= SMALL_TYPE_PT * PT_MM - 1e-6:
        return []
    return [
        Verdict(
            "type-small",
            "warn",
            "The smallest letters are %(size)s pt high: hard to read for many.",
            {"size": f"{min(sizes) / PT_MM:.1f}"},
            "Shorten the words or take a larger label.",
        )
    ]


def paper_edges(plan: Plan) -> list[Verdict]:
    """Whether printers reach all labels, and whether the sheet's note has a margin."""
    if plan.stock.roll:
        return []
    out = []
    edge = min(plan.stock.margins_mm.values())
    if plan.stock.cells > 1 and edge < UNPRINTABLE_MM - 0.01:
        out.append(
            Verdict(
                "edge",
                "warn",
                "Labels reach to %(edge)s mm from the paper's edge, where most printers cannot print.",
                {"edge": f"{max(0.0, edge):.1f}"},
                "Print a test page on plain paper first.",
            )
        )
    if not plan.sheet.note.empty and not margin_for_note(plan):
        out.append(
            Verdict(
                "no-note",
                "warn",
                "This sheet has no margin for job, sheet number and serials.",
                fix="Write them on the sheet by hand if it is not used up.",
            )
        )
    return out


def picture_sharpness(drawing: Drawing) -> list[Verdict]:
    """Whether pictures have pixels enough for their size."""
    out = []
    for box, picture in drawing.pictures:
        got = picture.width / (box.width / 25.4)
        if got < PICTURE_DPI:
            out.append(
                Verdict(
                    "picture-coarse",
                    "warn",
                    "The picture has %(dpi)d pixels an inch at this size and will look coarse.",
                    {"dpi": round(got)},
                    "Load a larger picture.",
                )
            )
    return out
