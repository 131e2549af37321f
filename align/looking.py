"""Looking at articles and at candidate pairs, on all cores where there are enough of them.

A glance is taken at every candidate. The one that leads is then aligned sentence by sentence, and so is the next if it
leads after that; in large pools only where the glance leaves a doubt, since an alignment costs as much as ten glances.

Workers are processes, since most of the work is Python's. They are started anew rather than forked, which is safe
everywhere, and leave Ctrl-C to their parent.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

import numpy as np

from align.digests import find_digest
from align.encoder import load_encoder
from align.likeness import LOOK, Judge, Rarity, Reader, Text
from align.pair_model import TOGETHER, log_odds
from align.table import BUNDLED
from align.vectors import Encoder

BATCH = 128  # articles, or targets with their candidates, for one worker at a time
LEAST_FOR_WORKERS = 3000  # articles of both sides; fewer are done before a worker is ready
LARGE = 3000  # targets; in larger pools pairs that are sure at a glance are not aligned
SURE = 5.3  # log-odds: one in two hundred, of which cross-validation found one in five hundred wrong
MOST_LOOKS = 3  # at candidates of one target
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

Evidence = dict[str, float | None]
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Sentences:
    """What a reader is given of an article."""

    title: str | None
    body: list[str]

    def all(self) -> list[str]:
        """The title first."""
        return [self.title, *self.body] if self.title else self.body


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source for a target, with what the two pages print."""

    text: Text
    sentences: Sentences
    printed: Evidence


@dataclass(frozen=True, slots=True)
class Task:
    """A target with its candidates."""

    text: Text
    sentences: Sentences
    candidates: list[Candidate]
    align_all: bool  # the leading candidate even where a glance was enough
    several: bool  # it may have more than one original


def look(judge: Judge, task: Task) -> list[Evidence]:
    """The evidence of each candidate."""
    found: list[Evidence] = [
        {**judge.glance(one.text, task.text), **dict.fromkeys((*LOOK, TOGETHER)), **one.printed}
        for one in task.candidates
    ]
    odds = [log_odds(evidence) for evidence in found]
    for _ in range(min(MOST_LOOKS, len(found))):
        leading = int(np.argmax(odds))
        is_sure = abs(odds[leading]) > SURE and not task.align_all
        if found[leading]["aligned_source"] is not None or is_sure:
            break
        found[leading] |= judge.look(task.candidates[leading].sentences.all(), task.sentences.all())
        odds[leading] = log_odds(found[leading])
    if task.several:
        _look_for_several(judge, task, found)
    return found


def _look_for_several(judge: Judge, task: Task, found: list[Evidence]) -> None:
    """Align all that could be an original too, and see whether two of them were put together."""
    for one, evidence in zip(task.candidates, found, strict=True):
        if evidence["aligned_source"] is None and log_odds(evidence) > -2 * SURE:
            evidence |= judge.look(one.sentences.all(), task.sentences.all())
    parts = [(one.text, one.sentences.all()) for one in task.candidates]
    digest = find_digest(judge, (task.text, task.sentences.all()), parts, found)
    if digest:
        for part in digest[:2]:
            found[part][TOGETHER] = digest[2]


class Looking:
    """Reads articles and looks at candidates. `jobs` processes at most; None for one a core."""

    def __init__(self, encoder: Encoder, languages: tuple[str, str], *, articles: int, jobs: int | None = None) -> None:
        self._encoder = encoder
        self._languages = languages
        jobs = jobs or os.cpu_count() or 1
        enough = articles >= LEAST_FOR_WORKERS and encoder.name == BUNDLED.name
        self.jobs = jobs if enough else 1

    def read(self, articles: Iterable[Sentences], *, lang: str) -> Iterator[Text]:
        """What pairing sees of each article, in order."""
        batches = _batches(articles)
        if self.jobs == 1:
            reader = Reader.of(self._encoder, self._languages, lang)
            for batch in batches:
                yield from reader.read([(one.title, one.body) for one in batch])
            return
        with _pool(self.jobs, _start_reading, (self._languages, lang)) as pool:
            yield from _in_order(pool, _read, batches, self.jobs)

    def judge(self, tasks: Iterable[Task], rarities: tuple[Rarity, Rarity]) -> Iterator[list[Evidence]]:
        """The evidence of each task's candidates, in order."""
        if self.jobs == 1:
            judge = Judge(self._encoder, self._languages, *rarities)
            yield from (look(judge, task) for task in tasks)
            return
        with _pool(self.jobs, _start_judging, (self._languages, rarities)) as pool:
            yield from _in_order(pool, _judge, _batches(tasks), self.jobs)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


@contextmanager
def _pool(jobs: int, start: Callable[..., None], given: tuple[object, ...]) -> Iterator[ProcessPoolExecutor]:
    """Processes of one thread each; what was not begun is given up on an error or Ctrl-C."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))  # read when a worker imports numpy
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=start, initargs=given)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _in_order(
    pool: ProcessPoolExecutor,
    work: Callable[[list[Item]], list[Result]],
    batches: Iterable[list[Item]],
    jobs: int,
) -> Iterator[Result]:
    """The results of all batches in their order; a few batches ahead are under way, so that memory stays bounded."""
    ahead: deque[Future[list[Result]]] = deque()
    for batch in batches:
        ahead.append(pool.submit(work, batch))
        if len(ahead) > 3 * jobs:
            yield from ahead.popleft().result()
    while ahead:
        yield from ahead.popleft().result()


# What a worker process keeps between batches.
_reader: Reader
_judge_of_worker: Judge


def _start_reading(languages: tuple[str, str], lang: str) -> None:
    global _reader
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _reader = Reader.of(load_encoder(), languages, lang)


def _read(batch: list[Sentences]) -> list[Text]:
    return _reader.read([(one.title, one.body) for one in batch])


def _start_judging(languages: tuple[str, str], rarities: tuple[Rarity, Rarity]) -> None:
    global _judge_of_worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _judge_of_worker = Judge(load_encoder(), languages, *rarities)


def _judge(batch: list[Task]) -> list[list[Evidence]]:
    return [look(_judge_of_worker, task) for task in batch]
