"""Keep a picture or a document that somebody sent. A name and a declared type prove nothing: the bytes are judged."""

import hashlib
import json
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from ..records import Batch, BatchPhoto, Product, Trademark, Upload
from ..records.cooperative import CooperativeLogo
from .actor import Actor
from .history import record
from .refused import Refused

MEGABYTE = 1024 * 1024
DECODER = Path(__file__).with_name("uploads_child.py")
MOST_SECONDS = 20
LONGEST_NAME = 120


class Kind(StrEnum):
    PICTURE = "picture"
    DOCUMENT = "document"


MOST_BYTES = {Kind.PICTURE: 12 * MEGABYTE, Kind.DOCUMENT: 20 * MEGABYTE}
LONGEST_SIDE_PX = {Kind.PICTURE: 1600, Kind.DOCUMENT: 2400}
"""A photographed document needs more, or its small print cannot be compared with the original."""
PICTURES = frozenset({Kind.PICTURE})
SCANS = frozenset({Kind.PICTURE, Kind.DOCUMENT})
"""Where a photograph of a paper does as well as a PDF."""

COMPLAINTS = {
    "pixels": "This picture has more than 50 million pixels. Make it smaller, or photograph it again.",
    "moves": "This picture moves. Save one picture of it as JPEG or PNG.",
    "broken": "This file is damaged or cut short. Save or photograph it again.",
    "locked": "This PDF is locked with a password. Save it without one.",
    "pages": "This PDF has no pages, or more than 400. Send the pages that matter.",
    "slow": "This file takes too long to read. Save it again in a simpler form.",
}


def keep(
    session: Session,
    cooperative_id: int | None,
    data: bytes,
    name: str,
    kinds: frozenset[Kind],
    *,
    actor: Actor,
    now: datetime,
    field: str | None = None,
) -> Upload:
    """Judge, clean and store what was sent; raises `Refused` (beside `field`).

    Pictures (JPEG, PNG, WebP) are drawn anew: upright, at most 1600 px (2400 where documents are asked for), without
    metadata. PDFs are opened, and kept byte for byte. Flushes; appends one entry.
    """
    kind = _kind_of(data, kinds, field)
    facts, drawn = _decode(data, kind.value, LONGEST_SIDE_PX[max(kinds, key=LONGEST_SIDE_PX.__getitem__)], field)
    content = drawn or data
    upload = Upload(
        cooperative_id=cooperative_id,
        name=_tidy_name(name),
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        content=content,
        created_at=now,
        **facts,
    )
    session.add(upload)
    session.flush()
    record(session, "upload.kept", upload, actor=actor, now=now)
    return upload


def _kind_of(data: bytes, kinds: frozenset[Kind], field: str | None) -> Kind:
    kind = _by_first_bytes(data)
    if not data:
        raise Refused("This file is empty.", field=field)
    if kind is None or kind not in kinds:
        wanted = "JPEG, PNG, WebP, PDF" if Kind.DOCUMENT in kinds else "JPEG, PNG, WebP"
        raise Refused("This file is none of %(wanted)s. Photograph it, or save it as one of them.",
                      field=field, wanted=wanted)  # fmt: skip
    if len(data) > MOST_BYTES[kind]:
        raise Refused(
            "This file has %(size)s MB; at most %(most)s MB can be kept. Make it smaller.",
            field=field, size=-(-len(data) // MEGABYTE), most=MOST_BYTES[kind] // MEGABYTE,
        )  # fmt: skip
    return kind


def _by_first_bytes(data: bytes) -> Kind | None:
    if data.startswith(b"%PDF-"):
        return Kind.DOCUMENT
    webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    return Kind.PICTURE if webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) else None


def symbols_in(data: bytes, field: str | None) -> list[str]:
    """What the QR symbols in a picture say; the picture is not kept. Raises `Refused` beside `field`."""
    _kind_of(data, PICTURES, field)
    facts, _ = _decode(data, "symbols", LONGEST_SIDE_PX[Kind.DOCUMENT], field)
    return [str(text) for text in facts["symbols"]]


def _decode(data: bytes, deed: str, longest_px: int, field: str | None) -> tuple[dict[str, Any], bytes]:
    command = [sys.executable, "-I", str(DECODER), deed, str(longest_px)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, check=False)  # noqa: S603 - our own script, no word of a stranger's in the command
    except subprocess.TimeoutExpired as slow:
        raise _no("slow", field) from slow
    head, _, drawn = done.stdout.partition(b"\n")
    if done.returncode or not head:  # stopped by a limit
        raise _no("slow" if done.returncode == -24 else "broken", field)  # 24: SIGXCPU
    facts = json.loads(head)
    if "no" in facts:
        raise _no(facts["no"], field)
    return facts, drawn


def _no(code: str, field: str | None) -> Refused:
    message = COMPLAINTS[code]
    return Refused(message, field=field)


def _tidy_name(name: str) -> str:
    """The last part of a path, printable, short."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    return kept[-LONGEST_NAME:] or "file"


def public_picture(session: Session, public_id: str) -> Upload | None:
    """A picture that a consumer's page may show: of a product, a submitted batch, a trademark, or a logo."""
    return session.scalars(
        select(Upload).where(
            Upload.public_id == public_id,
            Upload.media_type.startswith("image/"),
            or_(
                exists().where(Product.photo_id == Upload.id),
                exists().where(Trademark.image_id == Upload.id),
                exists().where(CooperativeLogo.upload_id == Upload.id),
                exists().where(
                    BatchPhoto.upload_id == Upload.id, Batch.id == BatchPhoto.batch_id, Batch.submitted_at.is_not(None)
                ),
            ),
        )
    ).first()


@dataclass(frozen=True, slots=True)
class Served:
    content: bytes
    media_type: str


def smaller(content: bytes, media_type: str, width_px: int, wanted: str | None = None) -> Served:
    """A picture of ours (drawn anew when it was kept) at most `width_px` wide; `wanted`: in another format."""
    try:
        return _smaller(content, media_type, width_px, wanted or media_type)
    except (UnidentifiedImageError, OSError):  # a damaged row spoils its own picture, and no page
        return Served(content, media_type)


def _smaller(content: bytes, media_type: str, width_px: int, wanted: str) -> Served:
    with Image.open(BytesIO(content)) as image:
        if image.width <= width_px and wanted == media_type:
            return Served(content, media_type)
        image.draft("RGB", (width_px, width_px * image.height // image.width))
        image.thumbnail((width_px, image.height))
        out = BytesIO()
        image.save(out, "WEBP" if wanted == "image/webp" else "JPEG", quality=80)
    return Served(out.getvalue(), wanted)
