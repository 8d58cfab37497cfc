"""What is left under a line of a certificate, in words and as a bar."""

from typing import Any

from flask import url_for
from flask_babel import gettext

from ...standards.quantities import show_count, show_weight
from ..words import language


def shown_left(row: Any) -> dict[str, Any]:
    line, lang = row.line, language()
    place = line.plot.name if line.plot else line.grower.name
    return {
        "label": f"{place} · {line.product.name_in(lang)}",
        "sentence": gettext(
            "%(left)s left of %(all)s, good for %(packs)s stamps",
            left=show_weight(row.left_g, lang),
            all=show_weight(row.allowed_g, lang),
            packs=show_count(row.packs_left, lang),
        ),
        "used": row.used_g,
        "total": row.allowed_g,
        "tone": "stop" if row.left_g == 0 else "wait" if row.tight else "valid",
        "number": line.certificate.number,
        "state": row.state.value,
        "url": url_for("certificates.show", public_id=line.certificate.public_id),
        "expires_on": line.certificate.expires_on,
    }
