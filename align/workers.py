"""Work on all cores, in order and in bounded memory.

Workers are processes, since most of the work is Python's. They are started anew rather than forked, which is safe
everywhere, have one thread each, and leave Ctrl-C to their parent.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

BATCH = 128  # items for one worker at a time
AHEAD = 3  # batches under way for each worker
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """How many processes can work at once."""
    return os.cpu_count() or 1


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in lists of BATCH."""
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


@contextmanager
def workers(jobs: int, start: Callable[..., None], *given: object) -> Iterator[ProcessPoolExecutor]:
    """Processes, each of which calls `start(*given)` first; what was not begun is given up on an error or Ctrl-C."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))  # read when a worker imports numpy
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start, initargs=(start, given))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _start(start: Callable[..., None], given: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    start(*given)


def in_order(
    pool: ProcessPoolExecutor, work: Callable[[list[Item]], list[Result]], items: Iterable[Item], jobs: int
) -> Iterator[Result]:
    """The results for all items in their order; only a few batches ahead are under way."""
    ahead: deque[Future[list[Result]]] = deque()
    for batch in batches(items):
        ahead.append(pool.submit(work, batch))
        if len(ahead) > AHEAD * jobs:
            yield from ahead.popleft().result()
    while ahead:
        yield from ahead.popleft().result()
