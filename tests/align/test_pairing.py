"""Pairing: the right original is found, by text, credit and date, and none is found where there is none."""

from collections.abc import Sequence

import pytest

from align.given_pairs import GivenPairs
from align.pair_model import AGAINST, feature_names, models, probability
from align.pairing import EVIDENCE, PairOptions, Unpaired, days_between, pair_articles
from align.printed import PRINTED
from align.vectors import Encoder
from corpora.records import Article, Pair
from corpora.rows import article_from_row
from corpora.schemas import SCHEMAS

WORDS = ["aaab", "bbbc", "cccd", "ddde", "eeef", "fffg", "gggh", "hhhi"]


def article(article_id: str, lang: str, sentences: Sequence[str], **fields: object) -> Article:
    row = {"id": article_id, "lang": lang, "title": sentences[0], "paragraphs": [list(sentences[1:])], **fields}
    return article_from_row(row, f"{article_id}.jsonl:1")


def original(article_id: str, letter: str, **fields: object) -> Article:
    """An article whose every sentence has letters that no other article has."""
    return article(article_id, "ja", [letter * 4 + word for word in WORDS], **fields)


def version(article_id: str, letter: str, **fields: object) -> Article:
    return article(article_id, "en", [letter.upper() * 4 + word.upper() for word in WORDS], **fields)


