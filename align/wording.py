"""How well the words of texts are accounted for by the words of their translations.

The rows of the bundled table are a dictionary (`align.words`): the cosine of a word and its translation is near 1, of
unrelated words near 0. English words are the sums of their subwords, Japanese has its subwords as they are, and two
neighbours together are a word too (外 and 相). Each word is described by nine numbers, of which the best cosine to the
other side says most; `align.leftover` makes findings of them.

Texts are read and compared many at a time, since most of the time would go into starting numpy otherwise.
What this does not do: tell apart words whose translations stand in like places, such as rose and fell.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from align.subwords import Starts
from align.table import StaticEncoder
from align.vectors import without_surrogates

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Marks = npt.NDArray[np.int64]
Span = tuple[int, int]
_ENGLISH = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)?|\d[\d,.]*|[^\sA-Za-zÀ-ɏ\d]")
_KATAKANA = re.compile("[ァ-ヴー]+")
NOTHING_BESIDE = 0.5  # stands for the cosine of the neighbour of a first or last word
FEATURES = 9
MOST_REMEMBERED = 30_000  # English words, with their vectors some 35 MB
# A word says something from this length of its vector on; に, the, 。 have 1 to 3, 人 5.6, 肺炎 14. Names have no end.
LEAST_LENGTH, MOST_LENGTH = 3.0, 10.0
NO_LENGTH = np.float32(1e-6)
NO_COSINE = np.float32(-4)  # where there is no word
TOGETHER = 16  # pairs worked on at a time
PROPER, DIGIT, ENDS, OPENS, NOTED, SIZE = range(6)
_ENDS = frozenset('、。，．,.;:!?！？「」『』（）()"“”—–・')
_OPENERS_LISTED = "and but with without because despite although while who which that as after before including"
_OPENERS = frozenset(_OPENERS_LISTED.split())


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some texts on end: text i has those from `starts[i]` to `starts[i + 1]`.

    `marks` has for each word the columns PROPER (a capital but at the beginning, or katakana), DIGIT, ENDS (what
    ends a phrase), OPENS (what opens one), NOTED (English words the reader was told to note) and SIZE (characters).
    `written` are English words as they stand.
    """

    starts: Starts
    vectors: Floats  # (n, d), not scaled
    lengths: Floats  # (n,), above 0
    marks: Marks  # (n, 6)
    says: Doubles  # (n,) how much each says, 0 to 10; a number says nothing, since numbers have checks of their own
    written: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, text: int) -> Words:
        """The words of one text."""
        part = slice(self.starts[text], self.starts[text + 1])
        starts = np.array([0, part.stop - part.start])
        return Words(
            starts, self.vectors[part], self.lengths[part], self.marks[part], self.says[part], self.written[part]
        )


class WordReader:
    """Cuts texts into words with vectors, and remembers English words it has seen."""

    def __init__(self, encoder: StaticEncoder, noted: Container[str] = ()) -> None:
        self._noted = noted
        self._subwords = encoder.subwords
        self._table = encoder.table
        self._lengths = np.maximum(encoder.row_lengths, NO_LENGTH)
        spelled = [piece.replace("▁", "") for piece in encoder.subwords.spelled()]
        self._subword_marks = np.array(
            [_marks(piece, is_proper=_KATAKANA.fullmatch(piece) is not None, is_noted=False) for piece in spelled]
        )
        self._subword_says = _says(self._lengths, self._subword_marks[:, DIGIT])
        self._forget()

    def _forget(self) -> None:
        self._places: dict[str, int] = {}
        self._vectors = np.zeros((1024, self._table.shape[1]), dtype=np.float32)
        self._word_lengths = np.ones(1024, dtype=np.float32)
        self._word_marks = np.zeros((1024, 6), dtype=np.int64)
        self._word_says = np.zeros(1024)

    def english(self, texts: Sequence[str]) -> Words:
        """Words, numbers and signs."""
        if len(self._places) > MOST_REMEMBERED:
            self._forget()
        words = [_ENGLISH.findall(without_surrogates(text)) for text in texts]
        flat = list(chain.from_iterable(words))
        places = self._places
        for word in flat:
            if word not in places:
                self._remember(word)
        rows = np.fromiter((places[word] for word in flat), np.intp, len(flat))
        starts = np.zeros(len(words) + 1, dtype=np.int64)
        np.cumsum([len(of_text) for of_text in words], out=starts[1:])
        marks = self._word_marks[rows]
        marks[starts[:-1][np.diff(starts) > 0], PROPER] = False
        return Words(starts, self._vectors[rows], self._word_lengths[rows], marks, self._word_says[rows], flat)

    def _remember(self, word: str) -> None:
        place = len(self._places)
        if place == len(self._vectors):
            self._vectors, self._word_marks, self._word_says = (
                np.concatenate([a, np.zeros_like(a)]) for a in (self._vectors, self._word_marks, self._word_says)
            )
            self._word_lengths = np.concatenate([self._word_lengths, np.ones_like(self._word_lengths)])
        ids, _ = self._subwords.ids([word])
        self._vectors[place] = self._table[ids].sum(axis=0)
        self._word_lengths[place] = vector_length(self._vectors[place])
        self._word_marks[place] = _marks(word, is_proper=word[0].isupper(), is_noted=word.lower() in self._noted)
        one = slice(place, place + 1)
        self._word_says[one] = _says(self._word_lengths[one], self._word_marks[one, DIGIT])
        self._places[word] = place

    def japanese(self, texts: Sequence[str]) -> Words:
        """The subwords as the table's tokenizer cuts them."""
        ids, starts = self._subwords.ids([without_surrogates(text) for text in texts])
        return Words(starts, self._table[ids], self._lengths[ids], self._subword_marks[ids], self._subword_says[ids])

    def japanese_spans(self, text: str, words: Words | None = None) -> list[Span]:
        """Where the words of a Japanese text stand; `words` are those of the text alone, if at hand."""
        text = without_surrogates(text)
        places = _places(text)
        ends = [0] if words is None else [0, *np.cumsum(words.marks[:, SIZE]).tolist()]
        if ends[-1] != len(places) - 1:  # or a character that the table does not know
            pieces = self._subwords.pieces([text])[0]
            ends = np.cumsum([0, *(len(piece.replace("▁", "")) for _, piece in pieces)]).tolist()
        bounds = [places[min(end, len(places) - 1)] for end in ends]
        return list(pairwise(bounds))


