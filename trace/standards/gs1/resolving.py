"""A resolver's answers (GS1 Resolver 1.2.1): which link a request gets, the linkset, and the description file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ..negotiation import languages, look_up, media_quality
from .link_types import VOCABULARY

LINKSET_JSON: Final = "application/linkset+json"
CONTEXT_LINK: Final = 'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Target:
    """One link: its GS1 type's name, where it leads, and for whom. `languages` are xx or xx-YY."""

    link_type: str
    href: str
    title: str
    media_type: str = ""
    languages: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()

    def as_json(self) -> Json:
        """Return the link object, as the closed schema of linksets admits it."""
        link: Json = {"href": self.href, "title": self.title}
        if self.media_type:
            link["type"] = self.media_type
        if self.languages:
            link["hreflang"] = list(self.languages)
        if self.contexts:
            link["context"] = list(self.contexts)
        return link


@dataclass(frozen=True, slots=True)
class Choice:
    """What to answer: one target is a 307, several are a 300 with the linkset, none is a 404."""

    targets: tuple[Target, ...]

    @property
    def status(self) -> Literal[300, 307, 404]:
        return 404 if not self.targets else 307 if len(self.targets) == 1 else 300


def choose(
    targets: Sequence[Target],
    *,
    link_type: str | None = None,
    accept: str = "",
    accept_language: str = "",
    context: str = "",
) -> Choice:
    """Choose among the links of one entity, the most specific level's first.

    Without a type the default link answers, or that variant of it (defaultLinkMulti) which the visitor's language, or
    a media type liked better than a page, decides for. With a type only links of that type do; then media type,
    language and context narrow them as far as they can, and only links that nothing tells apart are several.
    """
    if link_type is None:
        default = [target for target in targets if target.link_type == "defaultLink"][:1]
        return Choice(tuple((_variant(targets, accept, accept_language) if default else []) or default))
    of_type = [target for target in targets if target.link_type == link_type]
    narrowed = _narrow(of_type, _by_media(of_type, accept))
    narrowed = _narrow(narrowed, _by_language(narrowed, accept_language))
    narrowed = _narrow(narrowed, lambda target: bool(context) and context in target.contexts)
    alike = [target for target in narrowed if _facets(target) == _facets(narrowed[0])]
    return Choice(tuple(alike) if len({target.href for target in alike}) > 1 else tuple(alike[:1]))


def _facets(target: Target) -> tuple[object, ...]:
    return target.media_type, target.languages, target.contexts


def _variant(targets: Sequence[Target], accept: str, accept_language: str) -> list[Target]:
    """Return the variant of the default that the visitor's language or media type decides for, if one does."""
    variants = [target for target in targets if target.link_type == "defaultLinkMulti"]
    spoken = list(filter(_by_language(variants, accept_language), variants))
    if spoken:
        return _narrow(spoken, _by_media(spoken, accept))[:1]
    page = media_quality(accept, "text/html")
    return [
        target
        for target in variants
        if not target.languages and target.media_type and media_quality(accept, target.media_type) > page
    ][:1]


def _narrow(targets: Sequence[Target], keep: Callable[[Target], bool]) -> list[Target]:
    return [target for target in targets if keep(target)] or list(targets)


def _by_media(targets: Sequence[Target], accept: str) -> Callable[[Target], bool]:
    best = max((media_quality(accept, target.media_type) for target in targets if target.media_type), default=0.0)
    return lambda target: bool(target.media_type) and media_quality(accept, target.media_type) == best > 0


def _by_language(targets: Sequence[Target], accept_language: str) -> Callable[[Target], bool]:
    spoken = [language for target in targets for language in target.languages]
    best = look_up(languages(accept_language), spoken)
    return lambda target: best is not None and best.lower() in {language.lower() for language in target.languages}


def forward(href: str, query: str) -> str:
    """Return the target with the request's whole query, byte for byte, before any fragment (§2.6.6)."""
    if not query:
        return href
    address, mark, fragment = href.partition("#")
    join = "?" if "?" not in address else "" if address.endswith(("?", "&")) else "&"
    return f"{address}{join}{query}{mark}{fragment}"


@dataclass(frozen=True, slots=True)
class Entity:
    """One level of a linkset: its address without query, what it is, and its links."""

    anchor: str
    description: str
    targets: tuple[Target, ...]

    def as_json(self) -> Json:
        """Return the link context object. Raise ValueError unless it has exactly one default link."""
        if sum(target.link_type == "defaultLink" for target in self.targets) > 1:
            raise ValueError("an entity has one default link")
        entry: Json = {"anchor": self.anchor, "itemDescription": self.description}
        for name in dict.fromkeys(target.link_type for target in self.targets):
            links = [target for target in self.targets if target.link_type == name]
            # The default is the one plain answer: where it leads and what it is called (§2.5.7).
            plain = [Target(name, link.href, link.title) for link in links] if name == "defaultLink" else links
            entry[f"{VOCABULARY}{name}"] = [link.as_json() for link in plain]
        return entry


def linkset(entities: Iterable[Entity]) -> Json:
    """Return a linkset (RFC 9264) as GS1's closed schema has it: nothing beside `linkset` at the top."""
    return {"linkset": [entity.as_json() for entity in entities]}


def linkset_as_json_ld(entities: Iterable[Entity], context_url: str) -> Json:
    """Return the same with its JSON-LD context named, for Accept: application/ld+json."""
    return {"@context": context_url, **linkset(entities)}


def description_file(root: str, keys: Sequence[str], *, name: str, context_url: str = "", phone: str = "") -> Json:
    """Return /.well-known/gs1resolver (§2.7). `root` is a URI; `keys` are the primary keys really served."""
    described: Json = {
        "resolverRoot": root,
        "supportedPrimaryKeys": list(keys),
        "name": name,
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
    }
    if context_url:
        described["jsonLdContextLocation"] = context_url
    if phone:
        described["contact"] = {"fn": name, "hasTelephone": f"tel:{phone}"}
    return described
