"""The folder of secrets: one file a secret, mode 0400, never in the database's folder in production.

A demonstration's secrets say so in their first word, and production refuses them.
"""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from .settings import Settings, StartRefused

DEMO_MARK = "demo:"
SESSION = "session.key"
PAGES = "pages.key"
HIGHEST_RUN = "highest-run"
"""The highest run number ever given, kept beside the keys so that a restored database cannot give it again."""


def stamp_key_name(version: int) -> str:
    return f"stamp-{version}.key"


def pin_key_name(version: int) -> str:
    return f"pin-{version}.key"


def make(settings: Settings, name: str) -> None:
    """Write a new secret of 32 random bytes; refuses to replace one."""
    settings.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = DEMO_MARK if settings.demo else ""
    _write_new(settings.secrets / name, mark + secrets.token_hex(32))


def _write_new(path: Path, words: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "w") as file:
        file.write(words + "\n")
        file.flush()
        os.fsync(file.fileno())


def read(settings: Settings, name: str) -> bytes:
    """A secret's 32 bytes; raises `StartRefused` when it is missing, readable by others, or a demonstration's."""
    path = settings.secrets / name
    if not path.is_file():
        raise StartRefused(f"The secret {path} is missing: copy the key folder back from its safe place.")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise StartRefused(f"The secret {path} can be read by others: run chmod 0400 on it.")
    words = path.read_text().strip()
    if words.startswith(DEMO_MARK) and not settings.demo:
        raise StartRefused(f"The secret {path} is a demonstration's: production needs secrets of its own.")
    return bytes.fromhex(words.removeprefix(DEMO_MARK))


def read_or_make(settings: Settings, name: str) -> bytes:
    if not (settings.secrets / name).exists():
        with contextlib.suppress(FileExistsError):  # another process was first
            make(settings, name)
    return read(settings, name)


def highest_run(folder: Path) -> int | None:
    """The highest run number ever given here; None when the file is lost."""
    try:
        return int((folder / HIGHEST_RUN).read_text())
    except FileNotFoundError:
        return None


def raise_highest_run(folder: Path, number: int) -> None:
    """Remember that `number` has been given, on the disk, before any of its codes leaves the house."""
    before = highest_run(folder)
    if before is not None and before >= number:
        return
    write_whole(folder / HIGHEST_RUN, f"{number}\n")


def write_whole(path: Path, words: str) -> None:
    """Put words in a file so that a power cut leaves the old ones or the new ones, never a part."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with fresh.open("w") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
