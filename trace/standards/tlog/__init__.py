"""Transparency logs in the forms of C2SP: RFC 6962 Merkle trees as tiles, signed checkpoints, proofs, witnesses.

To grow a log: `Tree.resume`, `add` and `edges`, write what they yield, then sign a `Checkpoint` of `root()` – after
`verify_consistency` with the last one signed. To prove: `inclusion_proof` over a `HashReader`, in a `Proof`.
"""

from .checkpoints import Checkpoint, open_checkpoint
from .merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from .notes import BadNote, Kind, Note, Signature, Signer, Verifier, cosigned_at
from .policy import Witness, read_policy
from .proofs import Proof
from .tiles import BadTile, HashReader, Tile, read_entries, read_hashes, tile_of_tree, tiles_of_tree
from .tree import Tree

__all__ = [
    "EMPTY_ROOT",
    "BadNote",
    "BadTile",
    "Checkpoint",
    "Frontier",
    "HashReader",
    "Kind",
    "Note",
    "Proof",
    "Signature",
    "Signer",
    "Tile",
    "Tree",
    "Verifier",
    "Witness",
    "consistency_proof",
    "cosigned_at",
    "inclusion_proof",
    "leaf_hash",
    "open_checkpoint",
    "read_entries",
    "read_hashes",
    "read_policy",
    "tile_of_tree",
    "tiles_of_tree",
    "tree_root",
    "verify_consistency",
    "verify_inclusion",
]
