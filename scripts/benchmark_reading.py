"""Reading beside other libraries: titles, dates, writers, sentences kept, furniture left, sentence ends, speed.

    python scripts/benchmark.py reading                the bundled samples
    python scripts/benchmark.py reading --dev DEV      and the development pages and hard sentence ends

DEV has `pairs.jsonl` (each pair's two articles as HTML and as pasted text, with title, date, byline and paragraphs of
sentences) and `segmentation.jsonl`. A sentence is kept if it stands in the article to the letter, white space aside;
furniture is the share of the article's characters in sentences that the gold does not have. Boundary F1 is over the
places between two sentences of a text, white space aside. Other libraries are shown where they are installed:
trafilatura's plain text with its defaults and, for sentence ends, sentencex and pysbd.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import sentencex
from benchmark_sets import sample_rows

from corpora import segment
from corpora.credit import parse_byline_ja, parse_credit
from corpora.errors import PageRejected
from corpora.jsonlines import Row, read_rows
from corpora.lines import judge
from corpora.page import read_article
from corpora.read import read_pages
from corpora.records import Article, Page
from corpora.samples import sample_gold, sample_pages

ROUNDS = 3  # of timing


@dataclass(frozen=True)
class Gold:
    """A page and what its article is."""

    page: Page
    lang: str
    title: str
    sentences: Sequence[str]  # of the body
    date: str | None = None
    writers: str | None = None  # as the page's makers note them


@dataclass
class Score:
    """Counts over pages of one kind."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, gold: Gold, article: Article | None) -> None:
        self.counts["pages"] += 1
        wanted = Counter(map(compact, gold.sentences))
        self.counts["gold"] += wanted.total()
        if article is None:
            self.wrong.append(f"{gold.page.path}: rejected")
            return
        found = [article.text[p.start : p.end] for p in article.sentences]
        title = compact(article.title or "")
        have = Counter(text for text in map(compact, found) if text != title or text in wanted)
        self.counts["kept"] += (wanted & have).total()
        body = "".join(wanted)
        self.counts["characters"] += sum(len(text) * n for text, n in have.items())
        self.counts["furniture"] += sum(len(text) * n for text, n in have.items() if text not in body)
        self._check(gold, "title", compact(gold.title), title)
        if gold.date:
            self._check(gold, "date", gold.date, article.date)
        if gold.writers is not None:
            self._check(gold, "writers", *writers(gold, article))
        self.wrong += [f"{gold.page.path}: lost {text}" for text in (wanted - have)]
        self.wrong += [f"{gold.page.path}: kept {text}" for text in have if text not in body]

    def _check(self, gold: Gold, what: str, wanted: object, found: object) -> None:
        self.counts[f"{what}s"] += 1
        self.counts[what] += wanted == found
        if wanted != found:
            self.wrong.append(f"{gold.page.path}: {what} {found!r}, should be {wanted!r}")


def compact(text: str) -> str:
    return "".join(text.split())


def writers(gold: Gold, article: Article) -> tuple[list[str], list[str]]:
    """The names that the gold's line holds, by our own parser of clean lines, and those found on the page."""
    line = gold.writers or ""
    clean = parse_byline_ja(f"【{line}】") if gold.lang == "ja" else parse_credit(f"(Japanese original by {line})")
    return sorted(clean.names if clean else ()), sorted(article.credit or article.byline)


def read(page: Page) -> Article | None:
    try:
        return read_article(page)
    except PageRejected:
        return None


def sample_golds() -> Iterator[tuple[str, Gold]]:
    """Kind and gold of each bundled page."""
    with sample_pages() as pages, sample_gold() as folder:
        rows = {str(row["id"]): row for row in sample_rows(folder)}
        for page in read_pages([pages]):
            name, lang, *_ = Path(page.path).name.split(".")
            if isinstance(page, Page) and name in rows:
                title, *body = rows[name]["source" if lang == "ja" else "target"]  # type: ignore[misc]
                yield f"samples, {page.kind}, {lang}", Gold(page, lang, title, body)


def development_golds(rows: Iterable[Row]) -> Iterator[tuple[str, Gold]]:
    """Likewise of each development page, all of them in both kinds."""
    for row in rows:
        for lang in ("en", "ja"):
            side: Row = row[lang]  # type: ignore[assignment]
            body = [sentence for paragraph in side["paragraphs"] for sentence in paragraph]  # type: ignore
            for kind, key in (("html", "html"), ("text", "raw")):
                page = Page(f"{row['id']}.{lang}.{kind}", kind, str(row[f"{lang}_{key}"]))  # type: ignore[arg-type]
                title, date, line = (str(side[name]) for name in ("title", "date", "byline"))
                yield f"dev, {kind}, {lang}", Gold(page, lang, title, body, date, line)


