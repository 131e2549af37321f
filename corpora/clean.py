"""Beads that a corpus is better without: each filter has a name, and what it takes out is kept among the rejects.

- `duplicate`: the same two texts as a bead that is more probable. The best is kept, not the first.
- `boilerplate`: a text that stands in beads of many pairs of articles, as the last line of every page does.
- `language`: a side that is in another language than it should be, or the same text on both sides.
- `length`: one side far longer than the other, measured against what is usual in this corpus.
- `probability`: a bead less probable than was asked for; off unless a bar is given.

Counts over the whole corpus are needed, so this goes through the beads twice: `Survey.add` takes them in, keeping some
fifty bytes of each, `Survey.verdicts` says of each which filter takes it out. Null beads are left alone. What this does
not do: judge whether a translation is good; that is for the findings.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from corpora import language
from corpora.errors import UsageError
from corpora.mixed import EAST_ASIAN_LANGUAGES

if TYPE_CHECKING:
    import pyarrow as pa

FILTERS = ("duplicate", "boilerplate", "language", "length", "probability")
REASONS = {
    "duplicate": "duplicate",
    "boilerplate": "boilerplate",
    "language": "wrong-language",
    "length": "length-ratio",
    "probability": "low-probability",
}
KEPT = 0  # the verdict of a bead that no filter takes out; the others are places in FILTERS, from 1
# News repeats short sentences honestly ("He has admitted the charge."); what stands on every page is far more frequent.
LEAST_PAIRS, LEAST_SHARE = 10, 0.005
# Of 3,002 correct sentence pairs (WMT21, NTREX) none is further than this from the usual ratio, 14 are beyond 2.
MAX_LENGTH_RATIO = 3.0
SMOOTHING = 10  # characters added to both sides, since short texts differ more
# Short texts in the same script are often taken for another language: of 6,004 one of 63 characters.
LEAST_CHARACTERS = 80
LEAST_COPIED = 20  # characters of a text that was not translated; shorter ones are names and figures
# Texts that are plainly in their language, which is told in a tenth of the time: kana twice before any letter of Latin
# or hangul; English without other letters, but with a word that no other language has.
_PLAINLY = {
    "ja": re.compile(r"[^A-Za-z\uac00-\ud7a3]*[ぁ-ゖァ-ヺー]+[^A-Za-z\uac00-\ud7a3]*[ぁ-ゖァ-ヺー]"),
    "en": re.compile(r"(?=[\x00-\x7f‘’“”—–]*$).*?\b(?:the|and|of|said|with|were|their)\b", re.I | re.S),
}
_SPACE = re.compile(r"\s+")
Hashes = npt.NDArray[np.uint64]
Verdicts = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """Which filters are used, and their bars. Raises UsageError for a filter or a bar that is none."""

    names: frozenset[str] = frozenset(FILTERS)
    min_probability: float = 0.0  # of a bead
    max_length_ratio: float = MAX_LENGTH_RATIO  # times longer or shorter than usual, 1 or more

    def __post_init__(self) -> None:
        if unknown := sorted(self.names.difference(FILTERS)):
            raise UsageError(f"there is no filter {', '.join(unknown)}; choose from {', '.join(FILTERS)}")
        if not 0 <= self.min_probability <= 1:
            raise UsageError(f"a bead's probability is between 0 and 1, not {self.min_probability}")
        if not self.max_length_ratio >= 1:
            raise UsageError(f"the longer side is at least 1 times as long, not {self.max_length_ratio}")


def parse_filters(
    only: str | None, without: str | None, *, min_probability: float, max_length_ratio: float
) -> CleanOptions:
    """Options from names with commas between them; `none` as the only one means no filter.

    >>> sorted(parse_filters("length,language", "length", min_probability=0, max_length_ratio=3).names)
    ['language']
    """
    chosen = FILTERS if only is None else () if only.strip() == "none" else _names(only)
    left = CleanOptions(frozenset(chosen)).names - CleanOptions(frozenset(_names(without or ""))).names
    return CleanOptions(left, min_probability, max_length_ratio)


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.split(",") if name.strip())


@dataclass(slots=True)
class Survey:
    """What the filters have to know of all beads, in the order they came."""

    options: CleanOptions
    rows: int = 0
    pairs: int = 0
    _last_pair: str = ""
    _places: list[npt.NDArray[np.int64]] = field(default_factory=list)  # rows of two-sided beads
    _hashes: list[Hashes] = field(default_factory=list)  # (n, 3): of both texts, of the source, of the target
    _numbers: list[npt.NDArray[np.float64]] = field(default_factory=list)  # (n, 3): probability, similarity, log ratio
    _pair_numbers: list[npt.NDArray[np.int64]] = field(default_factory=list)
    _foreign: list[npt.NDArray[np.bool_]] = field(default_factory=list)

    def add(self, beads: pa.RecordBatch) -> None:
        """Take in some beads, with the columns of the `beads` table; those of a pair come together."""
        columns = [beads.column(name).to_pylist() for name in _COLUMNS]
        places, hashes, numbers, pair_numbers, foreign = [], [], [], [], []
        for at, (pair, *languages_and_texts, probability, similarity) in enumerate(zip(*columns, strict=True)):
            if pair != self._last_pair:
                self._last_pair = pair
                self.pairs += 1
            languages, texts = languages_and_texts[:2], languages_and_texts[2:]
            if not texts[0] or not texts[1]:
                continue
            places.append(self.rows + at)
            hashes.append(_hashed(*texts))
            ratio = np.log((len(texts[1]) + SMOOTHING) / (len(texts[0]) + SMOOTHING))
            numbers.append((1.0 if probability is None else probability, similarity or 0.0, ratio))
            pair_numbers.append(self.pairs)
            foreign.append("language" in self.options.names and _is_foreign(languages, texts))
        self.rows += beads.num_rows
        self._places.append(np.array(places, dtype=np.int64))
        self._hashes.append(np.array(hashes, dtype=np.uint64).reshape(-1, 3))
        self._numbers.append(np.array(numbers, dtype=np.float64).reshape(-1, 3))
        self._pair_numbers.append(np.array(pair_numbers, dtype=np.int64))
        self._foreign.append(np.array(foreign, dtype=np.bool_))

    def verdicts(self) -> tuple[Verdicts, dict[int, int]]:
        """(rows,) of each bead KEPT or the number of the filter that takes it out, and of each duplicate the bead kept.

        A bead is taken out by the first filter that applies, duplicates last: the bead that stands for the others is
        one that stays.
        """
        found = np.zeros(self.rows, dtype=np.uint8)
        if not sum(map(len, self._places)):
            return found, {}
        places, numbers = np.concatenate(self._places), np.concatenate(self._numbers)
        hashes, pairs = np.concatenate(self._hashes), np.concatenate(self._pair_numbers)
        verdict = np.zeros(len(places), dtype=np.uint8)
        ratios = numbers[:, 2]
        far = np.abs(ratios - np.median(ratios)) > np.log(self.options.max_length_ratio)
        for name, applies in (
            ("probability", numbers[:, 0] < self.options.min_probability),
            ("language", np.concatenate(self._foreign)),
            ("boilerplate", self._frequent(hashes[:, 1], pairs) | self._frequent(hashes[:, 2], pairs)),
            ("length", far),
        ):
            if name in self.options.names:
                verdict[applies & (verdict == KEPT)] = 1 + FILTERS.index(name)
        twins: dict[int, int] = {}
        if "duplicate" in self.options.names:
            left = np.flatnonzero(verdict == KEPT)
            for one, best in _duplicates(hashes[left, 0], numbers[left]):
                verdict[left[one]] = 1 + FILTERS.index("duplicate")
                twins[int(places[left[one]])] = int(places[left[best]])
        found[places] = verdict
        return found, twins

    def _frequent(self, texts: Hashes, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Whether each text stands in many pairs."""
        distinct, inverse = np.unique(texts, return_inverse=True)
        each = np.unique(np.stack([inverse, pairs], axis=1), axis=0)  # a text counts once in a pair
        counts = np.bincount(each[:, 0], minlength=len(distinct))
        many: npt.NDArray[np.bool_] = (counts >= max(LEAST_PAIRS, LEAST_SHARE * self.pairs))[inverse]
        return many


