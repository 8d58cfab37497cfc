"""Transparency logs in the forms of C2SP: RFC 6962 Merkle trees as tiles, signed checkpoints, proofs, witnesses."""