def ids(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    return [(pair.source_id, pair.target_id) for pair in pairs]


def whys(unpaired: Sequence[Unpaired]) -> dict[str, str]:
    return {one.article_id: one.why for one in unpaired}


BRIDGE = [
    "老朽化した三つの橋、県が架け替えへ　工事費４２億円",
    "県は５日、老朽化した三つの橋を来年度から架け替えると発表した。",
    "工事費は合わせて４２億円で、国が半分を負担する。",
    "最も古い橋は１９３１年に造られた。",
    "近くで理髪店を営む男性は「大型トラックが通るたびに店が揺れる」と話す。",
    "工事の間、小学生はバスで通学することになる。",
]
BRIDGE_EN = [
    "Prefecture to rebuild 3 aging bridges at cost of 4.2 billion yen",
    "The prefecture said on the 5th that it would rebuild three aging bridges from the next fiscal year.",
    "The work will cost 4.2 billion yen, half of which the central government will pay.",
    "The oldest of the bridges was built in 1931.",
    "Children will take a bus to elementary school during the construction.",
]
RICE = [
    "コメの値段、五週続けて下がる　備蓄米の放出で",
    "全国のスーパーで売られたコメの平均価格は５キロ３９２０円で、五週続けて下がった。",
    "農林水産省が１０日に発表した。",
    "政府が備蓄米を放出したことが影響したとみられる。",
    "ただ、去年の同じ時期と比べるとまだ６割高い。",
]
RICE_EN = [
    "Rice prices fall for 5th week in row after release of stockpiles",
    "The average price of rice sold at supermarkets nationwide was 3,920 yen for five kilograms, down for five weeks.",
    "The agriculture ministry announced the figure on the 10th.",
    "The government's release of stockpiled rice is thought to have had an effect.",
    "Prices are still 60% higher than at the same time last year.",
]
BEAR = [
    "住宅街にクマ、男性けが　市が外出控えるよう呼びかけ",
    "７日朝、市内の住宅街にクマが現れ、散歩をしていた７０代の男性が腕にけがをした。",
    "命に別条はないという。",
    "クマは体長約１メートルで、山の方へ逃げた。",
    "市は防災無線で外出を控えるよう呼びかけている。",
]
SUMO_EN = [
    "Sumo: Young wrestler wins first tournament in Osaka",
    "A 21-year-old wrestler beat the grand champion on the final day to win his first tournament in Osaka.",
    "He had lost only two bouts in fifteen days.",
    "His mother, a schoolteacher, watched from the stands.",
]


def test_each_version_finds_its_original_among_others(bundled: Encoder) -> None:
    sources = [article("ja-bear", "ja", BEAR), article("ja-bridge", "ja", BRIDGE), article("ja-rice", "ja", RICE)]
    targets = [article("en-rice", "en", RICE_EN), article("en-bridge", "en", BRIDGE_EN)]
    pairing = pair_articles(sources, targets, bundled)
    assert ids(pairing.pairs) == [("ja-bridge", "en-bridge"), ("ja-rice", "en-rice")]
    assert all(pair.probability > 0.9 for pair in pairing.pairs)
    assert [one.article_id for one in pairing.unpaired] == ["ja-bear"]


def test_no_pair_is_made_when_the_original_is_absent(bundled: Encoder) -> None:
    sources = [article("ja-bear", "ja", BEAR), article("ja-bridge", "ja", BRIDGE)]
    pairing = pair_articles(sources, [article("en-sumo", "en", SUMO_EN)], bundled)
    assert pairing.pairs == []
    assert [one.article_id for one in pairing.unpaired] == ["en-sumo", "ja-bear", "ja-bridge"]
    best = pairing.unpaired[0].best
    assert best is not None
    assert best.probability < 0.5
    assert pairing.unpaired[0].why == f"best candidate has probability {best.probability:.2f}, below 0.5"


def test_a_matching_credit_alone_makes_no_pair(bundled: Encoder) -> None:
    source = article("ja-bear", "ja", BEAR, date="2026-03-07", byline=["佐藤健二"])
    target = article("en-sumo", "en", SUMO_EN, date="2026-03-07", credit=["Kenji Sato"])
    assert pair_articles([source], [target], bundled).pairs == []


def test_every_piece_of_evidence_is_kept_by_name(letters: Encoder) -> None:
    source = original("j", "x", date="2026-03-05", byline=["佐藤健二"])
    target = version("e", "x", date="2026-03-06", credit=["Kenji Sato"])
    (pair,) = pair_articles([source], [target], letters).pairs
    assert set(pair.evidence) == set(EVIDENCE)
    assert pair.evidence["title"] == pytest.approx(1.0, abs=1e-3)
    assert pair.evidence["whole"] == pytest.approx(1.0, abs=1e-3)
    assert pair.evidence["credit"] == 1.0
    assert pair.evidence["days"] == 1
    for side in ("aligned_source", "aligned_target"):
        share = pair.evidence[side]
        assert share is not None
        assert 0.8 < share <= 1.0
    assert pair.probability == probability(pair.evidence)


def test_evidence_that_the_articles_do_not_give_is_none(letters: Encoder) -> None:
    (pair,) = pair_articles([original("j", "x")], [version("e", "x")], letters).pairs
    assert pair.evidence["credit"] is None
    assert pair.evidence["days"] is None


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        *(
            ({name: 0.9}, {name: 0.2})
            for name in ("title", "lead", "whole", "partners_source", "words_target", "names")
        ),
        ({"lacking": 0.0}, {"lacking": 2.0}),
        ({"byline": 1.0}, {"byline": None}),
        ({"department": 1.0}, {"department": 0.0}),
        ({"link": 1.0}, {"link": None}),
        ({"link": None}, {"link": 0.0}),
        ({"url": 1.0}, {"url": None}),
        ({"credit": 1.0}, {"credit": None}),
        ({"credit": None}, {"credit": 0.0}),
        ({"days": 0}, {"days": 3}),
        ({"days": 3}, {"days": -1}),
        ({"aligned_target": 0.9}, {"aligned_target": 0.2}),
        ({"aligned_source": 0.9}, {"aligned_source": 0.2}),
        ({"certainty": 0.6}, {"certainty": 0.3}),
    ],
)
def test_better_evidence_makes_a_pair_more_probable(
    better: dict[str, float | None], worse: dict[str, float | None]
) -> None:
    middling: dict[str, float | None] = {**dict.fromkeys(EVIDENCE, 0.5), **dict.fromkeys((*PRINTED, "together"))}
    assert 0.0 < probability({**middling, **worse}) < probability({**middling, **better}) < 1.0


