"""Splits by story and time, and leaks that are planted and must be found."""

import itertools
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import UsageError
from corpora.split import NO_ARTICLE, SPLITS, STRADDLES, Assignment, LeakReport, SplitOptions, assign, leaks

Rows = list[dict[str, object]]

TENTH = SplitOptions()
START = date(2026, 1, 30)
WORDS = "amber birch cedar delta ember fjord grove heron ivory jetty kelp lemon mango north olive pearl quail river"


def prose(seed: int, sentences: int = 12) -> list[str]:
    """Sentences of words drawn by chance, that no other seed gives."""
    rng = random.Random(seed)
    return [" ".join([*rng.choices(WORDS.split(), k=9), f"x{seed}y{n}."]) for n in range(sentences)]


def article(name: str, day: int | None, text: str = "", **more: object) -> dict[str, object]:
    stamp = None if day is None else (START + timedelta(day)).isoformat()
    return {"article_id": name, "lang": name[:2], "date": stamp, "text": text, **more}


def pair(source: str, target: str) -> dict[str, object]:
    return {"pair_id": f"{source}-{target}", "source_id": source, "target_id": target}


def daily(count: int, *, dated: bool = True) -> tuple[Rows, Rows]:
    """A pair a day, each a story of its own."""
    articles, pairs = [], []
    for n in range(count):
        day = n if dated else None
        articles.append(article(f"ja{n:03}", day, " ".join(prose(2 * n)), url=f"https://news.example/ja/{n}"))
        articles.append(article(f"en{n:03}", day, " ".join(prose(2 * n + 1)), url=f"https://news.example/en/{n}"))
        pairs.append(pair(f"ja{n:03}", f"en{n:03}"))
    return articles, pairs


def beads_of(articles: Rows, pairs: Rows) -> Iterator[dict[str, object]]:
    """A bead for each sentence, and a null bead at the end."""
    texts = {str(row["article_id"]): str(row["text"]).split(". ") for row in articles}
    for row in pairs:
        source, target = str(row["source_id"]), str(row["target_id"])
        ids = {"pair_id": row["pair_id"], "source_article_id": source, "target_article_id": target}
        for one, other in zip(texts[source], texts[target], strict=True):
            yield {**ids, "source_text": one, "target_text": other}
        yield {**ids, "source_text": None, "target_text": f"Only {target} says this."}


def counts(assignment: Assignment) -> dict[str | None, int]:
    splits = list(assignment.splits.values())
    return {split: splits.count(split) for split in (*SPLITS, None) if split in splits}


def report_of(articles: Rows, pairs: Rows, assignment: Assignment) -> LeakReport:
    return leaks(articles, beads_of(articles, pairs), assignment)


NAMES = range(8)
tables = st.tuples(
    st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=16, max_size=16),
    st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from([*NAMES, 99])), max_size=14),
    st.sampled_from([TENTH, SplitOptions(0, 0.2), SplitOptions(0.3, 0), SplitOptions(0, 0), SplitOptions(0.33, 0.33)]),
)


def made(days: list[int | None], links: Iterable[tuple[int, int]]) -> tuple[Rows, Rows]:
    articles = [article(f"{'ja' if n < 8 else 'en'}{n % 8}", day) for n, day in enumerate(days)]
    return articles, [pair(f"ja{one}", f"en{other}") for one, other in sorted(links)]


