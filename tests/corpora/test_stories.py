"""Copies, updates and shortened versions are one story; reports on one topic are several."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora import stories as module
from corpora.page import read_article
from corpora.read import read_pages
from corpora.records import Page
from corpora.samples import sample_pages
from corpora.stories import ALIKE, LEAST_SHARED, Sketches, alike, closest, plain, shingles, stories

FLOOD = {
    "en": [
        "River bursts its banks in Kitahama, 300 households told to leave.",
        "KITAHAMA -- The Mio River broke through its eastern bank early on Tuesday after two days of heavy rain.",
        "Water stood up to 80 centimeters deep in the streets behind the fish market.",
        "The city told about 300 households to go to the gymnasiums of three schools.",
        "Nobody was hurt, the fire department said, but one man was taken off his roof by boat.",
        "Trains on the coastal line were stopped from the first run of the day.",
        'Mayor Ichiro Sanada said at noon, "We will count the damage as soon as the water has gone."',
        "Some 190 millimeters of rain fell within 24 hours, more than in all of an ordinary June.",
        "Volunteers carried mattresses and drinking water to the schools on small trucks.",
        "The weather station expects showers until Wednesday evening and then clear skies.",
    ],
    "ja": [
        "北浜市で澪川の堤防が決壊、300世帯に避難指示",
        "2日間降り続いた大雨の影響で7日未明、北浜市を流れる澪川の東側の堤防が決壊した。",
        "魚市場の裏手の道路では、水の深さが最大で80センチに達した。",
        "市は約300世帯に対し、三つの小学校の体育館へ移るよう求めた。",
        "消防によると、けが人は出ていないが、屋根に取り残された男性1人がボートで助け出された。",
        "海岸線の列車は始発から運転を見合わせている。",
        "真田一郎市長は正午に「水が引き次第、被害を調べたい」と語った。",
        "24時間の雨量は190ミリで、平年の6月ひと月分を上回った。",
        "ボランティアが小型トラックで布団と飲み水を学校へ運び込んだ。",
        "測候所は、8日夕方までにわか雨が続き、その後は晴れるとみている。",
    ],
}
REPAIR = {  # a week later, with a sentence of background that is repeated
    "en": [
        "Kitahama to rebuild river bank in concrete after June flood.",
        "KITAHAMA -- The city assembly voted on Monday to spend 640 million yen on the broken bank of the Mio River.",
        "The new wall will be 1.2 meters higher than the old one and 900 meters long.",
        "Water stood up to 80 centimeters deep in the streets behind the fish market.",
        "Work begins in September, when the river carries the least water.",
        "Owners of 41 houses have asked for money for ruined floors and tatami mats.",
        "Two members voted against the plan and called for a wider flood plain instead.",
    ],
    "ja": [
        "北浜市、決壊した堤防をコンクリートで再建へ",
        "北浜市議会は14日、決壊した澪川の堤防の工事に6億4000万円を充てる予算案を可決した。",
        "新しい壁はこれまでより1.2メートル高く、長さは900メートルになる。",
        "魚市場の裏手の道路では、水の深さが最大で80センチに達した。",
        "工事は川の水が最も少ない9月に始まる。",
        "41軒の持ち主が床や畳の損害の補償を申請している。",
        "議員2人は計画に反対し、代わりに遊水地を広げるよう訴えた。",
    ],
}
NEW = {
    "en": [
        "Two shops near the station opened again in the afternoon.",
        "A school concert planned for Saturday was called off.",
    ],
    "ja": ["駅前の商店2軒は午後になって営業を再開した。", "土曜日に予定されていた学校の音楽会は中止になった。"],
}


def row(name: str, lang: str, sentences: list[str], **more: object) -> dict[str, object]:
    return {"article_id": name, "lang": lang, "text": ("" if lang == "ja" else " ").join(sentences), **more}


def told(*rows: dict[str, object], pairs: tuple[tuple[str, str], ...] = ()) -> dict[str, str]:
    return stories(rows, [{"source_id": source, "target_id": target} for source, target in pairs])


CHANGES = {
    "a fifth of the sentences is new": lambda s, new: [*s[:3], new[0], *s[4:8], new[1], s[9]],
    "shortened to a third": lambda s, _: s[:4],
    "the lead was written anew and the end dropped": lambda s, new: [new[0], new[1], *s[2:7]],
    "another order": lambda s, _: [s[0], *s[:4:-1], *s[1:5]],
    "numbers changed": lambda s, _: [x.replace("300", "320").replace("80", "95").replace("190", "212") for x in s],
    "typography": lambda s, _: [x.replace("300", "３００").replace(",", " ,").upper() for x in s],
    "nothing": lambda s, _: s,
}


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("change", CHANGES)
def test_changed_copies_are_one_story(lang: str, change: str) -> None:
    copy = CHANGES[change](FLOOD[lang], NEW[lang])
    assert told(row("a", lang, FLOOD[lang]), row("b", lang, copy)) == {"a": "a", "b": "a"}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_report_on_the_same_topic_is_another_story(lang: str) -> None:
    assert told(row("a", lang, FLOOD[lang]), row("b", lang, REPAIR[lang])) == {"a": "a", "b": "b"}


@pytest.mark.parametrize("lang", ["en", "ja"])
@given(dropped=st.sets(st.integers(0, 9), max_size=6))
def test_a_version_with_sentences_dropped_is_one_story(lang: str, dropped: set[int]) -> None:
    left = [sentence for number, sentence in enumerate(FLOOD[lang]) if number not in dropped]
    assert told(row("a", lang, FLOOD[lang]), row("b", lang, left))["b"] == "a"


def test_sample_pages_are_far_from_alike() -> None:
    with sample_pages() as folder:
        articles = [
            read_article(page) for page in read_pages([folder]) if isinstance(page, Page) and "x01" not in page.path
        ]
    for lang in ("ja", "en"):
        mine = {one.path: shingles(one.text, lang) for one in articles if one.lang == lang}
        assert len(mine) > 10
        assert closest(mine, mine, ALIKE / 4, 5) == []


def test_a_story_in_two_languages_hangs_together_by_its_pairs() -> None:
    rows = [row(f"{lang}{n}", lang, FLOOD[lang][: 10 - n]) for lang in ("ja", "en") for n in (1, 2)]
    other = row("ja0", "ja", REPAIR["ja"])
    assert told(*rows, other, pairs=(("ja1", "en2"),)) == {
        "en1": "en1", "en2": "en1", "ja0": "ja0", "ja1": "en1", "ja2": "en1"
    }  # fmt: skip


def test_an_article_in_several_pairs_joins_them() -> None:
    rows = [{"article_id": name, "lang": "ja", "text": name} for name in "abcd"]
    found = told(*rows, pairs=(("a", "c"), ("b", "c"), ("d", "not there")))
    assert found == {"a": "a", "b": "a", "c": "a", "d": "d"}


def test_addresses_and_links_join_articles() -> None:
    rows = [
        {"article_id": "a", "url": "https://news.example/x/1?utm_source=mail"},
        {"article_id": "b", "url": "https://news.example/x/1"},
        {"article_id": "c", "links": ["https://news.example/x/1/"]},
        {"article_id": "d", "links": ["c"]},
        {
            "article_id": "e",
            "url": "https://news.example/",
            "links": ["https://news.example/", "https://news.example/9"],
        },
        {"article_id": "f", "url": "https://news.example/", "links": None},
    ]
    assert told(*rows) == {"a": "a", "b": "a", "c": "a", "d": "a", "e": "e", "f": "f"}


def test_an_address_that_many_articles_have_says_nothing() -> None:
    rows = [{"article_id": name, "url": "https://news.example/form"} for name in "abcdef"]
    assert told(*rows) == {name: name for name in "abcdef"}


def test_what_very_short_articles_share_is_no_story() -> None:
    assert (
        told(row("a", "en", ["No newspaper today, sorry."]), row("b", "en", ["No newspaper today, sorry."]))["b"] == "b"
    )


@pytest.mark.parametrize("text", ["", " ", "。", "\ud800", "雨", "a", "a b c", "\x00" * 20])
@pytest.mark.parametrize("lang", ["ja", "en", ""])
def test_shingles_of_next_to_nothing(text: str, lang: str) -> None:
    assert len(shingles(text, lang)) <= 1


def test_shingles_are_the_same_everywhere() -> None:
    assert shingles("It rained all day", "en").tolist() == [3994835953663433692]
    assert shingles("澪川の堤防が決壊した。", "ja").tolist() == [15646709791957737284]


def test_of_characters_about_every_second_shingle_is_kept() -> None:
    rng = random.Random(5)
    text = "".join(chr(rng.randrange(0x4E00, 0x9FA0)) for _ in range(4000))
    assert 1800 < len(shingles(text, "ja")) < 2200


def test_plain_text_knows_no_width_case_or_punctuation() -> None:
    assert plain("ＡＢＣ、「北浜」　_1・5％") == plain("abc 北浜 1 5") == "abc 北浜 1 5"


sketches = st.lists(st.sets(st.integers(0, 60), max_size=40), min_size=1, max_size=8)


def packed(sets: list[set[int]]) -> Sketches:
    return Sketches.of([np.array(sorted(one), np.uint64) for one in sets])


@given(lefts=sketches, rights=sketches, at_least=st.floats(0.05, 1))
def test_alike_finds_what_comparing_all_finds(lefts: list[set[int]], rights: list[set[int]], at_least: float) -> None:
    found = {
        (i, j): share
        for block in alike(packed(lefts), packed(rights), at_least)
        for i, j, share in zip(block.left.tolist(), block.right.tolist(), block.containment.tolist(), strict=True)
    }
    expected = {}
    for i, one in enumerate(lefts):
        for j, other in enumerate(rights):
            smaller, overlap = min(len(one), len(other)), len(one & other)
            if overlap >= max(LEAST_SHARED, at_least * smaller):
                expected[i, j] = overlap / smaller
    assert found == expected


@given(sets=sketches)
def test_alike_with_itself_gives_each_pair_once(sets: list[set[int]]) -> None:
    one, other = packed(sets), packed(sets)
    both = [(i, j) for b in alike(one, other, 0.3) for i, j in zip(b.left.tolist(), b.right.tolist(), strict=True)]
    once = [(i, j) for b in alike(one, one, 0.3) for i, j in zip(b.left.tolist(), b.right.tolist(), strict=True)]
    assert sorted(once) == sorted((i, j) for i, j in both if i < j)


def test_boilerplate_does_not_find_candidates_but_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    boilerplate = set(range(1000, 1010))
    articles = [{*range(20 * n, 20 * n + 20), *boilerplate} for n in range(30)]
    articles.append({*range(16), *boilerplate})  # with the first one, 26 of 26
    monkeypatch.setattr(module, "_COST", 2000)  # the ten that all have cost 31 * 31 each
    monkeypatch.setattr(module, "_BLOCK", 100)
    one = packed(articles)
    found = [
        (*pair, share)
        for b in alike(one, one, 0.3)
        for *pair, share in zip(b.left, b.right, b.containment, strict=True)
    ]
    assert found == [(0, 30, 1.0)]


@given(seed=st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    rows = [row(f"{lang}{n}", lang, FLOOD[lang][n : n + 5]) for lang in ("ja", "en") for n in range(6)]
    rows += [row(f"r{lang}", lang, REPAIR[lang]) for lang in ("ja", "en")]
    pairs = (("ja0", "en0"), ("rja", "ren"))
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert list(told(*shuffled, pairs=pairs[::-1]).items()) == list(told(*rows, pairs=pairs).items())
