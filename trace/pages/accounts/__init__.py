"""Everybody's own pages: signing in, registering, the account, the people of a cooperative."""

from flask import Flask, g

from ...access import visitor
from . import (
    account,
    assignments,
    data,
    enrolling,
    links,
    notices,
    people,
    people_desk,
    proposals,
    registration,
    second_factors,
    sign_in,
)
from .notices import waiting_notices

SIGN_IN_PAGES = (sign_in, registration, enrolling, links)
"""They share one blueprint: doors that look who stands there."""
BLUEPRINTS = (sign_in.bp, account.bp, notices.bp, second_factors.bp, people.bp, people_desk.bp, data.bp, assignments.bp,
              proposals.bp)  # fmt: skip


def register(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(_about_the_visitor)


def _about_the_visitor() -> dict[str, object]:
    """For the frame of signed-in pages; a page that has not looked who is there is not made to look."""
    person = visitor().person if "visitor" in g else None
    return {
        "theme_choice": person.theme if person and person.theme in account.THEMES else "",
        "home_url": "/home" if person else "/",
        "places": account.places,
        "waiting_notices": waiting_notices,
    }
