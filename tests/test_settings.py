"""What the service refuses to start with: each told in one sentence that says what to change."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import make_person, make_settings
from trace import keyfiles
from trace.db import open_engine, refuse_affected_sqlite
from trace.settings import Settings, StartRefused, from_environment
from trace.start import disk_of, refuse_demo_people, refuse_network_disk, refuse_open_secrets, refuse_unsafe

PRODUCTION = {"TEMGOC_MODE": "production", "TEMGOC_PUBLIC_URL": "https://tem.example.vn"}


def _production(folder: Path, **changes: str) -> Mapping[str, str]:
    places = {"TEMGOC_INSTANCE": str(folder / "data"), "TEMGOC_SECRETS": str(folder / "keys")}
    return PRODUCTION | places | changes


def _sentence(refusal: pytest.ExceptionInfo[StartRefused]) -> str:
    words = str(refusal.value.code)
    assert "\n" not in words
    assert words.endswith(".")
    assert len(words) < 220
    return words


def test_a_demonstration_needs_no_setting_at_all() -> None:
    settings = from_environment({})
    assert settings.demo
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.sqlite_path is not None
    assert settings.sqlite_path.name == "demo.sqlite3"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_an_address_that_nobody_can_visit_is_not_printed(host: str) -> None:
    assert from_environment({"HOST": host, "PORT": "8099"}).public_url == "http://127.0.0.1:8099"


def test_production_starts_with_an_https_address_and_keys_elsewhere(tmp_path: Path) -> None:
    settings = from_environment(_production(tmp_path))
    assert not settings.demo
    assert settings.https


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"TEMGOC_MODE": "live"}, "TEMGOC_MODE"),
        ({"TEMGOC_PUBLIC_URL": "http://tem.example.vn"}, "https"),
        ({"TEMGOC_PUBLIC_URL": "tem.example.vn"}, "TEMGOC_PUBLIC_URL"),
        ({"TEMGOC_PUBLIC_URL": "https://tem.example.vn?x=1"}, "TEMGOC_PUBLIC_URL"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"TEMGOC_WORKERS": "many"}, "TEMGOC_WORKERS"),
        ({"TEMGOC_LOG_LEVEL": "chatty"}, "TEMGOC_LOG_LEVEL"),
        ({"TEMGOC_BACKUP_KEY": "abc"}, "TEMGOC_BACKUP_KEY"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, changes: dict[str, str], words: str) -> None:
    with pytest.raises(StartRefused) as refusal:
        from_environment(_production(tmp_path, **changes))
    assert words in _sentence(refusal)


def test_keys_beside_the_database_are_refused(tmp_path: Path) -> None:
    for place in ("data", "data/keys", "data/../data/deep/keys"):
        with pytest.raises(StartRefused) as refusal:
            from_environment(_production(tmp_path, TEMGOC_SECRETS=str(tmp_path / place)))
        assert "database's folder" in _sentence(refusal)


def test_keys_have_no_default_place_in_production(tmp_path: Path) -> None:
    environ = dict(_production(tmp_path))
    del environ["TEMGOC_SECRETS"]
    with pytest.raises(StartRefused) as refusal:
        from_environment(environ)
    assert "TEMGOC_SECRETS" in _sentence(refusal)


@pytest.fixture
def production(tmp_path: Path) -> Settings:
    return make_settings(
        tmp_path,
        f"sqlite:///{tmp_path / 'data' / 'temgoc.sqlite3'}",
        mode="production",
        public_url="https://tem.example.vn",
        secrets=tmp_path / "keys",
    )


def test_secrets_that_others_can_read_are_refused_even_those_not_read_yet(production: Settings) -> None:
    keyfiles.make(production, keyfiles.stamp_key_name(1))
    refuse_unsafe(production)
    path = production.secrets / keyfiles.stamp_key_name(1)
    path.chmod(0o440)
    for act in (lambda: refuse_unsafe(production), lambda: keyfiles.read(production, path.name)):
        with pytest.raises(StartRefused) as refusal:
            act()
        assert "chmod 0400" in _sentence(refusal)
    path.chmod(0o400)
    production.secrets.chmod(0o755)
    with pytest.raises(StartRefused) as refusal:
        refuse_open_secrets(production.secrets)
    assert "chmod 0700" in _sentence(refusal)


def test_a_demonstrations_keys_are_refused_in_production(tmp_path: Path, production: Settings) -> None:
    demo = make_settings(tmp_path, production.database_url, secrets=production.secrets)
    keyfiles.make(demo, keyfiles.SESSION)
    for act in (lambda: refuse_unsafe(production), lambda: keyfiles.read(production, keyfiles.SESSION)):
        with pytest.raises(StartRefused) as refusal:
            act()
        assert "demonstration" in _sentence(refusal)


def test_a_missing_key_says_where_it_was_looked_for(production: Settings) -> None:
    with pytest.raises(StartRefused) as refusal:
        keyfiles.read(production, keyfiles.stamp_key_name(7))
    assert "stamp-7.key" in _sentence(refusal)


def test_demonstration_accounts_are_refused_in_production(app: Flask, session: Session, settings: Settings) -> None:
    engine = open_engine(settings.database_url, read_only=True)
    refuse_demo_people(engine)
    make_person(session, "Người Mẫu", demo=True)
    session.commit()
    with pytest.raises(StartRefused) as refusal:
        refuse_demo_people(engine)
    assert "demonstration" in _sentence(refusal)
    engine.dispose()


def test_a_sqlite_that_can_lose_commits_is_refused() -> None:
    refuse_affected_sqlite((3, 51, 3))
    with pytest.raises(StartRefused) as refusal:
        refuse_affected_sqlite((3, 51, 2))
    assert "3.51.2" in _sentence(refusal)


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
server:/vol /mnt/share nfs4 rw 0 0
//nas/x /mnt/with\\040blank cifs rw 0 0
host /srv/data fuse.sshfs rw 0 0
/dev/sdb1 /mnt/share/local xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/var/lib/x.sqlite3", "ext4"),
        ("/mnt/share/x.sqlite3", "nfs4"),
        ("/mnt/with blank/x", "cifs"),
        ("/srv/data/x", "fuse.sshfs"),
        ("/mnt/share/local/x", "xfs"),
        ("/mnt/sharex/x", "ext4"),
    ],
)
def test_the_disk_of_a_path_is_found(place: str, kind: str) -> None:
    assert disk_of(Path(place), MOUNTS) == kind


def test_sqlite_on_a_network_disk_is_refused() -> None:
    refuse_network_disk(Path("/var/lib/x.sqlite3"), MOUNTS)
    refuse_network_disk(Path("/anywhere"), "")
    for place in ("/mnt/share/x.sqlite3", "/srv/data/x"):
        with pytest.raises(StartRefused) as refusal:
            refuse_network_disk(Path(place), MOUNTS)
        assert "PostgreSQL" in _sentence(refusal)
