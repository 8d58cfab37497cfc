"""The label workshop: stamps on paper, in millimetres. It knows pictures and type; no web, no database."""

from .catalogue import STOCKS, stock_named
from .errors import LabelError
from .face import Element, Face
from .faces import FACES, Design, face_named
from .fit import fitted
from .pictures import Picture, read_picture
from .qr import symbol, symbols
from .sheet import Calibration, Note, Sheet, free_cells, pages
from .stamp import Stamp, check_link, grouped
from .stock import Stock
from .words import Words, captions
from .writing import Written, ready, write_pdf

__all__ = [
    "FACES",
    "STOCKS",
    "Calibration",
    "Design",
    "Element",
    "Face",
    "LabelError",
    "Note",
    "Picture",
    "Sheet",
    "Stamp",
    "Stock",
    "Words",
    "Written",
    "captions",
    "check_link",
    "face_named",
    "fitted",
    "free_cells",
    "grouped",
    "pages",
    "read_picture",
    "ready",
    "stock_named",
    "symbol",
    "symbols",
    "write_pdf",
]