def _marks(word: str, *, is_proper: bool, is_noted: bool) -> tuple[bool, bool, bool, bool, bool, int]:
    """PROPER, DIGIT, ENDS, OPENS, NOTED and SIZE of a word."""
    return is_proper, any(map(str.isdigit, word)), word in _ENDS, word.lower() in _OPENERS, is_noted, len(word)


def _says(lengths: Floats, is_digit: Marks) -> Doubles:
    weights: Doubles = np.minimum(np.maximum(lengths - LEAST_LENGTH, 0), MOST_LENGTH).astype(np.float64)
    return np.where(is_digit, 0, weights)


def english_spans(text: str) -> list[Span]:
    """Where the words of an English text stand."""
    return [match.span() for match in _ENGLISH.finditer(without_surrogates(text))]


def _places(text: str) -> Sequence[int]:
    """Where in the text each character of its normalized form stands, and the text's end."""
    if len(text) == len(unicodedata.normalize("NFKC", text)):  # in news all but always
        return range(len(text) + 1)
    places = [at for at, character in enumerate(text) for _ in unicodedata.normalize("NFKC", character)]
    return [*places, len(text)]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Of each side (n, FEATURES): how the other side accounts for each word.

    The best cosine with a word or two neighbouring words of the other side; the best of it and a neighbour together
    with one word; the cosine with the other side as a whole; the logarithm of its length; proper; digit; the best
    cosines of the words before and behind; of the source alone, how much better the best cosine with a word is than
    that of the source's next word for the same partner.
    """

    source: Floats
    target: Floats
    cosines: Floats  # (pairs,) of both sides' sums


def account(source: Words, target: Words) -> Accounts:
    """How the words of texts and of their translations account for each other; both have as many texts.

    All cosines, of pairs of neighbours too, follow from one table of dot products. Pairs of like size are worked on
    together, since most of the time would go into starting numpy otherwise.
    """
    sides = _constant(source), _constant(target)
    cosines = np.zeros(len(source), dtype=np.float32)
    counts = np.diff(source.starts), np.diff(target.starts)
    filled = np.flatnonzero((counts[0] > 0) & (counts[1] > 0))
    beside = _beside(source), _beside(target)
    filled = filled[np.argsort(counts[0][filled] * counts[1][filled], kind="stable")]
    for first in range(0, len(filled), TOGETHER):
        block = filled[first : first + TOGETHER]
        blocks = _block(source, beside[0], block), _block(target, beside[1], block)
        products: Floats = blocks[0].vectors @ blocks[1].vectors.transpose(0, 2, 1)  # (pairs, n source, n target)
        cosines[block] = _fill(sides, blocks, products)
    for words, features in zip((source, target), sides, strict=True):
        _look_beside(words, features)
    return Accounts(*sides, cosines)


@dataclass(frozen=True, slots=True)
class _Block:
    """One side of some pairs, each filled up to the longest: what stands where not `is_word` means nothing."""

    rows: npt.NDArray[np.intp]  # (pairs, n)
    is_word: Flags  # (pairs, n)
    vectors: Floats  # (pairs, n, d)
    lengths: Floats  # (pairs, n)
    beside: Floats  # (pairs, n - 1) lengths of the sums of neighbours
    whole: Floats  # (pairs,) lengths of the sums of all


def _block(words: Words, beside: Floats, texts: npt.NDArray[np.intp]) -> _Block:
    counts = words.starts[texts + 1] - words.starts[texts]
    places = np.arange(counts.max())
    is_word = places < counts[:, None]
    rows = np.where(is_word, words.starts[texts][:, None] + places, 0)
    vectors = words.vectors[rows]
    total = (is_word[:, None, :].astype(np.float32) @ vectors)[:, 0]
    whole = np.maximum(np.sqrt(np.einsum("pj,pj->p", total, total)), NO_LENGTH)
    return _Block(rows, is_word, vectors, words.lengths[rows], beside[rows[:, :-1]], whole)


def _beside(words: Words) -> Floats:
    """(n,) lengths of the sum of each word and the next."""
    products = np.einsum("ij,ij->i", words.vectors[:-1], words.vectors[1:])
    squares = words.lengths**2
    lengths = np.append(np.sqrt(np.maximum(squares[:-1] + squares[1:] + 2 * products, 0)), np.float32(1))
    found: Floats = np.maximum(lengths, NO_LENGTH)
    return found


def _fill(sides: tuple[Floats, Floats], blocks: tuple[_Block, _Block], products: Floats) -> Floats:
    """Fill in the features of a block; the cosine of each of its pairs."""
    is_word = [one.is_word for one in blocks]
    is_pair = [one[:, 1:] for one in is_word]
    lengths = [one.lengths for one in blocks]
    alike = products / (lengths[0][:, :, None] * lengths[1][:, None, :])
    pairs = (products[:, :-1] + products[:, 1:]) / (blocks[0].beside[:, :, None] * lengths[1][:, None, :])
    other_pairs = (products[:, :, :-1] + products[:, :, 1:]) / (lengths[0][:, :, None] * blocks[1].beside[:, None, :])
    for cosines, own, other in (
        (alike, is_word[0], is_word[1]),
        (pairs, is_pair[0], is_word[1]),
        (other_pairs, is_word[0], is_pair[1]),
    ):
        np.copyto(cosines, NO_COSINE, where=~(own[:, :, None] & other[:, None, :]))
    counted = products * (is_word[0][:, :, None] & is_word[1][:, None, :])
    by_word = counted.sum(axis=2), counted.sum(axis=1)
    whole = blocks[0].whole * blocks[1].whole
    for side, axis in ((0, 2), (1, 1)):
        block, own_pairs, their_pairs = (
            (blocks[0], pairs, other_pairs) if side == 0 else (blocks[1], other_pairs, pairs)
        )
        rows = block.rows[block.is_word]
        best = alike.max(axis=axis)
        np.maximum(best, their_pairs.max(axis=axis, initial=NO_COSINE), out=best)
        sides[side][rows, 0] = best[block.is_word]
        together = np.full_like(best, NO_COSINE)
        own = own_pairs.max(axis=axis)
        together[:, :-1] = own
        together[:, 1:] = np.maximum(together[:, 1:], own)
        sides[side][rows, 1] = np.where(together > NO_COSINE / 2, together, 0)[block.is_word]
        towards = by_word[side] / (block.lengths * blocks[1 - side].whole[:, None])
        sides[side][rows, 2] = towards[block.is_word]
    sides[0][blocks[0].rows[blocks[0].is_word], 8] = _margins(alike)[blocks[0].is_word]
    together_cosines: Floats = by_word[0].sum(axis=1) / whole
    return together_cosines


def _constant(words: Words) -> Floats:
    """(n, FEATURES) with what is known of a word itself."""
    features = np.zeros((len(words.lengths), FEATURES), dtype=np.float32)
    features[:, 3] = np.log1p(words.lengths)
    features[:, 4] = words.marks[:, PROPER]
    features[:, 5] = words.marks[:, DIGIT]
    return features


def _margins(alike: Floats) -> Floats:
    """(pairs, own): by how much each best cosine is above that of any other word of its side with the same partner."""
    partner = alike.argmax(axis=2)
    winner = alike.argmax(axis=1)  # (pairs, other)
    best = np.take_along_axis(alike, winner[:, None, :], axis=1)[:, 0]
    without = alike.copy()
    np.put_along_axis(without, winner[:, None, :], NO_COSINE, axis=1)
    second = without.max(axis=1)
    own = np.take_along_axis(alike, partner[:, :, None], axis=2)[:, :, 0]
    is_winner = np.take_along_axis(winner, partner, axis=1) == np.arange(alike.shape[1])
    rival = np.where(is_winner, np.take_along_axis(second, partner, axis=1), np.take_along_axis(best, partner, axis=1))
    return np.where(rival > NO_COSINE / 2, own - rival, 1)


def _look_beside(words: Words, features: Floats) -> None:
    best = features[:, 0]
    features[1:, 6], features[:-1, 7] = best[:-1], best[1:]
    occupied = np.diff(words.starts) > 0
    features[words.starts[:-1][occupied], 6] = NOTHING_BESIDE
    features[words.starts[1:][occupied] - 1, 7] = NOTHING_BESIDE


def vector_length(vector: Floats) -> float:
    """Above 0."""
    squared = float(vector @ vector)
    return max(math.sqrt(squared), float(NO_LENGTH))
