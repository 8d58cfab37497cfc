"""A "no" with a reason that a person may read and act on."""

from typing import Any


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Raised in work, translated in pages. `message` is an English msgid with %(name)s places for the figures.

    `field` names the form field it belongs beside, where there is one; `conflict` marks a refusal that comes from
    somebody else's doing in the meantime (409) rather than from what was typed (422).
    """

    def __init__(self, message: str, *, field: str | None = None, conflict: bool = False, **figures: Any) -> None:
        super().__init__(message % figures if figures else message)
        self.message = message
        self.field = field
        self.conflict = conflict
        self.figures = figures


class RefusedAll(Exception):  # noqa: N818
    """Several refusals of one request, all told at once."""

    def __init__(self, refusals: list[Refused]) -> None:
        super().__init__("; ".join(map(str, refusals)))
        self.refusals = refusals


def refuse_all(refusals: list[Refused]) -> None:
    """Raise what there is, if anything."""
    if len(refusals) == 1:
        raise refusals[0]
    if refusals:
        raise RefusedAll(refusals)
