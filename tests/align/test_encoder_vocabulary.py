"""The vocabulary of the bundled encoder: which words become subwords, and how others would spell them."""

from collections import Counter
from pathlib import Path

import pytest
from encoder_vocabulary import (
    UNKNOWN,
    build_tokenizer,
    count_words,
    new_tokenizer,
    sentencepiece_model,
    spellings,
    weighted,
)
from tokenizers import models

from align.subwords import SENTENCEPIECE_FILE, SentencePieceSubwords

PAIRS = [
    ("Whales swim in the northern sea.", "鯨は北の海を泳ぐ。"),
    ("Two WHALES swim to Oslo.", "二頭の鯨がオスロへ泳ぐ。"),
    ("The sea is 3,000 metres deep.", "海は深さ3000メートルだ。"),
]


def test_words_are_counted_in_both_languages_as_they_are_cut() -> None:
    english, japanese = count_words(PAIRS)
    assert english["▁whales"] == 2
    assert english["▁sea"] == 2
    assert japanese["鯨"] == 2
    assert japanese["オスロ"] == 1
    assert japanese["3000"] == 1
    assert not any(word.startswith("▁") for word in japanese)


def test_counts_of_kinds_are_weighted_and_nothing_is_lost() -> None:
    total = weighted([(2.0, Counter(sea=3)), (0.5, Counter(sea=2, temple=10, rare=1)), (0.1, Counter(manual=1))])
    assert total == Counter(sea=7, temple=5, rare=1, manual=1)


def test_frequent_words_are_subwords_whole() -> None:
    tokenizer = build_tokenizer(*count_words(PAIRS * 20), size=200, pieces=20)
    tokens = tokenizer.encode("Whales in the sea, 鯨は泳ぐ", add_special_tokens=False).tokens
    assert tokens[:4] == ["▁whales", "▁in", "▁the", "▁sea"]
    assert "鯨" in tokens


@pytest.mark.parametrize(
    ("word", "spelled"),
    [
        ("▁crossroads", ["▁cross", "roads"]),  # likelier than ▁ c r o s s ...
        ("地震国", ["地震", "国"]),
        ("roads", None),  # no other subwords spell it
        ("地震", None),  # two characters stay
    ],
)
def test_a_subword_is_spelled_by_the_likeliest_others(word: str, spelled: list[str] | None) -> None:
    vocabulary = [(UNKNOWN, 0.0), ("▁crossroads", -9.0), ("▁cross", -5.0), ("roads", -8.0), ("地震国", -9.0)]
    vocabulary += [("地震", -6.0), ("国", -5.0), ("地", -7.0), ("震", -8.0), *((letter, -12.0) for letter in "▁cros")]
    assert spellings(new_tokenizer(models.Unigram(vocabulary, unk_id=0))).get(word) == spelled


def test_the_sentencepiece_model_has_the_same_subwords_in_the_same_order(tmp_path: Path) -> None:
    tokenizer = build_tokenizer(*count_words(PAIRS * 20), size=200, pieces=20)
    (tmp_path / SENTENCEPIECE_FILE).write_bytes(sentencepiece_model(tokenizer))
    subwords = SentencePieceSubwords.from_file(tmp_path / SENTENCEPIECE_FILE)
    assert subwords.size == tokenizer.get_vocab_size()
    for text in ("Whales swim north; 鯨は3頭、オスロへ。", "Ωmega 한국"):
        [pieces] = subwords.pieces([text])
        encoding = tokenizer.encode(text, add_special_tokens=False)
        known = [identity for identity in encoding.ids if identity != tokenizer.token_to_id(UNKNOWN)]
        assert [identity for identity, _ in pieces if identity not in subwords.unknown] == known
