"""The verifier that an outsider runs, against a log served from files, whole and tampered with."""

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trace.standards.tlog import Checkpoint, Kind, Signer, Tile, Tree
from trace.standards.tlog.tiles import bundle, unbundle

VERIFIER = Path(__file__).parent.parent / "docs" / "verify_log.py"
LOG = Signer("temgoc.example/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
WITNESS = Signer("union.example/w1", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


class Served:
    """A log of numbered entries and its address; its files can be changed behind its back."""

    def __init__(self, url: str, files: dict[str, bytes]) -> None:
        self.url = url
        self.files = files
        self.tree = Tree()

    def grow_to(self, size: int, text: str = "entry") -> None:
        entries = (json.dumps({"index": index, "text": text}).encode() for index in range(self.tree.size, size))
        self.files.update(self.tree.add(entries))
        self.files.update(self.tree.edges())
        self.sign()

    def sign(self, signer: Signer = LOG) -> None:
        note = Checkpoint(LOG.name, self.tree.size, self.tree.root()).signed(signer)
        self.files["checkpoint"] = str(note).encode()
        self.files["key"] = f"{signer.verifier().vkey}\n".encode()

    def restart(self) -> None:
        self.tree = Tree()
        self.files.clear()


@pytest.fixture
def log() -> Iterator[Served]:
    files: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path.removeprefix("/log/"))
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 – its name in the library
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield Served(f"http://127.0.0.1:{server.server_port}/log", files)
        server.shutdown()
        thread.join()


@pytest.fixture
def visit(log: Served, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*more: str, url: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(VERIFIER), url or log.url, "--seen", str(tmp_path / "seen.json"), *more]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    return run


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 700])
def test_a_whole_history_holds_and_its_key_is_told_once(log: Served, visit, size: int) -> None:  # type: ignore[no-untyped-def]
    log.grow_to(size)

    first, second = visit(), visit()

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert f"All {size} entries hold." in first.stdout
    assert LOG.verifier().vkey in first.stdout
    assert LOG.verifier().vkey not in second.stdout


def test_a_history_that_grew_still_holds(log: Served, visit) -> None:  # type: ignore[no-untyped-def]
    for size in (3, 256, 300, 512, 1_000):
        log.grow_to(size)
        assert visit().returncode == 0


def test_a_history_of_three_levels_holds_quickly(log: Served, visit) -> None:  # type: ignore[no-untyped-def]
    log.grow_to(70_000)
    started = time.perf_counter()

    visited = visit()

    assert visited.returncode == 0, visited.stderr
    assert time.perf_counter() - started < 30


def test_one_byte_changed_anywhere_is_found_and_named(log: Served, tmp_path: Path, visit) -> None:  # type: ignore[no-untyped-def]
    log.grow_to(700)
    chance = random.Random(6)
    originals = dict(log.files)
    for _ in range(100):
        path = chance.choice(sorted(set(originals) - {"key"}))
        place = chance.randrange(len(originals[path]))
        content = bytearray(originals[path])
        content[place] ^= 1 << chance.randrange(8)
        log.files[path] = bytes(content)

        visited = visit()

        log.files[path] = originals[path]
        assert visited.returncode == 1, (path, place)
        assert visited.stderr.startswith("DOES NOT HOLD: ")
        if path.startswith("tile/0/"):
            index = int(path[7:10]) * 256 + place // 32
            assert f"entry {index} is not" in visited.stderr
        if path == "tile/1/000.p/2":
            assert f"entries {place // 32 * 256} to" in visited.stderr
        assert not (tmp_path / "seen.json").exists()


def test_an_entry_changed_names_its_index(log: Served, visit) -> None:  # type: ignore[no-untyped-def]
    log.grow_to(700)
    path = Tile(None, 1).path
    entries = unbundle(log.files[path])
    entries[300 - 256] = entries[300 - 256].replace(b"entry", b"ENTRY")
    log.files[path] = bundle(entries)

    visited = visit()

    assert visited.returncode == 1
    assert "entry 300 is not" in visited.stderr