def test_no_piece_of_what_the_texts_say_is_held_against_a_pair() -> None:
    for kind, model in models().items():
        for name, weight in zip(feature_names(kind), model.weights, strict=True):
            assert weight >= 0 or name in AGAINST or name.startswith("no "), (kind, name)


@pytest.mark.parametrize(
    ("source_date", "target_date", "window_days", "is_pair"),
    [
        ("2026-03-05", "2026-03-05", 0, True),
        ("2026-03-05", "2026-03-06", 0, False),
        ("2026-03-05", "2026-03-08", 3, True),
        ("2026-03-05", "2026-03-09", 3, False),
        ("2026-03-05", "2026-03-02", 3, True),
        ("2026-03-05", "2026-03-01", 3, False),
        ("2026-02-28", "2026-03-01", 1, True),
        ("2026-03-05", "2027-03-05", 365, True),
        (None, "2026-03-05", 0, True),
        ("2026-03-05", None, 0, True),
        (None, None, 0, True),
    ],
)
def test_pairs_are_made_within_the_window_and_of_the_undated(
    source_date: str | None, target_date: str | None, window_days: int, is_pair: bool, letters: Encoder
) -> None:
    source, target = original("j", "x", date=source_date), version("e", "x", date=target_date)
    pairing = pair_articles([source], [target], letters, options=PairOptions(window_days=window_days))
    assert ids(pairing.pairs) == ([("j", "e")] if is_pair else [])
    if not is_pair:
        why = f"no article in the other language within {window_days} days"
        assert whys(pairing.unpaired) == {"e": why, "j": why}
        assert all(one.best is None for one in pairing.unpaired)


def test_an_article_outside_the_window_does_not_take_the_place_of_one_inside(letters: Encoder) -> None:
    sources = [original(f"old{i}", "x", date="2026-01-01") for i in range(9)]
    sources.append(original("right", "x", date="2026-03-05"))
    pairing = pair_articles(sources, [version("e", "x", date="2026-03-05")], letters, options=PairOptions(candidates=1))
    assert ids(pairing.pairs) == [("right", "e")]


@pytest.mark.parametrize(
    ("source_date", "target_date", "days"),
    [("2026-03-05", "2026-03-07", 2), ("2026-03-05", "2026-02-28", -5), (None, "2026-03-05", None)],
)
def test_days_count_from_the_original(source_date: str | None, target_date: str | None, days: int | None) -> None:
    assert days_between(original("j", "x", date=source_date), version("e", "x", date=target_date)) == days


def test_each_article_is_used_once(letters: Encoder) -> None:
    sources = [original("j", "x", date="2026-03-05")]
    targets = [version("late", "x", date="2026-03-08"), version("prompt", "x", date="2026-03-05")]
    pairing = pair_articles(sources, targets, letters)
    assert ids(pairing.pairs) == [("j", "prompt")]
    (other,) = pairing.unpaired
    assert other.article_id == "late"
    assert other.best is not None
    assert other.best.source_id == "j"
    assert other.why == f"best candidate (probability {other.best.probability:.2f}) fits another article better"


def test_the_two_sides_may_use_the_same_ids(letters: Encoder) -> None:
    sources = [original("1", "x"), original("2", "y"), original("3", "z")]
    targets = [version("1", "y"), version("2", "x"), version("4", "z")]
    pairing = pair_articles(sources, targets, letters)
    assert ids(pairing.pairs) == [("2", "1"), ("1", "2"), ("3", "4")]
    assert pairing.unpaired == []


def test_an_unpaired_article_may_have_the_id_of_a_paired_one(letters: Encoder) -> None:
    pairing = pair_articles([original("1", "x"), original("2", "y")], [version("2", "x")], letters)
    assert ids(pairing.pairs) == [("1", "2")]
    assert [(one.lang, one.article_id) for one in pairing.unpaired] == [("ja", "2")]


