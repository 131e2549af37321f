"""What a run did, for people and as JSON, and who is told how far it is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from align.pairing import Unpaired
from align.transformer import Usage
from corpora.jsonlines import Row
from corpora.records import Reject, lost


class Progress(Protocol):
    """Told how far a stage is; `total` is None where it is not known beforehand."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Says nothing."""


_OF_THIS_RUN = frozenset(
    {"corpus", "pages", "replaced_characters", "gone", "pairs_kept", "was_split", "texts_cut", "seconds"}
)


@dataclass(slots=True)
class Summary:
    """What a build did, for people and as JSON."""

    corpus: str
    encoder: str = ""
    usage: Usage | None = None  # of an encoder that counts what it is given
    pages: int = 0
    articles: dict[str, int] = field(default_factory=dict)  # by language
    pairs: int = 0
    unpaired: list[Unpaired] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    damaged: dict[str, int] = field(default_factory=dict)  # characters of a page that could not be read, by its path
    gone: int = 0  # articles of earlier builds whose pages are no longer in an input that was given again
    kept: int = 0  # pairs whose beads an earlier or interrupted build had worked out
    kinds: dict[str, int] = field(default_factory=dict)  # beads by kind
    was_split: bool = False  # the corpus was divided, which a build undoes
    removed: dict[str, int] = field(default_factory=dict)  # beads that a filter took out, by the filter's name
    findings: dict[str, int] = field(default_factory=dict)  # by category
    seconds: dict[str, float] = field(default_factory=dict)  # by stage

    @property
    def beads(self) -> int:
        return sum(self.kinds.values())

    @property
    def lost(self) -> list[Reject]:
        """Inputs that were not used."""
        return lost(self.rejects)

    @property
    def rejected(self) -> dict[str, int]:
        """Rejects by reason."""
        return dict(sorted(Counter(reject.reason for reject in self.rejects).items()))

    def as_json(self) -> Row:
        return {
            "corpus": self.corpus,
            "pages": self.pages,
            "articles": self.articles,
            "rejected": self.rejected,
            "replaced_characters": sum(self.damaged.values()),
            "pairs": self.pairs,
            "unpaired": [{"id": u.article_id, "path": u.path, "lang": u.lang, "why": u.why} for u in self.unpaired],
            "gone": self.gone,
            "pairs_kept": self.kept,
            "was_split": self.was_split,
            "beads": self.beads,
            "removed": self.removed,
            "kinds": self.kinds,
            "findings": self.findings,
            "encoder": self.encoder,
            "texts_cut": self.usage.cut if self.usage else 0,
            "seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
        }

    def of_this_run(self) -> Row:
        """What may differ between two builds that give the same corpus."""
        return {name: value for name, value in self.as_json().items() if name in _OF_THIS_RUN - {"corpus"}}

    def of_the_corpus(self) -> Row:
        """What is the same whenever the corpus is."""
        return {name: value for name, value in self.as_json().items() if name not in _OF_THIS_RUN}

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started
