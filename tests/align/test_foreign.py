"""Katakana against Latin spelling: foreign names and loan words are known by their consonants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.foreign import katakana_skeletons, same_foreign_name, skeleton


@pytest.mark.parametrize(
    ("latin", "katakana"),
    [
        ("Christopher", "クリストファー"),
        ("Philippines", "フィリピン"),
        ("Vancouver", "バンクーバー"),
        ("Schmidt", "シュミット"),
        ("Berlin", "ベルリン"),
        ("Stockholm", "ストックホルム"),
    ],
)
def test_a_word_and_its_katakana_have_nearly_one_skeleton(latin: str, katakana: str) -> None:
    assert same_foreign_name(latin, katakana)


@pytest.mark.parametrize(("latin", "katakana"), [("Berlin", "マドリード"), ("Maria Rossi", "マリア・シュミット")])
def test_other_names_have_another(latin: str, katakana: str) -> None:
    assert not same_foreign_name(latin, katakana)


def test_parts_are_compared_in_their_order() -> None:
    assert same_foreign_name("Marco Bernardi", "マルコ・ベルナルディ")
    assert not same_foreign_name("Bernardi Marco", "マルコ・ベルナルディ")


def test_only_katakana_words_with_enough_consonants_are_taken_from_a_text() -> None:
    assert list(katakana_skeletons("バスでストックホルムへ向かった。")) == [skeleton("ストックホルム")]


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_strings_can_be_compared(one: str, other: str) -> None:
    assert same_foreign_name(one, other) in (True, False)
    assert skeleton(one).isascii()