def show_pages(golds: Sequence[tuple[str, Gold]], *, verbose: bool) -> None:
    kinds: dict[str, list[Gold]] = {}
    for kind, gold in golds:
        kinds.setdefault(kind, []).append(gold)
    print("| pages | | titles | dates | writers | sentences kept | furniture | pages a second |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    wrong: list[str] = []
    for kind, some in kinds.items():
        score = Score()
        for gold in some:
            score.add(gold, read(gold.page))
        print_score(kind, score, len(some) / seconds(some))
        wrong += score.wrong
        if " html" in kind:
            print_score(f"{kind}, trafilatura alone", with_trafilatura(some), None)
    if verbose:
        print("\n" + "\n".join(wrong))


def print_score(kind: str, score: Score, rate: float | None) -> None:
    counts = score.counts
    exact = [f"{counts[w]} of {counts[w + 's']}" if counts[w + "s"] else "-" for w in ("title", "date", "writers")]
    kept = f"{counts['kept'] / max(1, counts['gold']):.2%} of {counts['gold']}"
    furniture = f"{counts['furniture'] / max(1, counts['characters']):.2%}"
    speed = f"{rate:.0f}" if rate else "-"
    print(f"| {kind} | {counts['pages']} | {' | '.join(exact)} | {kept} | {furniture} | {speed} |", flush=True)


def seconds(golds: Sequence[Gold]) -> float:
    """The least that one round over all pages took."""
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for gold in golds:
            judge.cache_clear()  # a page that was never seen
            read(gold.page)
        taken.append(time.process_time() - started)
    return min(taken)


def with_trafilatura(golds: Sequence[Gold]) -> Score:
    """What its text and metadata give, cut into sentences as ours is."""
    import trafilatura

    score = Score()
    for gold in golds:
        found = trafilatura.extract(gold.page.text, output_format="json", with_metadata=True)
        row = json.loads(found) if found else {}
        text = f"{row.get('title') or ''}\n\n{row.get('text') or ''}"
        spans = segment.split(text, gold.lang)
        article = Article("", "", gold.lang, text, (), tuple(Span(*span) for span in spans), row.get("title"))  # type: ignore
        score.add(Gold(gold.page, gold.lang, gold.title, gold.sentences), article)
    return score


@dataclass(frozen=True)
class Span:
    start: int
    end: int


Splitter = Callable[[str, str], list[str]]


def own_split(text: str, lang: str) -> list[str]:
    spans = segment.split(text, lang, newline_ends=not segment.looks_wrapped(text, lang))
    return [text[start:end] for start, end in spans]


def splitters() -> Iterator[tuple[str, Splitter]]:
    """Ours, the one we use for other languages, and pysbd where it is installed."""
    yield "Taiyaku", own_split
    yield "sentencex", lambda text, lang: list(sentencex.segment(lang, text))
    if importlib.util.find_spec("pysbd"):
        import pysbd  # type: ignore[import-not-found]

        cutters = {lang: pysbd.Segmenter(language=lang, clean=False) for lang in ("ja", "en")}
        yield "pysbd", lambda text, lang: list(cutters[lang].segment(text))


def boundaries(sentences: Iterable[str]) -> set[int]:
    """Places between sentences, in characters that are not white space."""
    places, at = set(), 0
    for sentence in map(compact, sentences):
        at += len(sentence)
        places.add(at)
    return places - {0, at}


def show_boundaries(rows: Sequence[Row], *, verbose: bool) -> None:
    print("\n| sentence ends | | exact texts | P | R | boundary F1 | characters a second |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for lang in ("ja", "en"):
        some = [(str(row["text"]), list(map(str, row["sentences"])), row) for row in rows if row["lang"] == lang]  # type: ignore
        for name, split in splitters():
            right = found = wanted = exact = 0
            started = time.process_time()
            cut = [split(text, lang) for text, _, _ in some]
            rate = sum(len(text) for text, _, _ in some) / max(1e-9, time.process_time() - started)
            for ours, (_, gold, row) in zip(cut, some, strict=True):
                one, other = boundaries(ours), boundaries(gold)
                right, found, wanted = right + len(one & other), found + len(one), wanted + len(other)
                exact += one == other
                if verbose and one != other and name == "Taiyaku":
                    print(f"{row.get('tag')}: {ours} should be {gold}")
            f1 = 2 * right / max(1, found + wanted)
            figures = f"{right / max(1, found):.3f} | {right / max(1, wanted):.3f} | {f1:.3f} | {rate:,.0f}"
            print(f"| {name}, {lang} | {len(some)} | {exact} | {figures} |")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", type=Path, help="folder with pairs.jsonl and segmentation.jsonl")
    parser.add_argument("--verbose", action="store_true", help="list what is wrong")
    asked = parser.parse_args(arguments)
    golds = list(sample_golds())
    if asked.dev:
        golds += development_golds(row for _, row in read_rows(asked.dev / "pairs.jsonl"))
    show_pages(golds, verbose=asked.verbose)
    if asked.dev:
        show_boundaries([row for _, row in read_rows(asked.dev / "segmentation.jsonl")], verbose=asked.verbose)


if __name__ == "__main__":
    main()
