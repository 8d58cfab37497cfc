"""What the press makes of a job: the file, and the proof that every label of it reads as it should.

Everything is read from the database first; drawing and reading back then hold no transaction open.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from labels import Proof, Stamp, Written, prove, prove_dots, prove_table, single, stock_named
from labels.files import Progress

from ..records import PrintJob
from .formats import FORMATS
from .keyring import Keyring
from .sheets import drawing
from .spans import from_text

Seen = Callable[[Proof], None]


@dataclass(frozen=True, slots=True)
class Making:
    """One job, ready to be drawn as often as needed, without a database."""

    job_id: int
    public_id: str
    format: str
    copies: int
    labels: int
    stamps: Callable[[], Iterator[Stamp]]
    options: dict[str, Any]

    @property
    def columns(self) -> int:
        """Labels in a row of the roll."""
        stock = self.options["stock"]
        return (stock_named(stock) if isinstance(stock, str) else stock).columns

    @property
    def extension(self) -> str:
        return FORMATS[self.format].extension


def making(session: Session, job: PrintJob, keyring: Keyring) -> Making:
    """Raises `Refused` for what can no longer be drawn."""
    printing = job.printing
    stamps, options = drawing(session, printing, keyring, from_text(job.spans or "[]"))
    return Making(job.id, job.public_id, printing.format, printing.copies, job.labels, stamps, options)


def warm_up() -> None:
    """Draw and read one label, so that the first print finds everything loaded."""
    stamps = [Stamp(link="HTTPS://EXAMPLE.VN/T/" + "0" * 16)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "warm.pdf"
        FORMATS["pdf"].write(path, stamps, stock="a4-65", face="code")
        prove(path, stamps, stock="a4-65", face="code")


def draw_file(job: Making, path: Path, progress: Progress) -> Written:
    return FORMATS[job.format].write(path, job.stamps(), copies=job.copies, progress=progress, **job.options)


def draw_to(job: Making, out: BinaryIO, progress: Progress) -> Written:
    """The same, row by row into a stream."""
    return FORMATS[job.format].write(out, job.stamps(), copies=job.copies, progress=progress, **job.options)


def read_back(job: Making, path: Path, *, read_pages: int = 0, progress: Progress, after: Seen) -> Proof:
    """Read the file; `after` is told after each sheet of a PDF. The first `read_pages` of them were read before."""
    form = FORMATS[job.format]
    if not form.drawn:
        return prove_table(path, job.stamps(), copies=job.copies, progress=progress, **job.options)
    options = {name: value for name, value in job.options.items() if name != "title"}
    if form.dots:
        return prove_dots(path, job.stamps(), copies=job.copies, progress=progress, **options)
    if not form.paged:
        options |= _one_a_page(options)
    return prove(
        path, job.stamps(), copies=job.copies, read_pages=read_pages, progress=progress, after=after, **options
    )


def _one_a_page(options: dict[str, Any]) -> dict[str, Any]:
    stock = options["stock"]
    stock = stock_named(stock) if isinstance(stock, str) else stock
    return {"stock": single(stock, options["sheet"])}
