"""Article pairing beside simpler ways: the development articles, large pools, hard pools, names, evidence, cost.

    python scripts/benchmark.py pairing                      the bundled samples
    python scripts/benchmark.py pairing --dev DEV            and 32 development pages among 40 hard negatives; names
    python scripts/benchmark.py pairing --data DATA          and pools of more than 10,000 originals (some ten minutes)
    python scripts/benchmark.py pairing --data DATA --ablate and what each piece of evidence is worth there
    python scripts/benchmark.py pairing --data DATA --scale 1000 10000 100000   time and memory instead

DEV has `pages/`, `distractors.jsonl` and `names.jsonl`; DATA has `docs/` and `train/`. In the pools
(`pairing_pools.py`) half of the originals are taken out, once one half and once the other, so that every translation is
measured with its original and without. Other ways rank by one number and leave it to their user where to stop; they are
stopped where as many of the right pairs are kept as Taiyaku keeps:

- mean: the cosine of the means of all sentence vectors, with the same encoder
- margin: the same over the mean of the four nearest on both sides (Artetxe and Schwenk 2019)
- BiMax: best partners of all sentences from either side, over the candidates by mean (Wang and others 2025)
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import numpy.typing as npt
from ablate_pairing import ablate
from benchmark_pairing_scale import measure_scale
from pairing_pools import Pool, documents, filling, make_pieces, make_pool

from align.encoder import load_encoder
from align.gathering import gather
from align.names import SURNAME_ALONE, match_name, match_names
from align.pairing import Pairing, pair_articles
from align.summary import Summary
from align.vectors import unit_rows
from corpora.jsonlines import read_rows
from corpora.records import Article, Pair
from corpora.samples import sample_pages

FILLING = 10_500  # originals without a translation in a pool
DAYS = 4  # over which a pool is dated, so that everything is within the window
NEIGHBOURS = 4
TRIED = 8
_KEY = re.compile(r"([cs]\d+)\.")


@dataclass
class Outcome:
    """How the targets of a pool fared. `right` says which source each has, None for none."""

    right: Mapping[str, str | None]
    found: Mapping[str, Pair]

    @property
    def present(self) -> list[str]:
        return [target for target, source in self.right.items() if source]

    @property
    def absent(self) -> list[str]:
        return [target for target, source in self.right.items() if not source]

    @property
    def correct(self) -> int:
        return sum(t in self.found and self.found[t].source_id == self.right[t] for t in self.present)

    @property
    def abstained(self) -> int:
        return sum(target not in self.found for target in self.absent)

    def row(self, name: str) -> str:
        precision = self.correct / max(1, len(self.found))
        recall = self.correct / max(1, len(self.present))
        left = f"{self.abstained} of {len(self.absent)}" if self.absent else "-"
        return f"| {name} | {self.correct} of {len(self.present)} | {precision:.4f} | {recall:.4f} | {left} |"


NEWLINE, PROBABILITIES = "\n", " least right | greatest wrong |"
HEAD = "| | right | precision | recall | left alone without original |\n|---|---:|---:|---:|---:|"


def add(outcomes: Sequence[Outcome]) -> Outcome:
    """Several as one; targets are told apart by the run they were in."""
    right, found = {}, {}
    for number, one in enumerate(outcomes):
        right |= {f"{number} {target}": source for target, source in one.right.items()}
        found |= {f"{number} {target}": pair for target, pair in one.found.items()}
    return Outcome(right, found)


def outcome(pairing: Pairing, right: Mapping[str, str | None]) -> Outcome:
    return Outcome(right, {pair.target_id: pair for pair in pairing.pairs})


# Pages


Change = Callable[[Article], Article]


def undated(article: Article) -> Article:
    return replace(article, date=None, updated=None)


def unsigned(article: Article) -> Article:
    return replace(article, byline=(), credit=(), department=None, links=())


def untitled(article: Article) -> Article:
    titles = {number for number, paragraph in enumerate(article.paragraphs) if paragraph.kind == "title"}
    kept = tuple(s for s in article.sentences if s.paragraph not in titles)
    return replace(article, title=None, sentences=kept)


CHANGES: dict[str, list[Change]] = {
    "as printed": [],
    "without dates": [undated],
    "without bylines, credits and links": [unsigned],
    "without either": [undated, unsigned],
    "text alone, without titles": [undated, unsigned, untitled],
}


def show_pages(name: str, articles: Sequence[Article]) -> None:
    """Pages named `c01.ja.html` belong with `c01.en.html`; all others have no counterpart."""
    print(f"\n## {name}\n\n{HEAD.replace(NEWLINE, PROBABILITIES + NEWLINE)}---:|---:|")
    for change, steps in CHANGES.items():
        changed = list(articles)
        for step in steps:
            changed = [step(article) for article in changed]
        sources, targets = ([a for a in changed if a.lang == lang] for lang in ("ja", "en"))
        by_key = {key: a.article_id for a in sources if (key := page_key(a))}
        right = {a.article_id: by_key.get(page_key(a) or "") for a in targets}
        pairing = pair_articles(sources, targets)
        judged = [*pairing.pairs, *(one.best for one in pairing.unpaired if one.best)]
        of_right = [p.probability for p in judged if right.get(p.target_id) == p.source_id]
        of_wrong = [p.probability for p in judged if right.get(p.target_id) != p.source_id]
        found = outcome(pairing, right)
        print(f"{found.row(change)} {min(of_right, default=1):.3f} | {max(of_wrong, default=0):.3f} |")
        list_failures(found)


def page_key(article: Article) -> str | None:
    found = _KEY.match(Path(article.path).name)
    return found[1] if found else None


def list_failures(found: Outcome) -> None:
    """Every target that went wrong, one by one."""
    for target, source in found.right.items():
        pair = found.found.get(target)
        if pair is not None and pair.source_id != source:
            print(f"  wrong: {target} with {pair.source_id} ({pair.probability:.3f}), should be {source}")
        elif pair is None and source:
            print(f"  missed: {target}, whose original is {source}")


# Pools


def show_pool(name: str, pools: Sequence[Pool], *, ablated_on: Path | None = None) -> None:
    """Taiyaku and other ways on the same pools, failures, and kinds of documents."""
    print(
        f"\n## {name}: {sum(len(p.targets) for p in pools)} translations, {len(pools[0].sources):,} originals\n\n{HEAD}"
    )
    started = time.perf_counter()
    pairings = [pair_articles(pool.sources, pool.targets) for pool in pools]
    seconds = time.perf_counter() - started
    outcomes = [outcome(pairing, pool.right) for pairing, pool in zip(pairings, pools, strict=True)]
    everything = add(outcomes)
    print(everything.row("Taiyaku"))
    others = [list(other_ways(pool)) for pool in pools]
    for ways in zip(*others, strict=True):
        print(add(stopped(ways, pools, everything.correct)).row(ways[0].name))
    print(f"\n{len(pools)} runs took {seconds:.0f} s in all.")
    kinds = Counter[str]()
    for one, pool in zip(outcomes, pools, strict=True):
        list_failures(one)
        kinds.update(pool.kinds[t] for t in one.present if t in one.found and one.found[t].source_id == one.right[t])
    print("right by kind:", ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    if ablated_on:
        ablate([(pool.right, judged(pairing)) for pool, pairing in zip(pools, pairings, strict=True)], ablated_on)


def judged(pairing: Pairing) -> list[Pair]:
    """Pairs made, and the best candidates of what stayed alone."""
    every = [*pairing.pairs, *(one.best for one in pairing.unpaired if one.best)]
    return list({(pair.source_id, pair.target_id): pair for pair in every}.values())


@dataclass(frozen=True)
class Way:
    """Another way's scores of pairs, best first, each article once."""

    name: str
    ranked: list[Pair]
    right: Mapping[str, str | None]

    def above(self, least: float) -> dict[str, Pair]:
        return {pair.target_id: pair for pair in self.ranked if pair.probability >= least}


