"""The key folder: copied, proved, printed on papers and read back; keys rotated without losing a stamp."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, House, code_of
from trace.records import Run, StampKey
from trace.service import load_keyring, numbering
from trace.settings import Settings
from trace.upkeep.copies import NotDone
from trace.upkeep.keys import fingerprint, from_papers, papers, shown
from trace.work.backups import backup_state, confirm_key_copy
from trace.work.keys import retire_key, rotate_key
from trace.work.refused import Refused
from trace.work.stamps import issue_stamps


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_the_fingerprint_is_what_any_machine_prints(settings: Settings) -> None:
    everything = b"".join(path.read_bytes() for path in sorted(settings.secrets.glob("*.key")))
    assert fingerprint(settings.secrets) == hashlib.sha256(everything).hexdigest()


def test_any_two_papers_bring_the_folder_back(settings: Settings, tmp_path: Path) -> None:
    printed = papers(settings.secrets)
    for number, (one, other) in enumerate(((0, 1), (1, 2), (2, 0))):
        folder = tmp_path / str(number)
        done = from_papers(printed[one], printed[other], folder)
        assert done.fingerprint == fingerprint(settings.secrets)
        for path in settings.secrets.glob("*.key"):  # `log-signed` beside them is a memory, and no key
            assert (folder / path.name).read_bytes() == path.read_bytes()
        assert all(path.stat().st_mode & 0o077 == 0 for path in folder.glob("*.key"))


def test_papers_of_two_days_are_not_mixed_and_nothing_is_overwritten(settings: Settings, tmp_path: Path) -> None:
    old, new = papers(settings.secrets), papers(settings.secrets)
    with pytest.raises(NotDone, match="different days"):
        from_papers(old[0], new[1], tmp_path / "x")
    with pytest.raises(NotDone, match="empty folder"):
        from_papers(old[0], old[1], settings.secrets)


def test_the_operators_home_is_red_until_a_copy_is_proved_and_red_again_after_a_rotation(
    session: Session, settings: Settings
) -> None:
    own = fingerprint(settings.secrets)
    assert not backup_state(session, NOON, own).keys_are_copied
    with pytest.raises(Refused, match="not the fingerprint"):
        confirm_key_copy(session, "0" * 16, "két sắt", fingerprint=own, actor=AUDITOR, now=NOON)
    with pytest.raises(Refused, match="not the fingerprint"):
        confirm_key_copy(session, own[:4], "két sắt", fingerprint=own, actor=AUDITOR, now=NOON)
    with pytest.raises(Refused, match="where"):
        confirm_key_copy(session, own, " ", fingerprint=own, actor=AUDITOR, now=NOON)

    confirm_key_copy(session, f" {shown(own).upper()} ", "két sắt", fingerprint=own, actor=AUDITOR, now=NOON)

    assert backup_state(session, NOON, own).keys_are_copied
    (settings.secrets / "stamp-2.key").write_text("00" * 32)
    assert not backup_state(session, NOON, fingerprint(settings.secrets)).keys_are_copied


def test_after_a_rotation_new_runs_take_the_new_key_and_old_stamps_are_read(
    app: Flask, session: Session, settings: Settings, house: House, run: Run, runner: FlaskCliRunner
) -> None:
    code = code_of(run, 1)
    session.commit()

    answer = runner.invoke(args=["keys", "rotate"])

    assert answer.exit_code == 0, answer.output
    keys = load_keyring(session, settings)
    place = keys.read(code)
    assert place is not None
    assert place.run == run.number
    fresh = issue_stamps(session, keys, numbering(), house.cooperative, 5, actor=AUDITOR, now=NOON)
    assert fresh.key_version == 2
    assert "HTX Na Mẫu" in runner.invoke(args=["keys", "runs", "1"]).output
    assert "mints new runs" in runner.invoke(args=["keys", "list"]).output.splitlines()[1]


def test_a_leaked_key_says_so_on_its_stamps_and_mints_nothing(
    session: Session, settings: Settings, house: House
) -> None:
    retire_key(session, StampKey, 1, leaked=True, actor=AUDITOR, now=NOON)
    keys = load_keyring(session, settings)
    assert keys.leaked == {1}
    with pytest.raises(Refused, match="retired"):
        issue_stamps(session, keys, numbering(), house.cooperative, 5, actor=AUDITOR, now=NOON)
    with pytest.raises(Refused, match="retired already"):
        retire_key(session, StampKey, 1, leaked=False, actor=AUDITOR, now=NOON)


def test_a_key_is_never_made_twice(session: Session, settings: Settings) -> None:
    made: list[int] = []
    for _ in range(3):
        rotate_key(session, StampKey, make_key=made.append, actor=AUDITOR, now=NOON)
    assert made == [2, 3, 4]
    assert [key.version for key in session.scalars(select(StampKey).where(StampKey.retired_at.is_(None)))] == [4]


def test_commands_print_papers_and_take_them_back(
    runner: FlaskCliRunner, settings: Settings, tmp_path: Path, client: FlaskClient
) -> None:
    printed = runner.invoke(args=["keys", "papers"]).output
    parts = re.split(r"PAPER \d OF 3", printed)[1:]
    files = []
    for number, part in enumerate(parts):
        file = tmp_path / f"paper-{number}.txt"
        file.write_text(part)
        files.append(str(file))

    answer = runner.invoke(args=["keys", "from-papers", files[2], files[0], "--into", str(tmp_path / "back")])

    assert answer.exit_code == 0, answer.output
    assert shown(fingerprint(settings.secrets)) in answer.output
    copy = tmp_path / "copy"
    shutil.copytree(settings.secrets, copy)
    typed = runner.invoke(args=["keys", "fingerprint", "--folder", str(copy)]).output.strip()
    noted = runner.invoke(args=["keys", "copied", "--place", "két sắt", "--typed", typed])
    assert noted.exit_code == 0, noted.output
    wrong = runner.invoke(args=["keys", "copied", "--place", "két sắt", "--typed", "1234"])
    assert wrong.exit_code == 1
    assert "fingerprint" in wrong.output