_COLUMNS = ("pair_id", "source_lang", "target_lang", "source_text", "target_text", "probability", "similarity")


def _duplicates(texts: Hashes, numbers: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """Each bead whose texts another one has that is better, with the best one."""
    order = np.lexsort((np.arange(len(texts)), -numbers[:, 1], -numbers[:, 0], texts))
    found = []
    best = -1
    for one in order.tolist():
        if best >= 0 and texts[one] == texts[best]:
            found.append((one, best))
        else:
            best = one
    return found


def _hashed(source: str, target: str) -> tuple[int, int, int]:
    sides = [_normalized(text).encode("utf-8", "surrogatepass") for text in (source, target)]
    return _hash(sides[0] + b"\0" + sides[1]), _hash(sides[0]), _hash(sides[1])


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def _normalized(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold()


def _is_foreign(languages: Sequence[str], texts: Sequence[str]) -> bool:
    if texts[0] == texts[1] and len(texts[0]) >= LEAST_COPIED:
        return True
    return any(_is_in_another(lang, text) for lang, text in zip(languages, texts, strict=True))


def _is_in_another(lang: str, text: str) -> bool:
    if lang in _PLAINLY and _PLAINLY[lang].match(text):
        return False
    found = language.identify(text)
    if found is None or found == lang:
        return False
    return len(text) >= LEAST_CHARACTERS or (found in EAST_ASIAN_LANGUAGES) is not (lang in EAST_ASIAN_LANGUAGES)
