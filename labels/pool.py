"""Work handed to as many processes as there are cores, its results in order; small work stays here.

The helpers are plain children that read work from a pipe. They neither fork nor import the caller's main module, so
that a server with threads and open connections may use them.
"""

import os
import pickle  # nosec B403 - between ourselves and our own children
import subprocess  # nosec B404 - our own interpreter and module
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from .stamp import Columns

WORTH_IT = 20_000  # labels: below, starting processes takes longer than it saves
Do = Callable[..., list[bytes]]


def spread(
    do: Do, work: Any, jobs: Iterable[tuple[Columns, Any]], total: int | None, processes: int | None = None
) -> Iterator[tuple[int, list[bytes]]]:
    """Yield (labels, do(work, columns, rest)) for each job, in order. Memory holds a few jobs at a time."""
    count = processes if processes is not None else (os.cpu_count() or 1)
    if count < 2 or (processes is None and (total is None or total < WORTH_IT)):
        for columns, rest in jobs:
            yield len(columns), do(work, columns, rest)
        return
    helpers = [_Helper(do, work) for _ in range(count)]
    free: SimpleQueue[_Helper] = SimpleQueue()
    for helper in helpers:
        free.put(helper)
    try:
        # A thread waits for each helper's pipe; Python's lock is free while it does.
        with ThreadPoolExecutor(count) as threads:
            yield from _in_order(jobs, lambda columns, rest: threads.submit(_ask, free, (columns, rest)), count + 2)
    finally:
        for helper in helpers:
            helper.close()


def _in_order(
    jobs: Iterable[tuple[Columns, Any]], submit: Callable[..., Future[list[bytes]]], ahead: int
) -> Iterator[tuple[int, list[bytes]]]:
    waiting: deque[tuple[int, Future[list[bytes]]]] = deque()
    for columns, rest in jobs:
        waiting.append((len(columns), submit(columns, rest)))
        if len(waiting) > ahead:
            labels, future = waiting.popleft()
            yield labels, future.result()
    for labels, future in waiting:
        yield labels, future.result()


def _ask(free: "SimpleQueue[_Helper]", job: Any) -> list[bytes]:
    helper = free.get()
    try:
        return helper.ask(job)
    finally:
        free.put(helper)


class _Helper:
    """One child process and its pipes."""

    def __init__(self, do: Do, work: Any) -> None:
        home = str(Path(__file__).resolve().parent.parent)
        paths = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH", "")]))
        self.child = subprocess.Popen(  # nosec B603 - our own interpreter and module
            [sys.executable, "-m", "labels.helper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
        )
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.to, self.back = self.child.stdin, self.child.stdout
        _send(self.to, (do, work))

    def ask(self, job: Any) -> list[bytes]:
        _send(self.to, job)
        result = pickle.load(self.back)  # noqa: S301 # nosec B301 - from our own child
        if isinstance(result, BaseException):
            raise result
        return list(result)

    def close(self) -> None:
        self.to.close()
        self.back.close()
        self.child.wait()


def _send(pipe: IO[bytes], thing: Any) -> None:
    pickle.dump(thing, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def serve(work_from: IO[bytes], results_to: IO[bytes]) -> None:
    """Answer until the pipe is closed."""
    do, work = pickle.load(work_from)  # noqa: S301 # nosec B301 - from who started us
    while True:
        try:
            columns, rest = pickle.load(work_from)  # noqa: S301 # nosec B301 - as above
        except EOFError:
            return
        try:
            result: Any = do(work, columns, rest)
        except Exception as error:
            result = error
        try:
            _send(results_to, result)
        except BrokenPipeError:
            return
