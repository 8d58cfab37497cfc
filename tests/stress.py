"""A mixed load of real people's deeds over HTTP against real processes that are killed without warning, and what must
hold afterwards: nothing acknowledged lost, nothing done twice, nothing half done."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from PIL import Image
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.browser import environment, free_port, wait_for
from tests.conftest import AUDITOR, NOON, PASSWORD, House, code_of, make_batch, make_house, make_person
from trace.accounts import Office
from trace.db import open_engine
from trace.logkeys import publisher, signer
from trace.records import Batch, BatchDecision, BatchPhoto, BatchVerdict, Cooperative, Entry, Printing, Run, Scan
from trace.records import StampRange as Range
from trace.service import keyring, numbering
from trace.settings import ROOT, Settings
from trace.upkeep.proof import chain_problems
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.log import current_shard, origin, publish
from trace.work.log_check import differences
from trace.work.stamps import issue_stamps

TOKEN = re.compile(r'name="token" value="([^"]+)"')
CSRF = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
PATIENCE_S = 120


@dataclass(frozen=True)
class Stage:
    """What the people of the load find: a house, waiting batches, a run whose stamps phones look at."""

    house: House
    email: str
    auditor: str
    product: str
    batch: str
    waiting: list[str]
    codes: list[str]


def furnish(session: Session, waiting: int = 200, codes: int = 3000) -> Stage:
    house = make_house(session, "HTX Na Mẫu", "HNM")
    auditor = make_person(session, "Nông Thị Kiểm", office=Office.AUDITOR)
    others = [make_batch(session, house, code=f"HNM-W{number}").public_id for number in range(waiting)]
    batch = make_batch(session, house, weight_g=200_000_000, packs=190_000)  # room for all that is issued
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    own = session.get_one(Cooperative, house.cooperative.id)
    run = issue_stamps(session, keyring(), numbering(), own, codes, actor=AUDITOR, now=NOON, batch=batch)
    activate(session, run, 1, codes, batch, actor=AUDITOR, now=NOON)
    session.commit()
    numbers = [code_of(run, number) for number in range(1, codes + 1)]
    told = (house.member.email, auditor.email, house.product.public_id, batch.public_id)
    session.commit()
    return Stage(house, *told, others, numbers)


class Visitor:
    """A browser of few words: cookies, forms, and the same form sent again when no answer came."""

    def __init__(self, ports: list[int]) -> None:
        self.ports, self.cookie, self.csrf = ports, "", ""

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str, str]:
        connection = HTTPConnection("127.0.0.1", random.choice(self.ports), timeout=20)
        try:
            headers = {"Cookie": self.cookie, "User-Agent": "Mozilla/5.0 (Linux; Android 12) Mobile"}
            headers |= {"Content-Type": kind} if kind else {}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode("utf-8", "replace")
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.cookie = line.split(";")[0]
            return answer.status, answer.headers.get("Location", ""), page
        finally:
            connection.close()

    def sure(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str, str]:
        """Until there is an answer; a person presses again, and the form's mark sees to it that it counts once."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with suppress(OSError, HTTPException):
                answer = self.ask(method, path, body, kind)
                if answer[0] != 503:
                    return answer
            time.sleep(0.1)
        raise TimeoutError(path)

    def sign_in(self, email: str) -> None:
        self.cookie = ""
        page = self.sure("GET", "/sign-in")[2]
        form = {"email": email, "password": PASSWORD, "csrf_token": CSRF.search(page)[1]}  # type: ignore[index]
        status, _, page = self.sure("POST", "/sign-in", urlencode(form).encode(), "application/x-www-form-urlencoded")
        if status != 302:  # the answer to the first press was lost: its session, too
            return self.sign_in(email)
        page = self.sure("GET", "/account")[2]
        self.csrf = CSRF.search(page)[1]  # type: ignore[index]
        return None

    def send(self, path: str, **fields: str) -> str:
        """Post a form; where it led. An answer other than yes is a fault of the load."""
        form = {"csrf_token": self.csrf, "mark": uuid4().hex} | fields
        status, where, page = self.sure("POST", path, urlencode(form).encode(), "application/x-www-form-urlencoded")
        if status != 302:
            raise AssertionError(f"{path}: {status} {page[page.find('<main') :][:1500]}")
        return where

    def send_picture(self, path: str) -> str:
        edge, file = uuid4().hex, BytesIO()
        Image.effect_noise((64, 48), 50).save(file, "PNG")
        fields = {"csrf_token": self.csrf, "mark": uuid4().hex}
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in fields.items()]  # fmt: skip
        head = 'Content-Disposition: form-data; name="photo"; filename="lo.png"\r\nContent-Type: image/png\r\n\r\n'
        parts.append(f"--{edge}\r\n{head}".encode() + file.getvalue() + f"\r\n--{edge}--\r\n".encode())
        status, where, _ = self.sure("POST", path, b"".join(parts), f"multipart/form-data; boundary={edge}")
        assert status == 302, status
        return where


