"""What a command line says, as the workshop takes it."""

import argparse
import sys
from pathlib import Path
from typing import Any

from . import Face, LabelError, Note, Sheet, Stock, Words, face_named, read_picture, ready, stock_named
from .inputs import LinkFile, cells, read_bytes, read_json, read_text
from .words import PICTURES, TEXTS


def options_of(options: argparse.Namespace, stamps: LinkFile) -> dict[str, Any]:
    """The arguments that all writers share."""
    stock = Stock.from_dict(read_json(options.stock)) if options.stock.endswith(".json") else stock_named(options.stock)
    face: Any = options.face or _face_with_room(options, stock, stamps)
    return {
        "stock": stock,
        "face": Face.from_json(read_text(Path(face))) if face.endswith(".json") else face_named(face),
        "words": _words(options),
        "sheet": _paper(options),
        "level": options.level,
        "copies": options.copies,
        "dpi": options.dpi,
    }


def _face_with_room(options: argparse.Namespace, stock: Stock, stamps: LinkFile) -> str:
    try:
        ready(stamps, stock=stock, face="code", level=options.level, dpi=options.dpi)
    except LabelError as error:
        if error.code != "words-do-not-fit":
            raise
        sys.stderr.write(f"labels: {error} Printing the symbol alone.\n")
        return "symbol"
    return "code"


def _words(options: argparse.Namespace) -> Words:
    given: dict[str, Any] = {name: getattr(options, name) for name in TEXTS if name != "gtin"}
    for name in PICTURES:
        path = getattr(options, name)
        given[name] = read_picture(read_bytes(path)) if path else None
    return Words(**given, language=options.language)


def _paper(options: argparse.Namespace) -> Sheet:
    return Sheet(
        used=(frozenset(cells(options.used)),) if options.used else (),
        note=Note(options.job, language=options.language),
        outlines=options.outlines,
        crop_marks=options.crop_marks,
        bleed_mm=options.bleed,
        leader=options.leader,
        overprint=options.overprint,
    )