@given(table=tables)
def test_whatever_the_dates_and_pairs(table: tuple[list[int | None], set[tuple[int, int]], SplitOptions]) -> None:
    days, links, options = table
    articles, pairs = made(days, links)
    found = assign(articles, pairs, options)
    dates = {str(row["article_id"]): row["date"] for row in articles}
    assert found.splits.keys() == {row["pair_id"] for row in pairs}
    assert found.left_out.keys() == {name for name, split in found.splits.items() if split is None}
    held: dict[str, set[object]] = {split: set() for split in SPLITS}
    where: dict[str, set[object]] = {}
    for row in pairs:
        split = found.splits[str(row["pair_id"])]
        if found.left_out.get(str(row["pair_id"])) == NO_ARTICLE:
            assert row["target_id"] == "en99"
            continue
        where.setdefault(found.stories[str(row["source_id"])], set()).add(split)
        assert found.stories[str(row["source_id"])] == found.stories[str(row["target_id"])]
        if split:
            held[split] |= {day for name in (row["source_id"], row["target_id"]) if (day := dates[str(name)])}
    assert all(len(splits) == 1 for splits in where.values())
    for earlier, later in itertools.combinations(SPLITS, 2):
        if held[earlier] and held[later]:
            assert max(map(str, held[earlier])) < min(map(str, held[later]))
    for split, share in (("dev", options.dev), ("test", options.test)):
        assert share or split not in found.splits.values()
    shuffled = random.Random(1)
    assert found == assign(shuffled.sample(articles, len(articles)), shuffled.sample(pairs, len(pairs)), options)


@given(table=tables)
def test_no_two_days_bring_the_sizes_closer(
    table: tuple[list[int | None], set[tuple[int, int]], SplitOptions],
) -> None:
    days, links, options = table
    articles, pairs = made([day or 0 for day in days], {(one, other) for one, other in links if other != 99})
    found = assign(articles, pairs, options)
    spans: dict[str, list[int]] = {}
    for row in pairs:
        for name in (str(row["source_id"]), str(row["target_id"])):
            day = (days[int(name[2:]) + (8 if name[:2] == "en" else 0)]) or 0
            spans.setdefault(found.stories[name], []).append(day)
    sizes = {story: sum(found.stories[str(row["source_id"])] == story for row in pairs) for story in spans}

    def badness(held: list[int]) -> float:
        train, dev, test = held
        empty = 4 * (not train) + 2 * (options.test > 0 and not test) + (options.dev > 0 and not dev)
        wanted = [share * len(pairs) for share in (1 - options.dev - options.test, options.dev, options.test)]
        return 1000 * empty + sum(abs(one - other) for one, other in zip(held, wanted, strict=True))

    def sizes_with(dev_from: int, test_from: int) -> list[int]:
        held = [0, 0, 0]
        for story, span in spans.items():
            places = {(day >= dev_from) + (day >= test_from) for day in span}
            if len(places) == 1:
                held[places.pop()] += sizes[story]
        return held

    possible = [sizes_with(first, second) for first, second in itertools.combinations_with_replacement(range(11), 2)]
    allowed = [held for held in possible if (options.dev or not held[1]) and (options.test or not held[2])]
    reached = counts(found)
    assert badness([reached.get(split, 0) for split in SPLITS]) == pytest.approx(min(map(badness, allowed)))


def test_twelve_pairs_over_twelve_days() -> None:
    found = assign(*daily(12), TENTH)
    assert counts(found) == {"train": 10, "dev": 1, "test": 1}
    assert (found.dev_from, found.test_from) == ("2026-02-09", "2026-02-10")
    assert found.splits["ja011-en011"] == "test"


@pytest.mark.parametrize(
    ("count", "options", "expected"),
    [
        (0, TENTH, {}),
        (1, TENTH, {"train": 1}),
        (2, TENTH, {"train": 1, "test": 1}),
        (3, TENTH, {"train": 1, "dev": 1, "test": 1}),
        (40, SplitOptions(0.25, 0.05), {"train": 28, "dev": 10, "test": 2}),
        (40, SplitOptions(0, 0.1), {"train": 36, "test": 4}),
        (40, SplitOptions(0.1, 0), {"train": 36, "dev": 4}),
        (40, SplitOptions(0, 0), {"train": 40}),
    ],
)
@pytest.mark.parametrize("dated", [True, False])
def test_sizes(count: int, options: SplitOptions, expected: dict[str, int], dated: bool) -> None:
    found = assign(*daily(count, dated=dated), options)
    assert counts(found) == expected
    assert found.by_time == (dated and count > 0)


def test_shares_are_of_beads_where_their_numbers_are_given() -> None:
    articles, pairs = daily(20)
    beads = {str(row["pair_id"]): 70 if n == 19 else 10 for n, row in enumerate(pairs)}
    assert counts(assign(articles, pairs, SplitOptions(0.1, 0.25), beads=beads)) == {"train": 17, "dev": 2, "test": 1}


