"""How long an archive takes and how large it is, told for 10,000 batches."""

import time
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, make_batch
from trace.archive import make_archive
from trace.db import db
from trace.records import BatchVerdict
from trace.service import keyring, numbering
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.stamps import issue_stamps

BATCHES, STAMPS = 400, 200


def test_time_and_size_of_an_archive(app: Flask, session: Session, house: House, tmp_path: Path) -> None:
    for number in range(BATCHES):
        batch = make_batch(session, house, code=f"LOT-{number}", weight_g=106_000)
        decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
        told = {"actor": AUDITOR, "now": NOON, "batch": batch}
        run = issue_stamps(session, keyring(), numbering(), house.cooperative, STAMPS // 2, **told)
        activate(session, run, 1, STAMPS // 2, batch, actor=AUDITOR, now=NOON)
    session.commit()
    times = []
    for _ in range(2):
        began = time.perf_counter()
        make_archive(
            app,
            db.get_session("read"),
            keyring(),
            tmp_path / "a",
            today=TODAY,
            root="http://tem.test",
            progress=lambda *_: None,
        )
        times.append(time.perf_counter() - began)
    size = sum(path.stat().st_size for path in (tmp_path / "a").rglob("*") if path.is_file())
    scale = 10_000 / BATCHES
    print(
        f"\narchive of 10,000 batches (from {BATCHES} of {STAMPS // 2} stamps): {times[0] * scale / 60:.1f} min, "
        f"{size * scale / 1e9:.2f} GB in files; again with nothing changed: {times[1] * scale:.0f} s"
    )
