"""Looking at articles and at candidate pairs, on all cores where there are enough of them.

A glance is taken at every candidate. The one that leads is then aligned sentence by sentence, and so is the next if it
leads after that; in large pools only where the glance leaves a doubt, since an alignment costs as much as ten glances.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from align.digests import find_digest
from align.encoder import load_encoder
from align.likeness import LOOK, Evidence, Judge, Rarity, Reader, Text
from align.pair_model import TOGETHER, log_odds
from align.table import BUNDLED
from align.vectors import Encoder
from align.workers import batches, in_order, workers
from corpora.shelf import Filed

LEAST_FOR_WORKERS = 3000  # articles of both sides; fewer are done before a worker is ready
LARGE = 3000  # targets; in larger pools pairs that are sure at a glance are not aligned
SURE = 5.3  # log-odds: one in two hundred, of which cross-validation found one in five hundred wrong
MOST_LOOKS = 3  # at candidates of one target


def sentences_of(filed: Filed) -> tuple[str | None, list[str]]:
    """The title of an article, and the sentences of its body; the whole text where it was not cut."""
    article = filed.article()
    titles = {number for number, paragraph in enumerate(article.paragraphs) if paragraph.kind == "title"}
    body = [article.text[s.start : s.end] for s in article.sentences if s.paragraph not in titles]
    title = next((article.text[s.start : s.end] for s in article.sentences if s.paragraph in titles), None)
    return title, body or ([] if title else [article.text])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source for a target, with what the two pages print."""

    text: Text
    article: Filed
    printed: Evidence


@dataclass(frozen=True, slots=True)
class Task:
    """A target with its candidates."""

    text: Text
    article: Filed
    candidates: list[Candidate]
    align_all: bool  # the leading candidate even where a glance was enough
    several: bool  # it may have more than one original


def _all_sentences(one: Candidate | Task) -> list[str]:
    """The title first."""
    title, body = sentences_of(one.article)
    return [title, *body] if title else body


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
        found[leading] |= judge.look(_all_sentences(task.candidates[leading]), _all_sentences(task))
        odds[leading] = log_odds(found[leading])
    if task.several:
        _look_for_several(judge, task, found)
    return found


def _look_for_several(judge: Judge, task: Task, found: list[Evidence]) -> None:
    """Align all that could be an original too, and see whether two of them were put together."""
    target = _all_sentences(task)
    parts = [(one.text, _all_sentences(one)) for one in task.candidates]
    for (_, sentences), evidence in zip(parts, found, strict=True):
        if evidence["aligned_source"] is None and log_odds(evidence) > -3 * SURE:
            evidence |= judge.look(sentences, target)
    digest = find_digest(judge, (task.text, target), parts, found)
    if digest:
        for part in digest[:2]:
            found[part][TOGETHER] = digest[2]


class Looking:
    """Reads articles and looks at candidates. `jobs` processes at most."""

    def __init__(self, encoder: Encoder, languages: tuple[str, str], *, articles: int, jobs: int = 1) -> None:
        self._encoder = encoder
        self._languages = languages
        enough = articles >= LEAST_FOR_WORKERS and encoder.name == BUNDLED.name
        self.jobs = jobs if enough else 1

    def read(self, articles: Iterable[Filed], *, lang: str) -> Iterator[Text]:
        """What pairing sees of each article, in order."""
        if self.jobs == 1:
            reader = Reader.of(self._encoder, self._languages, lang)
            for batch in batches(articles):
                yield from reader.read([sentences_of(one) for one in batch])
            return
        with workers(self.jobs, _start_reading, self._languages, lang) as pool:
            yield from in_order(pool, _read, articles, self.jobs)

    def judge(self, tasks: Iterable[Task], rarities: tuple[Rarity, Rarity]) -> Iterator[list[Evidence]]:
        """The evidence of each task's candidates, in order."""
        if self.jobs == 1:
            judge = Judge(self._encoder, self._languages, *rarities)
            yield from (look(judge, task) for task in tasks)
            return
        with workers(self.jobs, _start_judging, self._languages, rarities) as pool:
            yield from in_order(pool, _judge, tasks, self.jobs)


# What a worker process keeps between batches.
_reader: Reader
_judge_of_worker: Judge


def _start_reading(languages: tuple[str, str], lang: str) -> None:
    global _reader
    _reader = Reader.of(load_encoder(), languages, lang)


def _read(batch: list[Filed]) -> list[Text]:
    return _reader.read([sentences_of(one) for one in batch])


def _start_judging(languages: tuple[str, str], rarities: tuple[Rarity, Rarity]) -> None:
    global _judge_of_worker
    _judge_of_worker = Judge(load_encoder(), languages, *rarities)


def _judge(batch: list[Task]) -> list[list[Evidence]]:
    return [look(_judge_of_worker, task) for task in batch]