@dataclass
class Ledger:
    """What was acknowledged."""

    runs: list[str] = field(default_factory=list)
    spans: list[tuple[str, int, int]] = field(default_factory=list)
    printings: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    photos: int = 0
    scans: list[int] = field(default_factory=list)
    sign_ins: int = 0
    begun: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        lists = (self.runs, self.spans, self.printings, self.decided, self.scans)
        return sum(map(len, lists)) + self.photos + self.sign_ins


def _last(path: str) -> str:
    return urlsplit(path).path.rsplit("/", 1)[1]


class Crowd:
    """Threads, each a person at work, until told to stop."""

    def __init__(self, stage: Stage, ports: list[int]) -> None:
        self.stage, self.ports, self.ledger = stage, ports, Ledger()
        self.stop = threading.Event()
        self._waiting = iter(stage.waiting)
        self._printed: set[str] = set()
        self._albums = iter([batch for batch in stage.waiting for _ in range(3)])  # a batch has few photos
        self._codes = iter(enumerate(stage.codes, 1))
        work = [self.member, self.member, self.auditor, self.phone, self.phone]
        self._threads = [threading.Thread(target=self._run, args=(one,), daemon=True) for one in work]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(2 * PATIENCE_S)
            assert not thread.is_alive(), "somebody waits for an answer for ever"
        assert not self.ledger.faults, "\n".join(self.ledger.faults)

    def _run(self, work: Callable[[Visitor], None]) -> None:
        try:
            work(Visitor(self.ports))
        except BaseException as fault:
            self.ledger.faults.append(f"{work.__name__}: {fault!r}")

    def member(self, me: Visitor) -> None:
        me.sign_in(self.stage.email)
        runs: list[tuple[str, int]] = []
        while not self.stop.is_set():
            deed = random.choice((self._issue, self._issue, self._activate, self._activate, self._print, self._photo))
            if random.random() < 0.03:
                me.sign_in(self.stage.email)
                self.ledger.sign_ins += 1
            deed(me, runs)

    def _issue(self, me: Visitor, runs: list[tuple[str, int]]) -> None:
        self.ledger.begun["run"] += 1
        run = _last(me.send("/my/stamps/new", batch=self.stage.batch, count="60"))
        self.ledger.runs.append(run)
        runs.append((run, 1))

    def _activate(self, me: Visitor, runs: list[tuple[str, int]]) -> None:
        if not runs or runs[-1][1] > 50:
            return
        run, first = runs[-1]
        runs[-1] = (run, first + 10)
        span = {"first": str(first), "last": str(first + 9)}
        me.send(f"/my/stamps/{run}/activate", batch=self.stage.batch, **span)
        self.ledger.spans.append((run, first, first + 9))

    def _print(self, me: Visitor, runs: list[tuple[str, int]]) -> None:
        if not runs or runs[-1][0] in self._printed:
            return
        self._printed.add(runs[-1][0])  # once each: what is printed again is asked about first
        self.ledger.begun["printing"] += 1
        paper = {"stock": "a4-65", "face": "code", "format": "csv", "copies": "1", "dpi": "0", "do": "print"}
        where = me.send(f"/my/stamps/{runs[-1][0]}/print", serials="51-60", **paper)
        self.ledger.printings.append(_last(where))

    def _photo(self, me: Visitor, _runs: list[tuple[str, int]]) -> None:
        batch = next(self._albums, None)
        if batch is None:
            return
        self.ledger.begun["photo"] += 1
        me.send_picture(f"/my/batches/{batch}/photos")
        self.ledger.photos += 1

    def auditor(self, me: Visitor) -> None:
        me.sign_in(self.stage.auditor)
        while not self.stop.is_set():
            batch = next(self._waiting, None)
            if batch is None:
                return
            me.send(f"/audit/batches/{batch}/certify", seen="0")
            self.ledger.decided.append(batch)
            time.sleep(0.2)

    def phone(self, me: Visitor) -> None:
        while not self.stop.is_set():
            number, code = next(self._codes, (0, ""))
            if not code:
                return
            page = me.sure("GET", f"/T/{code}")[2]
            token = TOKEN.search(page)
            assert token is not None, page[:2000]
            form = urlencode({"by": "phone", "code": code, "token": token[1]}).encode()
            status, _, _ = me.sure("POST", "/scan", form, "application/x-www-form-urlencoded")
            assert status == 204, status
            self.ledger.scans.append(number)
            time.sleep(0.05)


