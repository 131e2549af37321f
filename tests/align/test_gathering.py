"""Keeping each article once, whatever its pages were called."""

from pathlib import Path

import pytest

from align.gathering import gather, keep_one
from align.summary import Summary
from corpora.jsonlines import write_rows
from corpora.records import Article
from corpora.rows import article_from_row
from corpora.shelf import Filed


def article(path: str, lang: str, text: str, identity: str) -> Article:
    return article_from_row({"id": identity, "lang": lang, "text": text}, path)


def test_the_first_by_path_is_kept_when_texts_or_ids_repeat() -> None:
    twins = [
        article("b", "en", "It rained all day.", "1"),
        article("a", "en", "It rained all day.", "2"),
        article("c", "en", "It snowed all night.", "2"),
    ]
    kept, rejects = keep_one(map(Filed.of, twins))
    assert [one.light.path for one in kept] == ["a"]
    assert [(r.path, r.reason) for r in rejects] == [("b", "duplicate"), ("c", "duplicate")]
    assert "as a, which is kept" in rejects[0].detail


def test_of_twins_the_one_that_says_most_is_kept() -> None:
    poor = article("a", "en", "It rained all day.", "1")
    rich = article_from_row({"id": "1", "lang": "en", "text": "It rained all day.", "date": "2026-03-05"}, "b")
    kept, rejects = keep_one(map(Filed.of, [poor, rich]))
    assert [one.light.path for one in kept] == ["b"]
    assert "as b, which is kept" in rejects[0].detail


def test_an_id_used_in_both_languages_is_two_articles() -> None:
    both = [article("a", "ja", "雨が降り続いた。", "1"), article("b", "en", "The rain went on.", "1")]
    kept, rejects = keep_one(map(Filed.of, both))
    assert [one.light.lang for one in kept] == ["en", "ja"]
    assert not rejects


def test_numbered_rows_of_two_languages_are_paired(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "lang": "ja", "text": "豪雨で村の橋が流れた。\n\nけが人はいなかった。"},
        {"id": "1", "lang": "en", "text": "Heavy rain swept away the village bridge.\n\nNobody was injured."},
    ]
    write_rows(rows, tmp_path / "articles.jsonl")
    summary = Summary("-")
    kept, rejects = gather([tmp_path / "articles.jsonl"], summary, languages=("ja", "en"))
    assert (len(kept), len(rejects), summary.pages) == (2, 0, 2)


def test_many_pages_are_extracted_by_several_processes_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = "Kitahama reporters answer letters from schools every Sunday. Write to us about your town."
    rows = [
        {"id": str(n), "headline": f"Story {n}", "lang": "en", "text": f"Bridge {n} was closed on Friday.\n\n{closing}"}
        for n in range(300)
    ]
    write_rows([*rows, {"id": "x", "lang": "en"}, rows[7]], tmp_path / "articles.jsonl")
    monkeypatch.setattr("align.extraction.FIRST", 3)
    found = []
    for jobs in (1, 2):
        summary = Summary("-")
        kept, rejects = gather(
            [tmp_path / "articles.jsonl"], summary, languages=("en",), fields={"title": "headline"}, jobs=jobs
        )
        found.append((list(kept), rejects, summary.pages))
    assert found[0] == found[1]
    kept, rejects, pages = found[0]
    assert (len(kept), pages) == (300, 302)
    assert {reject.reason for reject in rejects} == {"furniture", "malformed", "duplicate"}
    assert kept[0].title is not None
    assert all(closing not in article.text for article in kept)