def test_a_story_that_goes_on_over_a_boundary_is_left_out() -> None:
    articles, pairs = daily(12)
    articles[4]["links"] = ["ja011"]  # of day 2 and day 11
    found = assign(articles, pairs, TENTH)
    assert found.left_out == {"ja002-en002": STRADDLES, "ja011-en011": STRADDLES}
    assert counts(found) == {"train": 8, "dev": 1, "test": 1, None: 2}


def test_undated_stories_are_in_train_and_named() -> None:
    articles, pairs = daily(12)
    for row in articles[20:22]:
        row["date"] = "someday"
    articles[22]["date"] = None  # its translation has a date
    found = assign(articles, pairs, TENTH)
    assert found.undated == ("ja010-en010",)
    assert found.splits["ja010-en010"] == "train"
    assert found.splits["ja011-en011"] == "test"
    assert "undated: 1 pairs" in report_of(articles, pairs, found).as_text()


def test_stamps_with_a_time_count_by_their_day() -> None:
    articles, pairs = daily(12)
    for row in articles:
        row["date"] = f"{row['date']}T23:59:00+09:00"
    assert assign(articles, pairs, TENTH) == assign(*daily(12), TENTH)


def test_an_article_that_is_in_no_pair_has_no_say_but_holds_versions_together() -> None:
    articles, pairs = daily(12)
    articles.append(article("ja900", 500, "never paired"))
    assert assign(articles, pairs, TENTH).test_from == "2026-02-10"
    articles[-1]["links"] = ["ja010", "ja011"]
    assert assign(articles, pairs, TENTH).test_from == "2026-02-09"


@pytest.mark.parametrize(("dev", "test"), [(-0.1, 0.1), (0.1, 1), (0.5, 0.5), (float("nan"), 0.1), (0.1, float("inf"))])
def test_shares_that_make_no_sense(dev: float, test: float) -> None:
    with pytest.raises(UsageError, match=r"is no share|leave nothing"):
        SplitOptions(dev, test)


def test_a_clean_split_says_so() -> None:
    articles, pairs = daily(30)
    report = report_of(articles, pairs, assign(articles, pairs, TENTH))
    assert report.problems == []
    train, test = report.sizes["train"], report.sizes["test"]
    assert (train.pairs, train.beads, train.articles, train.stories) == (24, 24 * 13, 48, 24)
    assert (test.pairs, test.first_day, test.last_day, test.undated) == (3, "2026-02-26", "2026-02-28", 0)
    assert all(one.source.texts == one.target.texts == one.beads.texts == 0 for one in report.overlaps)
    assert [(one.source.of, one.target.of, one.beads.of) for one in report.overlaps] == [(36, 39, 36)] * 3
    assert "LEAK" not in report.as_text()


def by_hand(pairs: Rows, test: str) -> Assignment:
    """All in train but one pair."""
    return Assignment({str(row["pair_id"]): "test" if row["pair_id"] == test else "train" for row in pairs})


def test_a_near_copy_across_splits_is_found() -> None:
    articles, pairs = daily(12)
    copy = str(articles[7]["text"]).split(". ")  # en003
    articles[23]["text"] = ". ".join([*copy[3:], *prose(77, 2), "And that is all"])
    report = report_of(articles, pairs, by_hand(pairs, "ja011-en011"))
    overlap = report.overlaps[1]
    assert (overlap.earlier, overlap.later) == ("train", "test")
    assert overlap.closest[0][:2] == ("en003", "en011")
    assert overlap.resemblance == overlap.closest[0][2] > 0.7
    assert (overlap.source.texts, overlap.target.texts, overlap.target.of, overlap.beads.texts) == (0, 9, 13, 0)
    assert report.problems == ["train and test hold copies: en003 and en011 resemble each other by 0.78"]
    assert "LEAK: train and test hold copies: en003 and en011" in report.as_text()
    assert assign(articles, pairs, TENTH).stories["en011"] == "en003"


