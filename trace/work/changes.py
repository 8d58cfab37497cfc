"""Bring a record to what a form now says."""

from dataclasses import fields
from typing import Any


def apply(subject: Any, facts: Any) -> bool:
    """Set a record's attributes from a dataclass with the same names; says whether anything changed."""
    changed = False
    for field in fields(facts):
        value = getattr(facts, field.name)
        if getattr(subject, field.name) != value:
            setattr(subject, field.name, value)
            changed = True
    return changed
