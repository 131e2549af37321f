"""A table of subword vectors as an encoder, read without torch.

A text's vector is the sum of its subwords' vectors scaled to length one, so the vector of a run of sentences is a
difference of prefix sums and every m-n candidate of the aligner costs nothing to embed. Importing torch would take
seconds and hundreds of megabytes. Training the bundled table is `scripts/train_encoder.py`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from align.model_files import read_json
from align.subwords import SENTENCEPIECE_FILE, Bags, SentencePieceSubwords, Subwords, TokenizersSubwords
from align.vectors import Encoder, Vectors, unit_rows, without_surrogates
from corpora.errors import EncoderError

BUNDLED = Path(__file__).parent / "models" / "taiyaku-static-ja-en"
CLEARLY = 0.7  # of the letters; normalising may change how many there are
_KANA = re.compile("[ぁ-ヿ]")  # every one of which is a subword, as are the kanji between them
SLICE = 4096  # rows of a table read at once


class StaticEncoder(Encoder):
    """A table of subword vectors in the sentence-transformers format (`StaticEmbedding`), read without torch."""

    def __init__(self, table: Vectors, subwords: Subwords, name: str) -> None:
        if len(table) != subwords.size:
            raise EncoderError(
                f"{name}: the table has {len(table)} rows but the tokenizer {subwords.size} subwords; "
                "the folder is damaged or mixed from two models"
            )
        self.table = table  # (subwords, d) float32
        self.subwords = subwords
        self.name = name

    @classmethod
    def from_folder(cls, folder: Path, *, name: str | None = None) -> StaticEncoder:
        """Read a folder saved by sentence-transformers or model2vec (see `is_table`).

        Raises EncoderError where the folder lacks a file or holds something else.
        """
        module = folder / _modules(folder)[0]["path"] if (folder / "modules.json").exists() else folder
        try:
            subwords = _read_subwords(module)
            weights = _read_weights(module / "model.safetensors")
        except Exception as error:
            raise EncoderError(
                f"{folder} cannot be read as an encoder ({error}); save the model there again"
            ) from error
        table = _table(weights, module / "model.safetensors")
        if "embeddings" in weights:  # model2vec leaves unknown subwords out of the mean
            table[list(subwords.unknown)] = 0
        return cls(table, subwords, name or folder.name)

    def bags(self, texts: Sequence[str]) -> Bags:
        """The subwords of each text."""
        return Bags(*self.subwords.ids([without_surrogates(text) for text in texts]))

    def sums(self, bags: Bags) -> Vectors:
        """(n, d) float32: the sum of each text's subword vectors, not scaled, so that runs add up."""
        from scipy.sparse import csr_matrix

        ones = np.ones(len(bags.ids), dtype=np.float32)
        counts = csr_matrix((ones, bags.ids, bags.starts), shape=(len(bags), len(self.table)))
        product: Vectors = np.asarray(counts @ self.table, dtype=np.float32)
        return product

    @cached_property
    def row_lengths(self) -> Vectors:
        """(subwords,) length of each row: how much a subword says."""
        lengths: Vectors = np.linalg.norm(self.table, axis=1)
        return lengths

    def encode(self, texts: Sequence[str]) -> Vectors:
        return unit_rows(self.sums(self.bags(texts)))

    def encode_runs(self, sentences: Sequence[str], max_run: int, *, joiner: str = " ") -> list[Vectors]:
        """As in `Encoder`, by prefix sums; the joiner has no vector."""
        del joiner
        return self.runs_of(self.bags(sentences), max_run)

    def runs_of(self, sentences: Bags, max_run: int) -> list[Vectors]:
        """`encode_runs` of sentences whose subwords are at hand."""
        longest = max(1, min(max_run, len(sentences)))
        sums = [self.sums(sentences)]
        for size in range(2, longest + 1):
            sums.append(sums[-1][:-1] + sums[0][size - 1 :])
        return [unit_rows(one) for one in sums]

    def known_shares(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """(n,): how much of each text's letters the table has words for, 0 to 1; 1 for a text without letters.

        A table has most foreign letters as subwords of their own, so a word in Russian is no row of unknowns but is
        spelled out. Letters alone count as known only in scripts where a character is a syllable or a word.

        >>> from align.encoder import load_encoder
        >>> load_encoder().known_shares(["雨が降った。", "It rained.", "Шёл дождь."]).round(1).tolist()
        [1.0, 1.0, 0.0]
        """
        pieces = self.subwords.pieces([without_surrogates(text) for text in texts])
        return np.array([self._known_share(of_text) for of_text in pieces], dtype=np.float64)

    def surely_known(self, texts: Sequence[str]) -> list[bool]:
        """Of each text whether clearly most of its letters are known, in a third of the time; False says nothing."""
        sure = [len(_KANA.findall(text)) > len(text) / 4 for text in texts]
        others = [place for place, known in enumerate(sure) if not known]
        bags = self.bags([texts[place] for place in others])
        for place, start, end in zip(others, bags.starts, bags.starts[1:], strict=False):
            known = int(self._known_letters[bags.ids[start:end]].sum())
            sure[place] = known > CLEARLY * sum(map(str.isalpha, texts[place]))
        return sure

    @cached_property
    def _known_letters(self) -> npt.NDArray[np.int64]:
        """(subwords,) letters of each that count as known when it stands in a text."""
        pieces = enumerate(self.subwords.spelled())
        return np.array(
            [self._known_share([piece]) * sum(map(str.isalpha, piece[1])) for piece in pieces], dtype=np.int64
        )

    def _known_share(self, pieces: Sequence[tuple[int, str]]) -> float:
        letters = known = 0
        for identity, characters in pieces:
            here = [character for character in characters if character.isalpha()]
            letters += len(here)
            if identity not in self._unknown_ids and (len(here) > 1 or any(map(_is_syllable, here))):
                known += len(here)
        return known / letters if letters else 1.0

    @cached_property
    def _unknown_ids(self) -> frozenset[int]:
        blank = np.flatnonzero(~np.any(self.table, axis=1)).tolist()
        return self.subwords.unknown.union(blank)

    def provenance(self) -> dict[str, object]:
        """What a corpus says about the encoder it was made with."""
        return {"name": self.name, "sha256": hashlib.sha256(self.table.tobytes()).hexdigest(), "prompt": ""}


def _read_subwords(module: Path) -> Subwords:
    if (module / SENTENCEPIECE_FILE).exists():
        return SentencePieceSubwords.from_file(module / SENTENCEPIECE_FILE)
    from tokenizers import Tokenizer

    return TokenizersSubwords(Tokenizer.from_file(str(module / "tokenizer.json")))


def _is_syllable(character: str) -> bool:
    """Han, kana and hangul: one character says what takes an alphabet several."""
    return "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7a3"


def _read_weights(path: Path) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of a file, floating-point ones as float32; a slice at a time, for the least memory."""
    from safetensors import safe_open

    weights = {}
    with safe_open(path, framework="np") as file:
        for name in file.keys():  # noqa: SIM118, not a dict
            part = file.get_slice(name)
            rows, *rest = part.get_shape() or [0]
            floating = part.get_dtype().startswith("F")
            array = np.empty((rows, *rest), dtype=np.float32 if floating else np.int64)
            for start in range(0, rows, SLICE):
                array[start : start + SLICE] = part[start : min(rows, start + SLICE)]
            weights[name] = array
    return weights


def _table(weights: dict[str, npt.NDArray[np.generic]], path: Path) -> Vectors:
    """One row a subword; model2vec may share rows between subwords and keep their weights apart."""
    if "embeddings" in weights:
        table = weights["embeddings"].astype(np.float32, copy=False)
        if "mapping" in weights:
            table = table[weights["mapping"].astype(np.int64)]
        return table * weights["weights"].astype(np.float32)[:, None] if "weights" in weights else table
    if len(weights) != 1:
        raise EncoderError(f"{path} holds {len(weights)} tables, expected one of vectors")
    return next(iter(weights.values())).astype(np.float32, copy=False)


def is_table(folder: Path) -> bool:
    """Whether a folder holds a table of subword vectors and nothing that changes them afterwards.

    Raises EncoderError where modules.json is damaged.
    """
    if not (folder / "modules.json").exists():
        return read_json(folder / "config.json").get("model_type") == "model2vec"
    first, *rest = (module["type"].rpartition(".")[2] for module in _modules(folder))
    config = read_json(folder / "config_sentence_transformers.json")
    plain = not config.get("default_prompt_name") and not config.get("truncate_dim")
    return first == "StaticEmbedding" and set(rest) <= {"Normalize"} and plain


def _modules(folder: Path) -> list[dict[str, str]]:
    try:
        modules: list[dict[str, str]] = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        if modules and all(isinstance(m["type"], str) and isinstance(m["path"], str) for m in modules):
            return modules
        reason = "modules.json lists no modules"
    except (OSError, ValueError, TypeError, LookupError) as error:
        reason = str(error)
    raise EncoderError(f"{folder} is not a sentence-transformers model, name a folder that is one: {reason}")