def test_repeated_beads_are_found_whatever_their_typography() -> None:
    articles, pairs = daily(12)
    articles[22]["text"], articles[23]["text"] = (str(articles[n]["text"]).upper().replace(" ", " - ") for n in (0, 1))
    articles[22]["text"], articles[23]["text"] = (str(articles[n]["text"]).replace(". - ", ". ") for n in (22, 23))
    report = report_of(articles, pairs, by_hand(pairs, "ja011-en011"))
    overlap = report.overlaps[1]
    assert (overlap.beads.texts, overlap.beads.of, overlap.beads.share) == (12, 12, 1)
    assert overlap.resemblance == 1


def test_shared_addresses_and_stories_and_days_in_the_wrong_order_are_found() -> None:
    articles, pairs = daily(12)
    articles[4]["url"] = f"{articles[7]['url']}#top"
    assignment = replace(by_hand(pairs, "ja003-en003"), stories={"en005": "a", "en003": "a"})
    assert report_of(articles, pairs, assignment).problems == [
        "train and test share 1 urls",
        "train and test share 1 stories",
        "train ends on 2026-02-10, but test begins on 2026-02-02",
    ]


def test_an_article_in_two_splits_is_found() -> None:
    articles, pairs = daily(12)
    pairs.append(pair("ja003", "en011"))
    report = report_of(articles, pairs, by_hand(pairs, "ja003-en011"))
    assert report.problems[0] == "train and test share 2 articles"
    assert all(one != other for one, other, _ in report.overlaps[1].closest)  # an article is no copy of itself


@settings(max_examples=8)
@given(seed=st.integers(0, 100))
def test_the_report_does_not_depend_on_the_order_of_rows(seed: int) -> None:
    articles, pairs = daily(8)
    for n in (11, 13, 15):
        articles[n]["text"] = articles[1]["text"]
    assignment = Assignment({str(row["pair_id"]): SPLITS[n % 3] for n, row in enumerate(pairs)})
    beads = list(beads_of(articles, pairs))
    rng = random.Random(seed)
    shuffled = leaks(rng.sample(articles, len(articles)), rng.sample(beads, len(beads)), assignment)
    assert shuffled == leaks(articles, beads, assignment)


def test_what_is_left_out_is_counted() -> None:
    articles, pairs = daily(12)
    articles[4]["links"] = ["ja011"]
    pairs.append(pair("ja001", "en404"))
    found = assign(articles, pairs, TENTH)
    report = leaks(articles, beads_of(articles, pairs[:12]), found)
    assert (report.left_out, report.left_out_beads) == ({NO_ARTICLE: 1, STRADDLES: 2}, 26)
    assert "left out: 3 pairs, 26 beads" in report.as_text()


def test_a_split_without_dates_says_that_time_was_not_used() -> None:
    articles, pairs = daily(40, dated=False)
    report = report_of(articles, pairs, assign(articles, pairs, TENTH))
    assert not report.by_time
    assert report.problems == []
    assert "not by time" in report.as_text()


def test_the_report_as_json() -> None:
    articles, pairs = daily(12)
    report = report_of(articles, pairs, by_hand(pairs, "ja011-en011"))
    row = json.loads(json.dumps(report.as_json()))
    assert row["sizes"]["test"]["pairs"] == 1
    assert [(one["earlier"], one["later"], one["beads"]) for one in row["overlaps"]] == [
        ("train", "dev", {"texts": 0, "of": 0, "share": 0}),
        ("train", "test", {"texts": 0, "of": 12, "share": 0}),
        ("dev", "test", {"texts": 0, "of": 12, "share": 0}),
    ]
    assert row["problems"] == []


def test_an_empty_corpus() -> None:
    found = assign([], [], TENTH)
    assert found == Assignment({}, by_time=False)
    assert leaks([], [], found).problems == []


def test_the_corpus_is_streamed() -> None:
    articles, pairs = daily(12)
    found = assign(iter(articles), iter(pairs), TENTH)
    assert leaks(iter(articles), beads_of(articles, pairs), found).sizes["train"].pairs == 10
