#!/usr/bin/env python3
"""Train the bundled encoder: a table of subword vectors, one table for Japanese and English.

A text's vector is the mean of its subwords' vectors, scaled to length one. The table is learned from
translations only: in each batch every English text must find its own Japanese text among all those of the batch
and the other way round (InfoNCE with in-batch negatives in both directions, as in LaBSE, arXiv 2007.01852).
Rows that share a side with the right answer do not count as negatives, because dictionaries list many glosses of
one word. Two things make the task harder than random batches do, and the table better (docs/encoder.md):

- a batch holds texts of one kind only (dictionary entries, encyclopedia, general text, manuals), because texts of
  another kind are told apart without understanding them;
- dictionary entries are strung together, up to four at a time, so that the length of a word's vector, which
  decides how much the word counts in a sentence, is learned for words that no sentence of the training data holds.

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
from encoder_vocabulary import UNKNOWN, build_tokenizer, count_words
from safetensors.numpy import save_file
from tokenizers import Tokenizer


@dataclass(frozen=True)
class Options:
    """What changes the result; written to `training.json`."""

    vocabulary: int = 42_000
    pieces: int = 9_000  # of the vocabulary, for spelling rare words
    dimensions: int = 384
    epochs: float = 4.0
    batch: int = 2048
    scale: float = 15.0
    learning_rate: float = 0.02
    max_subwords: int = 96
    strung_together: int = 3  # most entries added to a dictionary entry
    held_out: int = 1_000  # pairs of each general source kept back to be measured on
    threads: int = 2  # sums are added up in another order by another number
    seed: int = 1


# How often a source is drawn per epoch. Manuals and repeated strings are plentiful and unlike news, general text is
# scarce; the list of place names is partly wrong; readings of names have many homographs.
SOURCE_WEIGHTS = {
    "coursera": 1.5,
    "doc_": 0.7,
    "geonames_csc": 0.3,
    "japanese_names_romaji": 0.5,
    "jsick": 0.5,
    "kyotowiki_titles": 0.7,
    "parallelbook": 1.5,
    "po_": 0.6,
    "tanaka": 1.5,
    "tatoeba": 1.5,
    "wikipedia_titles": 1.5,
}
# The kinds of text whose batches are kept apart; what starts with none of these is a manual.
DICTIONARY = "dictionary"
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
class Bags:
    """Texts as subword ids: text i is `ids[starts[i]:starts[i + 1]]`; `key[i]` is equal for equal texts."""

    ids: np.ndarray  # (total,) int32
    starts: np.ndarray  # (n + 1,) int64
    key: np.ndarray  # (n,) int64

    @classmethod
    def from_texts(cls, texts: list[str], tokenizer: Tokenizer, max_subwords: int) -> Bags:
        ids: list[np.ndarray] = []
        lengths = np.zeros(len(texts), dtype=np.int64)
        keys = np.zeros(len(texts), dtype=np.int64)
        for at in range(0, len(texts), 10_000):
            encodings = tokenizer.encode_batch_fast(texts[at : at + 10_000], add_special_tokens=False)
            for offset, encoding in enumerate(encodings):
                bag = np.array(encoding.ids[:max_subwords], dtype=np.int32)
                ids.append(bag)
                lengths[at + offset] = len(bag)
                keys[at + offset] = int.from_bytes(
                    hashlib.blake2b(bag.tobytes(), digest_size=8).digest(), "little", signed=True
                )
        return cls(np.concatenate(ids), np.concatenate([[0], np.cumsum(lengths)]), keys)

    def take(self, rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Flat ids and offsets of some texts, as EmbeddingBag wants them."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        index = np.repeat(self.starts[rows] - offsets, lengths) + np.arange(lengths.sum())
        return torch.from_numpy(self.ids[index].astype(np.int64)), torch.from_numpy(offsets)


@dataclass(frozen=True)
class Pairs:
    """The training pairs as bags, in rows: `weight[i]` is how often row i is drawn per epoch."""

    english: Bags
    japanese: Bags
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
    """Each row followed by up to `most` others of `pool`, flat, and where each row's string begins."""
    added = random.integers(0, most + 1, len(rows))
    starts = np.concatenate([[0], np.cumsum(added + 1)[:-1]])
    flat = random.choice(pool, int((added + 1).sum()))
    flat[starts] = rows
    return flat, starts


def symmetric_loss(english: torch.Tensor, japanese: torch.Tensor, same: torch.Tensor, scale: float) -> torch.Tensor:
    """InfoNCE both ways; `same` (b, b) marks pairs off the diagonal that are right answers too."""
    scores = scale * english @ japanese.T
    scores = scores.masked_fill(same, -1e4)
    wanted = torch.arange(len(scores))
    cross_entropy = torch.nn.functional.cross_entropy
    return (cross_entropy(scores, wanted) + cross_entropy(scores.T, wanted)) / 2


def train_table(pairs: Pairs, size: int, options: Options) -> np.ndarray:
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    random = np.random.default_rng(options.seed)
    bag = torch.nn.EmbeddingBag(size, options.dimensions, mode="mean", sparse=True)
    torch.nn.init.normal_(bag.weight, std=0.1)
    # Only the rows of subwords that the batch holds are updated: as good as the dense one, at half the time.
    optimizer = torch.optim.SparseAdam(list(bag.parameters()), lr=options.learning_rate)
    steps = int(options.epochs * pairs.weight.sum() / options.batch)
    warm_up = max(1, steps // 50)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / warm_up) * max(0.0, 1.0 - step / (steps + 1))
    )
    dictionary = np.flatnonzero((pairs.kind == DICTIONARY) & (pairs.weight > 0))
    running, started = 0.0, time.monotonic()
    for step, rows in enumerate(batches(pairs, options, random)):
        sides = (pairs.english, pairs.japanese)
        if pairs.kind[rows[0]] == DICTIONARY:
            rows, starts = string_together(rows, dictionary, options.strung_together, random)
        else:
            starts = np.arange(len(rows))
        vectors, keys = [], []
        for side in sides:
            ids, offsets = side.take(rows)
            vectors.append(torch.nn.functional.normalize(bag(ids, offsets[starts])))
            keys.append(torch.from_numpy(np.add.reduceat(side.key[rows], starts)))
        same = (keys[0][:, None] == keys[0][None]) | (keys[1][:, None] == keys[1][None])
        same.fill_diagonal_(False)
        loss = symmetric_loss(vectors[0], vectors[1], same, options.scale)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        running = 0.98 * running + 0.02 * loss.item() if step else loss.item()
        if step % 200 == 0:
            print(f"step {step}/{steps} loss {running:.3f} {time.monotonic() - started:.0f} s", flush=True)
    return bag.weight.detach().numpy()


def embed(texts: list[str], tokenizer: Tokenizer, table: np.ndarray) -> np.ndarray:
    sums = np.stack([table[e.ids].sum(axis=0) for e in tokenizer.encode_batch_fast(texts, add_special_tokens=False)])
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)


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

    tokenizer = build_tokenizer(*count_words(texts), options.vocabulary, options.pieces)
    size = tokenizer.get_vocab_size()
    print(f"vocabulary of {size:,} subwords", flush=True)
    pairs = Pairs(
        english=Bags.from_texts([pair[0] for pair in texts], tokenizer, options.max_subwords),
        japanese=Bags.from_texts([pair[1] for pair in texts], tokenizer, options.max_subwords),
        weight=np.array(weights),
        kind=np.array(kinds),
    )
    table = train_table(pairs, size, options)
    table[tokenizer.token_to_id(UNKNOWN)] = 0  # what is in no vocabulary says nothing about a text
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
