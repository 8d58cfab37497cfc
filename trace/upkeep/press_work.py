"""One print job in the hands of a press: drawn, read back a few thousand labels at a time, released."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from labels import Proof

from ..records import PrintChunk, PrintJob
from ..work.print_ends import release
from ..work.print_jobs import SMALL, LostLease, beat, chunks_of, drawn, proved
from ..work.print_making import Making, draw_file, making, read_back
from ..work.refused import Refused

if TYPE_CHECKING:
    from .press import Press

BEATS_EVERY_S = 2.0
LOOKS_ASIDE_EVERY_S = 0.3
CHUNK_LABELS = 5_000
STUCK_AFTER_S = 300.0
"""Without any progress for so long a press counts as hung, and lets its lease run out."""


class Stopped(Exception):  # noqa: N818 - the press is asked to end
    pass


class Work:
    """One job in work: its heart beats in a thread of its own, and stops where nothing moves any more."""

    def __init__(self, press: "Press", job_id: int, lease: str) -> None:
        self.press, self.job_id, self.lease = press, job_id, lease
        self.done, self.moved, self.aside = 0, time.monotonic(), time.monotonic()
        self.small = False
        self.own_file: Path | None = None
        """Being drawn: no line names it yet."""
        self.file: Path | None = None
        self._over, self._lost = threading.Event(), threading.Event()

    def do(self) -> None:
        with self.press.read() as session:
            job = session.get_one(PrintJob, self.job_id)
            self.small = job.labels <= SMALL
            kept, pages = job.file_name, max((one.last_page for one in chunks_of(session, job.id)), default=0)
            sound = (job.size_bytes, job.sha256)
            made = making(session, job, self.press.keyring(session))
        with self._beating():
            path = self._kept(kept, sound)
            if path is None:
                path, pages = self._draw(made), 0
            self.file = path
            proof = self._read_back(made, path, pages)
            self._hold()
            with self.press.write() as session:
                release(session, self.job_id, self.lease, proof, now=self.press.now(), keep=self.press.keep)
                session.commit()

    def _kept(self, name: str | None, sound: tuple[int | None, str | None]) -> Path | None:
        """A file that a press before us finished, if it is still whole."""
        path = self.press.folder / name if name else None
        if path is None or not path.is_file() or path.stat().st_size != sound[0]:
            return None
        with path.open("rb") as file:
            return path if hashlib.file_digest(file, "sha256").hexdigest() == sound[1] else None

    def _draw(self, made: Making) -> Path:
        self.press.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.own_file = path = self.press.folder / f"{made.public_id}-{self.lease[:12]}.{made.extension}"
        written = draw_file(made, path, self._progress)
        path.chmod(0o600)
        self._hold()
        with self.press.write() as session:
            drawn(session, self.job_id, self.lease, path.name, written, now=self.press.now())
            session.commit()
        self.own_file, self.done = None, 0
        return path

    def _read_back(self, made: Making, path: Path, pages: int) -> Proof:
        """Read what was not read yet, keeping a line after every few thousand labels; then all lines together."""
        with self.press.read() as session:
            before = sum(one.labels for one in chunks_of(session, self.job_id)) if pages else 0
        if before < made.labels:
            self._read_rest(made, path, pages, before)
        return self._whole(made)

    def _read_rest(self, made: Making, path: Path, pages: int, before: int) -> None:
        last = Proof(pages=pages)

        def after(proof: Proof) -> None:
            nonlocal last
            if proof.faults:
                raise _unsound(proof)
            if proof.labels - last.labels >= CHUNK_LABELS:
                self._keep(last, proof)
                last = Proof(proof.labels, proof.read, proof.checked, proof.pages)

        def progress(labels: int, _all: int | None) -> None:
            self._progress(before + labels, None)

        proof = read_back(made, path, read_pages=pages, progress=progress, after=after)
        if proof.faults:
            raise _unsound(proof)
        if proof.labels > last.labels:
            self._keep(last, proof)

    def _keep(self, last: Proof, proof: Proof) -> None:
        self._hold()
        with self.press.write() as session:
            job = session.get_one(PrintJob, self.job_id)
            chunk = PrintChunk(
                job_id=job.id,
                cooperative_id=job.cooperative_id,
                first_page=last.pages + 1,
                last_page=max(proof.pages, last.pages + 1),
                labels=proof.labels - last.labels,
                read=proof.read - last.read,
                checked=proof.checked - last.checked,
                at=self.press.now(),
            )
            proved(session, job, self.lease, chunk, now=self.press.now())
            session.commit()

    def _whole(self, made: Making) -> Proof:
        """What all lines say together; raises `Refused` where a label is missing."""
        with self.press.read() as session:
            lines = chunks_of(session, self.job_id)
        labels, read, checked = (sum(getattr(line, name) for line in lines) for name in ("labels", "read", "checked"))
        if labels != made.labels:
            raise Refused("%(read)s of %(count)s labels stand in the file.", read=labels, count=made.labels)
        return Proof(labels, read, checked)

    def forget_file(self, *, whole: bool = False) -> None:
        """What was drawn for nothing; a `whole` file may be another press's by now, unless it is unsound."""
        for path in (self.own_file, self.file if whole else None):
            if path:
                path.unlink(missing_ok=True)

    def _progress(self, done: int, _all: int | None) -> None:
        self.done, self.moved = done, time.monotonic()
        self._hold()
        if not self.small and self.moved - self.aside > LOOKS_ASIDE_EVERY_S:
            self.press.make_waiting(SMALL)  # a large print lets small ones pass
            self.aside = self.moved = time.monotonic()

    def _hold(self) -> None:
        if self._lost.is_set():
            raise LostLease
        if self.press.stop.is_set():
            raise Stopped

    @contextmanager
    def _beating(self) -> Iterator[None]:
        heart = threading.Thread(target=self._beat, daemon=True)
        heart.start()
        try:
            yield
        finally:
            self._over.set()
            heart.join()

    def _beat(self) -> None:
        while not self._over.wait(BEATS_EVERY_S):
            if time.monotonic() - self.moved > STUCK_AFTER_S:
                self._lost.set()
                return
            try:
                with self.press.write() as session:
                    beat(session, self.job_id, self.lease, self.done, now=self.press.now())
                    session.commit()
            except LostLease:
                self._lost.set()
                return
            except OperationalError:  # busy or away: the next beat may get through
                continue


def _unsound(proof: Proof) -> Refused:
    fault = proof.faults[0]
    return Refused("Sheet %(page)s, place %(cell)s does not read as it should.", page=fault.page, cell=fault.cell)
