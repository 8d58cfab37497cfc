"""How pages speak: the visitor's language, days, weights and money as Vietnam writes them."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, gettext
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from ..access import visitor
from ..standards import quantities
from ..work.days import VIETNAM, day_of
from ..work.refused import Refused

LANGUAGES = ("vi", "en")


def language() -> str:
    """The language of this answer: the link's choice, the person's, the browser's, and Vietnamese first."""
    if not has_request_context():
        return "vi"
    if "language" not in g:
        g.language = _choose()
    chosen: str = g.language
    return chosen


def _choose() -> str:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    person = visitor().person if "visitor" in g else None
    if person is not None and person.language in LANGUAGES:
        return str(person.language)
    return _best_language(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=2048)
def _best_language(header: str) -> str:
    """The same few headers come from thousands of phones."""
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES, "vi") or "vi"


def today(now: datetime | None = None) -> date:
    """The day in Vietnam."""
    return day_of(now or current_app.config["CLOCK"]())


def now() -> datetime:
    """The moment, from the application's clock (tests set it)."""
    moment: datetime = current_app.config["CLOCK"]()
    return moment


def show_day(day: date | datetime | None) -> str:
    """dd/mm/yyyy in Vietnam; a dash for none."""
    if day is None:
        return "–"
    return (day.astimezone(VIETNAM) if isinstance(day, datetime) else day).strftime("%d/%m/%Y")


def show_moment(moment: datetime | None) -> str:
    """hh:mm dd/mm/yyyy in Vietnam."""
    return "–" if moment is None else moment.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


def sentence(refusal: Refused) -> str:
    """A refusal in the visitor's language, its days and numbers written as here."""
    figures = {name: _shown(name, value) for name, value in refusal.figures.items()}
    return str(gettext(refusal.message, **figures))


def _shown(name: str, value: Any) -> Any:
    if name.endswith("_g"):
        return quantities.show_weight(value, language())
    if isinstance(value, date):
        return show_day(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return quantities.show_count(value, language())
    return value


def init_app(app: Flask) -> None:
    Babel(app, locale_selector=language, timezone_selector=lambda: "Asia/Ho_Chi_Minh")
    app.jinja_env.filters.update(
        day=show_day,
        moment=show_moment,
        weight=lambda grams: quantities.show_weight(grams, language()),
        area=lambda square_metres: quantities.show_area(square_metres, language()),
        money=lambda dong: quantities.show_money(dong, language()),
        count=lambda number: quantities.show_count(number, language()),
    )
    app.context_processor(lambda: {"lang": language(), "demo_mode": app.config["SETTINGS"].demo, "today": today})
