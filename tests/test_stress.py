"""A short form of the campaign of `bench_stress.py`: processes are killed under load, and nothing is lost."""

from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session

from tests.stress import campaign, furnish, two_places, verify
from trace.settings import Settings

KILLS = 8


def test_nothing_that_was_acknowledged_is_lost_when_processes_are_killed(
    app: Flask, session: Session, settings: Settings, tmp_path: Path
) -> None:
    """On PostgreSQL with two of everything."""
    stage = furnish(session, waiting=30, codes=400)
    places = [settings] if settings.sqlite_path else two_places(settings, tmp_path)
    session.commit()
    done = campaign(stage, places, KILLS)
    verify(session, settings, stage, done.ledger)
    assert done.ledger.acknowledged > KILLS
