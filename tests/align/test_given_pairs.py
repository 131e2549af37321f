"""Pairs that a user gives or forbids: read from any table, and every mistake named with its line."""

from pathlib import Path

import pytest

from align.given_pairs import GivenPairs, read_given_pairs, resolve
from corpora.errors import InputError
from corpora.records import Article
from corpora.rows import article_from_row

SOURCES = [
    article_from_row(
        {"id": f"j{n}", "lang": "ja", "text": "雨が降った。", "url": f"https://n.example/j/{n}"}, f"in/j{n}.html"
    )
    for n in range(3)
]
TARGETS = [article_from_row({"id": f"e{n}", "lang": "en", "text": "It rained."}, f"in/e{n}.html") for n in range(3)]


def read(tmp_path: Path, text: str, name: str = "known.csv") -> GivenPairs:
    (tmp_path / name).write_text(text, "utf-8")
    return resolve(read_given_pairs(tmp_path / name), SOURCES, TARGETS)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("known.csv", "source_id,target_id,is_pair\nj0,e1,yes\nj2,e2,no\n"),
        ("known.tsv", "source\ttarget\tverdict\nj0\te1\tgive\nj2\te2\tforbid\n"),
        ("known.jsonl", '{"ja": "j0", "en": "e1"}\n{"ja": "j2", "en": "e2", "is_pair": false}\n'),
        ("known.jsonl", '{"source_id": "https://n.example/j/0/", "target_id": "e1.html"}\n'
         '{"source_id": "in/j2.html", "target_id": "in/e2.html", "is_pair": 0}\n'),
    ],
)  # fmt: skip
def test_pairs_are_read_from_any_table(name: str, text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text, name) == GivenPairs(frozenset([(0, 1)]), frozenset([(2, 2)]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("source_id,target_id\nj0,e9\n", r"known.csv:2: there is no target article e9"),
        ("source_id,target_id\nj9,e0\n", r"known.csv:2: there is no source article j9"),
        ("source_id,target_id,is_pair\nj0,e0,maybe\n", r"known.csv:2: is_pair is 'maybe'"),
        ("source_id,target_id\nj0,\n", r"known.csv:2: expected source_id and target_id"),
        ("a,b\n1,2\n", r"known.csv:2: expected source_id and target_id, found a, b"),
        ("source_id,target_id,is_pair\nj0,e0,yes\nj0,e0,no\n", r"known.csv:3 says the opposite of .*known.csv:2"),
        ("source_id,target_id\n", r"holds no pair"),
    ],
)
def test_mistakes_are_named_with_their_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)


def test_a_file_that_is_not_there_and_one_that_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_given_pairs(tmp_path / "none.csv")
    (tmp_path / "known.txt").write_text("j0 e0", "utf-8")
    with pytest.raises(InputError, match="no rows of source_id, target_id"):
        read_given_pairs(tmp_path / "known.txt")


def test_no_articles_at_all() -> None:
    articles: list[Article] = []
    assert resolve([], articles, articles) == GivenPairs()