class Processes:
    """Web servers and workers as in production, and the hand that kills them."""

    def __init__(self, places: list[Settings]) -> None:
        self.ports = [free_port() for _ in places]
        self._places = places
        self._web = [self._start_web(number) for number in range(len(places))]
        for port, server in zip(self.ports, self._web, strict=True):
            wait_for(f"http://127.0.0.1:{port}/healthz", server)
        self._workers = [self._start_worker(number) for number in range(len(places))]
        self.killed: Counter[str] = Counter()

    def _environ(self, number: int) -> dict[str, str]:
        own = {"HOST": "127.0.0.1", "PORT": str(self.ports[number]), "TEMGOC_WORKERS": "2", "TEMGOC_LOG_LEVEL": "error"}
        machine = {"TEMGOC_MACHINE": str(number + 1)} if len(self._places) > 1 else {}
        return environment(self._places[number], **own, **machine)

    def _start_web(self, number: int) -> subprocess.Popen[bytes]:
        return self._start(number, "-m", "gunicorn", "--log-level", "critical")

    def _start_worker(self, number: int) -> subprocess.Popen[bytes]:
        return self._start(number, "-m", "flask", "--app", "trace", "worker")

    def _start(self, number: int, *words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self._environ(number), start_new_session=True,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        """One of them, at random; what nobody would start again is started again."""
        number, dice = random.randrange(len(self._web)), random.random()
        if dice < 0.04:
            self._kill_group(self._web[number])
            self._web[number] = self._start_web(number)
            self.killed["web server"] += 1
        elif dice < 0.25:
            self._kill_group(self._workers[number])
            self._workers[number] = self._start_worker(number)
            self.killed["worker"] += 1
        elif children := _children(self._web[number].pid):
            with suppress(ProcessLookupError):
                os.kill(random.choice(children), signal.SIGKILL)
                self.killed["web process"] += 1

    def _kill_group(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for process in (*self._web, *self._workers):
            self._kill_group(process)


def _children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


@contextmanager
def _work_for_workers(url: str) -> Iterator[None]:
    """Whatever comes round is due again at once, and no lease of a dead worker is waited for."""
    engine, stop = open_engine(url), threading.Event()

    def wind() -> None:
        while not stop.wait(1):
            with suppress(DBAPIError), engine.begin() as connection:
                connection.execute(text("UPDATE job SET last_done_at = NULL, leased_until = NULL"))

    thread = threading.Thread(target=wind)
    thread.start()
    yield
    stop.set()
    thread.join()
    engine.dispose()


@dataclass(frozen=True)
class Report:
    kills: Counter[str]
    seconds: float
    ledger: Ledger

    def told(self) -> str:
        counted = self.ledger
        done = {"issued": len(counted.runs), "activated": len(counted.spans), "printed": len(counted.printings),
                "decided": len(counted.decided), "photos": counted.photos, "scans": len(counted.scans),
                "sign-ins": counted.sign_ins}  # fmt: skip
        number = sum(self.kills.values())
        return f"{number} kills in {self.seconds:.0f} s ({dict(self.kills)}); acknowledged {done}"


def campaign(stage: Stage, places: list[Settings], kills: int) -> Report:
    """Kill so many processes under load, never two without somebody having been answered in between."""
    processes = Processes(places)
    crowd = Crowd(stage, processes.ports)
    try:
        with _work_for_workers(places[0].database_url):
            crowd.start()
            began, seen = time.monotonic(), 0
            while sum(processes.killed.values()) < kills and not crowd.ledger.faults:
                time.sleep(random.uniform(0.02, 0.3))
                patience = time.monotonic() + PATIENCE_S
                while crowd.ledger.acknowledged == seen and time.monotonic() < patience:
                    time.sleep(0.01)
                seen = crowd.ledger.acknowledged
                processes.kill()
            seconds = time.monotonic() - began
            crowd.join()
    finally:
        crowd.stop.set()
        processes.end()
    return Report(processes.killed, seconds, crowd.ledger)


def verify(session: Session, settings: Settings, stage: Stage, ledger: Ledger) -> None:
    """What must hold, asked of the database itself."""
    if session.get_bind().dialect.name == "sqlite":
        assert session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    _verify_acknowledged(session, stage, ledger)
    _verify_ranges(session)
    _verify_history(session, settings)


def _verify_acknowledged(session: Session, stage: Stage, ledger: Ledger) -> None:
    runs = set(session.scalars(select(Run.public_id)))
    assert set(ledger.runs) <= runs
    assert len(runs) - 1 <= ledger.begun["run"], "a form pressed again was taken twice"
    assert len(set(ledger.runs)) == len(ledger.runs)
    printings = set(session.scalars(select(Printing.public_id)))
    assert set(ledger.printings) <= printings
    assert len(printings) <= ledger.begun["printing"]
    for run, first, last in ledger.spans:
        inside = (Run.public_id == run, Range.first <= first, Range.last >= last, Range.state == "active")
        assert session.scalar(select(func.count(Range.id)).join(Run, Run.id == Range.run_id).where(*inside)) == 1
    decided = select(Batch.public_id, func.count()).join(BatchDecision, BatchDecision.batch_id == Batch.id)
    verdicts = dict(session.execute(decided.group_by(Batch.public_id)).all())  # type: ignore[arg-type]
    assert {verdicts.get(batch) for batch in ledger.decided} <= {1}, "decided once, each of them"
    photos = session.scalar(select(func.count(BatchPhoto.id)))
    assert photos is not None
    assert ledger.photos <= photos <= ledger.begun["photo"]
    scanned = Counter(session.scalars(select(Scan.number)))
    assert not set(ledger.scans) - scanned.keys()


def _verify_ranges(session: Session) -> None:
    """Each run is covered by its ranges, every stamp once."""
    numbers = list(session.scalars(select(Run.number)))
    assert len(set(numbers)) == len(numbers)
    query = select(Range.first, Range.last).order_by(Range.first)
    for run_id, count in session.execute(select(Run.id, Run.count)).all():
        spans = session.execute(query.where(Range.run_id == run_id)).all()
        edges = [(1, 0), *spans, (count + 1, count + 1)]
        assert all(later[0] == earlier[1] + 1 for earlier, later in pairwise(edges)), spans


def _verify_history(session: Session, settings: Settings) -> None:
    """The chain is whole, every change has its entry and every entry its change, and the log verifies."""
    newest = session.scalars(select(Entry.chain_hash).order_by(Entry.index.desc()).limit(1)).one()
    assert chain_problems(session.connection(), bytes(newest).hex()) == []
    kinds = Counter(session.scalars(select(Entry.kind)))
    assert kinds["run.issued"] == session.scalar(select(func.count(Run.id)))
    assert kinds["batch.photo_added"] == session.scalar(select(func.count(BatchPhoto.id)))
    assert kinds["printing.made"] == session.scalar(select(func.count(Printing.id)))
    for body in session.scalars(select(Entry.body).where(Entry.kind == "stamps.activated")):
        facts = json.loads(body)
        for first, last in facts["facts"]["spans"]:
            own = (Run.public_id == facts["subject"]["id"], Range.first <= first, Range.last >= last)
            active = select(func.count(Range.id)).join(Run).where(*own, Range.state == "active")
            assert session.scalar(active) == 1, "an entry of an activation that did not happen"
    while publish(session, publisher(settings), now=datetime.now(UTC)):
        session.commit()
    name = origin(session, current_shard(session))
    assert list(differences(session, signer(settings, name).verifier())) == []


def two_places(settings: Settings, folder: Path) -> list[Settings]:
    """Two machines: the same database and keys, each its own folder."""
    import shutil

    places = []
    for number in (1, 2):
        own = folder / f"machine{number}"
        shutil.copytree(settings.secrets, own / "secrets")
        places.append(replace(settings, secrets=own / "secrets", instance=own))
    return places
