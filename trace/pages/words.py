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
from ..standards.provinces import ABROAD, PROVINCES
from ..work.days import VIETNAM, day_of
from ..work.refused import Refused
from .stamp_words import FINER

LANGUAGES = ("vi", "en")
FOR_CONSUMERS = (*LANGUAGES, "zh")
"""Visitors from across the border read a package's page; whoever works here speaks one of the first two."""
LOCALES = {"zh": "zh_Hans_CN"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def language() -> str:
    """The language of this answer: the link's choice, the person's, the browser's, and Vietnamese first."""
    if not has_request_context():
        return "vi"
    if "language" not in g:
        g.language = _choose()
    chosen: str = g.language
    return chosen


def _choose() -> str:
    spoken = FOR_CONSUMERS if for_consumer() else LANGUAGES
    asked = request.args.get("lang")
    if asked is not None and asked in spoken:
        return asked
    person = visitor().person if "visitor" in g else None
    if person is not None and person.language in LANGUAGES:
        return str(person.language)
    return best_language(request.headers.get("Accept-Language", ""), spoken)


def for_consumer() -> bool:
    """Whether this answer is one of the pages that everybody may open."""
    return has_request_context() and (request.endpoint or "").startswith("consumer.")


def locale() -> str:
    return LOCALES.get(language(), language())


@lru_cache(maxsize=2048)
def best_language(header: str, spoken: tuple[str, ...]) -> str:
    """The same few headers come from thousands of phones."""
    return parse_accept_header(header, LanguageAccept).best_match(spoken, "vi") or "vi"


def today(now: datetime | None = None) -> date:
    """The day in Vietnam."""
    return day_of(now or current_app.config["CLOCK"]())


def now() -> datetime:
    """The moment, from the application's clock (tests set it)."""
    moment: datetime = current_app.config["CLOCK"]()
    return moment


def show_day(day: date | datetime | None) -> str:
    """dd/mm/yyyy in Vietnam; a dash for none. Strangers read the month in their own words."""
    if day is None:
        return "–"
    day = day.astimezone(VIETNAM) if isinstance(day, datetime) else day
    if language() == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    if language() == "en" and for_consumer():
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return day.strftime("%d/%m/%Y")


def show_moment(moment: datetime | None) -> str:
    """hh:mm dd/mm/yyyy in Vietnam."""
    return "–" if moment is None else moment.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


def province_name(code: str | None, unknown: str = "") -> str:
    """Where in the country, or that it was abroad; `unknown` for no province of ours."""
    if code == ABROAD:
        return str(gettext("abroad"))
    return PROVINCES[code].name if code in PROVINCES else unknown


def sentence(refusal: Refused) -> str:
    """A refusal in the visitor's language, its days and numbers written as here."""
    figures = {name: _shown(name, value) for name, value in refusal.figures.items()}
    return str(gettext(refusal.message, **figures))


def _shown(name: str, value: Any) -> Any:
    if name.endswith("_g"):
        return quantities.show_weight(value, language())
    if name == "state":
        return FINER.get(value, value)
    if isinstance(value, date):
        return show_day(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return quantities.show_count(value, language())
    return value


def init_app(app: Flask) -> None:
    Babel(app, locale_selector=locale, timezone_selector=lambda: "Asia/Ho_Chi_Minh")
    app.jinja_env.filters.update(
        day=show_day,
        moment=show_moment,
        weight=lambda grams: quantities.show_weight(grams, language()),
        area=lambda square_metres: quantities.show_area(square_metres, language()),
        money=lambda dong: quantities.show_money(dong, language()),
        count=lambda number: quantities.show_count(number, language()),
    )
    app.context_processor(lambda: {"lang": language(), "demo_mode": app.config["SETTINGS"].demo, "today": today})
