"""`/home`: leads everybody to the home of their work."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ..access import Role, allow, visitor

bp = Blueprint("home", __name__)

HOMES = {
    Role.MEMBER: "my_home.home",
    Role.MANAGER: "my_home.home",
    Role.AUDITOR: "audit.desk",
    Role.OFFICER: "office.home",
    Role.OPERATOR: "operate.home",
    Role.CERTIFIER: "certifier.home",
}


@bp.get("/home")
@allow("account")
def show() -> ResponseReturnValue:
    """A newcomer, who works nowhere (any more), gets a page that says what to do."""
    home = HOMES.get(visitor().role)
    if home in current_app.view_functions:
        return redirect(url_for(home))
    return render_template("accounts/newcomer.html")
