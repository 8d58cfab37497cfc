"""The link of a stamp that nobody was given, for the operator to try before any is printed."""

from labels import symbol

from .keyring import Keyring

QUIET_ZONE = 4
"""Modules of white around a symbol (ISO/IEC 18004 §6.3.8)."""


def example_link(keyring: Keyring, public_url: str) -> str:
    """A link as stamps carry it. Its code is of run 0, which is never issued."""
    return f"{public_url.upper()}/T/{keyring.minting_book().code(0, 0)}"


def symbol_path(link: str) -> tuple[str, int]:
    """The QR symbol of a link as an SVG path in modules, and the side of the whole with its quiet zone."""
    rows = symbol(link)
    squares = [
        f"M{QUIET_ZONE + x} {QUIET_ZONE + y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    ]
    return "".join(squares), len(rows) + 2 * QUIET_ZONE
