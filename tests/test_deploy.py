"""The sample files of docs/deploy: they parse, they agree with the code, and nginx hands targets on as they came."""

import configparser
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.browser import free_port
from trace.settings import ROOT, from_environment

DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))


def _unit(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path)
    return parser


def _environment() -> dict[str, str]:
    lines = (DEPLOY / "temgoc.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_parse_and_name_what_exists(path: Path) -> None:
    unit = _unit(path)
    assert unit["Unit"]["Description"]
    if "Service" in unit:
        for name in ("ExecStart", "ExecStartPre"):
            command = unit["Service"].get(name, "")
            if "/srv/temgoc/.venv/bin/" in command:
                assert (ROOT / ".venv" / "bin" / Path(command.split()[0]).name).exists()


@pytest.mark.parametrize("name", ["temgoc-web.service", "temgoc-worker.service"])
def test_units_may_write_where_the_settings_say(name: str) -> None:
    service = _unit(DEPLOY / name)["Service"]
    settings = _environment()
    writable = service["ReadWritePaths"].split()
    assert {settings["TEMGOC_INSTANCE"], settings["TEMGOC_BACKUPS"], settings["TEMGOC_SECRETS"]} == set(writable)
    assert service["EnvironmentFile"] == "/etc/temgoc/temgoc.env"


def test_the_sample_settings_are_ones_that_production_starts_with() -> None:
    settings = from_environment(_environment())
    assert not settings.demo
    assert settings.https
    assert settings.trusted_proxies == 1


def test_every_setting_of_the_sample_is_one_the_code_reads() -> None:
    known = set(re.findall(r"TEMGOC_[A-Z_]+", (ROOT / "trace" / "settings.py").read_text())) | {"HOST", "PORT"}
    assert set(_environment()) <= known


def test_every_setting_stands_in_the_operations_page() -> None:
    known = set(re.findall(r"TEMGOC_[A-Z_]+", (ROOT / "trace" / "settings.py").read_text()))
    told = set(re.findall(r"TEMGOC_[A-Z_]+", (ROOT / "docs" / "operations.md").read_text()))
    assert known <= told


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_to_complain_about(path: Path) -> None:
    done = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "Unknown" in line or "Failed to parse" in line]
    assert ours == []


class _Mirror(BaseHTTPRequestHandler):
    """Answers with the request's target and what the proxy added."""

    def do_GET(self) -> None:
        told = (self.requestline.split()[1], self.headers.get("X-Forwarded-For"), self.headers.get("X-Request-ID"))
        body = "\n".join(map(str, told)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quietly."""


@pytest.fixture
def mirror() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Mirror)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def nginx(mirror: int, tmp_path: Path) -> Iterator[int]:
    if shutil.which("nginx") is None:
        pytest.skip("no nginx here")
    port = free_port()
    body = (DEPLOY / "nginx.conf").read_text()
    body = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", body, count=1, flags=re.DOTALL)
    body = re.sub(r"^\s*(listen|ssl_\w+) .*$", "", body, flags=re.MULTILINE)
    body = body.replace("server {", f"server {{\n listen 127.0.0.1:{port};", 1).replace(
        "127.0.0.1:8000", f"127.0.0.1:{mirror}"
    )
    folders = " ".join(
        f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"daemon off; pid {tmp_path}/pid; error_log stderr;\nevents {{}}\nhttp {{ {folders}\n{body}\n}}\n"
    )
    process = subprocess.Popen(["nginx", "-e", "stderr", "-c", str(config)], stderr=subprocess.DEVNULL)
    for _ in range(50):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    yield port
    process.terminate()
    process.wait(10)


@pytest.mark.parametrize(
    "target",
    [
        "/T/7K3M9QX2WABCD5EF",
        "/01/09520100000171/10/A%2FB%20C/21/X?17=270101",
        "//01//09520100000171",
        "/a/../b/%2e%2e/c",
        "/t/a+b%2B",
    ],
)
def test_nginx_hands_the_target_on_as_it_came(nginx: int, target: str) -> None:
    connection = HTTPConnection("127.0.0.1", nginx, timeout=5)
    connection.putrequest("GET", target, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", "tem.example.vn")
    connection.putheader("X-Forwarded-For", "203.0.113.9")
    connection.endheaders()
    answer = connection.getresponse().read().decode().splitlines()
    connection.close()
    assert answer[0] == target
    assert answer[1] == "127.0.0.1"  # what a stranger claims is not passed on
    assert re.fullmatch("[0-9a-f]{32}", answer[2])


def test_nginx_shows_no_metrics_to_the_world(nginx: int) -> None:
    connection = HTTPConnection("127.0.0.1", nginx, timeout=5)
    connection.request("GET", "/metrics", headers={"Host": "tem.example.vn"})
    assert connection.getresponse().status == 403
    connection.close()


def test_both_proxies_hand_on_what_the_service_needs() -> None:
    for name in ("nginx.conf", "Caddyfile"):
        words = (DEPLOY / name).read_text()
        for needed in ("X-Request-ID", "X-Forwarded-For", "127.0.0.1:8000", "/metrics", "24"):
            assert needed in words
