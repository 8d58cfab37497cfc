"""The log as a tree, as tiles, as signed notes and proofs, against pymerkle, OpenSSL and published examples."""

import base64
import re
import subprocess
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from trace.standards.tlog.checkpoints import Checkpoint, open_checkpoint
from trace.standards.tlog.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from trace.standards.tlog.notes import BadNote, Kind, Note, Signer, Verifier, cosigned_at
from trace.standards.tlog.proofs import Proof
from trace.standards.tlog.tiles import (
    BadTile,
    HashReader,
    Tile,
    bundle,
    read_entries,
    read_hashes,
    tile_of_tree,
    tiles_of_tree,
    unbundle,
)
from trace.standards.tlog.tree import Tree
from trace.standards.tlog.witness import Request, answer, read_cosignatures

ENTRIES = [f'{{"index":{index}}}'.encode() for index in range(70_000)]
LOG = Signer("temgoc.example/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
WITNESS = Signer("union.example/w1", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))


def grown(*sizes: int) -> tuple[Tree, dict[str, bytes]]:
    """A log that published checkpoints at these sizes, and its files."""
    tree, files = Tree(), {}
    for size in sizes:
        files.update(tree.add(ENTRIES[tree.size : size]))
        files.update(tree.edges())
    return tree, files


def oracle(size: int) -> InmemoryTree:
    return InmemoryTree.init_from_entries(ENTRIES[:size], algorithm="sha256")


# The tree


def test_the_published_eight_leaves_of_certificate_transparency_have_their_roots() -> None:
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    frontier = Frontier()
    frontier.extend(leaf_hash(bytes.fromhex(leaf)) for leaf in leaves)

    assert frontier.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_every_size_has_the_root_that_pymerkle_finds() -> None:
    tree, peer, frontier = Tree(), InmemoryTree(algorithm="sha256"), Frontier()
    for entry in ENTRIES[:1_100]:
        list(tree.add([entry]))
        peer.append_entry(entry)
        frontier.append(leaf_hash(entry))
        assert tree.root() == frontier.root() == peer.get_root()


def test_a_large_tree_has_the_root_that_pymerkle_finds() -> None:
    tree, files = grown(70_000)

    assert tree.root() == oracle(70_000).get_root()
    assert tree_root(70_000, HashReader(70_000, files.get)) == tree.root()


