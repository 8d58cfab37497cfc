"""The house keeps its rooms: who may import whom, no forgotten words, nothing too new for an old browser."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import trace

ROOT = Path(__file__).parent.parent
FLASK = ("flask", "wtforms", "werkzeug", "jinja2")
"""Flask, what comes with it, and every extension of it (flask_babel, flask_security …)."""

FORBIDDEN = {
    "labels": (*FLASK, "sqlalchemy", "trace"),
    "trace/standards": (*FLASK, "sqlalchemy", "trace.records", "trace.work", "trace.pages", "trace.accounts", "labels"),
    "trace/records": (*FLASK, "labels", "trace.work", "trace.pages", "trace.accounts", "trace.access"),
    "trace/work": (*FLASK, "trace.pages", "trace.accounts", "trace.access", "trace.db", "trace.settings"),
}
SAID_BY = {"gettext", "ngettext", "lazy_gettext", "Refused", "notify"}
SQL_IN_PAGES = {"select", "update", "delete", "insert", "text"}


def modules(room: str) -> Iterator[Path]:
    return (ROOT / room).rglob("*.py")


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, relative ones resolved."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (start, node.module) if part)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("room", FORBIDDEN)
def test_each_room_knows_only_what_it_may(room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules(room)
        for name in imports(path)
        for banned in FORBIDDEN[room]
        if name == banned or name.startswith((f"{banned}.", f"{banned}_"))
    ]
    assert not found, "\n".join(found)


def test_pages_fetch_by_key_and_leave_questions_to_work() -> None:
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules("trace/pages")
        for name in imports(path)
        if name.startswith("sqlalchemy.") and name.rsplit(".", 1)[1] in SQL_IN_PAGES
    ]
    assert not found, "\n".join(found)


def test_trace_is_ours() -> None:
    """A standard-library module has the same name: the checkout must win."""
    assert Path(trace.__file__).parent == ROOT / "trace"


def test_every_word_has_its_vietnamese() -> None:
    options = {"trace/**.py": "python", "labels/**.py": "python", "templates/**.html": "jinja2"}
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "Refused": None, "ngettext": (1, 2)}
    keywords |= {"notify": (2,), "Act": (4,)}
    found = extract_from_dir(
        str(ROOT),
        method_map=list(options.items()),
        options_map={"templates/**.html": {"extensions": "jinja2.ext.i18n", "silent": "false"}},
        keywords=keywords,
        directory_filter=lambda folder: Path(folder).name not in {".venv", ".git", "instance", "tests"},
    )
    with (ROOT / "trace/translations/vi/LC_MESSAGES/messages.po").open("rb") as file:
        known = read_po(file, locale="vi")
    missing = set()
    for name, _line, message, _comments, _context in found:
        key = message[0] if isinstance(message, tuple) else message
        entry = known.get(key)
        if key and (entry is None or not (entry.string if isinstance(entry.string, str) else all(entry.string))):
            missing.add(f"{name}: {key!r}")
    assert not missing, "\n".join(sorted(missing))


@pytest.mark.parametrize("path", sorted((ROOT / "trace/translations").rglob("*.po")), ids=lambda path: path.parts[-3])
def test_the_words_compile(path: Path) -> None:
    """A catalogue marked fuzzy is skipped without a sound, and every page would speak English."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    assert not catalogue.fuzzy
    assert not [(message.id, errors) for message, errors in catalogue.check()]


def test_a_sentence_kept_in_a_name_before_it_is_said_has_its_vietnamese_too() -> None:
    """The extractor finds literals in calls only; such a sentence is translated by luck, or by hand."""
    with (ROOT / "trace/translations/vi/LC_MESSAGES/messages.po").open("rb") as file:
        known = {str(message.id) for message in read_po(file) if message.string}
    functions = (
        node for path in modules("trace") for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    )  # fmt: skip
    assert [said for function in functions for said in _said_by_name(function) if said not in known] == []


def _said_by_name(function: ast.FunctionDef) -> Iterator[str]:
    nodes = list(ast.walk(function))
    kept = {
        target.id: node.value.value
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in nodes if isinstance(node, ast.Call)):
        if getattr(call.func, "id", getattr(call.func, "attr", "")) in SAID_BY:
            yield from (kept[one.id] for one in call.args[:2] if isinstance(one, ast.Name) and one.id in kept)


def test_templates_ask_for_no_style_and_no_script_inline() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        words = path.read_text()
        assert not re.search(r"\sstyle\s*=", words), path
        assert not re.search(r"\son\w+\s*=\s*[\"']", words), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", words), path


TOO_NEW_FOR_CHROME_109 = {
    "CSS nesting": r"(?m)^\s+&",
    "color-mix()": r"color-mix\(",
    "relative colours": r"\b(?:rgb|hsl|oklch)\(from\b",
    "@starting-style": r"@starting-style",
    "@scope": r"@scope\b",
    "light-dark()": r"light-dark\(",
    "field-sizing": r"field-sizing",
    "text-wrap": r"text-wrap\s*:",
    "anchor positioning": r"anchor-name|position-anchor",
    "dvh without fallback": r"(?<!vh;)\s(?:min-|max-)?height:\s*\d+dvh",
}
WITH_A_FALLBACK = re.compile(r"@supports[^{]*\{(?:[^{}]|\{[^{}]*\})*\}")
"""What an old browser passes over as a whole; what it does instead stands outside."""


def test_styles_hold_nothing_newer_than_chrome_109() -> None:
    """The last Chrome on Windows 7: many cooperatives' PCs will never have a newer one."""
    for path in [*(ROOT / "static").rglob("*.css"), *(ROOT / "templates").rglob("*.css")]:
        words = WITH_A_FALLBACK.sub("", path.read_text())
        for name, pattern in TOO_NEW_FOR_CHROME_109.items():
            assert not re.search(pattern, words), f"{path}: {name}"


NEWER_SCRIPT = r"\b(?:Promise\.withResolvers|Object\.groupBy|structuredClone\b.*transfer|\.toSorted\(|\.toReversed\()"


def test_scripts_hold_nothing_newer_than_chrome_109() -> None:
    for path in (ROOT / "static").rglob("*.js"):
        assert not re.search(NEWER_SCRIPT, path.read_text()), path


def test_the_project_stands_alone() -> None:
    for path in [*ROOT.glob("docs/**/*.md"), ROOT / "README.md", *modules("trace"), *modules("labels")]:
        if path.exists():
            assert "../shared" not in path.read_text(), path
