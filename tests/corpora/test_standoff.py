"""Stand-off files hold no text, and with the articles they give the corpus back; in other copies beads are found."""

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import InputError
from corpora.jsonlines import Row, read_rows, write_rows
from corpora.page import read_article
from corpora.publish import write_corpus
from corpora.read import read_pages
from corpora.records import Article, Bead, Finding, Page, Pair
from corpora.rows import article_from_row, article_to_row
from corpora.samples import sample_pages
from corpora.standoff import Rebuilt, rebuild, standoff_rows
from corpora.standoff_records import is_standoff
from corpora.store import Corpus, open_corpus
from corpora.tables import bead_rows, bead_text, finding_rows, pair_id, pair_row

JAPANESE = [
    "橋が流れた。",
    "けが人はいない。",
    "雨は夜まで続いた。",
    "「もう限界だ」と市長。",
    "雨は夜まで続いた。",
    "🙂朝は晴れた。",
]
ENGLISH = ["A bridge fell.", "No one was hurt.", "It rained all night.", "The mayor gave up."]
NEW = {"ja": "訂正して追記した。", "en": "This story was corrected."}


def make_article(article_id: str, lang: str, sentences: Sequence[str], **more: object) -> Article:
    row: Row = {"id": article_id, "lang": lang, "paragraphs": [list(sentences)], **more}
    return article_from_row(row, f"mine/{article_id}.html")


def write(folder: Path, aligned: Sequence[tuple[Article, Article, list[Bead], list[list[Finding]]]]) -> Corpus:
    """A corpus of these pairs."""
    pairs = [Pair(source.article_id, target.article_id, 0.75, {"title": 0.5}) for source, target, *_ in aligned]
    several = [(pair, *one) for pair, one in zip(pairs, aligned, strict=True)]
    articles = {(a.article_id, a.lang): a for source, target, *_ in aligned for a in (source, target)}
    tables: dict[str, list[Row]] = {
        "beads": [r for p, source, target, beads, found in several for r in bead_rows(p, beads, found, source, target)],
        "articles": [article_to_row(articles[key]) for key in sorted(articles)],
        "pairs": [{"pair_id": pair_id(pair), **pair_row(pair)} for pair in pairs],
        "findings": [r for p, _, _, _, found in several for r in finding_rows(p, found)],
    }
    options = {"source_lang": "ja", "target_lang": "en", "pairs": "/home/secret/pairs.csv", "bars": {}}
    write_corpus(folder, tables, {"options": options, "encoder": {"name": "/home/secret/model"}}, "")
    return open_corpus(folder)


def lines(corpus: Corpus) -> list[tuple[str, Row]]:
    """A corpus's records as they are read from the lines of a file."""
    written = (json.dumps(row, ensure_ascii=False) for row in standoff_rows(corpus))
    return [(f"s.jsonl:{n}", json.loads(line)) for n, line in enumerate(written, start=1)]


def again(corpus: Corpus, articles: Sequence[Article]) -> Rebuilt:
    return rebuild(lines(corpus), articles)


@st.composite
def cuts(draw: st.DrawFn, count: int) -> list[tuple[int, ...]]:
    """The numbers up to `count` in runs, some with a gap, as the sides of beads."""
    left, sides = list(range(count)), []
    while left:
        taken = left[: draw(st.integers(1, 3))]
        if len(taken) == 3 and draw(st.booleans()):
            taken = [taken[0], taken[2]]
        sides.append(tuple(taken))
        left = [one for one in left if one not in taken]
    return sides


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Article, Article, list[Bead], list[list[Finding]]]:
    """Two articles with beads between them, null ones and crossing ones too, and a finding here and there."""
    sides = []
    for name, lang, pool in (("j1", "ja", JAPANESE), ("e1", "en", ENGLISH)):
        url = draw(st.sampled_from([None, f"https://paper.example/{name}"]))
        texts = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=8))
        title = draw(st.none() | st.just(f"Title {lang}"))
        sides.append(make_article(name, lang, texts, url=url, title=title, date="2026-03-04"))
    source, target = sides
    mine, theirs = draw(cuts(len(source.sentences))), draw(st.permutations(draw(cuts(len(target.sentences)))))
    several: list[tuple[tuple[int, ...], tuple[int, ...]]] = [*zip(mine, theirs, strict=False)]
    several += [(one, ()) for one in mine[len(theirs) :]] + [((), one) for one in theirs[len(mine) :]]
    beads = [Bead(one, other, draw(st.none() | st.floats(-1, 1, width=32)), 0.5) for one, other in several]
    found = [
        [Finding("number", "major", (0, 1) if bead.source else None, (1, 3) if bead.target else None, "no", "number")]
        * draw(st.integers(0, 2))
        for bead in beads
    ]
    return source, target, beads, found


