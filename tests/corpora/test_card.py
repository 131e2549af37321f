"""The card: its header, its picture, where the texts come from and what was taken out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from lxml import etree

from corpora.card import NOT_STATED, Card, count_publishers
from corpora.errors import InputError
from corpora.publishers import read_publishers
from corpora.records import Article

CARD = Card(
    'rain "and" bridges',
    ("ja", "en"),
    "letters",
    "cc-by-4.0",
    counts={"beads": 12, "articles": 4, "pairs": 2, "findings": 0, "rejects": 3},
    kinds={"1-1": 9, "1-0": 3},
    bins=[0, 1, 2, 6],
    removed={"duplicate": 2, "length": 1},
    publishers=[("The Kitahama | Times", NOT_STATED, 3), ("example.org", "CC BY 4.0", 1)],
)


def header(card: Card) -> dict[str, object]:
    content = yaml.safe_load(card.text().split("---\n")[1])
    assert isinstance(content, dict)
    return content


def test_the_header_is_yaml_with_the_tables_that_have_rows() -> None:
    said = header(CARD)
    assert (said["pretty_name"], said["language"], said["license"]) == (CARD.name, ["ja", "en"], "cc-by-4.0")
    configs = said["configs"]
    assert isinstance(configs, list)
    assert [one["config_name"] for one in configs] == ["beads", "articles", "pairs", "rejects"]
    assert configs[0] == {"config_name": "beads", "data_files": "beads/*.parquet", "default": True}


def test_a_divided_corpus_has_its_splits_in_the_header() -> None:
    card = Card.from_json({**json.loads(json.dumps(CARD.as_json())), "splits": {"train": 10, "test": 2}})
    configs = header(card)["configs"]
    assert isinstance(configs, list)
    assert configs[0]["data_files"] == [
        {"split": "train", "path": "beads/train-*.parquet"},
        {"split": "test", "path": "beads/test-*.parquet"},
    ]
    assert "| test | 2 |" in card.text()


def test_the_text_says_where_texts_come_from_and_what_was_taken_out() -> None:
    text = CARD.text()
    assert "| The Kitahama \\| Times | 3 | not stated |" in text
    assert "| example.org | 1 | CC BY 4.0 |" in text
    assert "| duplicate | 2 |" in text
    assert "![beads with two sides by probability](probability.svg)" in text


def test_the_picture_has_a_bar_for_each_bin_as_tall_as_its_beads_are_many() -> None:
    drawn = etree.fromstring(CARD.histogram().encode())
    bars = [bar for bar in drawn.iter("{*}rect") if bar.find("{*}title") is not None]
    heights = [float(bar.get("height") or 0) for bar in bars]
    assert [round(height / heights[-1], 2) for height in heights] == [0, 0.17, 0.33, 1]
    assert bars[2].findtext("{*}title") == "0.50 to 0.75: 2"


def test_a_card_survives_json() -> None:
    assert Card.from_json(json.loads(json.dumps(CARD.as_json()))).text() == CARD.text()


def article(url: str | None) -> Article:
    return Article("a", "a.html", "en", "It rained.", (), url=url)


def test_publishers_are_named_by_the_rules_that_know_them_else_by_host(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[publisher]]\nname = "The Kitahama Times"\nhosts = ["kitahama.example"]\nlicence = "all rights reserved"\n',
        encoding="utf-8",
    )
    urls = [
        "https://www.kitahama.example/1",
        "https://kitahama.example/2",
        "https://other.example/3",
        None,
        "http://[x",
    ]
    found = count_publishers(map(article, urls), read_publishers(str(rules)))
    assert found == [
        ("(no address)", NOT_STATED, 2),
        ("The Kitahama Times", "all rights reserved", 2),
        ("other.example", NOT_STATED, 1),
    ]


def test_a_licence_that_is_no_string_is_an_input_error(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[publisher]]\nname = "K"\nlicence = ["a", "b"]\n', encoding="utf-8")
    with pytest.raises(InputError, match="licence must be a string"):
        read_publishers(str(rules))