def stopped(ways: Sequence[Way], pools: Sequence[Pool], correct: int) -> list[Outcome]:
    """The ways with the highest threshold that keeps as many right pairs, or with all if there are fewer."""
    scores = sorted(
        (p.probability for way in ways for p in way.ranked if way.right[p.target_id] == p.source_id), reverse=True
    )
    least = scores[min(correct, len(scores)) - 1]
    return [Outcome(pool.right, way.above(least)) for way, pool in zip(ways, pools, strict=True)]


def other_ways(pool: Pool) -> Iterator[Way]:
    sources, targets = (sentence_vectors(side) for side in (pool.sources, pool.targets))
    means = [unit_rows(np.stack([v.sum(axis=0) for v in side])) for side in (sources, targets)]
    cosines = means[1] @ means[0].T
    yield greedy("mean", cosines, pool)
    of_target, of_source = (np.sort(side, axis=1)[:, -NEIGHBOURS:].mean(axis=1) for side in (cosines, cosines.T))
    yield greedy("margin", cosines / ((of_target[:, None] + of_source) / 2), pool)
    partners = np.full_like(cosines, -1)
    for row, column in enumerate(best_columns(cosines)):
        for s in column:
            alike = targets[row] @ sources[s].T
            partners[row, s] = (alike.max(axis=0).mean() + alike.max(axis=1).mean()) / 2
    yield greedy("BiMax", partners, pool)


