"""Explanations add up, and name what a reader would look for."""

import pytest

from align.beads import align_sentences
from align.encoder import load_encoder
from align.explain import Explanation, explain
from align.long import DENSE
from align.scoring import AlignOptions, score_beads
from align.vectors import Encoder
from corpora.records import Bead

JAPANESE = [
    "市は1億2000万円で橋を架け替える。",
    "女性が肺炎で死亡した。",
    "大豆の値段が37%上がった。",
    "電話は鳴らなかった。",
]
ENGLISH = [
    "The city will spend 120 million yen to rebuild the bridge.",
    "A woman died of pneumonia.",
    "The price of soybeans rose 37%.",
]


def explained(
    source: list[str], target: list[str], languages: tuple[str, str] = ("ja", "en")
) -> list[tuple[Bead, Explanation]]:
    encoder = load_encoder()
    beads = align_sentences(source, target, encoder, languages=languages)
    found = explain(source, target, beads, encoder, languages=languages)
    return [(bead, one) for bead, one in zip(beads, found, strict=True) if one]


@pytest.mark.parametrize("languages", [("ja", "en"), ("en", "ja"), ("xx", "yy")])
def test_terms_add_up_to_the_value_the_bead_was_chosen_by(languages: tuple[str, str], bundled: Encoder) -> None:
    texts = (ENGLISH, JAPANESE) if languages[1] == "ja" else (JAPANESE, ENGLISH)
    scores = score_beads(*texts, bundled, options=AlignOptions(), languages=languages)
    for _, one in explained(*texts, languages):
        assert sum(one.terms.values()) == pytest.approx(one.value)
        assert one.value == pytest.approx(float(scores.value[scores.at(one.source, one.target)]), abs=1e-2)


def test_an_explanation_names_figures_and_words() -> None:
    by_source = {bead.source: one for bead, one in explained(JAPANESE, ENGLISH)}
    assert by_source[0,].numbers == ["12"]
    assert by_source[2,].numbers == ["37"]
    assert ("肺炎", "pneumonia") in by_source[1,].words
    assert by_source[1,].similarity > by_source[1,].background
    row = by_source[1,].row()
    assert {"similarity", "background", "length", "numbers", "position", "words"} <= set(row["terms"])  # type: ignore[call-overload]


def test_a_null_bead_is_explained_by_the_best_it_could_have_had() -> None:
    ((bead, one),) = [(b, e) for b, e in explained(JAPANESE, ENGLISH) if b.is_null]
    assert bead.source == (3,)
    assert 3 in one.source
    assert one.target
    assert one.value < 3


def test_an_empty_side_leaves_nothing_to_explain(bundled: Encoder) -> None:
    beads = align_sentences(JAPANESE, [], bundled)
    assert explain(JAPANESE, [], beads, bundled) == [None] * len(JAPANESE)


def test_a_bead_of_a_long_text_is_explained_by_its_surroundings(bundled: Encoder) -> None:
    source, target = JAPANESE[:3] * 90, ENGLISH * 90
    assert len(source) * len(target) > DENSE
    bead = Bead((200,), (200,))
    found = explain(source, target, [bead], bundled)[0]
    assert found
    assert (found.source, found.target) == ([200], [200])
    assert sum(found.terms.values()) == pytest.approx(found.value)
