"""A linkset in the form that is asked for: JSON for software, a page for people."""

from collections.abc import Callable
from typing import Final

from flask import Response, json, make_response, render_template, request, url_for
from flask_babel import gettext

from ...service import registry, settings
from ...standards.gs1 import CONTEXT_LINK, LINK_TYPES, LINKSET_JSON, linkset, linkset_as_json_ld
from ...standards.negotiation import best_media, media_quality
from ...work.resolve import Resolved
from ..consumer.frame import dressed, privacy_url
from ..words import language

JSON_LD: Final = "application/ld+json"
PAGE: Final = "text/html"
OFFERED: Final = (LINKSET_JSON, "application/json", JSON_LD, PAGE)


def root() -> str:
    """The address that is printed in every stamp; the request's Host header has no say."""
    return settings().public_url


def wants_linkset() -> bool:
    """Whether the Accept header names linksets, and likes them as well as a page."""
    accept = request.headers.get("Accept", "")
    if "linkset+json" not in accept.lower():
        return False
    liked = media_quality(accept, LINKSET_JSON)
    return liked > 0 and liked >= media_quality(accept, PAGE)


def linkset_answer(found: Resolved, status: int = 200, heading: str = "") -> Response:
    """A page for who asks for one or says nothing, JSON for everybody else."""
    accept = request.headers.get("Accept", "")
    media = best_media(accept, OFFERED) if accept.strip() else PAGE
    answer = _page(found, heading) if media == PAGE else _json(found, media or LINKSET_JSON)
    answer.status_code = status
    answer.headers["Vary"] = "Accept, Accept-Language"
    answer.headers.add("Link", f"<{context_url()}>; {CONTEXT_LINK}")
    return answer


def context_url() -> str:
    return root() + url_for("consumer.gs1_context")


def _json(found: Resolved, media: str) -> Response:
    return Response(_kept(found, media, lambda: _written(found, media)), content_type=media)


def _kept(found: Resolved, form: str, write: Callable[[], str]) -> str:
    """Written once until anything changes; but there are as many stamps, and typos of lots, as anybody likes."""
    link = found.link
    if link.serial is not None or len(found.levels) <= len(link.qualifiers):
        return write()
    return registry().remember(("linkset", link.path, form), write)


def _written(found: Resolved, media: str) -> str:
    entities = found.entities(root())
    body = linkset_as_json_ld(entities, context_url()) if media == JSON_LD else linkset(entities)
    return str(json.dumps(body, ensure_ascii=False))


def _page(found: Resolved, heading: str) -> Response:
    heading = heading or gettext("What this link leads to")
    return dressed(make_response(_kept(found, f"{language()} {heading}", lambda: _drawn(found, heading))))


def _drawn(found: Resolved, heading: str) -> str:
    levels = [
        {"lines": level.link.readable, "description": level.description, "groups": _grouped(level.targets)}
        for level in found.levels
    ]
    address = root() + found.link.path
    told = {"levels": levels, "address": address, "privacy_url": privacy_url()}
    return render_template("consumer/linkset.html", heading=heading, **told)


def _grouped(targets: tuple[object, ...]) -> list[tuple[str, list[object]]]:
    groups: dict[str, list[object]] = {}
    for target in targets:
        groups.setdefault(target.link_type, []).append(target)  # type: ignore[attr-defined]
    return [(LINK_TYPES[name], links) for name, links in groups.items()]
