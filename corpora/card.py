"""The dataset card: the `README.md` of a corpus folder, and the picture in it.

Its YAML header lets `datasets.load_dataset(folder)` open the folder unaided, beads by default and the other tables by
name; its text says what the corpus is, how it was made, from whose pages, and what to be careful about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from corpora import __version__
from corpora.publishers import Publishers
from corpora.records import Article

HISTOGRAM = "probability.svg"
NOT_STATED = "not stated"
UNKNOWN = "(no address)"
MOST_PUBLISHERS = 50  # lines of the card

TABLES = {
    "beads": "the corpus itself, one row a bead; a sentence without counterpart is a null bead",
    "articles": "one row an article with its full text; all offsets count characters of `text`",
    "pairs": "one row an article pair with its evidence",
    "findings": "one row a suspected infidelity; spans count characters of the bead's `source_text` and `target_text`",
    "rejects": "every page, article and bead that was not used, and why",
}

COLUMNS = {
    "source_text, target_text": "the two sides; null where the bead has none",
    "kind": "sentences on both sides: `1-2` is one source, two target sentences",
    "probability": "that exactly these sentences belong together, or for a null bead that there is no counterpart",
    "similarity": "cosine of the two sides' vectors; null for a null bead",
    "source_sentences, target_sentences": "indices into the `sentences` of the articles",
    "source_start, source_end, ...": "`text[start:end]` of the article is the side; null for a side with a gap or none",
    "source_article_id, target_article_id": "which articles; `pair_id` is both",
    "source_url, source_date, ...": "where and when each article appeared, as its page says; null if it does not",
    "findings": "categories of the rows this bead has in `findings`",
    "split": "null until the corpus is split",
}
FILTERED = {
    "duplicate": "the same two texts as a more probable bead",
    "boilerplate": "a text that stands in beads of many articles",
    "language": "a side in another language, or the same text on both",
    "length": "one side far longer than the other",
    "probability": "less probable than was asked for",
}


@dataclass(frozen=True, slots=True)
class Card:
    """What a card tells. Counts are rows of each table, kinds are beads by kind, histogram two-sided beads by
    probability, removed beads by filter; publishers is name, licence, articles; splits are beads by split.
    """

    name: str
    languages: tuple[str, str]
    encoder: str
    licence: str
    counts: Mapping[str, int]
    kinds: Mapping[str, int] = field(default_factory=dict)
    bins: Sequence[int] = ()
    removed: Mapping[str, int] = field(default_factory=dict)
    publishers: Sequence[tuple[str, str, int]] = ()
    splits: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Card:
        """What `as_json` gave."""
        source, target = content["languages"]
        publishers = tuple((str(n), str(licence), int(count)) for n, licence, count in content["publishers"])
        return cls(**{**content, "languages": (source, target), "publishers": publishers})

    def as_json(self) -> dict[str, object]:
        """Everything, as JSON can hold it."""
        return {**asdict(self), "counts": dict(self.counts), "kinds": dict(self.kinds), "removed": dict(self.removed)}

    def histogram(self) -> str:
        """The histogram of probabilities, as SVG."""
        return "".join(_histogram(self.bins))

    def text(self) -> str:
        """The card, as Markdown."""
        source, target = self.languages
        lines = [
            *self._header(),
            f"# {self.name}",
            "",
            f"A parallel corpus of articles in `{target}` and their originals in `{source}`, paired and aligned",
            f"sentence by sentence by Taiyaku {__version__} with the encoder `{self.encoder}`.",
            "No person has checked it.",
            "",
            "| table | rows | what a row is |",
            "|---|---:|---|",
            *(f"| `{table}` | {self.counts.get(table, 0):,} | {text} |" for table, text in TABLES.items()),
            *self._splits(),
            "",
            "## Columns of `beads`",
            "",
            "| column | what it holds |",
            "|---|---|",
            *(
                f"| {', '.join(_code(name) for name in names.split(', '))} | {text} |"
                for names, text in COLUMNS.items()
            ),
            "",
            "## Beads by kind",
            "",
            f"Counts of `{source}` and `{target}` sentences; `1-0` and `0-1` are null beads.",
            "",
            "| kind | beads |",
            "|---|---:|",
            *(f"| {kind} | {number:,} |" for kind, number in self.kinds.items()),
            *self._probabilities(),
            *self._removed(),
            *self._publishers(),
            *_ADVICE,
        ]
        return "\n".join(lines) + "\n"

    def _header(self) -> Iterator[str]:
        """The YAML header; tables are those with rows, because the datasets library cannot open one without."""
        yield from ("---", f"pretty_name: {_quoted(self.name)}", "language:")
        yield from (f"- {language}" for language in self.languages)
        yield f"license: {_quoted(self.licence) if self.licence != 'unknown' else 'unknown'}"
        yield from ("multilinguality:", "- translation", "task_categories:", "- translation", "tags:")
        yield from ("- parallel-corpus", "- sentence-alignment", "configs:")
        for table in TABLES:
            if not self.counts.get(table) and table != "beads":
                continue
            yield f"- config_name: {table}"
            if table == "beads" and self.splits:
                yield "  data_files:"
                for split in self.splits:
                    yield from (f"  - split: {split}", f"    path: beads/{split}-*.parquet")
            else:
                yield f"  data_files: {table}/*.parquet"
            if table == "beads":
                yield "  default: true"
        yield from ("---", "")

    def _splits(self) -> Iterator[str]:
        if self.splits:
            yield from ("", "## Splits", "", "By story and time; `split.json` says what leaks.", "")
            yield from ("| split | beads |", "|---|---:|")
            yield from (f"| {split} | {number:,} |" for split, number in self.splits.items())

    def _probabilities(self) -> Iterator[str]:
        if sum(self.bins):
            yield from ("", "## Probabilities", "", f"![beads with two sides by probability]({HISTOGRAM})")

    def _removed(self) -> Iterator[str]:
        yield from ("", "## What was taken out", "")
        if not self.removed:
            yield "No bead was taken out by a filter."
            return
        yield from ("Each of these stands in `rejects`, with everything that is known of it.", "")
        yield from ("| filter | beads | why |", "|---|---:|---|")
        yield from (f"| {name} | {number:,} | {FILTERED[name]} |" for name, number in self.removed.items())

    def _publishers(self) -> Iterator[str]:
        yield from ("", "## Where the texts come from", "")
        if not self.publishers:
            yield "There are no articles."
            return
        yield from ("| publisher | articles | licence |", "|---|---:|---|")
        shown = self.publishers[:MOST_PUBLISHERS]
        yield from (f"| {_cell(name)} | {count:,} | {_cell(licence)} |" for name, licence, count in shown)
        if rest := self.publishers[MOST_PUBLISHERS:]:
            yield f"| {len(rest)} others | {sum(count for *_, count in rest):,} | |"


_ADVICE = (
    "",
    "## To be careful about",
    "",
    "- `probability` says how sure a bead is. Filter by it before training: most uses want 0.8 or more.",
    "- News is translated freely. The sides of a bead may differ without being wrong; `findings` are suspicions.",
    "- Newspaper text is somebody's property. This tool does not settle whether a corpus of it may be shared.",
    "",
    "```python",
    "import datasets, pandas",
    'beads = datasets.load_dataset("PATH/TO/THIS/FOLDER", split="train")',
    'sure = beads.filter(lambda bead: bead["source_text"] and bead["target_text"] and bead["probability"] > 0.8)',
    'articles = pandas.read_parquet("PATH/TO/THIS/FOLDER/articles")',
    "```",
)


def count_publishers(articles: Iterable[Article], publishers: Publishers) -> list[tuple[str, str, int]]:
    """Name, licence and number of articles of each publisher, the largest first.

    By the rules that know it, else by the host of its address; licences are what the rules say.
    """
    counts: Counter[tuple[str, str]] = Counter()
    hosts: dict[str, tuple[str, str]] = {}
    for article in articles:
        host = _host(article.url)
        if host not in hosts:
            known = next((one for one in publishers if one.serves(article.url)), None)
            hosts[host] = (known.name, known.licence or NOT_STATED) if known else (host, NOT_STATED)
        counts[hosts[host]] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(name, licence, count) for (name, licence), count in ordered]


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or UNKNOWN).lower()
    except ValueError:
        return UNKNOWN


def _histogram(bins: Sequence[int]) -> Iterator[str]:
    width, height, left, foot, bar = 640, 260, 60, 40, 640 - 60 - 20
    most = max(bins, default=0) or 1
    step = bar / max(1, len(bins))
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="12"><title>Beads with two sides by probability</title>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
    )
    for number, count in enumerate(bins):
        tall = (height - foot - 30) * count / most
        place = f'x="{left + number * step + 1:.1f}" y="{height - foot - tall:.1f}" width="{step - 2:.1f}"'
        span = f"{number / len(bins):.2f} to {(number + 1) / len(bins):.2f}"
        yield f'<rect {place} height="{tall:.1f}" fill="#3b6ea5"><title>{span}: {count:,}</title></rect>\n'
    yield f'<line x1="{left}" y1="{height - foot}" x2="{left + bar}" y2="{height - foot}" stroke="#333"/>\n'
    for tenth in range(0, 11, 2):
        at = left + bar * tenth / 10
        yield f'<text x="{at:.0f}" y="{height - foot + 18}" text-anchor="middle">{tenth / 10:.1f}</text>\n'
    yield f'<text x="{left - 6}" y="34" text-anchor="end">{most:,}</text>\n'
    yield f'<text x="{left + bar / 2:.0f}" y="{height - 6}" text-anchor="middle">probability</text>\n</svg>\n'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _code(name: str) -> str:
    return name if name == "..." else f"`{name}`"
