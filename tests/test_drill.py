"""The yearly drill of docs/operations.md: a production service on PostgreSQL, an operator and an officer with passkeys,
a cooperative and whom it invited; then the disk is lost, and all comes back from backup and copied keys."""

import os
import re
import shutil
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import free_port, wait_for
from tests.conftest import AUDITOR, MakeApp, code_of, make_batch, make_house
from tests.databases import administer, new_database, tools_of
from tests.mail_server import certificate
from trace.db import db
from trace.records import BatchVerdict
from trace.service import keyring, numbering
from trace.settings import ROOT, from_environment
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.stamps import issue_stamps

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PASSWORD = "cây hồi già bên suối cạn"
BACK_WITHIN_S = 300
STAMPS = 500


class Machine:
    """One server of the province: its disk (database, instance, keys, backups) and its processes."""

    def __init__(self, server: str, disk: Path, tools: Path) -> None:
        self.server, self.disk, self.port, self.plain = server, disk, free_port(), free_port()
        self.database = f"d{uuid4().hex}"
        self.certificate, self.key = certificate(disk.parent)
        self.tools = tools
        self.put_up()

    def put_up(self) -> None:
        """A new disk: an empty database and the folders of the page."""
        self.url = new_database(self.server, self.database)
        for folder in ("keys", "instance", "backups"):
            (self.disk / folder).mkdir(parents=True, mode=0o700)

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "TEMGOC_MODE": "production",
            "TEMGOC_PUBLIC_URL": self.address,
            "TEMGOC_DATABASE_URL": self.url,
            "TEMGOC_INSTANCE": str(self.disk / "instance"),
            "TEMGOC_SECRETS": str(self.disk / "keys"),
            "TEMGOC_BACKUPS": str(self.disk / "backups"),
            "TEMGOC_PG_BIN": str(self.tools),
            "TEMGOC_WORKERS": "1",
            "TEMGOC_LOG_LEVEL": "warning",
            "HOST": "127.0.0.1",
            "PORT": str(self.plain),
        }
        return {name: value for name, value in os.environ.items() if not name.startswith("TEMGOC_")} | own

    def command(self, *words: str) -> str:
        """`flask --app trace …` as the page says it."""
        line = [sys.executable, "-m", "flask", "--app", "trace", *words]
        done = subprocess.run(line, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The web unit: migrations first, then gunicorn; before it what nginx would do."""
        self.command("migrate")
        line = [sys.executable, "-m", "gunicorn"]
        web = subprocess.Popen(line, cwd=ROOT, env=self.environment, start_new_session=True)
        try:
            wait_for(f"http://127.0.0.1:{self.plain}/healthz", web)
            with encrypted(self.port, self.plain, self.certificate, self.key):
                yield
        finally:
            web.terminate()
            web.wait(40)

    def lose_the_disk(self) -> None:
        administer(self.server, f'DROP DATABASE "{self.database}" WITH (FORCE)')
        shutil.rmtree(self.disk)


@contextmanager
def encrypted(port: int, plain: int, certificate: Path, key: Path) -> Iterator[None]:
    """TLS on one port of this machine, the plain bytes to another."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)

    class Talk(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with tls.wrap_socket(self.request, server_side=True) as secret, \
                 socket.create_connection(("127.0.0.1", plain)) as within:  # fmt: skip
                back = threading.Thread(target=pour, args=(within, secret), daemon=True)
                back.start()
                pour(secret, within)
                back.join()

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

        def handle_error(self, *_request: object) -> None:
            """A browser that lets go in the middle of a greeting is no fault of ours."""

    with Server(("127.0.0.1", port), Talk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def pour(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


@pytest.fixture
def machine(postgresql_server: str, tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(postgresql_server, tmp_path / "disk", tools_of(postgresql_server))
    yield machine
    administer(machine.server, f'DROP DATABASE IF EXISTS "{machine.database}" WITH (FORCE)')


def with_a_key(browser: Browser, machine: Machine) -> Page:
    """Somebody's own computer, with a lock that makes passkeys."""
    context = browser.new_context(base_url=machine.address, ignore_https_errors=True, locale="vi-VN")
    page = context.new_page()
    page.set_default_timeout(20_000)
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    ways = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": ways | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    return page


def starts(page: Page, link: str, phone: str) -> None:
    """A one-time link: a password, then a passkey as the second factor."""
    page.goto(link)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn-primary")
    page.fill("[name=email]", phone)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile("second-factor"))
    page.fill("form[data-passkey=create] [name=name]", "Máy ở bàn")
    page.click("form[data-passkey=create] button.btn-primary")
    page.get_by_role("heading", name="Mã khôi phục").wait_for()


def confirms(page: Page) -> None:
    """Asked who is there before a dangerous act."""
    page.wait_for_load_state()
    if page.locator("form[data-passkey=get]").count():
        page.click("form[data-passkey=get] button")
        page.wait_for_load_state()


def offices(browser: Browser, machine: Machine) -> Page:
    """Two operators by command; they confirm the address and give an officer the office. Returns the officer's page."""
    operators = []
    for name, phone in (("Phạm Thị Hành", "0912345678"), ("Lý Văn Trực", "0912345679")):
        said = machine.command("operator", name, "--phone", phone)
        operators.append(with_a_key(browser, machine))
        starts(operators[-1], said.split()[-1], phone)
    first, second = operators
    first.goto("/operate/address")
    first.check("[name=seen]")
    first.click("main form.sheet button.btn-primary")
    confirms(first)
    first.goto("/operate/people/new")
    first.fill("[name=name]", "Trần Văn Duyệt")
    first.fill("[name=phone]", "0987 111 222")
    first.check("[name=office][value=officer]")
    first.click("main form button.btn-primary")
    confirms(first)
    second.goto("/proposals")
    second.click("main th a")
    second.get_by_role("button", name="Đồng ý").click()
    confirms(second)
    first.goto("/operate/people/")
    first.get_by_role("button", name="Tạo liên kết").click()
    confirms(first)
    officer = with_a_key(browser, machine)
    starts(officer, first.locator("main code").inner_text(), "0987111222")
    return officer


def cooperative(browser: Browser, machine: Machine, officer: Page) -> None:
    """Registers, is approved, and invites somebody by a link."""
    phone = {"base_url": machine.address, "ignore_https_errors": True, "locale": "vi-VN"}
    manager, member = (browser.new_context(**phone).new_page() for _ in range(2))
    manager.goto("/register")
    for name, words in {
        "name": "HTX Hồng Vành Khuyên", "tax_code": "0100233488", "address": "Khu 2", "contact_name": "Hà Văn Khải",
        "phone": "0912 304 506", "password": PASSWORD,
    }.items():  # fmt: skip
        manager.fill(f"[name={name}]", words)
    manager.select_option("[name=commune_code]", label="Xã Na Sầm")
    manager.click("main form button.btn-primary")
    manager.wait_for_url(re.compile("/(my|home)"))
    officer.goto("/office/cooperatives?state=waiting")
    officer.click("main th a")
    officer.get_by_text("Phê duyệt đăng ký").first.click()
    officer.get_by_role("button", name="Phê duyệt đăng ký").last.click()
    confirms(officer)
    officer.get_by_text("Đã phê duyệt").first.wait_for()
    manager.goto("/my/people")
    manager.fill("[name=name]", "Chị Lan")
    manager.click("form[action$='/invite'] button")
    member.goto(manager.locator("main code").inner_text())
    member.fill("[name=phone]", "0987 123 465")
    member.fill("[name=password]", PASSWORD)
    member.click("main form button.btn-primary")
    member.wait_for_url(re.compile("/(my|home)"))


def stamps(machine: Machine, make_app: MakeApp) -> list[str]:
    """Codes of a printed and activated run."""
    app, now = make_app(from_environment(machine.environment)), datetime.now(UTC)
    with app.app_context():
        session = db.get_session("default")
        house = make_house(session, "HTX Na Mẫu", "HNM")
        batch = make_batch(session, house, packs=STAMPS, weight_g=600_000)
        decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=now)
        by = {"actor": AUDITOR, "now": now}
        run = issue_stamps(session, keyring(), numbering(), house.cooperative, STAMPS, batch=batch, **by)
        activate(session, run, 1, STAMPS, batch, **by)
        session.commit()
        return [code_of(run, number) for number in range(1, STAMPS + 1)]


def read(machine: Machine, code: str) -> tuple[int, bool]:
    """The status, and whether the page says whose goods these are."""
    with urllib.request.urlopen(f"http://127.0.0.1:{machine.plain}/T/{code}", timeout=20) as answer:
        return answer.status, "HTX Na Mẫu" in answer.read().decode()


def test_a_lost_disk_is_back_within_five_minutes_and_every_stamp_reads(
    chromium: Browser, machine: Machine, make_app: MakeApp, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    with machine.serving():
        officer = offices(chromium, machine)
        cooperative(chromium, machine, officer)
        codes = stamps(machine, make_app)
        assert {read(machine, code) for code in codes} == {(200, True)}
        machine.command("backup")
    [backup] = (machine.disk / "backups").glob("*.tar*")
    shutil.copytree(machine.disk / "keys", stick / "keys")
    shutil.copy(backup, stick)

    machine.lose_the_disk()
    lost_at = time.perf_counter()
    machine.put_up()
    shutil.copytree(stick / "keys", machine.disk / "keys", dirs_exist_ok=True)
    machine.command("restore", str(stick / backup.name))
    with machine.serving():
        back_s = time.perf_counter() - lost_at
        assert {read(machine, code) for code in codes} == {(200, True)}
        officer.context.clear_cookies()
        officer.goto("/sign-in")
        officer.click("form[data-passkey=get] button")
        officer.wait_for_url(re.compile("/(home|office)"))
        officer.goto("/office/cooperatives?q=hong+vanh+khuyen")
        officer.get_by_text("HTX Hồng Vành Khuyên").wait_for()
    print(f"\nback {back_s:.0f} s after the disk was lost, {STAMPS} stamps read")
    assert back_s < BACK_WITHIN_S
