"""Texts as ids of subwords, by SentencePiece for the bundled table and by `tokenizers` for any other.

Both cut a text at the likeliest sequence of subwords (Unigram, arXiv 1804.10959). SentencePiece does so five times as
fast, and common characters are normalised in Python in a tenth of the time that the tokenizer's own normaliser
takes, because it keeps track of where each character came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

SENTENCEPIECE_FILE = "taiyaku.sentencepiece.model"
# What tokenizers call a subword they do not have.
UNKNOWN = ("<unk>", "[UNK]")
# ASCII, dashes and quotation marks, kana, kanji, full-width forms: after NFKC no Latin letters but a to z, and nothing
# that one version of Unicode normalises and another does not know.
_UNCOMMON = re.compile(r"[^ -~\u2010-\u2027\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
_WORD_START = re.compile("(?<![a-z])(?=[a-z])")

Ids = npt.NDArray[np.int32]
Starts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bags:
    """The subwords of texts, on end: text i has `ids[starts[i]:starts[i + 1]]`."""

    ids: Ids
    starts: Starts

    def __len__(self) -> int:
        return len(self.starts) - 1

    def part(self, texts: slice) -> Bags:
        """Those of some neighbouring texts; `texts` has a start and a stop."""
        starts = self.starts[texts.start : texts.stop + 1]
        return Bags(self.ids[starts[0] : starts[-1]], starts - starts[0])


class Subwords(Protocol):
    """What cuts texts into the subwords of a table; takes no lone surrogates."""

    size: int
    unknown: frozenset[int]  # ids that stand for what is no subword

    def ids(self, texts: Sequence[str]) -> tuple[Ids, Starts]:
        """The ids of all texts on end, and where each text's begin: text i is `ids[starts[i]:starts[i + 1]]`."""
        ...

    def pieces(self, texts: Sequence[str]) -> list[list[tuple[int, str]]]:
        """Each text's subwords as id and the characters it stands for."""
        ...

    def spelled(self) -> list[str]:
        """All subwords by id."""
        ...


class TokenizersSubwords(Subwords):
    """Subwords of a `tokenizer.json`."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self.size = tokenizer.get_vocab_size()
        found = (tokenizer.token_to_id(name) for name in UNKNOWN)
        self.unknown = frozenset(identity for identity in found if identity is not None)

    def ids(self, texts: Sequence[str]) -> tuple[Ids, Starts]:
        return _flat(e.ids for e in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False))

    def spelled(self) -> list[str]:
        return [self._tokenizer.id_to_token(identity) or "" for identity in range(self.size)]

    def pieces(self, texts: Sequence[str]) -> list[list[tuple[int, str]]]:
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [
            [(identity, text[start:end]) for identity, (start, end) in zip(e.ids, e.offsets, strict=True)]
            for text, e in zip(texts, encodings, strict=True)
        ]


class SentencePieceSubwords(Subwords):
    """Subwords of a model that `scripts/train_encoder.py` wrote, for texts normalised as `normalizer()` does."""

    def __init__(self, processor: SentencePieceProcessor) -> None:
        self._processor = processor
        self.size = processor.get_piece_size()
        self.unknown = frozenset([processor.unk_id()])

    @classmethod
    def from_file(cls, path: Path) -> SentencePieceSubwords:
        """Raises OSError or RuntimeError where the file cannot be read as a model."""
        from sentencepiece import SentencePieceProcessor

        return cls(SentencePieceProcessor(model_proto=path.read_bytes()))

    def ids(self, texts: Sequence[str]) -> tuple[Ids, Starts]:
        encode = self._processor.encode  # one by one: its own batches start threads, which costs more than it saves
        return _flat(encode(_normalized(text)) for text in texts)

    def spelled(self) -> list[str]:
        return [str(self._processor.id_to_piece(identity)) for identity in range(self.size)]

    def pieces(self, texts: Sequence[str]) -> list[list[tuple[int, str]]]:
        texts = [_normalized(text) for text in texts]
        words = self._processor.encode(texts, out_type=str, num_threads=1)
        return [list(zip(self._processor.piece_to_id(text), text, strict=True)) for text in words]


def _flat(bags: Iterable[Sequence[int]]) -> tuple[Ids, Starts]:
    kept = list(bags)
    starts = np.zeros(len(kept) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, kept), np.int64, len(kept)), out=starts[1:])
    return np.fromiter(chain.from_iterable(kept), np.int32, int(starts[-1])), starts


@cache
def normalizer() -> Normalizer:
    """NFKC, lower case, and `▁` where a Latin word begins: what the bundled table's tokenizer was trained with."""
    from tokenizers import Regex
    from tokenizers.normalizers import NFKC, Lowercase, Replace, Sequence

    return Sequence([NFKC(), Lowercase(), Replace(Regex(r"(?<!\p{Latin})(?=\p{Latin})"), "▁")])


def _normalized(text: str) -> str:
    if _UNCOMMON.search(text):
        return str(normalizer().normalize_str(text))
    return _WORD_START.sub("▁", unicodedata.normalize("NFKC", text).lower())
