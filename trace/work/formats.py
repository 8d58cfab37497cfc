"""The files that a print can become, and what each is good for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from labels import Stock, Written, write_csv, write_labels_pdf, write_pdf, write_tspl, write_xlsx, write_zpl

from .refused import Refused


@dataclass(frozen=True, slots=True)
class Format:
    """`drawn`: it shows labels, and not a list. `dots`: it goes to a printer as it is, in dots of that printer."""

    extension: str
    media_type: str
    write: Callable[..., Written]
    drawn: bool = True
    dots: bool = False
    paged: bool = False
    """It fills pages of the stock, so that cells can be used already."""


WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    "pdf": Format("pdf", "application/pdf", write_pdf, paged=True),
    "labels": Format("pdf", "application/pdf", write_labels_pdf),
    "zpl": Format("zpl", "application/octet-stream", write_zpl, dots=True),
    "tspl": Format("tspl", "application/octet-stream", write_tspl, dots=True),
    "csv": Format("csv", "text/csv", write_csv, drawn=False),
    "xlsx": Format("xlsx", WORKBOOK, write_xlsx, drawn=False),
}
DPIS = (0, 203, 300, 600)
"""0: nobody said; then the stock's own, which for sheets is an office printer's."""
MOST_COPIES, MOST_BETWEEN_DIVIDERS = 10, 10_000


def complaints_about(name: str, stock: Stock, dpi: int, copies: int, divider_every: int) -> list[Refused]:
    """What cannot be asked for together."""
    found = []
    form = FORMATS.get(name)
    if form is None:
        found.append(Refused("Choose a kind of file from the list.", field="format"))
    elif form.dots and not stock.roll:
        found.append(Refused("Files for label printers need a roll: choose one as the paper.", field="format"))
    if dpi not in DPIS:
        found.append(Refused("Choose the printer's dots from the list.", field="dpi"))
    if not 1 <= copies <= MOST_COPIES:
        found.append(Refused("A stamp can be printed 1 to %(most)s times.", field="copies", most=MOST_COPIES))
    if not 0 <= divider_every <= MOST_BETWEEN_DIVIDERS:
        found.append(
            Refused(
                "At most %(most)s stamps can lie between two dividers.", field="divider", most=MOST_BETWEEN_DIVIDERS
            )
        )
    return found


def options_of(form: Format, *, dpi: int, title: str, layout: dict[str, Any]) -> dict[str, Any]:
    """The arguments that a format's writer takes, beyond the file, the stamps and the copies."""
    if not form.drawn:
        return {}
    return layout | {"dpi": dpi} | ({} if form.dots else {"title": title})
