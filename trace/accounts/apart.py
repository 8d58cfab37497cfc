"""A transaction of its own, for what must be remembered whatever becomes of the page: tries, used codes, sessions."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g
from sqlalchemy.orm import Session

from ..db import db


@contextmanager
def apart() -> Iterator[Session]:
    """Commits at its end. The page's own transaction is ended first, for SQLite has one writer: call it before the
    page has changed anything, or after it has committed."""
    page: Session | None = g.get("_sqlalchemy_sessions", {}).get("default")
    if page is not None:
        page.rollback()
    with db.sessionmaker(bind=db.get_engine("default")) as session, session.begin():
        yield session
