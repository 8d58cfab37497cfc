"""The log's key and its memory outside the database, both beside the stamp keys."""

import base64
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import keyfiles
from .settings import Settings
from .standards.tlog import Signer
from .work.log import Publisher, Signed

LOG = "log.key"
SIGNED = "log-signed"
"""Shard, size and root last signed: a restored database that does not contain them is never signed over."""


def publisher(settings: Settings) -> Publisher:
    return Publisher(
        signer_for=partial(signer, settings),
        last=partial(last_signed, settings.secrets),
        remember=partial(remember_signed, settings.secrets),
    )


def signer(settings: Settings, name: str) -> Signer:
    return Signer(name, Ed25519PrivateKey.from_private_bytes(keyfiles.read_or_make(settings, LOG)))


def last_signed(folder: Path) -> Signed | None:
    try:
        shard, size, root = (folder / SIGNED).read_text().split()
    except FileNotFoundError:
        return None
    return Signed(int(shard), int(size), base64.b64decode(root))


def remember_signed(folder: Path, signed: Signed) -> None:
    keyfiles.write_whole(folder / SIGNED, f"{signed.shard} {signed.size} {base64.b64encode(signed.root).decode()}\n")
