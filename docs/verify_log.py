"""Verify the history of a Tem Gốc service from outside: python verify_log.py http://HOST/log

It fetches the signed checkpoint, every entry and every tile, computes the whole Merkle tree anew (RFC 6962, C2SP
tlog-tiles) and compares. It remembers the key and the checkpoint it saw, so that a history cut short, rewritten or
signed by somebody else is caught at the next visit. It needs Python 3.11 and `cryptography`, and nothing of ours.
Exit: 0 all holds, 1 something does not, 2 the log was not reached.
"""

import argparse
import base64
import hashlib
import http.client
import json
import re
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

COSIGNATURE = 4  # the kind of a witness's key; a log's is 1
LARGEST = 256 * 65_537  # bytes of a full bundle of the longest entries


class Broken(ValueError):  # noqa: N818 – it is what the person at the terminal is told
    """Something about the history does not hold."""


class Key:
    def __init__(self, vkey: str) -> None:
        """Read a public key as it is handed on: name+id+base64."""
        try:
            self.name, key_id, coded = vkey.strip().split("+", 2)
            self.kind, *raw = base64.b64decode(coded, validate=True)
            self.public = Ed25519PublicKey.from_public_bytes(bytes(raw))
            self.id = hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind, *raw])).digest()[:4]
        except ValueError as wrong:
            raise Broken(f"this is no key: {vkey[:99]!r}") from wrong
        if self.id.hex() != key_id:
            raise Broken(f"this key does not have its own id: {vkey[:99]!r}")

    def signature(self, note: str) -> bytes:
        """This key's signature under a note: it is there, and it holds."""
        text, _, lines = note.rpartition("\n\n")
        for line in lines.split("\n"):
            dash, name, coded = [*line.split(" "), "", "", ""][:3]
            content = base64.b64decode(coded, validate=True) if (dash, name) == ("—", self.name) else b""
            if content[:4] == self.id:
                signed, signature = f"{text}\n", content[4:]
                if self.kind == COSIGNATURE:
                    signed = f"cosignature/v1\ntime {int.from_bytes(signature[:8], 'big')}\n{signed}"
                try:
                    self.public.verify(signature[8:] if self.kind == COSIGNATURE else signature, signed.encode())
                except InvalidSignature:
                    raise Broken(f"the signature of {self.name} under the checkpoint does not hold") from None
                return signature
        raise Broken(f"the checkpoint is not signed by {self.name} with key {self.id.hex()}")


class Checkpoint:
    def __init__(self, note: str, key: Key) -> None:
        key.signature(note)
        origin, size, root = [*note.split("\n"), "", ""][:3]
        if origin != key.name or not re.fullmatch(r"0|[1-9][0-9]{0,18}", size):
            raise Broken("the checkpoint is signed, and is none of this log")
        self.note, self.size, self.root = note, int(size), base64.b64decode(root, validate=True)


