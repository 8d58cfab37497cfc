"""The forms of a page as a browser finds them, and what the page says beside their fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class FoundForm:
    action: str
    texts: set[str] = field(default_factory=set)
    """Names of boxes to type in."""
    secrets: set[str] = field(default_factory=set)
    needed: set[str] = field(default_factory=set)
    given: dict[str, str] = field(default_factory=dict)
    """What a browser sends without anybody having typed: hidden fields."""
    filled: dict[str, str] = field(default_factory=dict)
    """What it sends of the rest as the page was filled in."""


class FormsIn(HTMLParser):
    """The posted forms of a page, and the names of the fields it complains about."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[FoundForm] = []
        self._said: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._beside = ""
        self._form: FoundForm | None = None
        self._inside = ""
        """The textarea or list that is open."""
        self.feed(page)
        self.wrong = {self._names.get(key, key): words for key, words in self._said.items()}
        """What is said beside each field."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            posts = about.get("method", "").lower() == "post"
            self._form = FoundForm(about.get("action") or self.address) if posts else None
            if self._form is not None:
                self.forms.append(self._form)
        elif about.get("id", "").endswith("-error"):
            self._beside = about["id"].removesuffix("-error")
            self._said[self._beside] = ""
        elif tag in {"input", "textarea", "select"} and about.get("name"):
            self._names[about.get("id", "")] = about["name"]
            self._inside = about["name"] if tag != "input" else ""
            if self._form is not None:
                _keep(self._form, tag, about)
        elif tag == "option" and "selected" in about and self._form is not None:
            self._form.filled[self._inside] = about.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._beside:
            self._said[self._beside] += data
        elif self._form is not None and self._inside in self._form.texts:
            self._form.filled[self._inside] = data.removeprefix("\r\n").lstrip("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "div":
            self._beside = ""
        if tag in {"textarea", "select"}:
            self._inside = ""

    @property
    def main(self) -> dict[str, str]:
        """The form with most to fill in, as a browser would send it untouched."""
        form = max(self.forms, key=lambda form: len(form.texts))
        return form.given | form.filled


def _keep(form: FoundForm, tag: str, about: dict[str, str]) -> None:
    name, kind = about["name"], about.get("type", "text")
    if "required" in about:
        form.needed.add(name)
    if kind == "hidden":
        form.given[name] = about.get("value", "")
    elif tag == "textarea" or (tag == "input" and kind in {"text", "tel", "email", "password", "search"}):
        form.texts.add(name)
        form.filled[name] = about.get("value", "")
    if kind == "password":
        form.secrets.add(name)
