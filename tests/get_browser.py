"""A Chromium for the tests: found, fetched (apt's when root, else playwright's), started. A script prints its path."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>
"""
APT_WITHIN_S = 600
PLAYWRIGHT_WITHIN_S = 420


def find() -> str | None:
    """The path of a Chromium on this machine: TEMGOC_CHROMIUM, the system's, or one that playwright fetched before."""
    given = os.environ.get("TEMGOC_CHROMIUM")
    if given:
        return given
    return next(filter(None, map(shutil.which, NAMES)), None) or _of_playwright()


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def launch(playwright: Any, path: str) -> Any:
    """A browser with the Chinese letters of the labels' font: every phone has some, many a server has none."""
    package = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    assert package is not None
    with NamedTemporaryFile("w", suffix=".conf") as conf:
        conf.write(FONTS.format(folder=Path(str(package.origin)).parent))
        conf.flush()
        surroundings = os.environ | {"FONTCONFIG_FILE": conf.name}
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, env=surroundings)
        browser.new_page().close()  # its processes have read the file by then
    return browser


def _try(command: list[str], within_s: int) -> bool:
    try:
        return subprocess.run(command, timeout=within_s, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def get() -> str | None:
    if os.geteuid() == 0 and shutil.which("apt-get") and _try(["apt-get", "-qq", "update"], APT_WITHIN_S):
        _try(["apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"], APT_WITHIN_S)
    if (path := find()) is None:
        _try([sys.executable, "-m", "playwright", "install", "chromium"], PLAYWRIGHT_WITHIN_S)
        path = find()
    return path


def main() -> int:
    path = find() or get()
    if path is not None:
        print(f"Chromium: {path}")
        return 0
    print(
        "!!! NO CHROMIUM COULD BE HAD: the tests that walk the pages in a browser will be SKIPPED !!!", file=sys.stderr
    )
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
