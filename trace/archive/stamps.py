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
DONE: Final = "done.json"
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
    """Make the stamps' files anew where any stamp changed. Begun before and killed: goes on with the next runs."""
    session.expire_all()  # as in `write_cooperative`: first what is new, then what it is about
    mark = mark_of(session, keyring)
    if folder.known("stamps") == mark and folder.has("s"):
        return
    with _Lines(folder.out / "s.part", mark) as lines:
        runs = session.scalars(select(Run).order_by(Run.id).options(selectinload(Run.ranges))).all()
        for place, run in enumerate(runs, start=1):
            if run.id not in lines.done:
                _write_run(run, keyring, lines)
            progress("stamps", place, len(runs))
    old = folder.out / "s"
    if old.exists():
        shutil.rmtree(old)
    lines.folder.replace(old)
    folder.note("stamps", mark)


def _write_run(run: Run, keyring: Keyring, lines: "_Lines") -> None:
    book = keyring.book(run.key_version)
    for stamps in run.ranges:
        lines.describe(stamps.id, _range_line(stamps, run, keyring))
        for number, code in enumerate(book.codes(run.number, stamps.first - 1, stamps.count), start=stamps.first):
            lines.add(bytes(code), f"{stamps.id:x} {number:x}")
    lines.finish(run.id)


def _range_line(stamps: StampRange, run: Run, keyring: Keyring) -> str:
    batch = stamps.batch
    state = "leaked" if run.key_version in keyring.leaked else stamps.state
    told = batch.public_id if batch and state == "active" and is_told(batch) else "-"
    return f"{state} {told} {run.label}\n"


class _Lines:
    """The lines of all codes, many runs' at a time: each file is opened as seldom as memory allows.

    `done` are the runs whose lines are in the files. One that was cut short by a kill is written once more: the same
    lines twice do no harm.
    """

    def __init__(self, folder: Path, mark: str) -> None:
        self.folder, self.mark = folder, mark
        self.done: set[int] = set()
        self._ended: list[int] = []
        self._lines: dict[str, list[str]] = defaultdict(list)
        self._held = 0
        self._begin()

    def _begin(self) -> None:
        """What an earlier try has made of the very same stamps, or an empty folder."""
        noted = self.folder / DONE
        known = json.loads(noted.read_text()) if noted.exists() else {}
        if known.get("mark") == self.mark:
            self.done = set(known["runs"])
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "r").mkdir(parents=True)
        self._note()

    def __enter__(self) -> "_Lines":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._flush()
            (self.folder / DONE).unlink()

    def describe(self, range_id: int, line: str) -> None:
        (self.folder / "r" / f"{range_id:x}.txt").write_text(line)

    def add(self, code: bytes, where: str) -> None:
        digits = hashlib.sha256(code).hexdigest()
        self._lines[digits[:PREFIX]].append(f"{digits[PREFIX : PREFIX + TAIL]} {where}\n")
        self._held += 1
        if self._held >= FLUSH_LINES:
            self._flush()

    def finish(self, run_id: int) -> None:
        """All stamps of a run have been added."""
        self._ended.append(run_id)

    def _flush(self) -> None:
        for prefix, own in self._lines.items():
            with (self.folder / f"{prefix}.txt").open("a") as file:
                file.writelines(own)
        self._lines.clear()
        self._held = 0
        self.done.update(self._ended)
        self._ended.clear()
        self._note()

    def _note(self) -> None:
        part = self.folder / "done.part"
        part.write_text(json.dumps({"mark": self.mark, "runs": sorted(self.done)}))
        part.replace(self.folder / DONE)
