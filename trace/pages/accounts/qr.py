"""A QR symbol as an SVG drawing inside a page, for a phone held to the screen."""

import qrcode
from markupsafe import Markup, escape
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
"""Light modules around a symbol (ISO/IEC 18004 §6.3.8)."""


def drawn(text: str, label: str) -> Markup:
    """Black on white in every theme: one path of squares on a white ground."""
    symbol = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    symbol.add_data(text)
    symbol.make(fit=True)
    rows = symbol.get_matrix()
    size = len(rows) + 2 * QUIET
    squares = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return Markup(
        '<svg class="qr" viewBox="0 0 {size} {size}" width="240" height="240" role="img" aria-label="{label}" '
        'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{squares}"/></svg>'
    ).format(size=size, label=escape(label), squares=squares)
