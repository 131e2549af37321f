#!/usr/bin/env python3
"""Fit the models of `align.leftover` and write them beside it.

    OMP_NUM_THREADS=1 python scripts/fit_leftover.py DATA              some four minutes

DATA is the folder with `docs/` and `train/`. Fitted on news that was written in English, an encyclopedia and simple
sentences, with phrases put into either side and parts taken out of the translation. The bars are then set so that they
pass for a given share of the correct pairs: for additions of half of the documents of wmt21_jaen, for omissions of half
of those of wmt21_jaen and of ntrex_ja and of simple sentences. What the benchmark reports comes from the other halves.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from scipy.optimize import minimize
from seed_errors import Maker, Sample, addition, inserted_in_source, omission, samples, seeded
from sklearn.linear_model import LogisticRegression

from align import leftover
from align.encoder import load_encoder
from align.leftover import SIZE, WEIGHTS, Doubles, Lang, heaviest, stretch_features, terms, word_terms
from align.quantity import narrow
from align.table import StaticEncoder
from align.wording import WordReader, Words, account, english_spans

ENCYCLOPEDIA, SIMPLE, SIMPLE_FOR_BARS = 2500, 1500, 700  # pairs
PASS = {"en": 0.007, "ja": 0.012}  # share of correct pairs that may pass the bar
UNSEEN = 0.01  # share of what would pass the bar that is not looked at, for speed
STRENGTH = 0.2  # scikit-learn's C


def own_half(sample: Sample) -> bool:
    """Whether a sample is of the documents that the bars are set on; the benchmark reports on the others."""
    return hashlib.sha256(sample.document.encode()).digest()[0] % 2 == 0


def simple_sentences(data: Path, count: int, seed: int) -> list[Sample]:
    with gzip.open(data / "train" / "tatoeba_anki.tsv.gz", "rt", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    chosen = random.Random(seed).sample([row for row in rows if len(row) == 2], count)
    return [Sample(f"tatoeba/{at}", str(at), japanese, english) for at, (english, japanese) in enumerate(chosen)]


class Reading:
    """Texts read and accounted for, as `align.leftover` does it."""

    def __init__(self) -> None:
        bundled = load_encoder()
        assert isinstance(bundled, StaticEncoder)
        self.reader = WordReader(bundled)

    def sides(self, source: str, target: str, lang: Lang) -> tuple[Words, Words]:
        words = self.reader.japanese([narrow(source)]), self.reader.english([narrow(target)])
        return words if lang == "ja" else (words[1], words[0])

    def stretch(self, source: str, target: str, lang: Lang, weights: Doubles) -> Doubles | None:
        """Features of the heaviest stretch, None where nothing is left over."""
        own, other = self.sides(source, target, lang)
        accounts = account(own, other)
        best = accounts.source[:, 0].astype(float), accounts.target[:, 0].astype(float)
        found = heaviest(word_terms(accounts.source) @ weights)
        if found.score <= 0:
            return None
        return stretch_features((own, other), best, found)


def fit_words(reading: Reading, pairs: Sequence[Sample], lang: Lang) -> Doubles:
    """Weights of the word model, from which words of texts with phrases put in were put in."""
    maker: Maker = addition if lang == "en" else inserted_in_source
    tables, put_in = [], []
    for one in seeded(pairs, maker, seed=3):
        own, other = reading.sides(one.source, one.target, lang)
        text = one.target if lang == "en" else one.source
        start = text.find(one.detail)
        tables.append(word_terms(account(own, other).source))
        spans = reading.reader.japanese_spans(narrow(text)) if lang == "ja" else english_spans(narrow(text))
        put_in.extend(start <= place < start + len(one.detail) for place, _ in spans)
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=2000).fit(np.concatenate(tables), put_in)
    weights: Doubles = model.coef_[0].astype(float)
    weights[0] += 1  # what is left out of a phrase costs more than what is taken in besides
    return weights


def fit_stretches(reading: Reading, pairs: Sequence[Sample], lang: Lang, words: Doubles) -> leftover.Model:
    """The second model, from correct pairs and from those with an error."""
    makers: list[Maker] = [addition] if lang == "en" else [omission, inserted_in_source]
    wrong = [(one.source, one.target) for maker in makers for one in seeded(pairs, maker, seed=4)]
    right = [(one.source, one.target) for one in pairs]
    rows = [reading.stretch(*pair, lang, words) for pair in [*right, *wrong]]
    truth = np.arange(len(rows)) >= len(right)
    kept = np.array([row is not None for row in rows])
    features = np.array([row for row in rows if row is not None])
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    table = terms(features, mean, spread)
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=3000).fit(table, truth[kept])
    return leftover.Model(words, mean, spread, model.coef_[0].astype(float), (0.0, 0.0), (0.0, 0.0))


def least(reading: Reading, pairs: Sequence[Sample], lang: Lang, fitted: leftover.Model) -> tuple[float, float]:
    """A low quantile of the scores of stretches with which pairs with an error pass the bar; few have a lower one."""
    makers: list[Maker] = [addition] if lang == "en" else [omission, inserted_in_source]
    wrong = [(one.source, one.target) for maker in makers for one in seeded(pairs, maker, seed=5)]
    features = np.array([row for pair in wrong if (row := reading.stretch(*pair, lang, fitted.words)) is not None])
    scores = terms(features, fitted.mean, fitted.spread) @ fitted.weights
    passed = features[scores > fitted.bar[0] + fitted.bar[1] * features[:, SIZE]]
    return line_of_quantile(passed[:, SIZE], passed[:, 0], UNSEEN)


def bar(reading: Reading, pairs: Sequence[Sample], lang: Lang, fitted: leftover.Model) -> tuple[float, float]:
    """The bar that a given share of correct pairs passes."""
    rows = [reading.stretch(one.source, one.target, lang, fitted.words) for one in pairs]
    features = np.array([row for row in rows if row is not None])
    scores = terms(features, fitted.mean, fitted.spread) @ fitted.weights
    share = 1 - PASS[lang] * len(pairs) / len(features)
    if lang == "en":  # too few pairs for a slope: lone phrases of short sentences have a bar of their own
        return float(np.quantile(scores, share)), 0.0
    return line_of_quantile(features[:, SIZE], scores, share)


def line_of_quantile(sizes: Doubles, scores: Doubles, share: float) -> tuple[float, float]:
    """Constant and slope of the line that a share of the scores is below (Koenker and Bassett 1978)."""

    def loss(line: Doubles) -> float:
        over = scores - (line[0] + line[1] * (sizes - sizes.mean()))
        return float(np.mean(np.maximum(share * over, (share - 1) * over)))

    height, slope = minimize(loss, [np.quantile(scores, share), 0.0], method="Nelder-Mead").x
    return float(height - slope * sizes.mean()), float(slope)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    pairs = samples(data, "wmt21_enja") + samples(data, "pud_enja") + simple_sentences(data, SIMPLE, 0)
    pairs += random.Random(0).sample(samples(data, "kyotowiki_heldout"), ENCYCLOPEDIA)
    wmt, ntrex = ([one for one in samples(data, name) if own_half(one)] for name in ("wmt21_jaen", "ntrex_ja"))
    bars = {"en": wmt, "ja": wmt + ntrex + simple_sentences(data, SIMPLE_FOR_BARS, 1)}
    reading = Reading()
    written = {}
    for lang in ("ja", "en"):
        words = fit_words(reading, pairs, lang)
        fitted = fit_stretches(reading, pairs, lang, words)
        arrays = {
            name: [round(x, 5) for x in getattr(fitted, name).tolist()]
            for name in ("words", "mean", "spread", "weights")
        }
        fitted = replace(fitted, bar=bar(reading, bars[lang], lang, fitted))
        lines = {"bar": fitted.bar, "least": least(reading, pairs, lang, fitted)}
        written[lang] = arrays | {name: [round(x, 4) for x in line] for name, line in lines.items()}
        print(f"{lang}: {lines}", file=sys.stderr)
    WEIGHTS.write_text(json.dumps(written, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
