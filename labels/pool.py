"""Work handed to as many processes as there are cores, its results in order; small work stays here."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from .stamp import Columns

WORTH_IT = 20_000  # labels: below, starting processes takes longer than it saves


def spread(
    do: Callable[..., list[bytes]],
    work: Any,
    jobs: Iterable[tuple[Columns, Any]],
    total: int | None,
    processes: int | None = None,
) -> Iterator[tuple[int, list[bytes]]]:
    """Yield (labels, do(work, columns, rest)) for each job, in order. Memory holds a few jobs at a time."""
    count = processes if processes is not None else (os.cpu_count() or 1)
    if count < 2 or (processes is None and (total is None or total < WORTH_IT)):
        for columns, rest in jobs:
            yield len(columns), do(work, columns, rest)
        return
    # Spawned, not forked: the caller may have threads and open connections.
    with ProcessPoolExecutor(count, get_context("spawn"), _begin, (do, work)) as pool:
        waiting: deque[tuple[int, Future[list[bytes]]]] = deque()
        for columns, rest in jobs:
            waiting.append((len(columns), pool.submit(_work, columns, rest)))
            while len(waiting) > count + 2:
                labels, future = waiting.popleft()
                yield labels, future.result()
        for labels, future in waiting:
            yield labels, future.result()


_given: list[Any] = []


def _begin(do: Callable[..., list[bytes]], work: Any) -> None:
    _given[:] = [do, work]


def _work(columns: Columns, rest: Any) -> list[bytes]:
    do, work = _given
    result: list[bytes] = do(work, columns, rest)
    return result
