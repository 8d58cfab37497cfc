"""`/metrics` for Prometheus: to this machine itself, or with a token; to nobody else."""

import hmac
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import OperationalError

from ..access import allow
from ..db import db
from ..service import settings, sources
from ..work.vitals import Vital, vitals

bp = Blueprint("metrics", __name__)
LOOPBACK = frozenset({"127.0.0.1", "::1"})
PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
"""A request that came through a proxy came from elsewhere, whatever its peer is."""
OF_ALL_PROCESSES = "PROMETHEUS_MULTIPROC_DIR"


@bp.get("/metrics")
@allow("public")
def metrics() -> ResponseReturnValue:
    if not (_from_here() or _with_token()):
        abort(404)
    registry = CollectorRegistry()
    if OF_ALL_PROCESSES in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        found = generate_latest(registry)
    else:
        found = generate_latest(REGISTRY)
    now = CollectorRegistry()
    now.register(_Vitals([*_of_the_database(), *_of_the_replica(), *_disks()]))
    return Response(found + generate_latest(now), content_type=CONTENT_TYPE_LATEST)


def _of_the_database() -> Iterator[Vital]:
    """What it tells, or that it tells nothing: an alarm must not fall silent with the database."""
    told = "1 while the primary database answers"
    try:
        found = list(vitals(db.session))
    except OperationalError:
        db.session.rollback()
        yield Vital("temgoc_primary_up", told, 0)
        return
    yield Vital("temgoc_primary_up", told, 1)
    yield from found


def _of_the_replica() -> Iterator[Vital]:
    kept = sources()
    if kept is None:
        return
    with suppress(OperationalError):
        kept.ask()
    yield Vital("temgoc_replica_up", "1 while the replica answers", float(kept.replica_up))
    yield Vital("temgoc_replica_lag_seconds", "For how long the replica has lacked entries of the primary", kept.lag_s)


def _from_here() -> bool:
    return request.remote_addr in LOOPBACK and not any(name in request.headers for name in PASSED_ON)


def _with_token() -> bool:
    token = settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return token is not None and hmac.compare_digest(given.encode(), token.encode())


def _disks() -> Iterator[Vital]:
    for what, folder in (("instance", settings().instance), ("backups", settings().backup_folder)):
        if folder.is_dir():
            labels = (("folder", what),)
            yield Vital("temgoc_disk_free_bytes", "Room left on a disk", shutil.disk_usage(folder).free, labels)


class _Vitals(Collector):
    def __init__(self, found: list[Vital]) -> None:
        self._found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for vital in self._found:
            names = [name for name, _ in vital.labels]
            family = families.setdefault(vital.name, GaugeMetricFamily(vital.name, vital.told, labels=names))
            family.add_metric([value for _, value in vital.labels], vital.value)
        yield from families.values()
