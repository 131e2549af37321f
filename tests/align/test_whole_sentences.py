"""Sentences put in or left out by an edited translation, and the page on a pair of articles."""

import pytest

from align.whole_sentences import check_null_bead, is_background
from corpora.layout import cut_sentences, join_paragraphs
from corpora.records import Article, Bead


def article(lang: str, *body: str) -> Article:
    text, paragraphs = join_paragraphs([("Title", "title"), *((one, "body") for one in body)])
    return Article(lang, "page", lang, text, paragraphs, cut_sentences(text, paragraphs, lang))


SOURCE = article("ja", "池の水が抜かれた。", "雨は夕方にやんだ。")
TARGET = article(
    "en",
    "The pond was drained.",
    "Hyogo Prefecture has more ponds than any other.",
    '"We worked all day," a farmer said.',
)


@pytest.mark.parametrize(
    ("bead", "category", "severity", "message"),
    [
        (Bead((2,), (), None, 0.9), "omission", "minor", "leaves this sentence out"),
        (Bead((), (2,), None, 0.9), "addition", "minor", "as background"),
        (Bead((), (3,), None, 0.9), "addition", "major", "nothing in the source says so"),
    ],
)
def test_finding_when_a_sentence_stands_alone(bead: Bead, category: str, severity: str, message: str) -> None:
    (finding,) = check_null_bead(bead, SOURCE, TARGET)
    assert (finding.category, finding.severity) == (category, severity)
    assert message in finding.message
    side, sentence = (SOURCE, bead.source) if bead.source else (TARGET, bead.target)
    text = side.sentence_texts()[sentence[0]]
    assert text in (finding.source_value, finding.target_value)
    assert (finding.source_span or finding.target_span) == (0, len(text))


@pytest.mark.parametrize("bead", [Bead((0,), (), None, 0.9), Bead((2,), (), None, 0.3), Bead((1,), (1,), 0.8, 0.9)])
def test_no_finding_when_a_title_or_unsure_or_paired(bead: Bead) -> None:
    assert check_null_bead(bead, SOURCE, TARGET) == []


def test_background_when_a_sentence_explains_or_reports() -> None:
    assert is_background("In Japan such charges can be brought only against individuals.")
    assert not is_background("The mayor said the ponds are safe.")
    assert not is_background("He left early.")
