"""python -m labels: sheets from a list of links, with no database at all.

Exit codes: 0 done; 1 it will not scan, or did not read back; 2 wrong use, or input that cannot be
printed; 3 the disk said no.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from . import (
    FACES,
    STOCKS,
    LabelError,
    Written,
    fitness,
    fits,
    prove,
    read_pdf,
    ready,
    write_calibration_page,
    write_csv,
    write_labels_pdf,
    write_pdf,
    write_pngs,
    write_svgs,
    write_tspl,
    write_xlsx,
    write_zpl,
)
from .arguments import parser
from .given import options_of
from .inputs import LinkFile

OK, UNFIT, WRONG, DISK = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    try:
        code = COMMANDS[options.command](options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # whoever read has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except LabelError as error:
        print(f"labels: {error}", file=sys.stderr)
        return DISK if error.code == "not-written" else WRONG
    except KeyboardInterrupt:
        print("labels: stopped; no file was written", file=sys.stderr)
        return 130


def _stocks(_options: argparse.Namespace) -> int:
    for stock in STOCKS.values():
        print(f"{stock.name}\t{stock.title}\t{stock.maker}".rstrip())
    return OK


def _faces(_options: argparse.Namespace) -> int:
    for design in FACES.values():
        print(f"{design.name}\t{design.title}")
    return OK


def _sheet(options: argparse.Namespace) -> int:
    stamps = LinkFile(options.links)
    shared = options_of(options, stamps)
    done = _write(options, stamps, shared)
    print(f"{options.out}: {done.labels} labels on {done.sheets} sheets, {done.size} bytes, sha256 {done.sha256}")
    if not options.prove:
        return OK
    if options.out.suffix != ".pdf" or options.single:
        raise LabelError("no-proof", "Only PDF sheets and rolls are read back here.")
    proof = prove(options.out, stamps, progress=_progress, **shared)
    for fault in proof.faults:
        print(f"labels: page {fault.page}, label {fault.cell}: {fault.wanted} reads as {fault.got!r}", file=sys.stderr)
    print(f"{proof.read} labels read back, {proof.checked} checked by their modules")
    return OK if proof.ok else UNFIT


def _write(options: argparse.Namespace, stamps: LinkFile, shared: dict[str, Any]) -> Written:
    name = options.out.name.lower()
    tables = {".csv": write_csv, ".xlsx": write_xlsx}
    for ending, write in tables.items():
        if name.endswith(ending):
            return write(options.out, stamps, copies=options.copies, progress=_progress)
    writers: dict[str, Callable[..., Written]] = {
        ".pdf": write_labels_pdf if options.single else write_pdf,
        ".zpl": write_zpl,
        ".tspl": write_tspl,
        ".png.zip": write_pngs,
        ".svg.zip": write_svgs,
    }
    for ending, writer in writers.items():
        if name.endswith(ending):
            if ending == ".png.zip" and not shared["dpi"]:
                shared = {**shared, "dpi": 300}
            return writer(options.out, stamps, progress=_progress, **shared)
    raise LabelError(
        "bad-ending",
        "%(name)s: the file's ending must be one of %(known)s.",
        name=options.out.name,
        known=" ".join([*writers, *tables]),
    )


def _check(options: argparse.Namespace) -> int:
    stamps = LinkFile(options.links)
    made, _ = ready(stamps, **options_of(options, stamps))
    verdicts = fitness(made, next(iter(stamps)).link, options.dpi, options.paper)
    for verdict in verdicts:
        print(f"{verdict.grade}\t{verdict}")
    return OK if fits(verdicts) else UNFIT


def _proof(options: argparse.Namespace) -> int:
    found: list[str] = []
    for number, links in enumerate(read_pdf(options.file, options.dpi), 1):
        for link in links:
            print(f"{number}\t{link}")
        found += links
    if options.links:
        wanted = sorted(stamp.link for stamp in LinkFile(options.links))
        if sorted(found) != wanted:
            missing, strange = len(set(wanted) - set(found)), len(set(found) - set(wanted))
            print(f"labels: {missing} links are missing, {strange} are strange, of {len(wanted)}", file=sys.stderr)
            return UNFIT
    if not found:
        print(f"labels: no symbol can be read in {options.file}", file=sys.stderr)
    return OK if found else UNFIT


def _calibrate(options: argparse.Namespace) -> int:
    write_calibration_page(options.out)
    print(options.out)
    return OK


def _progress(done: int, total: int | None) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} of {total or '?'} labels", end=end, file=sys.stderr, flush=True)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "stocks": _stocks,
    "faces": _faces,
    "sheet": _sheet,
    "check": _check,
    "proof": _proof,
    "calibrate": _calibrate,
}

if __name__ == "__main__":
    sys.exit(main())
