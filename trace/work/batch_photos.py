"""Photos of a batch: added at any time, for a picture shows and changes nothing that was said."""

from datetime import datetime

from sqlalchemy.orm import Session

from ..records import Batch, BatchPhoto, Upload
from .actor import Actor
from .history import record
from .refused import Refused

MOST_PHOTOS = 6


def add_photo(session: Session, batch: Batch, photo: Upload, *, actor: Actor, now: datetime) -> None:
    if len(batch.photos) >= MOST_PHOTOS:
        raise Refused("A batch has at most %(most)s photos.", field="photo", most=MOST_PHOTOS)
    session.add(BatchPhoto(cooperative_id=batch.cooperative_id, batch_id=batch.id, upload_id=photo.id))
    session.flush()
    session.expire(batch, ["photos"])
    record(session, "batch.photo_added", batch, actor=actor, now=now, facts={"photo": photo.public_id})
