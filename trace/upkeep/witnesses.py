"""Asking witnesses to cosign (C2SP tlog-witness): a request to each address in the operator's file, to no other."""

from collections.abc import Iterable
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from ..standards.tlog import BadNote, Witness
from ..work.cosigning import keep, question
from .copies import NotDone

TIMEOUT_S = 10
LONGEST_ANSWER = 16_000


def ask_all(session: Session, witnesses: Iterable[Witness], *, now: datetime) -> None:
    """Have every witness cosign the newest checkpoint. Commits after each; raises `NotDone` for those that did not."""
    problems = []
    for witness in witnesses:
        try:
            problem = _ask(session, witness, now)
        except (OSError, HTTPException, BadNote, ValueError) as wrong:
            problem = str(wrong) or type(wrong).__name__
        session.commit()
        if problem:
            problems.append(f"{witness.name}: {problem}")
    if problems:
        raise NotDone("; ".join(problems))


def _ask(session: Session, witness: Witness, now: datetime) -> str | None:
    """What went wrong, None where the witness has cosigned. A witness that saw another size says so, and is asked
    once more from there."""
    asked = question(session, witness.key)
    if asked is None:
        return None
    status, words = _post(witness, asked.body)
    if status == 409 and words.strip().isdecimal():
        asked = question(session, witness.key, old_size=int(words))
        if asked is None or asked.old_size < int(words):
            return f"it has seen {words.strip()} entries of this log, which are more than there are"
        status, words = _post(witness, asked.body)
    if status != 200:
        return f"it answered {status}"
    return None if keep(session, asked, witness.key, words, now=now) else "its answer holds no cosignature of its key"


def _post(witness: Witness, body: bytes) -> tuple[int, str]:
    address = urlsplit(witness.url)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=TIMEOUT_S)
    try:
        connection.request("POST", f"{address.path}/add-checkpoint", body, {"Content-Type": "text/plain"})
        answer = connection.getresponse()
        return answer.status, answer.read(LONGEST_ANSWER).decode(errors="replace")
    finally:
        connection.close()