def sentence_vectors(articles: Sequence[Article]) -> list[npt.NDArray[np.float32]]:
    encoder = load_encoder()
    return [encoder.encode(article.sentence_texts()) for article in articles]


def best_columns(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    """(rows, few) of each row's highest scores."""
    return np.argsort(-scores, axis=1, kind="stable")[:, :TRIED]


def greedy(name: str, scores: npt.NDArray[np.float32], pool: Pool) -> Way:
    few = best_columns(scores)
    pairs = [
        Pair(pool.sources[s].article_id, pool.targets[t].article_id, float(scores[t, s]), {})
        for t, row in enumerate(few)
        for s in row
    ]
    taken: set[tuple[str, str]] = set()
    ranked = []
    for pair in sorted(pairs, key=lambda p: -p.probability):
        ends = {("s", pair.source_id), ("t", pair.target_id)}
        if taken.isdisjoint(ends):
            taken |= ends
            ranked.append(pair)
    return Way(name, ranked, pool.right)


# Names


def show_names(dev: Path, articles: Sequence[Article]) -> None:
    """Romanised names against those in kanji and katakana, and credits against bylines of pages."""
    people = [row for _, row in read_rows(dev / "names.jsonl") if row["type"] == "person"]
    scores = {(str(row["ja"]), str(row["en"])): match_name(str(row["en"]), str(row["ja"])) for row in people}
    whole = sum(score == 1 for score in scores.values())
    enough = sum(score >= SURNAME_ALONE for score in scores.values())
    print(f"\n## Names\n\n{len(scores)} people: {enough} match, {whole} of them wholly; the others:")
    for (japanese, latin), score in scores.items():
        if score < 1:
            print(f"- {japanese}, {latin}: {score}")
    best = sum(max(scores, key=lambda pair: match_name(latin, pair[0]))[1] == latin for _, latin in scores)
    print(f"\n{best} of {len(scores)} match no other of these people better.")
    by_key = {(page_key(a), a.lang): a for a in articles if page_key(a)}
    matched = [
        match_names(by_key[key, "en"].credit or by_key[key, "en"].byline, by_key[key, "ja"].byline)
        for key, lang in by_key
        if lang == "en"
    ]
    print(f"Credits of pages that match their byline wholly: {sum(c == 1 for c in matched)} of {len(matched)}.")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", type=Path, help="folder with pages/, distractors.jsonl and names.jsonl")
    parser.add_argument("--data", type=Path, help="folder with docs/ and train/")
    parser.add_argument("--ablate", action="store_true", help="switch evidence off one at a time")
    parser.add_argument("--scale", type=int, nargs="+", help="articles a side; measures time and memory only")
    asked = parser.parse_args(arguments)
    if asked.scale:
        measure_scale(asked.data, asked.scale)
        return
    with sample_pages() as pages:
        show_pages("Bundled samples", gather([pages], Summary("-"), languages=("ja", "en"))[0])
    if asked.dev:
        dev = [asked.dev / "pages", asked.dev / "distractors.jsonl"]
        articles, _ = gather(dev, Summary("-"), languages=("ja", "en"))
        show_pages("Development pages among hard negatives", articles)
        show_names(asked.dev, articles)
    if asked.data:
        both, others = list(documents(asked.data)), list(islice(filling(asked.data), FILLING))
        for name, days in (("Pool, all within the window", DAYS), ("Pool without dates", 0)):
            pools = [make_pool(both, others, days=days, absent=half) for half in (0, 1)]
            show_pool(name, pools)
        pieces = make_pieces(both)
        pools = [make_pool(pieces, others, days=0, absent=half) for half in (0, 1)]
        show_pool(
            "Hard pool: abridged pieces among their siblings, without dates",
            pools,
            ablated_on=asked.data if asked.ablate else None,
        )


if __name__ == "__main__":
    main()