@given(st.integers(1, 70_000), st.data())
@settings(max_examples=60, deadline=None)
def test_every_entry_is_proved_in_every_tree_and_nowhere_else(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    node = HashReader(70_000, BIG.get)
    proof, root = inclusion_proof(index, size, node), tree_root(size, node)
    leaf = leaf_hash(ENTRIES[index])

    assert verify_inclusion(leaf, index, size, proof, root)
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
    assert not verify_inclusion(leaf, index, size, [*proof, bytes(32)], root)
    assert not verify_inclusion(leaf, index, size, proof, bytes(32))
    assert not verify_inclusion(leaf, size, size, proof, root)
    for place, _ in enumerate(proof):
        assert not verify_inclusion(leaf, index, size, [*proof[:place], bytes(32), *proof[place + 1 :]], root)
        assert not verify_inclusion(leaf, index, size, proof[:place] + proof[place + 1 :], root)
    other = data.draw(st.integers(0, size - 1))
    assert verify_inclusion(leaf, other, size, proof, root) == (other == index)


@given(st.integers(0, 70_000), st.integers(0, 70_000))
@settings(max_examples=60, deadline=None)
def test_a_tree_is_proved_to_extend_the_older_one_and_no_other(one: int, other: int) -> None:
    old_size, size = sorted((one, other))
    node = HashReader(70_000, BIG.get)
    old_root, root = tree_root(old_size, node), tree_root(size, node)
    proof = consistency_proof(old_size, size, node)

    assert verify_consistency(old_size, old_root, size, root, proof)
    assert not verify_consistency(old_size, bytes(32), size, root, proof)
    assert not verify_consistency(old_size, old_root, size, root, [*proof, bytes(32)])
    assert verify_consistency(size, root, old_size, old_root, proof) == (size == old_size)
    if 0 < old_size < size:
        assert not verify_consistency(old_size, old_root, size, bytes(32), proof)
        assert not verify_consistency(old_size, old_root, size, root, proof[:-1])
        for place, _ in enumerate(proof):
            broken = [*proof[:place], bytes(32), *proof[place + 1 :]]
            assert not verify_consistency(old_size, old_root, size, root, broken)


def test_small_proofs_are_those_of_pymerkle() -> None:
    peer = oracle(40)
    for size in range(1, 41):
        node = HashReader(40, SMALL.get)
        for index in range(size):
            theirs = peer.prove_inclusion(index + 1, size).path[1:]
            assert inclusion_proof(index, size, node) == list(theirs)


def test_what_is_not_in_the_tree_cannot_be_proved() -> None:
    node = HashReader(40, SMALL.get)
    for index, size in ((40, 40), (-1, 40), (0, 0)):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_proof(index, size, node)
    with pytest.raises(ValueError, match="extend"):
        consistency_proof(41, 40, node)
    with pytest.raises(BadTile):
        node(0, 40)
    with pytest.raises(BadTile):
        node(3, 5)


# Tiles


def test_a_tree_of_seventy_thousand_has_the_tiles_the_standard_counts() -> None:
    tiles = list(tiles_of_tree(70_000))

    assert [len([tile for tile in tiles if tile.level == level]) for level in (None, 0, 1, 2)] == [274, 274, 2, 1]
    assert [tile.width for tile in tiles if tile.width < 256] == [112, 112, 17, 1]
    assert [tile.path for tile in tiles_of_tree(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of_tree(0)) == []
    _, files = grown(70_000)
    assert set(files) == {tile.path for tile in tiles}


def test_a_tile_is_addressed_as_the_standard_writes_it() -> None:
    assert Tile(0, 1_234_067).path == "tile/0/x001/x234/067"
    assert Tile(None, 5, 17).path == "tile/entries/005.p/17"
    assert Tile(2, 1_000).in_tree(256**3 * 1_001)
    assert not Tile(0, 273).in_tree(70_000)
    assert Tile(0, 273, 112).in_tree(70_000)
    assert tile_of_tree(0, 274, 70_000) is None


@given(st.none() | st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_every_address_reads_back(level: int | None, index: int, width: int) -> None:
    assert Tile.parse(Tile(level, index, width).path) == Tile(level, index, width)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/1", "tile/00/001", "tile/64/001", "tile/0/x000/001", "tile/0/001.p/0", "tile/0/001.p/256",
        "tile/0/001.p/01", "tile/0/x001", "tile/0/001/", "tile/-1/001", "tile/entries/../001", "tile/0/٠٠١",
        "tile/0/001\n", "checkpoint", "", "tile/0/" + "x001/" * 40 + "001",
    ],
)  # fmt: skip
def test_what_is_not_exactly_an_address_is_none(path: str) -> None:
    assert Tile.parse(path) is None


@given(st.text(alphabet="tile/0123456789xentrs.p", max_size=30))
def test_any_path_is_read_as_itself_or_not_at_all(path: str) -> None:
    tile = Tile.parse(path)
    assert tile is None or tile.path == path


@given(st.lists(st.binary(max_size=70), max_size=20))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    content = bundle(entries)
    assert unbundle(content) == entries
    if entries:
        with pytest.raises(BadTile):
            unbundle(content[:-1] if content[-1:] else content)


def test_an_entry_too_long_for_a_bundle_is_refused_before_it_is_in_the_tree() -> None:
    tree = Tree()
    for add in (lambda: list(tree.add([b"x" * 65_536])), lambda: bundle([b"x" * 65_536])):
        with pytest.raises(ValueError, match="65535"):
            add()
    assert (tree.size, tree.root()) == (0, EMPTY_ROOT)
    list(tree.add([b"x" * 65_535]))
    assert tree.root() == leaf_hash(b"x" * 65_535)


@given(st.lists(st.integers(0, 70_000), max_size=5).map(sorted))
@settings(max_examples=25, deadline=None)
def test_a_log_taken_up_again_grows_as_if_it_had_never_stopped(sizes: list[int]) -> None:
    files: dict[str, bytes] = {}
    size = 0
    for next_size in [*sizes, 70_000]:
        tree = Tree.resume(size, files.get)
        assert tree.root() == tree_root(size, HashReader(70_000, BIG.get))
        files.update(tree.add(ENTRIES[size:next_size]))
        files.update(tree.edges())
        size = next_size

    assert {path: files[path] for path in BIG} == BIG


def test_an_older_tree_is_read_from_full_tiles_once_its_partial_ones_are_gone() -> None:
    assert read_entries(BIG.get, 1, 300) == ENTRIES[256:300]
    assert tree_root(300, HashReader(300, BIG.get)) == oracle(300).get_root()


def test_missing_and_misshapen_tiles_are_named() -> None:
    _, files = grown(300)
    for path in files:
        broken: list[Callable[[str], bytes | None]] = [
            lambda asked, path=path: None if asked == path else files.get(asked),  # type: ignore[misc]
            lambda asked, path=path: files[path][:-1] if asked == path else files.get(asked),  # type: ignore[misc]
        ]
        for read in broken:
            with pytest.raises(BadTile):
                read_all(read, 300)


def read_all(read: Callable[[str], bytes | None], size: int) -> None:
    for tile in tiles_of_tree(size):
        read_entries(read, tile.index, size) if tile.level is None else read_hashes(read, tile.level, tile.index, size)


# Notes


def test_the_signed_note_of_the_go_documentation_is_opened() -> None:
    key = Verifier.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = Note.parse(
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
        "\n"
        "— PeterNeumann "
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n".encode()
    )

    assert key.check(note) is not None
    with pytest.raises(BadNote):
        key.check(Note(note.text.replace("don't", "do"), note.signatures))


def test_openssl_agrees_with_the_signature_of_a_checkpoint(tmp_path: Path) -> None:
    note = Checkpoint("temgoc.example/log", 3, bytes(32)).signed(LOG)
    public = LOG.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    text, _, line = str(note).partition("\n\n")
    (tmp_path / "key").write_bytes(public)
    (tmp_path / "text").write_bytes(text.encode() + b"\n")
    (tmp_path / "signature").write_bytes(base64.b64decode(line.split(" ")[2])[4:])

    def openssl() -> int:
        command = "openssl pkeyutl -verify -pubin -inkey key -rawin -in text -sigfile signature"
        return subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode

    assert openssl() == 0
    (tmp_path / "text").write_bytes(text.replace("3", "4").encode() + b"\n")
    assert openssl() != 0


def test_a_checkpoint_reads_back_and_only_under_its_own_key_and_name() -> None:
    checkpoint = Checkpoint("temgoc.example/log", 70_000, oracle(5).get_root(), ("kept",))
    content = str(checkpoint.signed(LOG)).encode()

    assert open_checkpoint(content, LOG.verifier())[0] == checkpoint
    assert open_checkpoint(content, Verifier.parse(LOG.verifier().vkey))[0] == checkpoint
    stranger = Signer(LOG.name, WITNESS.private)
    with pytest.raises(BadNote, match="not signed"):
        open_checkpoint(content, stranger.verifier())
    with pytest.raises(BadNote, match="another log"):
        open_checkpoint(str(Checkpoint("else", 1, bytes(32)).signed(LOG)).encode(), LOG.verifier())


def test_any_byte_changed_in_a_signed_checkpoint_is_seen() -> None:
    content = str(Checkpoint("temgoc.example/log", 70_000, bytes(32)).signed(LOG)).encode()
    for place in range(len(content)):
        for flip in (1, 2, 32, 128):
            changed = content[:place] + bytes([content[place] ^ flip]) + content[place + 1 :]
            with pytest.raises(BadNote):
                open_checkpoint(changed, LOG.verifier())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n1\n",
        "a\n01\nX\n",
        "a\n-1\nX\n",
        "a\n1\nAAAA\n",
        "\n1\nX\n",
        "a\n1\nX\n\n",
        "a\n1\nX",
        "a\n1\nX\n\nb\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.parse(text.replace("X", base64.b64encode(bytes(32)).decode()))


@given(st.binary(max_size=200) | st.text(alphabet="— ab+\n1=c2sp", max_size=60).map(str.encode))
def test_any_bytes_are_a_note_or_refused(content: bytes) -> None:
    for read in (Note.parse, Proof.parse, Request.parse):
        try:
            read_back = str(read(content)).encode()
        except BadNote:
            continue
        assert read_back == content


def test_a_key_with_a_wrong_id_or_of_another_kind_is_refused() -> None:
    vkey = LOG.verifier().vkey
    name, key_id, coded = vkey.split("+", 2)
    other_kind = base64.b64encode(b"\x02" + bytes(32)).decode()
    for bad in (
        "",
        name,
        f"{name}+00000000+{coded}",
        f"{name}+{key_id}+",
        f"{name}+{key_id}+{other_kind}",
        "a b" + vkey,
    ):
        with pytest.raises(BadNote):
            Verifier.parse(bad)
    assert repr(LOG).count("private") == 0
    assert re.fullmatch(r"temgoc\.example/log\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+", vkey)


# Proof files


def test_a_proof_file_proves_its_entry_without_the_log() -> None:
    node = HashReader(70_000, BIG.get)
    note = Checkpoint(LOG.name, 70_000, tree_root(70_000, node)).signed(LOG)
    proof = Proof(12_345, tuple(inclusion_proof(12_345, 70_000, node)), note, b"batch")
    content = str(proof).encode()

    assert content.startswith(b"c2sp.org/tlog-proof@v1\nextra YmF0Y2g=\nindex 12345\n")
    assert 700 < len(content) < 1_200
    assert Proof.parse(content) == proof
    assert Proof.parse(content).verify(ENTRIES[12_345], LOG.verifier()).size == 70_000
    with pytest.raises(BadNote, match="stand"):
        proof.verify(ENTRIES[12_346], LOG.verifier())
    with pytest.raises(BadNote, match="stand"):
        Proof.parse(content.replace(b"index 12345", b"index 12346")).verify(ENTRIES[12_345], LOG.verifier())
    alone = Checkpoint(LOG.name, 1, leaf_hash(b"x")).signed(LOG)
    assert Proof.parse(str(Proof(0, (), alone)).encode()).verify(b"x", LOG.verifier()).size == 1


# Witnesses


def checkpoint_of(size: int) -> Checkpoint:
    return Checkpoint(LOG.name, size, tree_root(size, HashReader(70_000, BIG.get)))


def asked(old_size: int, size: int) -> bytes:
    proof = consistency_proof(old_size, size, HashReader(70_000, BIG.get))
    return str(Request(old_size, tuple(proof), checkpoint_of(size).signed(LOG))).encode()


def test_two_witnesses_cosign_a_log_that_only_grows() -> None:
    second = Signer("consumers.example/w2", Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))))
    note = checkpoint_of(70_000).signed(LOG)
    known = [signer.verifier(Kind.COSIGNATURE) for signer in (WITNESS, second)]
    for signer in (WITNESS, second):
        first = answer(asked(0, 5_000), [LOG.verifier()], {}, signer, time=1_800_000_000)
        assert (first.status, first.seen) == (200, checkpoint_of(5_000))
        then = answer(
            asked(5_000, 70_000), [LOG.verifier()], {LOG.name: checkpoint_of(5_000)}, signer, time=1_800_000_060
        )
        assert (then.status, then.seen) == (200, checkpoint_of(70_000))
        note = note.with_signatures(read_cosignatures(then.body, note, known))

    whole = Note.parse(str(note).encode())
    assert len(whole.signatures) == 3
    assert LOG.verifier().check(whole)
    for verifier in known:
        signature = verifier.check(whole)
        assert signature is not None
        assert cosigned_at(signature) == 1_800_000_060


