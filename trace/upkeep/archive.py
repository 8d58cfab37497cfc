"""One backup, one file: a tar of the manifest and the database's copy, sealed where a key is set. Never any key."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from ..standards.sealed import NotOpened, is_sealed, seal, unseal
from .copies import POSTGRESQL_FILE, SQLITE_FILE, NotDone, Source, copy_out
from .proof import Manifest

MANIFEST_FILE = "manifest.json"
FORMAT = 1
MAKING = ".making-"


@dataclass(frozen=True, slots=True)
class Packed:
    """A plain archive that has no place of its own yet."""

    path: Path
    manifest: Manifest


@contextmanager
def packed(source: Source, folder: Path, made_at: datetime) -> Iterator[Packed]:
    """The database's copy and manifest as one plain file inside `folder`, gone afterwards. Raises `NotDone`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _need_room(source, folder)
    with TemporaryDirectory(dir=folder, prefix=MAKING) as inside:
        copy = Path(inside) / source.file_name
        manifest = copy_out(source, copy)
        facts = manifest.as_json() | {
            "format": FORMAT,
            "made_at": made_at.astimezone(UTC).isoformat(),
            "file": copy.name,
        }
        archive = Path(inside) / "archive"
        with _private(archive) as file, tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as tar:
            _add_text(tar, MANIFEST_FILE, json.dumps(facts, ensure_ascii=False, indent=1), made_at)
            tar.add(copy, copy.name)
        copy.unlink()
        yield Packed(archive, manifest)


def _need_room(source: Source, folder: Path) -> None:
    """Copy, archive and trial all need room; to run out half-way would fill the database's own disk."""
    stats = os.statvfs(folder)
    need, free = source.size_bytes() * 3 + (16 << 20), stats.f_bavail * stats.f_frsize
    if free < need:
        raise NotDone(f"{folder} has {free >> 20} MB left; a backup needs {need >> 20} MB.")


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def settle(archive: Path, path: Path, public_key: str | None) -> None:
    """Give an archive its place, sealed where a key is set: it appears whole, on the disk, or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        if public_key is None:
            archive.replace(part)
        else:
            with archive.open("rb") as plain, _private(part) as sealed:
                seal(plain, sealed, public_key)
        _sync(part)
        part.replace(path)
        _sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _add_text(tar: tarfile.TarFile, name: str, words: str, made_at: datetime) -> None:
    content = words.encode()
    member = tarfile.TarInfo(name)
    member.size, member.mtime = len(content), made_at.timestamp()
    tar.addfile(member, io.BytesIO(content))


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Opened:
    manifest: Manifest
    made_at: datetime
    copy: Path
    """The database's copy, inside the folder it was opened into."""

    @property
    def sqlite(self) -> bool:
        return self.copy.name == SQLITE_FILE


def open_into(path: Path, folder: Path, private_key: str | None = None) -> Opened:
    """Take a backup apart; only the two members it must have are read. Raises `NotDone`."""
    try:
        plain = _unsealed(path, folder, private_key)
        _check_whole(plain)
        with tarfile.open(plain, "r:gz") as tar:
            facts: dict[str, Any] = json.loads(_member(tar, MANIFEST_FILE).read())
            if facts.get("format") != FORMAT or facts.get("file") not in {SQLITE_FILE, POSTGRESQL_FILE}:
                raise NotDone(f"{path} is no backup that this code can read.")
            copy = folder / facts["file"]
            with copy.open("wb") as file, _member(tar, copy.name) as content:
                while piece := content.read(1 << 20):
                    file.write(piece)
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, KeyError) as broken:
        if isinstance(broken, NotOpened):
            raise NotDone(f"{path}: {broken}") from broken
        raise NotDone(f"{path} is damaged or no backup ({type(broken).__name__}).") from broken
    return Opened(Manifest.from_json(facts), datetime.fromisoformat(facts["made_at"]), copy)


def _check_whole(plain: Path) -> None:
    """To the last byte, where gzip keeps its checksum; tar stops reading before it."""
    with gzip.open(plain) as content:
        while content.read(1 << 20):
            pass


def _unsealed(path: Path, folder: Path, private_key: str | None) -> Path:
    with path.open("rb") as file:
        if not is_sealed(file.read(64)):
            return path
        if private_key is None:
            raise NotDone(f"{path} is sealed: give the private key of the backups.")
        file.seek(0)
        plain = folder / "archive"
        with plain.open("wb") as target:
            unseal(file, target, private_key)
    return plain


def _member(tar: tarfile.TarFile, name: str) -> Any:
    with suppress(KeyError):
        content = tar.extractfile(name)
        if content is not None:
            return content
    raise NotDone(f"The backup lacks {name}.")
