"""Straight to a label printer: only to the address that the operator allowed, and nothing twice, whatever it does."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import NOON, PASSWORD, Clock, House
from tests.press import make_waiting
from tests.test_print_jobs import a_press, ordered
from trace.accounts import Person
from trace.records import PrintExport, Printing, PrintJob, PrintSend, Run, WirePrinter
from trace.settings import Settings
from trace.upkeep import wire
from trace.upkeep.sending import Sender
from trace.work.print_spans import newest_job
from trace.work.printing import Order
from trace.work.wire import stop_dead

SignIn = Callable[[Person], FlaskClient]
WELL = b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
NO_PAPER = WELL.replace(b"\x02030,0,0", b"\x02030,1,0")


@dataclass
class StandIn:
    """A printer of our own: keeps what it is sent; after so many rows it goes wrong in one way."""

    language: str = "zpl"
    wrong: str = ""
    after: int = 0
    got: bytearray = field(default_factory=bytearray)
    questions: int = 0

    def __post_init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def rows(self) -> int:
        return self.got.count(b"^XG") if self.language == "zpl" else self.got.count(b"PRINT 1")

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            with line:
                self._answer(line)

    def _answer(self, line: socket.socket) -> None:
        question = b"~HS" if self.language == "zpl" else b"\x1b!?"
        while True:
            try:
                data = line.recv(65536)
            except OSError:
                return
            if not data:
                return
            asked = data.endswith(question)
            self.got += data.removesuffix(question)
            bad = self.wrong and self.rows >= self.after
            if bad and self.wrong == "lost":
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                return
            if asked:
                self.questions += 1
                if bad and self.wrong == "hangs":
                    continue
                if self.language == "tspl":
                    line.sendall(b"\x04" if bad else b"\x00")
                else:
                    line.sendall(NO_PAPER if bad else WELL)


@pytest.fixture
def stand_in() -> Iterator[Callable[..., StandIn]]:
    made: list[StandIn] = []

    def make(**how: object) -> StandIn:
        made.append(StandIn(**how))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.door.close()


@pytest.fixture
def app_settings(app: Flask, settings: Settings) -> None:
    app.config["SETTINGS"] = replace(settings, raw_printing=True)


def allowed(session: Session, house: House, printer: StandIn) -> WirePrinter:
    one = WirePrinter(
        cooperative_id=house.cooperative.id,
        name="Zebra",
        host="zebra.lan",
        ip="127.0.0.1",
        port=printer.port,
        language=printer.language,
        created_at=NOON,
    )
    session.add(one)
    session.commit()
    return one


def roll_of(session: Session, run: Run, language: str = "zpl") -> PrintJob:
    job = ordered(session, run, Order(51, 100, "roll-50x30", "code", format=language))
    make_waiting()
    return job


def sent(session: Session, clock: Clock) -> PrintSend:
    """What the press does, here and now."""
    session.commit()
    sender = Sender(a_press(clock))
    sender.look()
    sender.wait()
    session.expire_all()
    return session.scalars(select(PrintSend).order_by(PrintSend.id.desc())).first()  # type: ignore[return-value]


def press_send(browser: FlaskClient, job: PrintJob, printer: WirePrinter, mark: str = "a") -> int:
    form = {"mark": mark * 32, "wire": printer.public_id, "reason": "in thẳng"}
    return browser.post(f"/my/stamps/printings/{job.printing.public_id}/send", data=form).status_code


@pytest.mark.usefixtures("app_settings")
@pytest.mark.parametrize("language", ["zpl", "tspl"])
def test_a_file_goes_to_the_printer_whole_and_once(
    session: Session,
    house: House,
    run: Run,
    clock: Clock,
    sign_in: SignIn,
    stand_in: Callable[..., StandIn],
    language: str,
) -> None:
    printer = stand_in(language=language)
    known, job = allowed(session, house, printer), roll_of(session, run, language)
    browser = sign_in(house.member)
    assert "127.0.0.1" in browser.get(f"/my/stamps/printings/{job.printing.public_id}").text
    assert press_send(browser, job, known) == 302
    assert press_send(browser, job, known) == 302, "pressed twice: taken once"
    done = sent(session, clock)
    assert (done.state, done.sent, done.sure) == ("done", 50, 50)
    assert printer.rows == {"zpl": 50, "tspl": 52}[language], "TSPL draws the roll's first and last label alike"
    assert printer.questions >= 6
    assert session.scalar(select(func.count(PrintExport.id))) == 1
    assert sent(session, clock) is done
    assert printer.rows < 53, "and not again"
    assert "Đã gửi hết" in browser.get(f"/my/stamps/printings/{job.printing.public_id}").text


@pytest.mark.usefixtures("app_settings")
@pytest.mark.parametrize(
    ("wrong", "said"), [("paper", "hết giấy"), ("lost", "đứt giữa chừng"), ("hangs", "không nhận thêm")]
)
def test_a_printer_that_fails_midway_is_never_sent_on_by_itself(
    session: Session,
    house: House,
    run: Run,
    clock: Clock,
    sign_in: SignIn,
    stand_in: Callable[..., StandIn],
    monkeypatch: pytest.MonkeyPatch,
    wrong: str,
    said: str,
) -> None:
    monkeypatch.setattr(wire, "ANSWERS_WITHIN_S", 0.5)
    printer = stand_in(wrong=wrong, after=25)
    known, job = allowed(session, house, printer), roll_of(session, run)
    browser = sign_in(house.member)
    press_send(browser, job, known)
    stopped = sent(session, clock)
    assert (stopped.state, stopped.problem) == ("stopped", wrong)
    assert stopped.sure <= printer.rows <= stopped.sent < 50, "nothing came out that is not accounted for"
    rows = printer.rows
    sent(session, clock)
    assert printer.rows == rows, "nobody knows which came out last: a person looks"
    page = browser.get(f"/my/stamps/printings/{job.printing.public_id}").text
    assert said in page
    assert run.serial(50 + stopped.sure) in page

    # The person looks: 0000070 is the last good one, the rest is destroyed or never came out.
    answer = {"mark": "b" * 32, "do": "spoiled", "last_good": "70", "next_good": "", "destroyed": "y"}
    browser.post(f"/my/stamps/printings/{job.printing.public_id}/answer", data=answer)
    rest = session.scalars(select(Printing).order_by(Printing.id.desc())).first()
    assert rest is not None
    assert (rest.first, rest.last) == (71, 100)
    make_waiting()
    again = newest_job(session, rest)
    assert again is not None
    printer.wrong = ""
    assert press_send(browser, again, known, "c") == 302
    assert sent(session, clock).state == "done"


@pytest.mark.usefixtures("app_settings")
def test_what_a_killed_press_was_sending_is_stopped_and_told(
    session: Session, house: House, run: Run, clock: Clock, sign_in: SignIn, stand_in: Callable[..., StandIn]
) -> None:
    known, job = allowed(session, house, stand_in()), roll_of(session, run)
    press_send(sign_in(house.member), job, known)
    one = session.scalars(select(PrintSend)).one()
    one.state, one.beat_at, one.sent, one.sure = "sending", clock(), 20, 10
    session.commit()
    assert stop_dead(session, now=clock()) == 0
    clock.advance(seconds=46)
    assert stop_dead(session, now=clock()) == 1
    assert (one.state, one.problem) == ("stopped", "press")


def test_nothing_is_dialled_unless_the_operator_turned_it_on_and_allowed_it(
    session: Session,
    house: House,
    other_house: House,
    run: Run,
    clock: Clock,
    sign_in: SignIn,
    stand_in: Callable[..., StandIn],
    app: Flask,
    settings: Settings,
) -> None:
    printer = stand_in()
    known, job = allowed(session, house, printer), roll_of(session, run)
    foreign = allowed(session, other_house, printer)
    browser = sign_in(house.member)
    assert press_send(browser, job, known) == 409, "off"
    app.config["SETTINGS"] = replace(settings, raw_printing=True)
    assert press_send(browser, job, foreign, "b") == 422, "another cooperative's"
    known.ended_at = NOON
    session.commit()
    assert press_send(browser, job, known, "c") == 422, "no longer allowed"
    assert session.scalar(select(func.count(PrintSend.id))) == 0
    assert printer.questions == 0


def test_the_operator_allows_an_address_that_is_looked_up_once(
    session: Session, house: House, staff: dict[str, Person], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trace.pages.staff import operate_printers

    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return {"zebra.lan": ["192.168.1.50"], "bad.lan": ["224.0.0.1"]}.get(host, [])

    monkeypatch.setattr(operate_printers, "_resolve", resolve)
    operator = sign_in(staff["operator"])
    operator.post("/account/confirm", data={"fresh_password": PASSWORD})
    form = {
        "mark": "a" * 32,
        "cooperative": house.cooperative.public_id,
        "name": "Zebra",
        "host": "zebra.lan",
        "port": "9100",
        "language": "zpl",
    }
    for host, said in (("bad.lan", "224.0.0.1"), ("nowhere.lan", "không có địa chỉ")):
        refused = operator.post("/operate/printers", data=form | {"host": host})
        assert refused.status_code == 422
        assert said in refused.text
    assert operator.post("/operate/printers", data=form).status_code == 302
    known = session.scalars(select(WirePrinter)).one()
    assert (known.ip, known.host) == ("192.168.1.50", "zebra.lan")
    assert asked == ["bad.lan", "nowhere.lan", "zebra.lan"]
    page = operator.get("/operate/printers").text
    assert "192.168.1.50:9100" in page
    assert "TEMGOC_RAW_PRINTING" in page
    assert operator.post(f"/operate/printers/{known.public_id}/end", data={"mark": "b" * 32}).status_code == 302
    assert "192.168.1.50:9100" not in operator.get("/operate/printers").text
