"""`/metrics`: figures for whoever watches the machine, and nothing for anybody else."""

import re
from dataclasses import replace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from tests.conftest import NOON, Clock, code_of
from trace.commands import worker
from trace.records import Backup, BackupKind, Run
from trace.settings import Settings

TOKEN = "a-token-of-thirty-two-signs-or-so"


def _figures(words: str) -> dict[str, float]:
    return {
        sample.name + "".join(f"/{value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(words)
        for sample in family.samples
    }


def test_this_machine_reads_the_vital_figures(
    client: FlaskClient, session: Session, settings: Settings, run: Run, clock: Clock
) -> None:
    session.add(
        Backup(name="b", kind=BackupKind.ASKED, made_at=NOON, size_bytes=1, sha256="0" * 64, entries=1, proved_at=NOON)
    )
    session.commit()
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    figures = _figures(answer.text)
    assert figures["temgoc_runs"] == 1
    assert figures["temgoc_entries"] >= 3
    assert figures["temgoc_last_proved_backup_timestamp_seconds"] == NOON.timestamp()
    assert figures["temgoc_disk_free_bytes/instance"] > 0


def test_never_proved_reads_as_very_long_ago(client: FlaskClient, session: Session) -> None:
    assert _figures(client.get("/metrics").text)["temgoc_last_proved_backup_timestamp_seconds"] == 0


def test_a_failing_job_shows(client: FlaskClient, session: Session, settings: Settings, clock: Clock) -> None:
    settings.backup_folder.write_text("a file stands in the way")
    worker.do_due("one", now=clock)
    figures = _figures(client.get("/metrics").text)
    assert figures["temgoc_job_failing/backup"] == 1
    assert figures["temgoc_job_failing/clean-up"] == 0
    assert figures["temgoc_job_last_done_timestamp_seconds/clean-up"] == NOON.timestamp()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_whoever_comes_through_a_proxy_finds_nothing(client: FlaskClient, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_whoever_comes_from_elsewhere_needs_the_token(app: Flask, client: FlaskClient, settings: Settings) -> None:
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get("/metrics", environ_base=elsewhere, headers=bearer).status_code == 404

    app.config["SETTINGS"] = replace(settings, metrics_token=TOKEN)
    assert client.get("/metrics", environ_base=elsewhere, headers=bearer).status_code == 200
    for wrong in ("", TOKEN[:-1], TOKEN + "x", "é"):
        headers = {"Authorization": f"Bearer {wrong}"}
        assert client.get("/metrics", environ_base=elsewhere, headers=headers).status_code == 404


def test_no_figure_tells_of_a_person_or_a_code(client: FlaskClient, session: Session, run: Run) -> None:
    words = client.get("/metrics").text
    assert run.label not in words
    assert code_of(run, 1) not in words
    named = {
        value for family in text_string_to_metric_families(words) for s in family.samples for value in s.labels.values()
    }
    assert not any(re.fullmatch(r"[0-9a-z]{12}|[0-9A-Z]{16}", value) for value in named)


def test_counters_of_all_processes_are_added_up(live_server: str) -> None:
    for _ in range(5):
        with urlopen(f"{live_server}/healthz", timeout=10):
            pass
    with urlopen(f"{live_server}/metrics", timeout=10) as answer:
        figures = _figures(answer.read().decode())
    assert figures["temgoc_requests_total/2xx"] >= 5
    with pytest.raises(HTTPError, match="404"):
        urlopen(Request(f"{live_server}/metrics", headers={"X-Forwarded-For": "::1"}), timeout=10)
