#!/usr/bin/env python3
"""Train the bundled encoder: a table of subword vectors, one table for Japanese and English.

A text's vector is the mean of its subwords' vectors, scaled to length one. The table is learned from
translations only: in each batch every English text must find its own Japanese text among all those of the batch
and the other way round (InfoNCE with in-batch negatives in both directions, as in LaBSE, arXiv 2007.01852).
Rows that share a side with the right answer do not count as negatives, because dictionaries list many glosses of
one word.

The result is a folder in the sentence-transformers format (StaticEmbedding, Normalize), with `training.json` beside
it: options, data checksums, and quality on sets that were not trained on.

    python scripts/train_encoder.py DATA OUT         about 15 minutes on two cores

DATA holds `train/*.tsv.gz`, `dict/*.tsv.gz` (English TAB Japanese) and, for the quality figures, `docs/`. What this
does not do: hard negatives, distillation from a larger model, languages other than these two.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "<unk>"


@dataclass(frozen=True)
class Options:
    """What changes the result; written to `training.json`."""

    vocabulary: int = 48_000
    vocabulary_pairs: int = 400_000  # a sample is enough to choose subwords, and takes minutes less
    dimensions: int = 256
    epochs: float = 3.0
    batch: int = 2048
    scale: float = 20.0
    learning_rate: float = 0.02
    max_subwords: int = 96
    keep_okurigana: bool = True
    seed: int = 1


# How often a source is drawn per epoch. Manuals and repeated strings are plentiful and unlike news; the list of place
# names is partly wrong; readings of names have many homographs.
SOURCE_WEIGHTS = {
    "jsick": 0.5,
    "doc_": 0.7,
    "po_": 0.6,
    "geonames_csc": 0.3,
    "japanese_names_romaji": 0.5,
    "kyotowiki_titles": 0.7,
}


def source_weight(name: str) -> float:
    return next((weight for prefix, weight in SOURCE_WEIGHTS.items() if name.startswith(prefix)), 1.0)


def read_pairs(file: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, _, japanese = line.rstrip("\n").partition("\t")
            if english and japanese:
                yield english, japanese


def new_tokenizer(options: Options) -> Tokenizer:
    """Subwords never cross a change of script; `▁` marks where a Latin word begins."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"(?<!\p{Latin})(?=\p{Latin})"), "▁"),
        ]
    )
    japanese = r"[\p{Han}々〆\p{Hiragana}]+" if options.keep_okurigana else r"[\p{Han}々〆]+|\p{Hiragana}+"
    runs = rf"▁\p{{Latin}}[\p{{Latin}}\p{{Mn}}]*|{japanese}|[\p{{Katakana}}ー]+|\p{{Nd}}+|[^\s]"
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(runs), "removed", invert=True)
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def train_tokenizer(pairs: list[tuple[str, str]], options: Options) -> Tokenizer:
    tokenizer = new_tokenizer(options)
    trainer = trainers.UnigramTrainer(
        vocab_size=options.vocabulary,
        special_tokens=[UNKNOWN],
        unk_token=UNKNOWN,
        max_piece_length=12,
        show_progress=False,
    )
    sample = np.random.default_rng(options.seed).permutation(len(pairs))[: options.vocabulary_pairs]
    texts = (side for row in sample for side in pairs[row])
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


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


def batches(weights: np.ndarray, options: Options) -> Iterator[np.ndarray]:
    """Row numbers of each batch; a row of weight .5 turns up in about every second epoch."""
    random = np.random.default_rng(options.seed)
    left = options.epochs
    while left > 0:
        rows = np.flatnonzero(random.random(len(weights)) < weights)
        random.shuffle(rows)
        rows = rows[: int(len(rows) * min(1.0, left))]
        for at in range(0, len(rows) - options.batch + 1, options.batch):
            yield rows[at : at + options.batch]
        left -= 1