def test_a_witness_refuses_as_the_standard_counts_out() -> None:
    logs, last = [LOG.verifier()], {LOG.name: checkpoint_of(5_000)}
    fork = Checkpoint(LOG.name, 70_000, bytes(32)).signed(LOG)
    same_size = Checkpoint(LOG.name, 5_000, bytes(32)).signed(LOG)
    stranger = checkpoint_of(70_000).signed(Signer(LOG.name, WITNESS.private))
    proof = tuple(consistency_proof(5_000, 70_000, HashReader(70_000, BIG.get)))

    def status(content: bytes) -> int:
        answered = answer(content, logs, last, WITNESS, time=1)
        assert (answered.seen is None) == (answered.status != 200)
        return answered.status

    assert status(asked(5_000, 5_000)) == 200
    assert status(b"old x\n\n") == 400
    assert status(str(Request(70_001, (), checkpoint_of(70_000).signed(LOG))).encode()) == 400
    assert status(str(Request(5_000, (bytes(32),) * 64, fork)).encode()) == 400
    assert (
        status(str(Request(0, (), Checkpoint("else", 1, bytes(32)).signed(Signer("else", LOG.private)))).encode())
        == 404
    )
    assert status(str(Request(5_000, proof, stranger)).encode()) == 403
    assert status(str(Request(5_000, proof, fork)).encode()) == 422
    assert status(str(Request(5_000, (), same_size)).encode()) == 409
    behind = answer(asked(4_000, 70_000), logs, last, WITNESS, time=1)
    assert (behind.status, behind.body, behind.content_type) == (409, "5000\n", "text/x.tlog.size")


def test_a_cosignature_of_another_time_or_text_does_not_hold() -> None:
    verifier = WITNESS.verifier(Kind.COSIGNATURE)
    text = checkpoint_of(5_000).text
    good = WITNESS.cosign(text, 1_800_000_000)
    later = type(good)(good.name, good.key_id, (1_800_000_001).to_bytes(8, "big") + good.content[8:])

    assert verifier.check(Note(text, (good,))) == good
    assert WITNESS.verifier().check(Note(text, (good,))) is None
    for signature, signed in ((later, text), (good, checkpoint_of(5_001).text)):
        with pytest.raises(BadNote):
            verifier.check(Note(signed, (signature,)))


# Size


def test_a_large_log_grows_quickly_within_little_memory() -> None:
    tree, count = Tree(), 200_000
    tracemalloc.start()
    started = time.perf_counter()
    written = sum(len(content) for _, content in tree.add(b"%d" % index for index in range(count)))
    taken, peak = time.perf_counter() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert written > count * 32
    assert peak < 1_000_000
    assert taken < 30


BIG = grown(70_000)[1]
SMALL = grown(40)[1]
