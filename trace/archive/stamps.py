"""The stamps of an archive: for each code a line under the first digits of its hash, so that no code is handed out.

`s/<three digits>.txt` holds lines `<13 further digits of SHA-256(code)> <range> <serial number>`, the last two in
hexadecimal. `s/r/<range>.txt` is one line: state, batch (or -), run label. 64 bits of hash over 80-bit codes: who holds
the archive can ask of a code that he has, and can list none.
"""

import hashlib
import json
import shutil
from collections import defaultdict
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ..records import Batch, Run, StampRange
from ..work.keyring import Keyring
from ..work.public import is_told
from .folder import Folder
from .pages import Progress

PREFIX, TAIL = 3, 13
FLUSH_LINES: Final = 400_000
"""Some 100 MB of memory at most."""


def mark_of(session: Session, keyring: Keyring) -> str:
    """Changes with any stamp's state, and with nothing else."""
    ranges = select(StampRange.id, StampRange.first, StampRange.last, StampRange.state, StampRange.batch_id)
    digest = hashlib.sha256(repr(sorted(keyring.leaked)).encode())
    for row in session.execute(ranges.order_by(StampRange.id)):
        digest.update(repr(tuple(row)).encode())
    told = select(Batch).where(Batch.submitted_at.is_not(None)).options(selectinload(Batch.decisions))
    digest.update(repr([batch.id for batch in session.scalars(told.order_by(Batch.id)) if is_told(batch)]).encode())
    return digest.hexdigest()


def write_stamps(session: Session, keyring: Keyring, folder: Folder, progress: Progress) -> None:
    """Make the stamps' files anew where any stamp changed. Begun before and killed: goes on with the next run."""
    mark = mark_of(session, keyring)
    if folder.known("stamps") == mark and folder.has("s"):
        return
    fresh = _begun(folder.out / "s.part", mark)
    runs = session.scalars(select(Run).order_by(Run.id)).all()
    done = json.loads((fresh / "done.json").read_text())["runs"]
    for place, run in enumerate(runs, start=1):
        if run.id not in done:
            _write_run(run, keyring, fresh)
            done.append(run.id)
            _note(fresh, mark, done)
        progress("stamps", place, len(runs))
    (fresh / "done.json").unlink()
    old = folder.out / "s"
    if old.exists():
        shutil.rmtree(old)
    fresh.replace(old)
    folder.note("stamps", mark)


def _begun(fresh: Path, mark: str) -> Path:
    """What an earlier try has made of the very same stamps, or an empty folder."""
    noted = fresh / "done.json"
    if not noted.exists() or json.loads(noted.read_text())["mark"] != mark:
        shutil.rmtree(fresh, ignore_errors=True)
        (fresh / "r").mkdir(parents=True)
        _note(fresh, mark, [])
    return fresh


def _note(fresh: Path, mark: str, done: list[int]) -> None:
    part = fresh / "done.part"
    part.write_text(json.dumps({"mark": mark, "runs": done}))
    part.replace(fresh / "done.json")


def _write_run(run: Run, keyring: Keyring, fresh: Path) -> None:
    book = keyring.book(run.key_version)
    lines: dict[str, list[str]] = defaultdict(list)
    held = 0
    for stamps in run.ranges:
        (fresh / "r" / f"{stamps.id:x}.txt").write_text(_range_line(stamps, run, keyring))
        for number, code in enumerate(book.codes(run.number, stamps.first - 1, stamps.count), start=stamps.first):
            digits = hashlib.sha256(bytes(code)).hexdigest()
            lines[digits[:PREFIX]].append(f"{digits[PREFIX : PREFIX + TAIL]} {stamps.id:x} {number:x}\n")
            held += 1
            if held >= FLUSH_LINES:
                _flush(lines, fresh)
                held = 0
    _flush(lines, fresh)


def _flush(lines: dict[str, list[str]], fresh: Path) -> None:
    """A run that was cut short is written once more: the same lines twice do no harm."""
    for prefix, own in lines.items():
        with (fresh / f"{prefix}.txt").open("a") as file:
            file.writelines(own)
    lines.clear()


def _range_line(stamps: StampRange, run: Run, keyring: Keyring) -> str:
    batch = stamps.batch
    state = "leaked" if run.key_version in keyring.leaked else stamps.state
    told = batch.public_id if batch and state == "active" and is_told(batch) else "-"
    return f"{state} {told} {run.label}\n"