def test_the_same_facts_in_another_order_are_another_entry(log: Served, visit) -> None:  # type: ignore[no-untyped-def]
    log.grow_to(10)
    path = Tile(None, 0, 10).path
    entries = unbundle(log.files[path])
    entries[7] = json.dumps(dict(reversed(json.loads(entries[7]).items()))).encode()
    log.files[path] = bundle(entries)

    assert "entry 7 is not" in visit().stderr


def test_a_missing_file_is_named(log: Served, visit) -> None:  # type: ignore[no-untyped-def]
    log.grow_to(700)
    originals = dict(log.files)
    for path in set(originals) - {"key"}:
        del log.files[path]
        visited = visit()
        log.files[path] = originals[path]
        assert visited.returncode == 1
        assert path in visited.stderr


@pytest.mark.parametrize("new_size", [300, 301, 900])
def test_a_history_written_anew_and_signed_again_is_caught_at_the_next_visit(log: Served, visit, new_size: int) -> None:  # type: ignore[no-untyped-def]
    log.grow_to(300)
    old = log.files["checkpoint"].decode()
    assert visit().returncode == 0
    log.restart()
    log.grow_to(new_size, text="rewritten")

    visited = visit()

    assert visited.returncode == 1
    assert "are not those seen before" in visited.stderr
    assert old in visited.stderr
    assert log.files["checkpoint"].decode() in visited.stderr


def test_a_history_cut_short_is_caught(log: Served, visit) -> None:  # type: ignore[no-untyped-def]
    log.grow_to(300)
    assert visit().returncode == 0
    log.restart()
    log.grow_to(299)

    assert "has 299 entries, and had 300" in visit().stderr


def test_another_key_is_not_taken_for_the_first_one(log: Served, visit) -> None:  # type: ignore[no-untyped-def]
    log.grow_to(5)
    assert visit().returncode == 0
    log.sign(Signer(LOG.name, WITNESS.private))

    visited = visit()

    assert visited.returncode == 1
    assert "not signed by temgoc.example/log" in visited.stderr


def test_a_key_known_from_elsewhere_and_a_witness_can_be_demanded(log: Served, visit) -> None:  # type: ignore[no-untyped-def]
    log.grow_to(5)
    witness = WITNESS.verifier(Kind.COSIGNATURE).vkey
    assert visit("--key", WITNESS.verifier().vkey).returncode == 1
    assert "not signed by union.example/w1" in visit("--key", LOG.verifier().vkey, "--witness", witness).stderr

    note = Checkpoint(LOG.name, 5, log.tree.root()).signed(LOG)
    log.files["checkpoint"] = str(note.with_signatures([WITNESS.cosign(note.text, 1_800_000_000)])).encode()
    visited = visit("--key", LOG.verifier().vkey, "--witness", witness)

    assert visited.returncode == 0, visited.stderr
    assert "Seen by union.example/w1 at 2027-01-15 08:00:00 UTC" in visited.stdout
    changed = WITNESS.cosign(note.text, 1_800_000_001)
    moved = type(changed)(changed.name, changed.key_id, (1_800_000_002).to_bytes(8, "big") + changed.content[8:])
    log.files["checkpoint"] = str(note.with_signatures([moved])).encode()
    assert "does not hold" in visit("--witness", witness).stderr


def test_no_log_at_an_address_is_told_apart_from_a_broken_one(log: Served, visit) -> None:  # type: ignore[no-untyped-def]
    assert visit().returncode == 1
    assert visit(url="http://127.0.0.1:1/log").returncode == 2
    assert visit(url="file:///etc").returncode == 2
    assert visit(url="file:///etc").stderr.endswith("the address begins with http:// or https://\n")


def test_the_verifier_is_short_and_stands_alone() -> None:
    text = VERIFIER.read_text()

    assert len(text.splitlines()) <= 200
    assert "trace" not in text
