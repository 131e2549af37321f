"""What one side has in excess: words accounted for, stretches, and how a batch is read."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.content import read_contents
from align.encoder import load_encoder
from align.leftover import heaviest
from align.table import StaticEncoder
from align.wording import WordReader, account, english_spans


@pytest.fixture(scope="module")
def reader() -> WordReader:
    bundled = load_encoder()
    assert isinstance(bundled, StaticEncoder)
    return WordReader(bundled)


@given(st.lists(st.floats(-10, 10, allow_nan=False), max_size=12))
def test_heaviest_stretch_when_compared_with_all(scores: list[float]) -> None:
    found = heaviest(np.array(scores))
    best = max((sum(scores[a:b]) for a in range(len(scores)) for b in range(a + 1, len(scores) + 1)), default=0.0)
    assert found.score == pytest.approx(max(0.0, best))
    assert sum(scores[found.first : found.last]) == pytest.approx(found.score)


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=5))
def test_same_accounts_when_read_alone_and_together(reader: WordReader, pairs: list[tuple[str, str]]) -> None:
    japanese, english = ([pair[side] for pair in pairs] for side in (0, 1))
    words = reader.japanese(japanese), reader.english(english)
    together = account(*words)
    for at, pair in enumerate(pairs):
        alone = account(reader.japanese([pair[0]]), reader.english([pair[1]]))
        for side, one in enumerate((alone.source, alone.target)):
            every = (together.source, together.target)[side]
            part = slice(*words[side].starts[at : at + 2])
            assert one == pytest.approx(every[part], abs=1e-4)


@given(st.text(max_size=40))
def test_spans_when_any_text_is_cut(reader: WordReader, text: str) -> None:
    for spans in (reader.japanese_spans(text), english_spans(text)):
        assert all(0 <= start <= end <= len(text) for start, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert len(reader.japanese_spans(text)) == len(reader.japanese([text]).lengths)
    assert len(english_spans(text)) == len(reader.english([text]).lengths)


def test_words_when_their_translation_is_there_or_not(reader: WordReader) -> None:
    found = account(reader.japanese(["警察は男を逮捕した。"]), reader.english(["Police arrested an elderly man."]))
    best = dict(zip("Police arrested an elderly man .".split(), found.target[:, 0], strict=True))  # noqa: SIM905
    assert best["Police"] > 0.7
    assert best["arrested"] > 0.7
    assert best["elderly"] < 0.4


def test_similarity_when_texts_are_related_or_not() -> None:
    related, unrelated = read_contents(
        ["市議会は予算案を可決した。"] * 2, ["The city assembly passed the budget.", "My grandmother bakes bread."]
    )
    assert related.similarity[0] > 0.5 > unrelated.similarity[0]


def test_nothing_left_over_when_a_side_is_empty() -> None:
    for content in read_contents(["", "雨が降った。", "。"], ["It rained.", "", "."]):
        assert content.leftover("ja").excess <= 0
        assert content.leftover("en").excess <= 0
