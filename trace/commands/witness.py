"""`witness`: cosign another deployment's log, on a machine of one's own (C2SP tlog-witness)."""

import contextlib
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..keyfiles import write_whole
from ..standards.tlog import BadNote, Checkpoint, Kind, Signer, Verifier
from ..standards.tlog.witness import LONGEST_REQUEST, Answer, answer

KEY = "witness.key"
SEEN = "seen.json"


class Memory:
    """The newest checkpoint seen of each log, in a file: stored before it is cosigned, one request at a time."""

    def __init__(self, folder: Path, signer: Signer, logs: list[Verifier]) -> None:
        self._path, self._signer, self._logs = folder / SEEN, signer, logs
        self._lock = Lock()

    def judge(self, content: bytes) -> Answer:
        with self._lock:
            seen = self._read()
            judged = answer(content, self._logs, seen, self._signer, time=int(time.time()))
            if judged.seen is not None:
                kept = {name: each.text for name, each in (seen | {judged.seen.origin: judged.seen}).items()}
                write_whole(self._path, json.dumps(kept, indent=1) + "\n")
            return judged

    def _read(self) -> dict[str, Checkpoint]:
        if not self._path.exists():
            return {}
        return {name: Checkpoint.parse(text) for name, text in json.loads(self._path.read_text()).items()}


def signer_in(folder: Path, name: str) -> Signer:
    """The witness's key, made at the first start."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / KEY
    with contextlib.suppress(FileExistsError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(descriptor, "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
    return Signer(name, Ed25519PrivateKey.from_private_bytes(path.read_bytes()))


def serve(host: str, port: int, memory: Memory) -> ThreadingHTTPServer:
    """A server that answers add-checkpoint and nothing else; the caller runs it."""

    class Desk(BaseHTTPRequestHandler):
        timeout = 20

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not self.path.endswith("/add-checkpoint"):
                self._say(Answer(404))
            elif not length.isdecimal() or int(length) > LONGEST_REQUEST:
                self._say(Answer(400))
            else:
                self._say(memory.judge(self.rfile.read(int(length))))

        def _say(self, said: Answer) -> None:
            body = said.body.encode()
            self.send_response(said.status)
            self.send_header("Content-Type", said.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.log_message("%s", said.seen.size if said.seen else said.status)

        def log_request(self, *_: Any) -> None:
            """Told with the answer."""

    return ThreadingHTTPServer((host, port), Desk)


@click.command("witness")
@click.option("--folder", required=True, type=click.Path(path_type=Path), help="Where its key and its memory are kept.")
@click.option("--name", required=True, help="Its name, such as lien-minh-htx.example/witness; never changes.")
@click.option("--log", "logs", required=True, multiple=True, help="The key of a log to watch (`log key`); repeatable.")
@click.option("--listen", default="127.0.0.1:8201", show_default=True, help="Address and port.")
def witness_command(folder: Path, name: str, logs: tuple[str, ...], listen: str) -> None:
    """Cosign a log's checkpoints as long as it only grows. Needs no database; run it far from the log's machine."""
    try:
        signer, keys = signer_in(folder, name), [Verifier.parse(log) for log in logs]
        own = signer.verifier(Kind.COSIGNATURE).vkey
    except (BadNote, ValueError) as wrong:
        raise click.ClickException(f"A key or the name cannot be used: {wrong}.") from wrong
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal():
        raise click.ClickException(f"--listen is {listen!r}: give it as 127.0.0.1:8201.")
    server = serve(host, int(port), Memory(folder, signer, keys))
    click.echo("The log's operator puts this line into the file that TEMGOC_WITNESSES names:")
    click.echo(f"  witness {name.replace('/', '-')} {own} http://{host}:{server.server_address[1]}")
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