def symmetric_loss(english: torch.Tensor, japanese: torch.Tensor, same: torch.Tensor, scale: float) -> torch.Tensor:
    """InfoNCE both ways; `same` (b, b) marks pairs off the diagonal that are right answers too."""
    scores = scale * english @ japanese.T
    scores = scores.masked_fill(same, -1e4)
    wanted = torch.arange(len(scores))
    cross_entropy = torch.nn.functional.cross_entropy
    return (cross_entropy(scores, wanted) + cross_entropy(scores.T, wanted)) / 2


def train_table(english: Bags, japanese: Bags, weights: np.ndarray, size: int, options: Options) -> np.ndarray:
    torch.manual_seed(options.seed)
    bag = torch.nn.EmbeddingBag(size, options.dimensions, mode="mean")
    torch.nn.init.normal_(bag.weight, std=0.1)
    optimizer = torch.optim.Adam(bag.parameters(), lr=options.learning_rate)
    steps = int(options.epochs * weights.sum() / options.batch)
    warm_up = max(1, steps // 50)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / warm_up) * max(0.0, 1.0 - step / (steps + 1))
    )
    running, started = 0.0, time.monotonic()
    for step, rows in enumerate(batches(weights, options)):
        vectors = [torch.nn.functional.normalize(bag(*side.take(rows))) for side in (english, japanese)]
        keys = [torch.from_numpy(side.key[rows]) for side in (english, japanese)]
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


def quality(data: Path, tokenizer: Tokenizer, table: np.ndarray) -> dict[str, dict[str, float]]:
    """Share of texts whose nearest neighbour by cosine, among all of the set, is their translation."""
    sets: dict[str, list[tuple[str, str]]] = {}
    for name in ("ntrex_ja", "wmt21_jaen", "wmt21_enja"):
        file = data / "docs" / f"{name}.jsonl.gz"
        if file.exists():
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                documents = [json.loads(line) for line in lines]
            sets[name] = [pair for d in documents for pair in zip(d["en"], d["ja"], strict=True)]
    tatoeba = data / "docs" / "laser_tatoeba_jpn-eng.tsv"
    if tatoeba.exists():
        rows = [line.split("\t") for line in tatoeba.read_text("utf-8").splitlines()]
        sets["tatoeba_1000"] = [(row[0], row[1]) for row in rows]
    figures = {}
    for name, pairs in sets.items():
        scores = embed([p[0] for p in pairs], tokenizer, table) @ embed([p[1] for p in pairs], tokenizer, table).T
        wanted = np.arange(len(pairs))
        figures[name] = {
            "en->ja": round(float((scores.argmax(axis=1) == wanted).mean()), 4),
            "ja->en": round(float((scores.argmax(axis=0) == wanted).mean()), 4),
        }
    return figures


def save(out: Path, tokenizer: Tokenizer, table: np.ndarray, record: dict[str, object]) -> None:
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
    pairs: list[tuple[str, str]] = []
    weights: list[float] = []
    for file in files:
        rows = list(read_pairs(file))
        pairs += rows
        weights += [source_weight(file.name)] * len(rows)
    print(f"{len(pairs):,} pairs from {len(files)} files", flush=True)

    tokenizer = train_tokenizer(pairs, options)
    print(f"vocabulary of {tokenizer.get_vocab_size():,} subwords", flush=True)
    english = Bags.from_texts([p[0] for p in pairs], tokenizer, options.max_subwords)
    japanese = Bags.from_texts([p[1] for p in pairs], tokenizer, options.max_subwords)
    table = train_table(english, japanese, np.array(weights), tokenizer.get_vocab_size(), options)
    table[tokenizer.token_to_id(UNKNOWN)] = 0  # what is in no vocabulary says nothing about a text
    record: dict[str, object] = {
        "options": asdict(options),
        "source_weights": SOURCE_WEIGHTS,
        "pairs": len(pairs),
        "sha256": {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files},
        "accuracy": quality(data, tokenizer, table.astype(np.float16).astype(np.float32)),
    }
    save(out, tokenizer, table, record)
    print(json.dumps(record["accuracy"], indent=1))


if __name__ == "__main__":
    main()
