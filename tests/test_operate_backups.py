"""The operator's home says whether a lost disk or lost keys could be survived, and stays red until they could."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import NOON, Clock
from trace.accounts import Person
from trace.records import Backup, BackupKind
from trace.service import key_fingerprint
from trace.upkeep.keys import shown

SignIn = Callable[[Person], FlaskClient]


def _proved(session: Session, **hours_ago: float) -> None:
    made_at = NOON - timedelta(**hours_ago)
    session.add(
        Backup(
            name=f"{made_at:%H%M}.tar.gz", kind=BackupKind.SCHEDULED, made_at=made_at, size_bytes=2048, sha256="0" * 64,
            entries=12, proved_at=made_at,
        )
    )  # fmt: skip
    session.commit()


def test_home_is_red_until_a_backup_has_been_proved_and_red_again_after_26_hours(
    session: Session, staff: dict[str, Person], sign_in: SignIn, clock: Clock
) -> None:
    browser = sign_in(staff["operator"])
    assert "Mất ổ đĩa là mất tất cả" in browser.get("/operate/").text

    _proved(session, hours=1)
    assert "Mất ổ đĩa vẫn khôi phục được" in browser.get("/operate/").text

    clock.advance(hours=26)
    browser = sign_in(staff["operator"])
    assert "Mất ổ đĩa là mất dữ liệu" in browser.get("/operate/").text


def test_a_copy_of_the_keys_is_proved_by_typing_what_it_shows(
    session: Session, staff: dict[str, Person], sign_in: SignIn
) -> None:
    browser = sign_in(staff["operator"])
    assert "Chưa có bản sao khóa" in browser.get("/operate/").text
    page = browser.get("/operate/backups/").text
    assert key_fingerprint()[:16] not in page
    assert shown(key_fingerprint()) not in page

    wrong = browser.post("/operate/backups/", data={"place": "két sắt", "fingerprint": "0123-4567-89ab-cdef"})
    assert wrong.status_code == 422
    empty = browser.post("/operate/backups/", data={})
    assert empty.status_code == 422
    right = browser.post("/operate/backups/", data={"place": "két sắt", "fingerprint": shown(key_fingerprint())})
    assert right.status_code == 302
    assert "Khóa được cất ở hai nơi" in browser.get("/operate/").text


def test_backups_are_listed_with_their_proof(session: Session, staff: dict[str, Person], sign_in: SignIn) -> None:
    _proved(session, hours=3)
    page = sign_in(staff["operator"]).get("/operate/backups/").text
    assert "nguyên vẹn" in page
    assert "2 kB" in page
