"""The links that other systems follow: a conformant GS1 resolver beside the pages for people."""

from flask import Flask

from . import answers, description
from .target import ROUTE

__all__ = ["register"]


def register(app: Flask) -> None:
    """The resolver answers any method itself, for its refusals too must be open to every site's scripts."""
    rule = app.url_rule_class(ROUTE, endpoint="consumer.resolve", methods=None)
    rule.provide_automatic_options = False  # type: ignore[attr-defined]  # Flask sets it on its rules too
    app.url_map.add(rule)
    app.view_functions["consumer.resolve"] = answers.resolve
    description.register(app)