def fetch(url: str) -> bytes:
    """The content of an address, nothing where there is none."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 – main looked at the scheme
            return bytes(answer.read(LARGEST))
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return b""
        raise


def tile_path(level: int | str, index: int, width: int) -> str:
    *before, last = [group.zfill(3) for group in f"{index:,}".split(",")]
    return f"tile/{level}/{''.join(f'x{group}/' for group in before)}{last}{f'.p/{width}' if width < 256 else ''}"


def tile(log: str, level: int | str, index: int, width: int) -> bytes:
    path = tile_path(level, index, width)
    content = fetch(f"{log}/{path}") or fetch(f"{log}/{tile_path(level, index, 256)}")
    if not content:
        first = index * 256 ** (1 + (level if isinstance(level, int) else 0))
        raise Broken(f"entries from {first} on cannot be verified: {path} is missing")
    return content


def tiles(log: str, levels: tuple[int | str, ...], count: int) -> Iterator[list[bytes]]:
    """The tiles of levels that hold `count` hashes or entries each, side by side, some fetched before their turn."""
    waiting: deque[list[Future[bytes]]] = deque()
    with ThreadPoolExecutor(4) as pool:
        for start in range(0, count, 256):
            width = min(256, count - start)
            waiting.append([pool.submit(tile, log, level, start // 256, width) for level in levels])
            if len(waiting) > 16:
                yield [future.result() for future in waiting.popleft()]
        while waiting:
            yield [future.result() for future in waiting.popleft()]


def entries_of(bundle: bytes, first: int, width: int) -> Iterator[bytes]:
    for index in range(first, first + width):
        end = 2 + int.from_bytes(bundle[:2], "big")
        if len(bundle) < max(2, end):
            raise Broken(f"entry {index}: its bundle ends before it does")
        yield bundle[2:end]
        bundle = bundle[end:]


def root_of(hashes: list[bytes]) -> bytes:
    """The root over hashes, as RFC 6962 joins them: a last one without a partner moves up as it is."""
    while len(hashes) > 1:
        joined = [hashlib.sha256(b"\x01" + a + b).digest() for a, b in zip(hashes[::2], hashes[1::2], strict=False)]
        hashes = joined + hashes[len(joined) * 2 :]
    return hashes[0] if hashes else hashlib.sha256(b"").digest()


def verify(log: str, new: Checkpoint, seen: Checkpoint | None) -> None:
    """Compute the tree from its entries, and compare it with every tile, the checkpoint and the one seen before."""
    if seen and new.size < seen.size:
        raise Broken(f"the history has {new.size} entries, and had {seen.size}")
    roots: list[bytes] = []  # of the tiles so far: 32 bytes for 256 entries
    for index, (bundle, hashes) in enumerate(tiles(log, ("entries", 0), new.size)):
        first, width = index * 256, min(256, new.size - index * 256)
        leaves = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries_of(bundle, first, width)]
        for place, leaf in enumerate(leaves):
            if hashes[place * 32 : place * 32 + 32] != leaf:
                raise Broken(f"entry {first + place} is not the one in {tile_path(0, index, width)}")
        here = seen.size - first if seen else 0
        if seen and 0 < here <= width and root_of([*roots, root_of(leaves[:here])]) != seen.root:
            raise Broken(f"the first {seen.size} entries are not those seen before:\n\n{seen.note}\n{new.note}")
        roots.append(root_of(leaves))
    verify_upper_tiles(log, roots, new.size)
    if root_of(roots) != new.root:
        raise Broken(f"{new.size} entries and their tiles give another root than the signed one")


def verify_upper_tiles(log: str, roots: list[bytes], size: int) -> None:
    """Compare the tiles above the entries' own, each hash of which stands for a full tile below it."""
    level, each = 1, 256
    while hashes := roots[: size // each]:
        for index, (served,) in enumerate(tiles(log, (level,), len(hashes))):
            for place, digest in enumerate(hashes[index * 256 : index * 256 + 256]):
                if served[place * 32 : place * 32 + 32] != digest:
                    first = (index * 256 + place) * each
                    raise Broken(f"entries {first} to {first + each - 1} have another hash in a tile of level {level}")
        roots = [root_of(hashes[start : start + 256]) for start in range(0, len(hashes), 256)]
        level, each = level + 1, each * 256


def visit(log: str, vkey: str, witnesses: list[str], store: Path) -> str:
    """Verify all there is, remember what was seen, and return what to say."""
    visits = json.loads(store.read_text()) if store.exists() else {}
    before = visits.get(log, {})
    vkey = vkey or before.get("key") or fetch(f"{log}/key").decode().strip()
    new = Checkpoint(fetch(f"{log}/checkpoint").decode(), Key(vkey))
    for witness in map(Key, witnesses):
        moment = int.from_bytes(witness.signature(new.note)[:8], "big")
        print(f"Seen by {witness.name} at {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(moment))} UTC.")
    verify(log, new, Checkpoint(before["checkpoint"], Key(vkey)) if before else None)
    store.with_suffix(".new").write_text(json.dumps(visits | {log: {"key": vkey, "checkpoint": new.note}}, indent=1))
    store.with_suffix(".new").replace(store)
    trust = f"\nFirst visit: compare the key {vkey} with the one the operator prints."
    return f"All {new.size} entries hold.{'' if before else trust}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify the whole history of a Tem Gốc service.")
    parser.add_argument("log", help="its address, http://HOST/log")
    parser.add_argument("--key", default="", help="its public key, if you have it from elsewhere")
    parser.add_argument("--witness", action="append", default=[], metavar="KEY", help="must have cosigned; repeatable")
    parser.add_argument("--seen", type=Path, default=Path.home() / ".verify_log.json", help="what earlier visits saw")
    options = parser.parse_args()
    if not options.log.startswith(("http://", "https://")):
        parser.error("the address begins with http:// or https://")
    try:
        print(visit(options.log.rstrip("/"), options.key, options.witness, options.seen))
    except ValueError as broken:
        print("DOES NOT HOLD:", broken, file=sys.stderr)
        return 1
    except (OSError, http.client.HTTPException) as error:
        print("The log was not reached:", error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
