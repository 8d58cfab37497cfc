"""The label workshop: stamps on paper, in millimetres. It knows pictures and type; no web, no database."""

from .calibration import from_readings, marks_on, write_calibration_page
from .catalogue import STOCKS, stock_named
from .drawn import read_pdf
from .errors import LabelError
from .face import Element, Face
from .faces import FACES, Design, face_named
from .files import Written
from .fit import fitted
from .fitness import fitness, fits
from .pictures import Picture, read_picture
from .proof import Fault, Proof, prove
from .proof_dots import prove_dots
from .proof_tables import prove_table
from .qr import symbol, symbols
from .sheet import Calibration, Note, Sheet, free_cells, pages
from .stamp import Stamp, check_link, grouped
from .stock import Stock
from .verdicts import Verdict
from .words import Words, captions
from .writing import ready, single, write_csv, write_labels_pdf, write_pdf, write_tspl, write_xlsx, write_zpl
from .writing_pictures import label_png, label_svg, page_png, write_pngs, write_svgs

__all__ = [
    "FACES",
    "STOCKS",
    "Calibration",
    "Design",
    "Element",
    "Face",
    "Fault",
    "LabelError",
    "Note",
    "Picture",
    "Proof",
    "Sheet",
    "Stamp",
    "Stock",
    "Verdict",
    "Words",
    "Written",
    "captions",
    "check_link",
    "face_named",
    "fitness",
    "fits",
    "fitted",
    "free_cells",
    "from_readings",
    "grouped",
    "label_png",
    "label_svg",
    "marks_on",
    "page_png",
    "pages",
    "prove",
    "prove_dots",
    "prove_table",
    "read_pdf",
    "read_picture",
    "ready",
    "single",
    "stock_named",
    "symbol",
    "symbols",
    "write_calibration_page",
    "write_csv",
    "write_labels_pdf",
    "write_pdf",
    "write_pngs",
    "write_svgs",
    "write_tspl",
    "write_xlsx",
    "write_zpl",
]
