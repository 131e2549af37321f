#!/usr/bin/env python3
"""Train the bundled encoder: a table of subword vectors, one table for Japanese and English.

A text's vector is the sum of its subwords' vectors, scaled to length one. The table is learned from
translations only: in each batch every English text must find its own Japanese text among all those of the batch
and the other way round (`contrastive.py`). What makes it better than random batches do is in docs/encoder.md:

- a batch holds texts of one kind only (dictionary entries, encyclopedia, general text, manuals), because texts of
  another kind are told apart without understanding them;
- dictionary entries are strung together, up to four at a time, so that the length of a word's vector, which
  decides how much the word counts in a sentence, is learned for words that no sentence of the training data holds;
- a tenth of a text's subwords is left out each time, as free translations leave things out;
- rare words are now and then spelled by their parts, so that the parts are learned for words never seen;
- more dimensions are learned than kept, of which the principal ones are the best.

The result is a folder in the sentence-transformers format (StaticEmbedding, Normalize), with `training.json` beside
it: options, data checksums, and quality on sets that were not trained on. The same data and options give the same
bytes on the same machine.

    python scripts/train_encoder.py DATA OUT         about half an hour on two cores

DATA holds `train/*.tsv.gz`, `dict/*.tsv.gz` (English TAB Japanese) and, for the quality figures, `docs/`. What this
does not do: mined hard negatives (they made it worse), distillation from a larger model, languages other than these
two.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from contrastive import Bags, Learner, unit_sums
from encoder_vocabulary import UNKNOWN, build_tokenizer, count_words, sentencepiece_model, spellings, weighted
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from align.subwords import SENTENCEPIECE_FILE


@dataclass(frozen=True)
class Options:
    """What changes the result; written to `training.json`."""

    vocabulary: int = 58_000
    pieces: int = 9_000  # of the vocabulary, for spelling rare words
    dimensions: int = 280
    learned_dimensions: int = 512  # of which the principal ones are kept
    epochs: float = 7.0
    batch: int = 2048
    scale: float = 15.0
    learning_rate: float = 0.02
    max_subwords: int = 96
    strung_together: int = 3  # most entries added to a dictionary entry
    dropped: float = 0.1  # share of a text's subwords left out each time it is drawn
    respelled: float = 0.2  # share of its rare subwords spelled by others
    rare: int = 2_000  # a subword seen no more often than this is rare
    held_out: int = 1_000  # pairs of each general source kept back to be measured on
    threads: int = 2  # sums are added up in another order by another number
    seed: int = 1


DICTIONARY = "dictionary"
# How often a source is drawn per epoch. Manuals and repeated strings are plentiful and unlike news, general text is
# scarce; the list of place names is partly wrong; readings of names have many homographs.
SOURCE_WEIGHTS = {
    "coursera": 2.5,
    "doc_": 0.7,
    "geonames_csc": 0.3,
    "japanese_names_romaji": 0.5,
    "jsick": 0.5,
    "kyotowiki_titles": 0.7,
    "parallelbook": 2.5,
    "po_": 0.6,
    "tanaka": 2.5,
    "tatoeba": 2.5,
    "wikipedia_titles": 1.5,
}
# How much a word's occurrences count for its place in the vocabulary. Kyoto's temples and the words of manuals would
# fill it by number alone; one entry of a dictionary says more than one sentence.
WORD_WEIGHTS = {DICTIONARY: 2.0, "encyclopedia": 0.5, "general": 2.0, "manual": 0.7}
# The kinds of text whose batches are kept apart; what starts with none of these is a manual.
KINDS = {
    DICTIONARY: (
        "cldr",
        "country_list",
        "geonames",
        "japanese_names",
        "jmdict",
        "kyoto_lexicon",
        "kyotowiki_",
        "wikipedia_",
    ),
    "encyclopedia": ("kftt",),
    "general": ("coursera", "jsick", "mgsm", "parallelbook", "tanaka", "tatoeba"),
    "manual": ("",),
}
PRINCIPAL_TEXTS = 60_000  # of each language, to find the principal dimensions
HELD_OUT = ("coursera", "parallelbook", "tatoeba")


def source_weight(name: str) -> float:
    return next((weight for prefix, weight in SOURCE_WEIGHTS.items() if name.startswith(prefix)), 1.0)


def source_kind(name: str) -> str:
    return next(kind for kind, prefixes in KINDS.items() if name.startswith(prefixes))


def read_pairs(file: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, _, japanese = line.rstrip("\n").partition("\t")
            if english and japanese:
                yield english, japanese


@dataclass(frozen=True)
class Pairs:
    """The training pairs as bags, in rows: `weight[i]` is how often row i is drawn per epoch."""

    english: Bags
    japanese: Bags
    english_key: np.ndarray  # (n,) int64, equal for equal texts
    japanese_key: np.ndarray  # (n,) int64
    weight: np.ndarray  # (n,) float64
    kind: np.ndarray  # (n,) of str


def batches(pairs: Pairs, options: Options, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Row numbers of each batch, all of one kind; a row of weight .5 turns up in about every second epoch."""
    left = options.epochs
    while left > 0:
        rows = np.repeat(
            np.arange(len(pairs.weight)), np.floor(pairs.weight + random.random(len(pairs.weight))).astype(int)
        )
        random.shuffle(rows)
        full = []
        for kind in KINDS:
            alike = rows[pairs.kind[rows] == kind]
            full.append(alike[: len(alike) // options.batch * options.batch].reshape(-1, options.batch))
        epoch = np.concatenate(full)
        yield from epoch[random.permutation(len(epoch))[: math.ceil(len(epoch) * min(1.0, left))]]
        left -= 1


def string_together(
    rows: np.ndarray, pool: np.ndarray, most: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Each row followed by up to `most` others of `pool`, flat, and where each row's string begins in it."""
    added = random.integers(0, most + 1, len(rows))
    starts = np.concatenate([[0], np.cumsum(added + 1)[:-1]])
    flat = random.choice(pool, int((added + 1).sum()))
    flat[starts] = rows
    return flat, starts


def rare_spellings(pairs: Pairs, tokenizer: Tokenizer, rare: int) -> Bags:
    """What `Bags.respelled` chooses from: each subword itself, then each subword's other spelling if it is rare."""
    size = tokenizer.get_vocab_size()
    counts = np.bincount(pairs.english.ids, minlength=size) + np.bincount(pairs.japanese.ids, minlength=size)
    bags = [np.array([identity]) for identity in range(size)]
    for subword, others in spellings(tokenizer).items():
        if counts[identity := tokenizer.token_to_id(subword)] <= rare:
            bags[identity] = np.array([tokenizer.token_to_id(other) for other in others])
    return Bags.joined([*(np.array([identity]) for identity in range(size)), *bags])


def train_table(pairs: Pairs, spelled: Bags, options: Options) -> np.ndarray:
    torch.set_num_threads(options.threads)
    random = np.random.default_rng(options.seed)
    learner = Learner(len(spelled) // 2, options.learned_dimensions, options.seed)
    steps = int(options.epochs * pairs.weight.sum() / options.batch)
    warm_up = max(1, steps // 50)
    dictionary = np.flatnonzero((pairs.kind == DICTIONARY) & (pairs.weight > 0))
    running, started = 0.0, time.monotonic()
    for step, rows in enumerate(batches(pairs, options, random)):
        first = np.arange(len(rows))
        if pairs.kind[rows[0]] == DICTIONARY:
            rows, first = string_together(rows, dictionary, options.strung_together, random)
        english, japanese = (
            side.take(rows, first).respelled(options.respelled, spelled, random).without_some(options.dropped, random)
            for side in (pairs.english, pairs.japanese)
        )
        keys = np.add.reduceat(pairs.english_key[rows], first), np.add.reduceat(pairs.japanese_key[rows], first)
        rate = options.learning_rate * min(1.0, (step + 1) / warm_up) * max(0.0, 1.0 - step / (steps + 1))
        loss = learner.step(english, japanese, keys, options.scale, rate)
        running = 0.98 * running + 0.02 * loss if step else loss
        if step % 200 == 0:
            print(f"step {step}/{steps} loss {running:.3f} {time.monotonic() - started:.0f} s", flush=True)
    return learner.table.numpy()


def principal_dimensions(table: np.ndarray, pairs: Pairs, dimensions: int, random: np.random.Generator) -> np.ndarray:
    """The table turned so that its first dimensions say most about the vectors of texts, and cut after them."""
    moments = np.zeros((table.shape[1], table.shape[1]))
    for side in (pairs.english, pairs.japanese):
        vectors = unit_sums(table, side.take(random.choice(len(side), min(len(side), PRINCIPAL_TEXTS), replace=False)))
        moments += vectors.T @ vectors
    _, directions = np.linalg.eigh(moments)  # the last ones are the largest
    return np.ascontiguousarray(table @ directions[:, ::-1][:, :dimensions].astype(np.float32))


def embed(texts: list[str], tokenizer: Tokenizer, table: np.ndarray) -> np.ndarray:
    encodings = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
    return unit_sums(table, Bags.joined([np.array(encoding.ids, dtype=np.int32) for encoding in encodings]))


def read_sets(data: Path) -> dict[str, list[tuple[str, str]]]:
    """The sets that are measured on and never trained on, as far as `data` holds them."""
    sets: dict[str, list[tuple[str, str]]] = {}
    for name in ("ntrex_ja", "wmt21_jaen", "wmt21_enja", "pud_enja"):
        file = data / "docs" / f"{name}.jsonl.gz"
        if file.exists():
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                documents = [json.loads(line) for line in lines]
            sets[name] = [pair for d in documents for pair in zip(d["en"], d["ja"], strict=True)]
    tatoeba = data / "docs" / "laser_tatoeba_jpn-eng.tsv"
    if tatoeba.exists():
        rows = [line.split("\t") for line in tatoeba.read_text("utf-8").splitlines()]
        sets["tatoeba_1000"] = [(row[0], row[1]) for row in rows]
    return sets


def quality(
    sets: dict[str, list[tuple[str, str]]], tokenizer: Tokenizer, table: np.ndarray
) -> dict[str, dict[str, float]]:
    """Share of texts whose nearest neighbour by cosine, among all of the set, is their translation."""
    figures = {}
    for name, pairs in sets.items():
        scores = embed([p[0] for p in pairs], tokenizer, table) @ embed([p[1] for p in pairs], tokenizer, table).T
        wanted = np.arange(len(pairs))
        figures[name] = {
            "en->ja": round(float((scores.argmax(axis=1) == wanted).mean()), 4),
            "ja->en": round(float((scores.argmax(axis=0) == wanted).mean()), 4),
        }
    return figures


CARD = """\
---
language: [ja, en]
license: apache-2.0
library_name: sentence-transformers
pipeline_tag: sentence-similarity
tags: [sentence-transformers, static-embedding, bitext-mining, sentence-alignment]
---

# {name}

A static encoder for Japanese and English: {subwords:,} subwords by {dimensions} dimensions in float16. A text's
vector is the sum of its subwords' vectors, scaled to length one. `SentenceTransformer(folder)` opens it, Taiyaku reads
it without torch, and a run of sentences has the sum of their vectors.

Trained by Taiyaku's `scripts/train_encoder.py` on {pairs:,} translated sentences and dictionary entries; options,
source weights and checksums of the data are in `training.json`, the credits for every source in Taiyaku's `NOTICE`.

## Accuracy

Share of texts whose nearest neighbour by cosine, among all texts of the set, is their translation. Nothing was trained
on these sets.

| set | en→ja | ja→en |
|---|---:|---:|
{rows}

## Good and bad at

Good at finding the translation of a sentence of news or plain prose among those of an article or a few thousand others.
It knows nothing of word order or negation. It is weakest with short sentences freely translated, with foreign names
that no dictionary lists, and with slang, verse and law. Texts in other languages are spelled out letter by letter, and
their vectors mean nothing. What translators and dictionaries take for granted about people, it has learned too.
"""


def model_card(name: str, shape: tuple[int, int], record: dict[str, Any]) -> str:
    rows = [
        f"| {which} | {100 * both['en->ja']:.1f} | {100 * both['ja->en']:.1f} |"
        for which, both in record["accuracy"].items()
    ]
    return CARD.format(name=name, subwords=shape[0], dimensions=shape[1], pairs=record["pairs"], rows="\n".join(rows))


def save(out: Path, tokenizer: Tokenizer, table: np.ndarray, record: dict[str, Any]) -> None:
    """Write the folder as sentence-transformers 6 does, so that `SentenceTransformer(out)` opens it."""
    (out / "0_StaticEmbedding").mkdir(parents=True, exist_ok=True)
    (out / "1_Normalize").mkdir(exist_ok=True)
    tokenizer.save(str(out / "0_StaticEmbedding" / "tokenizer.json"), pretty=False)
    (out / "0_StaticEmbedding" / SENTENCEPIECE_FILE).write_bytes(sentencepiece_model(tokenizer))
    save_file({"embedding.weight": table.astype(np.float16)}, out / "0_StaticEmbedding" / "model.safetensors")
    modules = [
        {
            "idx": 0,
            "name": "0",
            "path": "0_StaticEmbedding",
            "type": "sentence_transformers.models.StaticEmbedding",
        },
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    settings = {"prompts": {}, "default_prompt_name": None, "similarity_fn_name": "cosine"}
    for name, content in (
        ("modules.json", modules),
        ("config_sentence_transformers.json", settings),
        ("1_Normalize/config.json", {}),
        ("training.json", record),
    ):
        (out / name).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "README.md").write_text(model_card(out.name, table.shape, record), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    for name, default in asdict(Options()).items():
        if isinstance(default, bool):
            parser.add_argument(f"--{name.replace('_', '-')}", default=default, action=argparse.BooleanOptionalAction)
        else:
            parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    arguments = vars(parser.parse_args())
    data, out = arguments.pop("data"), arguments.pop("out")
    options = Options(**arguments)

    files = sorted([*(data / "train").glob("*.tsv.gz"), *(data / "dict").glob("*.tsv.gz")])
    if not files:
        parser.error(f"no train/*.tsv.gz or dict/*.tsv.gz in {data}")
    random = np.random.default_rng(options.seed)
    sets = read_sets(data)
    texts: list[tuple[str, str]] = []
    weights: list[float] = []
    kinds: list[str] = []
    for file in files:
        rows = list(read_pairs(file))
        if file.name.startswith(HELD_OUT):
            order = random.permutation(len(rows))
            sets["held out of " + file.name.split(".")[0]] = [rows[row] for row in order[: options.held_out]]
            rows = [rows[row] for row in np.sort(order[options.held_out :])]
        texts += rows
        weights += [source_weight(file.name)] * len(rows)
        kinds += [source_kind(file.name)] * len(rows)
    print(f"{len(texts):,} pairs from {len(files)} files", flush=True)

    counts = {kind: count_words(pair for pair, of in zip(texts, kinds, strict=True) if of == kind) for kind in KINDS}
    words = (weighted((WORD_WEIGHTS[kind], both[side]) for kind, both in counts.items()) for side in (0, 1))
    tokenizer = build_tokenizer(*words, options.vocabulary, options.pieces)
    size = tokenizer.get_vocab_size()
    print(f"vocabulary of {size:,} subwords", flush=True)
    english, japanese = (
        Bags.from_texts([pair[side] for pair in texts], tokenizer, options.max_subwords) for side in (0, 1)
    )
    pairs = Pairs(
        english=english,
        japanese=japanese,
        english_key=english.keys(),
        japanese_key=japanese.keys(),
        weight=np.array(weights),
        kind=np.array(kinds),
    )
    table = train_table(pairs, rare_spellings(pairs, tokenizer, options.rare), options)
    table[tokenizer.token_to_id(UNKNOWN)] = 0  # what is in no vocabulary says nothing about a text
    table = principal_dimensions(table, pairs, options.dimensions, random)
    record: dict[str, Any] = {
        "options": asdict(options),
        "source_weights": SOURCE_WEIGHTS,
        "pairs": len(texts),
        "sha256": {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files},
        "accuracy": quality(sets, tokenizer, table.astype(np.float16).astype(np.float32)),
    }
    save(out, tokenizer, table, record)
    print(json.dumps(record["accuracy"], indent=1))


if __name__ == "__main__":
    main()
