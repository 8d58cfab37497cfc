"""Every setting: its name in the environment, its default and its reason. Refusals here end a start in one sentence."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from .standards.tlog import BadNote, Witness, read_policy

ROOT = Path(__file__).resolve().parent.parent
ANY_ADDRESS = frozenset({"", "0.0.0.0", "::"})  # nosec B104 # noqa: S104 - compared, not bound
MOST_MACHINES = 8


class StartRefused(SystemExit):
    """The service will not start like this; the sentence says what to change."""


@dataclass(frozen=True, slots=True)
class Settings:
    mode: str
    """TEMGOC_MODE, demo or production. Demo is the default because it can do no harm."""
    public_url: str
    """TEMGOC_PUBLIC_URL: printed in every stamp, so it outlives any request, host name or proxy."""
    database_url: str
    """TEMGOC_DATABASE_URL: SQLite in the instance folder unless a postgresql+psycopg:// address is given."""
    secrets: Path
    """TEMGOC_SECRETS: the folder of key files. In production it must lie apart from the database: one lost disk or one
    stolen backup must not hold both halves of a key."""
    instance: Path
    """TEMGOC_INSTANCE: where the embedded database and other local files live."""
    replica_url: str | None = None
    """TEMGOC_REPLICA_URL: a PostgreSQL that follows the primary. Public pages read from it while it is up to date, and
    from it alone while the primary is away."""
    machine: int | None = None
    """TEMGOC_MACHINE: which of the machines that share the database this one is, 1 to 8; unset for the only one. Each
    gives run numbers of its own, so that none is given twice even after a restore."""
    workers: int = 2
    """TEMGOC_WORKERS: web processes; limits for wrong codes are shared out among them."""
    trusted_proxies: int = 0
    """TEMGOC_TRUSTED_PROXIES: how many proxies before us add X-Forwarded-For; none by default, or anyone could lie."""
    bad_codes_a_minute: int = 30
    """TEMGOC_BAD_CODES_A_MINUTE: wrong codes a network (/24 or /56) may try before it has to wait."""
    mail_from: str = "tem-goc@localhost"
    """TEMGOC_MAIL_FROM: the sender of notices."""
    mail_server: str | None = None
    """TEMGOC_MAIL_SERVER: smtp://host:port, smtp://user@host:587 or smtps://user@host; without it every mail is a file
    in the outbox folder. A password is only ever sent encrypted."""
    mail_password: str | None = None
    """TEMGOC_MAIL_PASSWORD: of the user in TEMGOC_MAIL_SERVER."""
    log_level: str = "info"
    """TEMGOC_LOG_LEVEL: debug, info, warning or error."""
    backups: Path | None = None
    """TEMGOC_BACKUPS: where backups are kept; a folder in the instance when unset, a mounted second disk at best."""
    backup_key: str | None = None
    """TEMGOC_BACKUP_KEY: a public key (64 hexadecimal digits) that backups are encrypted to."""
    postgresql_tools: Path | None = None
    """TEMGOC_PG_BIN: the folder of pg_dump and pg_restore, where they are not on the PATH in the server's version."""
    metrics_token: str | None = None
    """TEMGOC_METRICS_TOKEN: lets another machine read /metrics with it; unset, only this machine itself may."""
    prints: Path | None = None
    """TEMGOC_PRINTS: where finished print files are kept; a folder in the instance when unset. Several web machines
    need one that all of them see."""
    prints_kept_days: int = 14
    """TEMGOC_PRINTS_KEPT_DAYS: for so many days a finished file may be fetched again; later it is drawn anew."""
    witnesses: tuple[Witness, ...] = ()
    """TEMGOC_WITNESSES: a file (C2SP tlog-policy) that names who cosigns the history; nobody when unset."""
    geo_database: Path | None = None
    """TEMGOC_GEO_DATABASE: a MaxMind database that tells an address's province; none unless the operator has one."""

    raw_printing: bool = False
    """TEMGOC_RAW_PRINTING: on lets the press send files to printers whose address the operator has allowed, and to
    nothing else; off unless set."""

    @property
    def print_folder(self) -> Path:
        return self.prints or self.instance / "prints"

    @property
    def backup_folder(self) -> Path:
        return self.backups or self.instance / "backups"

    @property
    def demo(self) -> bool:
        return self.mode == "demo"

    @property
    def https(self) -> bool:
        return urlsplit(self.public_url).scheme.lower() == "https"

    @property
    def sqlite_path(self) -> Path | None:
        prefix, _, path = self.database_url.partition(":///")
        return Path(path) if prefix.startswith("sqlite") else None


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings; raises `StartRefused`."""
    mode = environ.get("TEMGOC_MODE", "demo")
    if mode not in {"demo", "production"}:
        raise StartRefused(f"TEMGOC_MODE is {mode!r}: set it to demo or production.")
    instance = Path(environ.get("TEMGOC_INSTANCE", ROOT / "instance")).resolve()
    file_name = "demo.sqlite3" if mode == "demo" else "temgoc.sqlite3"
    host, port = environ.get("HOST", "127.0.0.1"), environ.get("PORT", "8000")
    host = "127.0.0.1" if host in ANY_ADDRESS else host  # one can listen on every address, but not visit it
    settings = Settings(
        mode=mode,
        public_url=environ.get("TEMGOC_PUBLIC_URL", f"http://{host}:{port}").rstrip("/"),
        database_url=_with_driver(environ.get("TEMGOC_DATABASE_URL", f"sqlite:///{instance / file_name}")),
        secrets=_secrets_folder(environ, mode, instance),
        instance=instance,
        replica_url=_replica(environ),
        machine=_machine(environ),
        workers=_whole(environ, "TEMGOC_WORKERS", 2),
        trusted_proxies=_whole(environ, "TEMGOC_TRUSTED_PROXIES", 0),
        bad_codes_a_minute=_whole(environ, "TEMGOC_BAD_CODES_A_MINUTE", 30),
        mail_from=environ.get("TEMGOC_MAIL_FROM", "tem-goc@localhost"),
        mail_server=_mail_server(environ),
        mail_password=environ.get("TEMGOC_MAIL_PASSWORD") or None,
        log_level=_one_of(environ, "TEMGOC_LOG_LEVEL", ("info", "debug", "warning", "error")),
        backups=_folder(environ, "TEMGOC_BACKUPS"),
        backup_key=_public_key(environ, "TEMGOC_BACKUP_KEY"),
        postgresql_tools=_folder(environ, "TEMGOC_PG_BIN"),
        metrics_token=_token(environ, "TEMGOC_METRICS_TOKEN"),
        witnesses=_witnesses(environ, "TEMGOC_WITNESSES"),
        geo_database=_folder(environ, "TEMGOC_GEO_DATABASE"),
        prints=_folder(environ, "TEMGOC_PRINTS"),
        raw_printing=_one_of(environ, "TEMGOC_RAW_PRINTING", ("off", "on")) == "on",
        prints_kept_days=_whole(environ, "TEMGOC_PRINTS_KEPT_DAYS", 14),
    )
    _check(settings, environ)
    return settings


def _with_driver(url: str) -> str:
    if url.startswith("postgresql://"):
        return "postgresql+psycopg://" + url.removeprefix("postgresql://")
    return url


def _replica(environ: Mapping[str, str]) -> str | None:
    url = environ.get("TEMGOC_REPLICA_URL") or None
    if url is None:
        return None
    if not url.startswith("postgresql") or not environ.get("TEMGOC_DATABASE_URL", "").startswith("postgresql"):
        raise StartRefused("TEMGOC_REPLICA_URL needs PostgreSQL, there and in TEMGOC_DATABASE_URL.")
    return _with_driver(url)


def _machine(environ: Mapping[str, str]) -> int | None:
    if not environ.get("TEMGOC_MACHINE"):
        return None
    number = _whole(environ, "TEMGOC_MACHINE", 1)
    if not 1 <= number <= MOST_MACHINES:
        raise StartRefused(f"TEMGOC_MACHINE is {number}: number the machines from 1 to {MOST_MACHINES}.")
    return number


def _mail_server(environ: Mapping[str, str]) -> str | None:
    url = environ.get("TEMGOC_MAIL_SERVER") or None
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise StartRefused("TEMGOC_MAIL_SERVER is no mail server: give it as smtp://host:port or smtps://user@host.")
    if parts.password is not None:
        raise StartRefused("TEMGOC_MAIL_SERVER holds a password: put it into TEMGOC_MAIL_PASSWORD.")
    return url


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdecimal():
        raise StartRefused(f"{name} is {text!r}: give a whole number.")
    return int(text)


def _one_of(environ: Mapping[str, str], name: str, values: tuple[str, ...]) -> str:
    """The first of the values is the default."""
    text = environ.get(name, values[0])
    if text not in values:
        raise StartRefused(f"{name} is {text!r}: set it to {' or '.join(values)}.")
    return text


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]).resolve() if environ.get(name) else None


def _token(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name) or None
    if text is not None and len(text) < 24:
        raise StartRefused(f"{name} is too short to keep anybody out: give at least 24 signs.")
    return text


def _public_key(environ: Mapping[str, str], name: str) -> str | None:
    text = environ.get(name) or None
    if text is not None and not re.fullmatch("[0-9a-f]{64}", text):
        raise StartRefused(f"{name} is no public key: give the 64 hexadecimal digits that `flask backup-key` printed.")
    return text


def _witnesses(environ: Mapping[str, str], name: str) -> tuple[Witness, ...]:
    path = _folder(environ, name)
    if path is None:
        return ()
    try:
        return read_policy(path.read_text())
    except (OSError, UnicodeDecodeError, BadNote) as wrong:
        raise StartRefused(f"{name} names {path}, which is no list of witnesses: {wrong}.") from wrong


def _secrets_folder(environ: Mapping[str, str], mode: str, instance: Path) -> Path:
    if mode == "demo":
        return instance / "secrets"
    if "TEMGOC_SECRETS" not in environ:
        raise StartRefused("Production needs TEMGOC_SECRETS: a folder for the keys, away from the database.")
    return Path(environ["TEMGOC_SECRETS"]).resolve()


def _check(settings: Settings, environ: Mapping[str, str]) -> None:
    parts = urlsplit(settings.public_url)
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise StartRefused(f"TEMGOC_PUBLIC_URL is {settings.public_url!r}: give it as https://host.")
    if settings.demo:
        return
    if environ.get("FLASK_DEBUG", "0") not in {"", "0", "false", "False"}:
        raise StartRefused("Production refuses FLASK_DEBUG: a debugger would hand the machine to anyone.")
    if not settings.https:
        raise StartRefused("Production needs an https: TEMGOC_PUBLIC_URL; it is printed in every stamp.")
    database = settings.sqlite_path
    if database is not None and _inside(settings.secrets, database.parent):
        raise StartRefused(
            "TEMGOC_SECRETS lies in the database's folder: a copy of that folder would hold both halves."
        )


def _inside(folder: Path, other: Path) -> bool:
    return folder.resolve().is_relative_to(other.resolve())
