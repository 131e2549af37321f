"""Choose the subwords of the bundled encoder: whole words where the training data has enough of them.

A bag of subwords knows a word best if the word is one subword, and is misled by pieces such as `に対抗する` that
mix particles with content. So the vocabulary is built from words: Japanese ones as the morphological analyser
Sudachi cuts them (short units, mode A), English ones as letters between other characters. The most frequent words of
each language become subwords whole; the rest are spelled with pieces found among the rarer words alone. Word counts
become the log probabilities of a Unigram model (Kudo 2018, arXiv 1804.10959), so the finished tokenizer cuts text much
as the analyser does, without needing it.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

import regex
from sentencepiece.sentencepiece_model_pb2 import ModelProto, TrainerSpec
from sudachipy import Dictionary, SplitMode
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from align.subwords import normalizer

UNKNOWN = "<unk>"
MAX_PIECE_CHARS = 12
DIGIT_STRINGS = 1_500
_LEAST_PER_CHAR = 20  # a character seen less often is unknown
_SYMBOLS = "、。「」『』・（）()[]{},.!?:;-–—―…“”‘’\"'/%$&+=*#@~|<>〜%°′″№§¥€£→×"
_SYMBOL_LOG_PROBABILITY = -6.0
_SPELLED_OUT = -4.0  # log factor of spelling a word by characters that are no pieces

_RUN = regex.compile(r"\p{Latin}[\p{Latin}\p{Mn}]*|[\p{Han}々〆\p{Hiragana}]+|[\p{Katakana}ー]+|\p{Nd}+")
_WORD_EN = regex.compile(r"\p{Latin}[\p{Latin}\p{Mn}]*")
_CANDIDATES = (4.0, 3.0, 2.2, 1.6, 1.25, 1.0, 1.0)  # pieces left after each round, of those wanted
_MAX_BITS = 16.0  # a spelling by a character that is no piece
_ANALYSED_CHARS = 10_000  # Sudachi takes at most 49,149 bytes at a time


def new_tokenizer(model: models.Model | None = None) -> Tokenizer:
    """Normalised text, cut at spaces; `▁` marks where a Latin word begins.

    No subword crosses a change of script, so cutting there before the model does would only cost time.
    """
    tokenizer = Tokenizer(model or models.Unigram())
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer


def count_words(pairs: Iterable[tuple[str, str]]) -> tuple[Counter[str], Counter[str]]:
    """How often each English and each Japanese word occurs; English ones with `▁` before them."""
    english: Counter[str] = Counter()
    japanese: Counter[str] = Counter()
    analyser = Dictionary(dict="small").tokenizer(SplitMode.A)
    for left, right in pairs:
        english.update("▁" + word.lower() for word in _WORD_EN.findall(unicodedata.normalize("NFKC", left)))
        text = unicodedata.normalize("NFKC", right).lower()
        for at in range(0, len(text), _ANALYSED_CHARS):
            for morpheme in analyser.tokenize(text[at : at + _ANALYSED_CHARS]):
                for run in _RUN.findall(morpheme.surface()):
                    (english if _WORD_EN.match(run) else japanese)["▁" + run if _WORD_EN.match(run) else run] += 1
    return english, japanese


def weighted(counts: Iterable[tuple[float, Counter[str]]]) -> Counter[str]:
    """Counts of several kinds of text as one, each kind times its weight; what occurs at all counts at least once."""
    total: dict[str, float] = {}
    for weight, counter in counts:
        for word, count in counter.items():
            total[word] = total.get(word, 0.0) + weight * count
    return Counter({word: max(1, round(count)) for word, count in total.items()})


def build_tokenizer(english: Counter[str], japanese: Counter[str], size: int, pieces: int) -> Tokenizer:
    """A tokenizer of at most `size` subwords, about `pieces` of which spell the words that are no subwords."""
    words = {word: count for counts in (english, japanese) for word, count in counts.items()}
    total = sum(words.values())
    characters: Counter[str] = Counter()
    for word, count in words.items():
        for character in word:
            characters[character] += count
    common = {character for character, count in characters.items() if count >= _LEAST_PER_CHAR}
    digits = Counter({word: count for word, count in japanese.items() if word[0].isdigit()})
    per_language = (size - pieces - len(common)) // 2
    log_probability: dict[str, float] = {}
    for counts in (english, japanese - digits):
        kept = dict(_most_common(counts, per_language))
        rare = {word: count for word, count in counts.items() if word not in kept}
        for word, count in kept.items():
            _add(log_probability, word, math.log(count / total))
        share = math.log(max(1, sum(rare.values())) / total)
        for piece, log_share in _spelling_pieces(rare, common, pieces // 2):
            _add(log_probability, piece, share + log_share)
    for number, count in _most_common(digits, DIGIT_STRINGS):
        _add(log_probability, number, math.log(count / total))
    for character in sorted(common):
        log_probability.setdefault(character, math.log(characters[character] / total) + _SPELLED_OUT)
    for character in _SYMBOLS:
        log_probability.setdefault(character, _SYMBOL_LOG_PROBABILITY)
    ranked = sorted(log_probability.items(), key=lambda item: (-(item[1] if len(item[0]) > 1 else 0.0), item[0]))
    vocabulary = [(UNKNOWN, 0.0), *ranked[: size - 1]]
    return new_tokenizer(models.Unigram(vocabulary, unk_id=0))


def sentencepiece_model(tokenizer: Tokenizer) -> bytes:
    """The same subwords as a SentencePiece model, for texts that are normalised already."""
    state = json.loads(tokenizer.to_str())["model"]
    model = ModelProto()
    for identity, (subword, log_probability) in enumerate(state["vocab"]):
        is_unknown = identity == state["unk_id"]
        kind = ModelProto.SentencePiece.UNKNOWN if is_unknown else ModelProto.SentencePiece.NORMAL
        model.pieces.add(piece=subword, score=log_probability, type=kind)
    model.trainer_spec.model_type = TrainerSpec.UNIGRAM
    model.trainer_spec.vocab_size = len(state["vocab"])
    model.normalizer_spec.name = "identity"
    model.normalizer_spec.add_dummy_prefix = False
    model.normalizer_spec.remove_extra_whitespaces = False
    model.normalizer_spec.escape_whitespaces = False
    serialized: bytes = model.SerializeToString(deterministic=True)
    return serialized


def spellings(tokenizer: Tokenizer) -> dict[str, list[str]]:
    """How others spell a subword best, for each of three characters or more that others can spell.

    Two characters are most often a word of two kanji, of which each says too little.
    """
    log_probability = dict(json.loads(tokenizer.to_str())["model"]["vocab"])
    spelled = {word: _spelled_by_others(word, log_probability) for word in log_probability if len(word) > 2}
    return {word: others for word, others in spelled.items() if others and word != UNKNOWN}


def _spelled_by_others(subword: str, log_probability: dict[str, float]) -> list[str]:
    """The likeliest cut of a subword into at least two (the Viterbi algorithm), or nothing."""
    best: list[tuple[float, list[str]] | None] = [(0.0, []), *[None] * len(subword)]
    for end in range(1, len(subword) + 1):
        for start in range(max(0, end - MAX_PIECE_CHARS), end):
            before, piece = best[start], subword[start:end]
            if before is None or piece == subword or piece not in log_probability:
                continue
            score = before[0] + log_probability[piece]
            if best[end] is None or score > best[end][0]:
                best[end] = (score, [*before[1], piece])
    return best[-1][1] if best[-1] else []


def _most_common(counts: Counter[str], n: int) -> Iterator[tuple[str, int]]:
    """Ties in the order of the alphabet, so that the same data gives the same vocabulary."""
    yield from sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:n]


def _spelling_pieces(rare: dict[str, int], characters: set[str], n: int) -> list[tuple[str, float]]:
    """About `n` pieces and their log probabilities within the rare words.

    Byte-pair merges propose more pieces than wanted, because the library's Unigram trainer gives other ones at each
    run; then the pieces that the likeliest spellings use least are dropped, round by round.
    """
    words = [word for word, count in sorted(rare.items()) if count >= 2 and characters.issuperset(word)]
    if not words:
        return []
    # A word's weight grows with the logarithm of its count: the pieces are for all rare words, not the least rare.
    weights = [min(3, int(math.log2(rare[word] + 1)) + 1) for word in words]
    alphabet = len(set("".join(words)))
    trainer = trainers.BpeTrainer(
        vocab_size=int(n * _CANDIDATES[0]) + alphabet, max_token_length=MAX_PIECE_CHARS, show_progress=False
    )
    tokenizer = Tokenizer(models.BPE())
    tokenizer.train_from_iterator(
        (word for word, weight in zip(words, weights, strict=True) for _ in range(weight)), trainer
    )
    pieces: list[tuple[str, float]] = []
    for share in _CANDIDATES[1:]:
        counts: Counter[str] = Counter()
        for weight, encoding in zip(weights, tokenizer.encode_batch(words), strict=True):
            for piece in encoding.tokens:
                counts[piece] += weight
        # What a piece saves is the characters that it spells at once.
        savings = Counter({piece: count * (len(piece) - 1) for piece, count in counts.items() if len(piece) > 1})
        kept = [piece for piece, _ in _most_common(savings, int(n * share))]
        kept += sorted(piece for piece in counts if len(piece) == 1)
        total = sum(counts[piece] for piece in kept)
        pieces = [(piece, math.log(counts[piece] / total)) for piece in kept]
        spelled_out = [(character, -_MAX_BITS) for character in sorted(set("".join(words)).difference(kept))]
        tokenizer = Tokenizer(models.Unigram([(UNKNOWN, -2.0 * _MAX_BITS), *pieces, *spelled_out], unk_id=0))
    return pieces


def _add(log_probability: dict[str, float], subword: str, more: float) -> None:
    log_probability[subword] = float(_log_add(log_probability.get(subword, -math.inf), more))


def _log_add(left: float, right: float) -> float:
    high, low = max(left, right), min(left, right)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))