def test_an_article_that_was_never_a_candidate_is_told_so(letters: Encoder) -> None:
    sources = [original(name, letter) for name, letter in zip("abcd", "xyzw", strict=True)]
    pairing = pair_articles(sources, [version("e", "x")], letters, options=PairOptions(candidates=1))
    assert ids(pairing.pairs) == [("a", "e")]
    never = "not among the most alike candidates of any article in the other language"
    assert whys(pairing.unpaired) == {"b": never, "c": never, "d": never}


def test_a_threshold_of_ones_own_is_named(bundled: Encoder) -> None:
    options = PairOptions(min_probability=0.995)
    pairing = pair_articles([article("j", "ja", BEAR)], [article("e", "en", SUMO_EN)], bundled, options=options)
    assert pairing.pairs == []
    assert all(why.endswith(", below 0.995") for why in whys(pairing.unpaired).values())


@pytest.mark.parametrize("empty", ["source", "target", "both"])
def test_an_empty_side_leaves_everything_unpaired(empty: str, bundled: Encoder) -> None:
    sources = [] if empty in ("source", "both") else [article("j", "ja", BRIDGE)]
    targets = [] if empty in ("target", "both") else [article("e", "en", BRIDGE_EN)]
    pairing = pair_articles(sources, targets, bundled)
    assert pairing.pairs == []
    left = {one.article_id: one.best for one in pairing.unpaired}
    assert left == {"source": {"e": None}, "target": {"j": None}, "both": {}}[empty]


def test_an_article_without_sentences_or_title_is_no_obstacle(bundled: Encoder) -> None:
    bare = Article("bare", "bare.txt", "en", "  ", paragraphs=())
    pairing = pair_articles([article("j", "ja", BRIDGE)], [bare, article("e", "en", BRIDGE_EN)], bundled)
    assert ids(pairing.pairs) == [("j", "e")]


def test_pairs_do_not_depend_on_the_order_of_the_articles(bundled: Encoder) -> None:
    sources = [article("ja-bear", "ja", BEAR), article("ja-bridge", "ja", BRIDGE), article("ja-rice", "ja", RICE)]
    targets = [article("en-rice", "en", RICE_EN), article("en-sumo", "en", SUMO_EN)]
    one, other = pair_articles(sources, targets, bundled), pair_articles(sources[::-1], targets[::-1], bundled)
    assert ids(one.pairs) == ids(other.pairs)
    assert whys(one.unpaired) == whys(other.unpaired)


def test_progress_is_told_of_every_target(letters: Encoder) -> None:
    seen: list[tuple[int, int]] = []
    sources, targets = [original("j", "x")], [version("e", "x"), version("f", "y")]
    pair_articles(sources, targets, letters, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 5) for done in range(1, 6)]  # three articles to read, two to find an original for


def test_a_link_is_followed_within_the_window_and_named_outside_of_it(bundled: Encoder) -> None:
    source = article("j", "ja", BRIDGE, date="2026-03-05", url="https://news.example/ja/1")
    others = [article(f"o{n}", "ja", [*BRIDGE[:4], f"工事は{n}年かかる。"], date="2026-03-05") for n in range(4)]
    target = article("e", "en", SUMO_EN, date="2026-03-15", links=["https://news.example/ja/1?utm_source=x"])
    wide = pair_articles([source, *others], [target], bundled, options=PairOptions(window_days=10, candidates=1))
    best = next(one.best for one in wide.unpaired if one.article_id == "e") if wide.unpaired else wide.pairs[0]
    assert best is not None
    assert (best.source_id, best.evidence["link"]) == ("j", 1.0)
    narrow = pair_articles([source, *others], [target], bundled)
    assert narrow.pairs == []
    assert "j.jsonl:1, but their dates are 10 days apart; --window-days 10" in whys(narrow.unpaired)["e"]
    assert "e.jsonl:1" in whys(narrow.unpaired)["j"]


