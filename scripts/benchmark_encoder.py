#!/usr/bin/env python3
"""Measure encoders on public test sets: how often the nearest text is the translation, how fast, how large.

    OMP_NUM_THREADS=1 taskset -c 0 python scripts/benchmark_encoder.py DATA [ENCODER ...]

DATA holds `docs/`, as for `train_encoder.py`; an ENCODER is what `--encoder` takes, the bundled table if none is named.
`ja`, `en`: different news sentences a second, encoded for the first time, because tokenizers remember what they have
cut before. The bundled table is also timed with the tokenizer that other programs read it with. Accuracy is by plain
cosine; `ties` is what it would be if finding the same words in another place of the set counted as right.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from train_encoder import read_sets

from align.encoder import load_encoder
from align.subwords import TokenizersSubwords
from align.table import BUNDLED, StaticEncoder
from align.vectors import Encoder, Vectors

NEWS = ("ntrex_ja", "wmt21_jaen", "wmt21_enja", "pud_enja")
WARM_UP = ["雨が降った。", "It rained."]


def shares(queries: Vectors, candidates: Vectors, texts: Sequence[str]) -> tuple[float, float]:
    """Of queries whose nearest candidate is that of the same row, and of those where it has the same words."""
    best = np.argmax(queries @ candidates.T, axis=1)
    same_words = [texts[found] == texts[row] for row, found in enumerate(best)]
    return float(np.mean(best == np.arange(len(best)))), float(np.mean(same_words))


def sentences_a_second(encoder: Encoder, texts: Sequence[str]) -> float:
    started = time.process_time()
    encoder.encode(texts)
    return len(texts) / (time.process_time() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("encoders", nargs="*", default=[None])
    arguments = parser.parse_args()
    sets = read_sets(arguments.data)
    if not sets:
        parser.error(f"no test sets in {arguments.data / 'docs'}")
    news = [pair for name in NEWS for pair in sets.get(name, [])]
    sides = {"ja": list({pair[1]: None for pair in news}), "en": list({pair[0]: None for pair in news})}
    for name in arguments.encoders:
        started = time.perf_counter()
        encoder = load_encoder(name)
        encoder.encode(WARM_UP)
        print(f"{encoder.name}: first text after {time.perf_counter() - started:.2f} s")
        timed = {"": encoder}
        if name is None:
            with_tokenizers = TokenizersSubwords(
                Tokenizer.from_file(str(BUNDLED / "0_StaticEmbedding" / "tokenizer.json"))
            )
            timed["  by tokenizers"] = StaticEncoder(encoder.table, with_tokenizers, encoder.name)
        for how, other in timed.items():
            other.encode(WARM_UP)
            speeds = (f"{side} {sentences_a_second(other, texts):,.0f}" for side, texts in sides.items())
            print(f"  sentences a second {', '.join(speeds)}{how}")
        for name_of_set, pairs in sets.items():
            english, japanese = ([pair[side] for pair in pairs] for side in (0, 1))
            left, right = encoder.encode(english), encoder.encode(japanese)
            to_japanese, to_english = shares(left, right, japanese), shares(right, left, english)
            print(
                f"  {name_of_set:<14} {len(pairs):>5}  en->ja {to_japanese[0]:.2%}  ja->en {to_english[0]:.2%}"
                f"  ties {to_japanese[1]:.2%} {to_english[1]:.2%}"
            )


if __name__ == "__main__":
    sys.exit(main())
