"""What two texts say about each other: each piece of evidence rises with what it is named for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.likeness import GLANCE, LOOK, Judge, Rarity, Reader, Text, alignment_evidence
from align.vectors import Encoder

BRIDGE = [
    "県は５日、三つの橋を架け替えると発表した。",
    "工事費は42億円で、国が半分を負担する。",
    "最も古い橋は1931年に造られた。",
]
BRIDGE_EN = [
    "The prefecture said on the 5th that it would rebuild three bridges.",
    "The work will cost 4.2 billion yen, half of which the central government will pay.",
    "The oldest bridge was built in 1931.",
]
LATER_EN = ["The prefecture held a meeting about the bridges.", "Some 230 people came.", "It lasted 55 minutes."]


def look_at(encoder: Encoder, *sides: tuple[str | None, list[str]], languages: tuple[str, str] = ("ja", "en")) -> dict:
    readers = [Reader.of(encoder, languages, lang) for lang in languages]
    texts = [reader.read([side])[0] for reader, side in zip(readers, sides, strict=True)]
    return judge_of(encoder, texts[:1], texts[1:], languages).glance(texts[0], texts[1])


def judge_of(encoder: Encoder, sources: list[Text], targets: list[Text], languages: tuple[str, str]) -> Judge:
    size = getattr(encoder, "subwords", None)
    rarities = [Rarity.of(side, size.size if size else 0) for side in (sources, targets)]
    return Judge(encoder, languages, rarities[0], rarities[1])


def test_a_translation_is_nearer_than_a_follow_up_in_all_but_what_neither_has(bundled: Encoder) -> None:
    right = look_at(bundled, ("三つの橋、架け替えへ", BRIDGE), ("3 bridges to be rebuilt", BRIDGE_EN))
    follow_up = look_at(bundled, ("三つの橋、架け替えへ", BRIDGE), ("Residents question plan", LATER_EN))
    assert set(right) == set(GLANCE)
    for name in (
        "title",
        "lead",
        "whole",
        "partners_source",
        "partners_target",
        "words_source",
        "words_target",
        "figures",
    ):
        assert right[name] > follow_up[name], name


def test_titles_are_compared_only_where_both_have_one(bundled: Encoder) -> None:
    assert look_at(bundled, (None, BRIDGE), ("Bridges", BRIDGE_EN))["title"] is None
    assert look_at(bundled, ("三つの橋", BRIDGE), ("Bridges", BRIDGE_EN))["title"] is not None


def test_figures_are_those_of_the_translation_in_any_script(bundled: Encoder) -> None:
    assert (
        look_at(bundled, (None, ["工事費は３億8000万円だった。"]), (None, ["It cost 380 million yen."]))["figures"]
        == 1.0
    )
    assert look_at(bundled, (None, ["工事費は３億円だった。"]), (None, ["It cost 380 million yen."]))["figures"] == 0.0
    assert look_at(bundled, (None, ["工事費は３億円だった。"]), (None, ["It was costly."]))["figures"] is None


def test_numbers_in_kanji_and_years_of_eras_are_found(bundled: Encoder) -> None:
    source = ["橋は明治三年に造られ、一九四二年に架け替えられた。長さは百二十八メートルある。"]
    target = ["The bridge, built in 1870 and rebuilt in 1942, is 128 meters long."]
    assert look_at(bundled, (None, source), (None, target))["figures"] == 1.0


def test_a_report_of_another_day_lacks_the_numbers(bundled: Encoder) -> None:
    source = ["日経平均株価は38,274円で、前日より412円高かった。", "売買代金は4兆8320億円、1ドルは151円だった。"]
    today = [
        "The Nikkei average closed at 38,274 yen, up 412 yen.",
        "Trading came to 4.832 trillion yen, and the dollar stood at 151 yen.",
    ]
    other = [
        "The Nikkei average closed at 37,905 yen, up 266 yen.",
        "Trading came to 5.119 trillion yen, and the dollar stood at 148 yen.",
    ]
    assert look_at(bundled, (None, source), (None, today))["lacking"] == 0
    assert look_at(bundled, (None, source), (None, other))["lacking"] > 1


@pytest.mark.parametrize(
    ("japanese", "english", "share"),
    [
        ("ストックホルムで開かれた。", "It was held in Stockholm.", 1.0),
        ("ＮＡＳＡが発表した。", "NASA announced it.", 1.0),
        ("ストックホルムで開かれた。", "It was held in Madrid.", 0.0),
        ("東京で開かれた。", "It was held in Tokyo.", None),
    ],
)
def test_names_are_what_japanese_writes_in_latin_letters_or_katakana(
    japanese: str, english: str, share: float | None, bundled: Encoder
) -> None:
    assert look_at(bundled, (None, [japanese]), (None, [english]))["names"] == share
    turned = look_at(bundled, (None, [english]), (None, [japanese]), languages=("en", "ja"))
    assert turned["names"] == share


def test_languages_of_one_script_share_no_names(letters: Encoder) -> None:
    assert look_at(letters, (None, ["aaa bbb"]), (None, ["AAA BBB"]), languages=("en", "fr"))["names"] is None


def test_without_a_dictionary_there_are_no_words(letters: Encoder) -> None:
    found = look_at(letters, (None, ["aaa bbb"]), (None, ["AAA BBB"]), languages=("xx", "yy"))
    assert found["words_source"] is None
    assert found["words_target"] is None
    assert found["whole"] == pytest.approx(1.0, abs=1e-3)


def test_a_word_that_stands_everywhere_weighs_less(bundled: Encoder) -> None:
    reader = Reader.of(bundled, ("ja", "en"), "en")
    texts = reader.read([(None, [f"The bridge cost {n} yen."]) for n in (123, 456, 789)] + [(None, ["The snow fell."])])
    rarity = Rarity.of(texts, bundled.subwords.size)  # type: ignore[attr-defined]
    common, rare = rarity.of_words(texts[0].words), rarity.of_words(texts[3].words)
    assert rarity.of_marks(texts[0].figures)[0] > common.min()
    assert rare.max() > common.min()


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5), st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_texts_can_be_looked_at(source: list[str], target: list[str]) -> None:
    from align.encoder import load_encoder

    found = look_at(load_encoder(), (None, source), (None, target))
    assert all(value is None or -1.001 <= value <= 1.001 for name, value in found.items() if name != "lacking")
    assert all(value is None or np.isfinite(value) for value in found.values())


def test_reading_several_at_once_is_reading_each(bundled: Encoder) -> None:
    reader = Reader.of(bundled, ("ja", "en"), "en")
    articles = [("Bridges", BRIDGE_EN), (None, LATER_EN), ("Only a title", [])]
    together, alone = reader.read(articles), [reader.read([one])[0] for one in articles]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(one.whole, other.whole, atol=1e-6)
        assert one.words.tolist() == other.words.tolist()
        assert one.figures.tolist() == other.figures.tolist()


def test_alignment_tells_how_much_of_each_text_was_translated(letters: Encoder) -> None:
    source, target = ["aaaa", "bbbb", "cccc", "dddd"], ["AAAA", "BBBB"]
    found = alignment_evidence(source, target, letters)
    assert set(found) == set(LOOK)
    assert found["aligned_source"] == pytest.approx(found["aligned_target"] / 2)
    assert found["aligned_target"] > 0.7
    assert found["certainty"] > 0.7


def test_alignment_of_an_empty_text_tells_nothing(letters: Encoder) -> None:
    nothing = dict.fromkeys(LOOK, 0.0)
    assert alignment_evidence([], ["AAAA"], letters) == alignment_evidence(["aaaa"], [], letters) == nothing
