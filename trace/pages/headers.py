"""What every answer carries: a strict content policy and the usual guards; and what every unsafe request must show."""

from functools import cache
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request

from ..db import READING

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
OPEN_TO_ALL = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "Link, Location"))
SITES_OF_OURS = frozenset({"same-origin", "none"})


@cache
def policy(**changes: str) -> str:
    """The content policy's text; a page may replace directives, written with _ for -."""
    directives = POLICY | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def refuse_foreign_forms() -> None:
    """A browser says where an unsafe request comes from; one from elsewhere is refused before any token is read."""
    if request.method in READING:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in SITES_OF_OURS:
        abort(403)
    origin = request.headers.get("Origin")
    if site is None and origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=()")
    if current_app.config["SETTINGS"].https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint not in {"static", "bootstrap.static"}:
        headers.setdefault("Cache-Control", "no-store")
    return response


def open_to_all(response: Response) -> None:
    """Let scripts of any site read an answer and where it leads (CORS); nothing of it depends on who asks."""
    response.headers.update(OPEN_TO_ALL)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language"
        response.headers["Access-Control-Max-Age"] = "86400"


def init_app(app: Flask) -> None:
    app.before_request(refuse_foreign_forms)
    app.after_request(add_headers)