@pytest.fixture(scope="module")
def samples() -> list[Article]:
    with sample_pages() as folder:
        pages = read_pages(sorted(folder.glob("s*")))
        return [read_article(page) for page in pages if isinstance(page, Page)]


@pytest.fixture(scope="module")
def corpus(samples: list[Article], tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The sample articles, paired as they belong, with sentences side by side as they come."""
    by_name = {Path(article.path).name[:6]: article for article in samples}
    aligned = []
    for name in sorted(one[:3] for one in by_name if one.endswith("ja")):
        source, target = by_name[f"{name}.ja"], by_name[f"{name}.en"]
        count = min(len(source.sentences), len(target.sentences))
        beads = [Bead((n,), (n,), 0.5, 0.5) for n in range(count)]
        finding = Finding("number", "major", (0, 2), (0, 4), source.text[:20], "number", source.text[:9], "12")
        aligned.append((source, target, beads, [[finding] for _ in beads]))
    aligned.sort(key=lambda one: f"{one[0].article_id}-{one[1].article_id}")
    return write(tmp_path_factory.mktemp("samples") / "corpus", aligned)


def _runs(text: str, length: int) -> Iterator[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))


def test_nothing_of_any_text_is_in_the_records(corpus: Corpus) -> None:
    records = list(standoff_rows(corpus))
    for record in records:
        record.pop("url", None)
    ours = {name for record in records for name in record} | {"probability", "attribution", "mistranslation"}
    written = re.sub("|".join(sorted(ours, key=len, reverse=True)), " ", json.dumps(records, ensure_ascii=False))
    lengths = {"ja": 4, "en": 10}
    runs_of_lang = {lang: set(_runs(written, length)) for lang, length in lengths.items()}
    for row in corpus.rows("articles"):
        lang = str(row["lang"])
        captions = [str(one) for one in row["captions"]]  # type: ignore[attr-defined]
        for text in (str(row["text"]), str(row["title"]), *captions):
            shared = runs_of_lang[lang].intersection(_runs(text, lengths[lang]))
            assert [run for run in shared if not re.fullmatch(r"[\d\s.,-]+", run)] == []
        people = [*row["byline"], *row["credit"]]  # type: ignore[misc]
        assert not [name for name in people if name in written]
    assert "secret" not in written


def test_a_corpus_comes_back_from_a_file_and_its_articles(
    corpus: Corpus, samples: list[Article], tmp_path: Path
) -> None:
    write_rows(standoff_rows(corpus), tmp_path / "standoff.jsonl")
    rebuilt = rebuild(read_rows(tmp_path / "standoff.jsonl"), samples)
    for table in ("beads", "pairs", "articles"):
        assert list(rebuilt.tables[table]) == list(corpus.rows(table)), table
    assert rebuilt.counts.beads_kept == rebuilt.sizes["beads"] == rebuilt.header["counts"]["beads"]  # type: ignore[index]
    assert rebuilt.kinds == {"1-1": rebuilt.sizes["beads"]}
    assert rebuilt.languages == ("ja", "en")
    write_corpus(tmp_path / "again", rebuilt.tables, {}, "")
    assert open_corpus(tmp_path / "again").frame("beads").equals(corpus.frame("beads"))


@given(pairs())
def test_whatever_the_beads_they_come_back(aligned: tuple[Article, Article, list[Bead], list[list[Finding]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        corpus = write(Path(folder) / "corpus", [aligned])
        rebuilt = again(corpus, aligned[:2])
        assert list(rebuilt.tables["beads"]) == list(corpus.rows("beads"))
        assert list(rebuilt.tables["articles"]) == list(corpus.rows("articles"))
        assert rebuilt.counts.beads_lost == rebuilt.counts.beads_moved == 0
        columns = ("bead_id", "category", "severity", "source_start", "target_end", "check")
        mine, theirs = (
            [[row[name] for name in columns] for row in rows]
            for rows in (rebuilt.tables["findings"], corpus.rows("findings"))
        )
        assert mine == theirs


def with_sentence(article: Article, at: int) -> Article:
    """The article with one more sentence of the body, as a corrected page would have it."""
    texts = article.sentence_texts()[article.title is not None :]
    copy = make_article(
        article.article_id, article.lang, [*texts[:at], NEW[article.lang], *texts[at:]], title=article.title
    )
    return replace(copy, url=article.url, date=article.date)


@given(pairs(), st.data())
def test_beads_move_with_their_sentences(
    aligned: tuple[Article, Article, list[Bead], list[list[Finding]]], data: st.DataObject
) -> None:
    source, target, beads, _ = aligned
    gaps = [bead for bead in beads for side in (bead.source, bead.target) if side and side[-1] - side[0] >= len(side)]
    at = data.draw(st.integers(source.title is not None, len(source.sentences)))
    copy = with_sentence(source, at - (source.title is not None))
    with tempfile.TemporaryDirectory() as folder:
        rebuilt = again(write(Path(folder) / "corpus", [aligned]), [copy, target])
    rows = {row["bead_id"]: row for row in rebuilt.tables["beads"]}
    for row in rows.values():
        for article, side in ((copy, "source"), (target, "target")):
            text, start, end = bead_text(article, row[f"{side}_sentences"])  # type: ignore[arg-type]
            assert (text, start, end) == tuple(row[f"{side}_{name}"] for name in ("text", "start", "end"))
    torn = [bead for bead in beads if bead.source and bead.source[0] < at <= bead.source[-1]]
    lost = rebuilt.counts.beads_lost
    assert len(rows) + lost == len(beads)
    if not gaps:
        # Repeated sentences may take one another's places; all that were not torn apart are there.
        assert lost <= len(torn)
        used = [n for row in rows.values() for n in row["source_sentences"]]  # type: ignore[attr-defined]
        assert len(used) == len(set(used))
    assert [row["reason"] for row in rebuilt.tables["rejects"]] == ["changed"] * lost


def two_pairs(folder: Path) -> tuple[Corpus, list[Article]]:
    """Two pairs: the originals' addresses are known, those of the translations are not."""
    made, articles = [], []
    for number in (1, 2):
        url = f"https://paper.example/news/{number}.html"
        source = make_article("5", "ja", JAPANESE[:3], url=url) if number == 1 else None
        source = source or make_article("6", "ja", ["別の話だ。", "本当に。"], url=url)
        target = make_article("5" if number == 1 else "7", "en", ENGLISH[:2] if number == 1 else ["Another.", "Truly."])
        found = [[Finding("name", "minor", (0, 1), (2, 8), f"message {number}", "name", "橋", "bridge")], []]
        made.append((source, target, [Bead((0,), (0,), 0.5, 0.75), Bead((1,), (1,), 0.5, 0.5)], found))
        articles += [source, target]
    return write(folder, made), articles


def test_an_article_is_known_by_its_text_its_id_or_its_address(tmp_path: Path) -> None:
    corpus, (one, two, three, four) = two_pairs(tmp_path / "corpus")
    mine = [replace(one, article_id="x", url=None), replace(three, article_id="y", url=f"{three.url}?utm_source=a")]
    mine[1] = with_sentence(mine[1], 2)
    rebuilt = again(corpus, [*mine, with_sentence(two, 0), four])
    assert rebuilt.counts.articles_found == 2
    assert rebuilt.counts.articles_changed == 2
    assert {row["article_id"] for row in rebuilt.tables["articles"]} == {"5", "6", "7"}
    assert (rebuilt.counts.beads_kept, rebuilt.counts.beads_moved, rebuilt.counts.beads_lost) == (2, 2, 0)
    assert [row["kind"] for row in rebuilt.tables["beads"]] == ["1-1"] * 4


def test_what_is_missing_or_changed_or_not_named_is_said(tmp_path: Path) -> None:
    corpus, (one, two, three, _) = two_pairs(tmp_path / "corpus")
    corrected = make_article("5", "en", ["A bridge fell.", "Two people were hurt."])
    stranger = make_article("99", "en", ["Nobody asked for this."])
    rebuilt = again(corpus, [one, corrected, three, replace(three, article_id="twin"), stranger])
    rejects = {str(row["reason"]): row for row in rebuilt.tables["rejects"]}
    assert rejects["changed"]["path"] == corrected.path
    assert "target text" in str(rejects["changed"]["detail"])
    assert rejects["missing"]["path"] == "7"
    assert "2 beads need it" in str(rejects["missing"]["detail"])
    assert rejects["not-named"]["path"] == stranger.path
    assert {row["stage"] for row in rejects.values()} == {"import"}
    assert rebuilt.counts.as_json() == {
        "articles_found": 2,
        "articles_changed": 1,
        "articles_missing": 1,
        "articles_unused": 1,
        "beads_kept": 1,
        "beads_moved": 0,
        "beads_lost": 3,
        "findings_kept": 1,
        "findings_lost": 1,
    }
    assert [row["pair_id"] for row in rebuilt.tables["pairs"]] == ["5-5"]
    assert two.text not in str(list(rebuilt.tables["articles"]))
    without = again(corpus, [two])
    assert "https://paper.example/news/1.html" in {row["path"] for row in without.tables["rejects"]}


def test_findings_are_said_anew(tmp_path: Path) -> None:
    corpus, articles = two_pairs(tmp_path / "corpus")
    first, *_ = again(corpus, articles).tables["findings"]
    assert first["message"] == "source says 橋; target says bridge"
    assert (first["check"], first["severity"], first["source_value"]) == ("name", "minor", None)


def test_a_text_that_somebody_wrote_into_the_corpus_is_not_taken_for_the_articles(tmp_path: Path) -> None:
    source, target = make_article("1", "ja", JAPANESE[:1]), make_article("2", "en", ENGLISH[:1])
    corpus = write(tmp_path / "corpus", [(source, target, [Bead((0,), (0,), 0.5, 0.5)], [[]])])
    tables = {name: list(corpus.rows(name)) for name in ("beads", "articles", "pairs")}
    tables["beads"][0]["source_text"] = "橋は落ちた。"
    tables["beads"][0]["source_url"] = "https://other.example/"
    write_corpus(tmp_path / "edited", tables, {"options": {"source_lang": "ja", "target_lang": "en"}}, "")
    assert again(open_corpus(tmp_path / "edited"), [source, target]).counts.beads_lost == 1
    tables["beads"][0]["source_text"] = source.text
    write_corpus(tmp_path / "other", tables, {"options": {"source_lang": "ja", "target_lang": "en"}}, "")
    other = open_corpus(tmp_path / "other")
    assert list(again(other, [source, target]).tables["beads"]) == list(other.rows("beads"))


@pytest.mark.parametrize(
    ("line", "change", "message"),
    [
        (1, {"taiyaku_standoff": 2}, "s.jsonl:1 is stand-off version 2"),
        (1, {"taiyaku_standoff": None}, "version None"),
        (1, {"counts": {"beads": 9}}, "promises 9 beads in its first line and holds 4"),
        (1, {"source_lang": 3}, "s.jsonl:1: 'source_lang' must be a string, found 3"),
        (2, {"sha256": "abc"}, "s.jsonl:2: 'sha256' must be 64 hexadecimal digits, found 'abc'"),
        (2, {"sentences": [[5, 2]]}, "s.jsonl:2: 'sentences' must be"),
        (2, {"lang": None}, "s.jsonl:2: 'lang' must be a string"),
        (3, {"article": "5", "lang": "en"}, "s.jsonl:3: article 5 .en. stands further up"),
        (6, {"source_id": "404"}, "s.jsonl:6: no record above describes article 404"),
        (7, {"pair": "5-5"}, "s.jsonl:7: pair 5-5 stands further up"),
        (8, {"pair_id": "5-404"}, "s.jsonl:8: no record above describes pair 5-404"),
        (8, {"source_sentences": [8]}, "s.jsonl:8: source sentence 8 of an article of 3"),
        (8, {"source_end": 4000}, "s.jsonl:8: source ends at 4000 in an article of 23 characters"),
        (8, {"source_start": 7, "source_end": None}, "s.jsonl:8: source_start 7 and source_end None are no span"),
        (8, {"source_start": True}, "s.jsonl:8: 'source_start' must be"),
        (8, {"source_url": 7}, "s.jsonl:8: 'source_url' must be"),
        (8, {"findings": "name"}, "s.jsonl:8: 'findings' must be a list of strings"),
        (12, {"bead_id": "5-5-00009"}, "s.jsonl:12: no record above describes bead 5-5-00009"),
        (12, {"source_end": 400}, "s.jsonl:12: the source span ends at 400 in a text of 6 characters"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_malformed_file_is_named_with_its_line(tmp_path: Path, line: int, change: Row, message: str) -> None:
    corpus, articles = two_pairs(tmp_path / "corpus")
    records = lines(corpus)
    records[line - 1][1].update(change)
    with pytest.raises(InputError, match=message):
        rebuild(records, articles)


def test_other_files_are_not_taken_for_stand_off_files(tmp_path: Path) -> None:
    corpus, articles = two_pairs(tmp_path / "corpus")
    records = lines(corpus)
    assert is_standoff(records[0][1])
    with pytest.raises(InputError, match=r"s\.jsonl:2 does not begin a stand-off file"):
        rebuild(records[1:], articles)
    with pytest.raises(InputError, match="does not begin a stand-off file"):
        rebuild([], articles)
    with pytest.raises(InputError, match=r"s\.jsonl:9 is no stand-off record"):
        rebuild([records[0], ("s.jsonl:9", {"text": "x"})], articles)
    del records[1][1]["characters"]
    with pytest.raises(InputError, match=r"s\.jsonl:2 has no 'characters'; expected a whole number"):
        rebuild(records, articles)
    with pytest.raises(InputError, match="holds 3"):
        rebuild([one for one in lines(corpus) if one[1].get("bead") != "5-5-00000"][:-2], articles)


def test_a_corpus_with_a_gap_is_not_shared(tmp_path: Path) -> None:
    corpus, _ = two_pairs(tmp_path / "corpus")
    tables = {name: list(corpus.rows(name)) for name in ("beads", "articles", "pairs")}
    options = {"options": {"source_lang": "ja", "target_lang": "en"}}
    write_corpus(tmp_path / "less", tables | {"articles": tables["articles"][1:]}, options, "")
    with pytest.raises(InputError, match="pairs but no article"):
        list(standoff_rows(open_corpus(tmp_path / "less")))
    write_corpus(tmp_path / "loose", tables | {"pairs": tables["pairs"][:1]}, options, "")
    with pytest.raises(InputError, match="has bead 6-7-00000 but not its pair"):
        list(standoff_rows(open_corpus(tmp_path / "loose")))
    write_corpus(tmp_path / "mute", {}, {}, "")
    with pytest.raises(InputError, match="does not say which languages"):
        list(standoff_rows(open_corpus(tmp_path / "mute")))
