"""The words over a label that must not be used: a white band with black edges, across its symbol and on to its edges.
Where the face is only to be looked at the band ends with the symbol.

The band hides more of the symbol than any error correction restores; no decoder gets past it.
"""

from dataclasses import dataclass

from .run import Plan
from .typefaces import clean, width

ANGLE = 30  # degrees, rising to the right
LARGEST_MM = 7.0
HIDDEN = 0.3  # of the symbol's side
ALONG_SYMBOL, SPOKEN = 0.98, 0.92  # of the symbol's side: turned, the band ends with the quiet zone


@dataclass(frozen=True, slots=True)
class Band:
    """Its centre, length and height, and its words' size, in mm from the label's top left corner."""

    x: float
    y: float
    length: float
    height: float
    size: float
    text: str


def band_of(plan: Plan) -> Band:
    """The band over a planned run's labels: its words are centred on the symbol."""
    text = clean(plan.sheet.overprint)
    box = plan.drawing.symbol
    only = plan.sheet.overprint_symbol_only
    size = min(box.width * (SPOKEN if only else 1.05) / width(text, "bold"), LARGEST_MM)
    x, y = box.x + box.width / 2, box.y + box.height / 2
    length = box.width * ALONG_SYMBOL if only else 2.4 * (plan.stock.width_mm + plan.stock.height_mm)
    return Band(x, y, length, max(size * 1.5, box.width * HIDDEN), size, text)