def test_an_article_that_names_another_original_is_hardly_a_pair(bundled: Encoder) -> None:
    sources = [article("j", "ja", BRIDGE), article("named", "ja", RICE)]
    plain = pair_articles(sources, [article("e", "en", BRIDGE_EN)], bundled)
    linked = pair_articles(sources, [article("e", "en", BRIDGE_EN, links=["named"])], bundled)
    assert [pair.evidence["link"] for pair in plain.pairs] == [None]
    odds = [
        next(iter([*found.pairs, *(u.best for u in found.unpaired if u.best and u.best.source_id == "j")]))
        for found in (plain, linked)
    ]
    assert odds[1].probability < odds[0].probability
    assert odds[1].evidence["link"] == 0.0


def test_what_the_user_gives_and_forbids_comes_first(bundled: Encoder) -> None:
    sources = [article("bear", "ja", BEAR), article("bridge", "ja", BRIDGE), article("rice", "ja", RICE)]
    targets = [article("bridge-en", "en", BRIDGE_EN), article("rice-en", "en", RICE_EN)]
    known = GivenPairs(given=frozenset([(0, 0)]), forbidden=frozenset([(2, 1)]))
    pairing = pair_articles(sources, targets, bundled, given=known)
    assert ids(pairing.pairs) == [("bear", "bridge-en")]
    assert pairing.pairs[0].probability < 0.5, "a given pair keeps the probability that its evidence has"
    assert set(whys(pairing.unpaired)) == {"bridge", "rice", "rice-en"}


def test_an_updated_version_is_a_second_pair_if_asked_for(bundled: Encoder) -> None:
    sources = [article("j", "ja", BRIDGE, date="2026-03-05")]
    update = [*BRIDGE_EN[:3], "Work on the first of them begins in April.", *BRIDGE_EN[3:]]
    targets = [
        article("first", "en", BRIDGE_EN, date="2026-03-05"),
        article("update", "en", update, date="2026-03-06"),
        article("sumo", "en", SUMO_EN, date="2026-03-06"),
    ]
    assert len(pair_articles(sources, targets, bundled).pairs) == 1
    many = pair_articles(sources, targets, bundled, options=PairOptions(many=True))
    assert ids(many.pairs) == [("j", "first"), ("j", "update")]


def test_a_digest_of_two_originals_is_paired_with_both_if_asked_for(bundled: Encoder) -> None:
    sources = [article("bear", "ja", BEAR), article("bridge", "ja", BRIDGE), article("rice", "ja", RICE)]
    digest = article("digest", "en", ["News in brief", *RICE_EN[1:], *BRIDGE_EN[1:]])
    many = pair_articles(sources, [digest], bundled, options=PairOptions(many=True))
    assert ids(many.pairs) == [("bridge", "digest"), ("rice", "digest")]
    assert all(pair.evidence["together"] == pair.probability for pair in many.pairs)
    assert len(pair_articles(sources, [digest], bundled).pairs) <= 1


def test_the_number_of_processes_changes_nothing(bundled: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("align.looking.LEAST_FOR_WORKERS", 1)
    sources = [article("ja-bear", "ja", BEAR), article("ja-bridge", "ja", BRIDGE), article("ja-rice", "ja", RICE)]
    targets = [article("en-rice", "en", RICE_EN), article("en-sumo", "en", SUMO_EN)]
    one = pair_articles(sources, targets, bundled, jobs=1)
    assert pair_articles(sources, targets, bundled, jobs=2) == one


def test_large_pools_are_aligned_only_where_a_glance_leaves_a_doubt(
    bundled: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, targets = [article("j", "ja", BRIDGE), article("r", "ja", RICE)], [article("e", "en", BRIDGE_EN)]
    (small,) = pair_articles(sources, targets, bundled).pairs
    monkeypatch.setattr("align.pairing.LARGE", 0)
    monkeypatch.setattr("align.looking.SURE", 0.0)
    (large,) = pair_articles(sources, targets, bundled).pairs
    assert small.evidence["aligned_target"] is not None
    assert large.evidence["aligned_target"] is None
    assert large.probability > 0.5


def test_a_corpus_has_a_field_for_every_piece_of_evidence() -> None:
    assert {field.name for field in SCHEMAS["pairs"].field("evidence").type} == set(EVIDENCE)
