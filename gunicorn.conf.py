"""How gunicorn runs the service. Found by itself from the checkout, by `flask serve` and by a systemd unit alike."""

import os
import shutil
import tempfile

# Before anything of ours is imported: the counters decide at import whether they are shared among processes.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="temgoc-metrics-")

from prometheus_client.multiprocess import mark_process_dead

from trace.logs import logging_plan
from trace.settings import from_environment
from trace.start import check

_settings = from_environment()

wsgi_app = "trace:create_app()"
bind = os.environ.get("TEMGOC_BIND") or f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "trace.patience.PatientWorker"
workers = _settings.workers
threads = 16
worker_connections = 4_000  # those that wait for their request to arrive cost no thread
timeout = 60
graceful_timeout = 20
keepalive = 5
limit_request_line = 8_190  # what proxies pass on: a long address is answered by a page of ours, not by the server
max_requests = 20_000  # a leak, should there be one, stays small
max_requests_jitter = 2_000
forwarded_allow_ips = "127.0.0.1,::1"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - the heartbeat must not wait for a disk
control_socket_disable = True
logconfig_dict = logging_plan(_settings.log_level)


def on_starting(_server: object) -> None:
    """Once, before any worker: what must not be served is refused in one sentence."""
    check(_settings)


def child_exit(_server: object, worker: object) -> None:
    mark_process_dead(worker.pid)  # type: ignore[attr-defined]


def on_exit(_server: object) -> None:
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
