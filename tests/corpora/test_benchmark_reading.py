"""The reading benchmark: it counts what it says it counts."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import benchmark_reading
from benchmark_reading import Gold, Score, boundaries

from corpora.page import read_article
from corpora.records import Page

BODY = ["MITO -- The river rose by two meters on Friday night.", "Dozens of people fled their homes, the city said."]
PAGE = Page("a.txt", "text", f"River floods Mito again\n\nMarch 5, 2026\n\n{' '.join(BODY)}\n\n(By Haruto Mine)")


def scored(title: str, sentences: list[str], date: str = "2026-03-05", writers: str = "Haruto Mine") -> Score:
    score = Score()
    score.add(Gold(PAGE, "en", title, sentences, date, writers), read_article(PAGE))
    return score


def test_a_page_that_is_read_right_has_all_counts() -> None:
    score = scored("River floods Mito again", BODY)
    counts = score.counts
    assert (counts["kept"], counts["gold"], counts["furniture"]) == (2, 2, 0)
    assert (counts["title"], counts["date"], counts["writers"]) == (1, 1, 1)
    assert score.wrong == []


def test_every_error_is_counted_and_named() -> None:
    score = scored("River floods Hitachi", [BODY[0], "It was dark."], "2026-03-06", "Yui Toki")
    counts = score.counts
    assert (counts["kept"], counts["gold"]) == (1, 2)
    assert counts["furniture"] == len("".join(BODY[1].split()))
    assert (counts["title"], counts["date"], counts["writers"], counts["titles"]) == (0, 0, 0, 1)
    assert len(score.wrong) == 5


def test_a_rejected_page_has_lost_all_its_sentences() -> None:
    score = Score()
    score.add(Gold(PAGE, "en", "x", BODY), None)
    assert (score.counts["kept"], score.counts["gold"]) == (0, 2)


def test_boundaries_are_places_between_sentences() -> None:
    assert boundaries(["ab c", " de", "f"]) == {3, 5}
    assert boundaries(["abc"]) == set()


def test_the_benchmark_measures_samples_and_development_sets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benchmark_reading, "ROUNDS", 1)
    japanese: dict[str, Any] = {
        "title": "川が氾濫　水戸で千人避難",
        "date": "2026-03-04",
        "byline": "峰岸陽斗",
        "paragraphs": [["川があふれ、水戸市では千人が避難した。", "けが人はいないという。"]],
    }
    english = {"title": "River floods Mito", "date": "2026-03-05", "byline": "Haruto Mine", "paragraphs": [BODY]}
    raw = "\n".join([japanese["title"], "2026年3月4日", "".join(japanese["paragraphs"][0]), "【峰岸陽斗】"])
    row = {"id": "c1", "en": english, "ja": japanese, "ja_raw": raw, "en_raw": PAGE.text}
    row["ja_html"] = f"<html><h1>{japanese['title']}</h1><p>{raw.splitlines()[2]}</p></html>"
    row["en_html"] = f"<html><h1>River floods Mito</h1><p>{' '.join(BODY)}</p></html>"
    cases = [
        {"lang": "ja", "tag": "x", "text": "雨だ。風だ。", "sentences": ["雨だ。", "風だ。"]},
        {"lang": "en", "tag": "x", "text": "It rained. It blew.", "sentences": ["It rained.", "It blew."]},
    ]
    for name, rows in (("pairs", [row]), ("segmentation", cases)):
        lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    benchmark_reading.main(["--dev", str(tmp_path), "--verbose"])
    printed = capsys.readouterr().out
    assert "| samples, html, ja | 7 | 7 of 7 | - | - | 100.00% of 207 | 0.00% |" in printed
    assert "| dev, text, ja | 1 | 1 of 1 | 1 of 1 | 1 of 1 | 100.00% of 2 | 0.00% |" in printed
    assert "| Taiyaku, en | 1 | 1 | 1.000 | 1.000 | 1.000 |" in printed
    assert "| sentencex, ja |" in printed
    assert "c1.en.html: date None, should be '2026-03-05'" in printed
