"""A corpus on a terminal: its numbers, its pairs, and one pair with both texts side by side.

Everything that comes from pages is shown as it stands: no markup is read in it, and characters that steer terminals, or
turn the direction of writing, are replaced by visible ones. Widths are those of terminal cells, two for a kanji. What
this does not do: work anything out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from align.corpus_pairs import Article, Overview, PairView
from align.corpus_stats import Stats
from corpora.jsonlines import Row, printable

BAR = 40  # cells of the longest bar
SHOWN_HOSTS = 10
STYLES = {"critical": "bold red", "major": "red", "minor": "yellow"}
_BREAKS = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]+")
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


def harmless(text: object) -> str:
    """A text that does nothing to a terminal: line breaks are spaces, what steers it is a picture of itself or U+FFFD.

    >>> harmless("red \\x1b[31malert\\x07\\nnew\\u202eline")
    'red ␛[31malert␇ new�line'
    """
    return _STEERING.sub(_picture, _BREAKS.sub(" ", printable("" if text is None else str(text))))


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def stats_tables(stats: Stats) -> list[tuple[str, Table]]:
    """The numbers of a corpus, each table under its heading."""
    found = [
        ("corpus", _plain([("articles", _listed(stats.articles)), *_totals(stats)])),
        ("beads by kind", _kinds(stats)),
        ("probability of beads", _histogram(stats.bins)),
    ]
    if stats.findings:
        found.append(("findings", _findings(stats.findings)))
    found.append(("beads by split", _counts(stats.splits)))
    hosts = dict(list(stats.publishers.items())[:SHOWN_HOSTS])
    if left := len(stats.publishers) - len(hosts):
        hosts[f"{left} others"] = sum(stats.publishers.values()) - sum(hosts.values())
    found.append(("articles by publisher", _counts(hosts)))
    if stats.rejects:
        found.append(
            ("rejects by stage and reason", _counts({": ".join(key): count for key, count in stats.rejects.items()}))
        )
    return found


def _totals(stats: Stats) -> list[tuple[str, str]]:
    sides = stats.languages or ("source", "target")
    both = [
        f"{lang} {stats.characters[side]:,} characters in {stats.sentences[side]:,} sentences"
        for lang, side in zip(sides, ("source", "target"), strict=True)
    ]
    ratio = "/".join(f"{one:.2f}" for one in stats.ratios) if stats.ratios else ""
    days = [f"{lang} {first} to {last}" for lang, (first, last) in stats.dates.items()]
    return [
        ("dates", ", ".join(days)),
        ("pairs", f"{stats.pairs:,}"),
        (
            "beads",
            f"{stats.beads:,}, {stats.null_beads:,} of them null; mean probability {_two(stats.mean_probability)}",
        ),
        ("crossings", f"{stats.crossings:,}"),
        *zip(("in beads", ""), both, strict=True),
        ("length ratio", f"{ratio} (quartiles of {sides[1]} by {sides[0]} characters)" if ratio else ""),
    ]


def _two(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else ""


def _listed(counts: Mapping[str, int]) -> str:
    return f"{sum(counts.values()):,} ({', '.join(f'{count:,} {name}' for name, count in counts.items())})"


def _plain(rows: Iterable[Sequence[str]], headings: Sequence[str] = ()) -> Table:
    """A table without lines; all columns but the first are right-aligned where there are headings."""
    table = Table(box=None, pad_edge=False, show_header=bool(headings), header_style="dim")
    for number, heading in enumerate(headings):
        justify: Literal["left", "right"] = "right" if number else "left"
        table.add_column(heading, justify=justify, overflow="fold")
    for row in rows:
        table.add_row(*(Text(harmless(cell), overflow="fold") for cell in row))
    return table


def _counts(counts: Mapping[str, int]) -> Table:
    return _plain(((name, f"{count:,}") for name, count in counts.items()), ("", "count"))


def _kinds(stats: Stats) -> Table:
    rows = (
        (name, f"{kind.count:,}", f"{kind.count / stats.beads:.1%}", _two(kind.mean))
        for name, kind in stats.kinds.items()
    )
    return _plain(rows, ("kind", "beads", "share", "mean probability"))


def _histogram(bins: Sequence[int]) -> Table:
    """One bar a tenth; a bin that holds anything has a bar."""
    most = max([*bins, 1])
    bars = ["█" * (-(-count * BAR // most)) for count in bins]
    edges = [f"{n / len(bins):.1f}-{(n + 1) / len(bins):.1f}" for n in range(len(bins))]
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="crop", no_wrap=True)
    for edge, count, bar in zip(edges, bins, bars, strict=True):
        table.add_row(edge, f"{count:,}", bar)
    return table


def _findings(findings: Mapping[str, Mapping[str, int]]) -> Table:
    severities = [one for one in STYLES if any(one in counts for counts in findings.values())]
    rows = (
        (category, *(f"{counts.get(one, 0):,}" for one in severities), f"{sum(counts.values()):,}")
        for category, counts in findings.items()
    )
    return _plain(rows, ("category", *severities, "all"))


def pairs_table(pairs: Iterable[Overview]) -> Table:
    """A pair in two lines: the source above, the target below."""
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    table.add_column("pair", overflow="fold", max_width=20)
    table.add_column("date", no_wrap=True, width=10)
    table.add_column("title", ratio=1, no_wrap=True, overflow="ellipsis")
    for heading in ("beads", "p", "findings"):
        table.add_column(heading, justify="right", no_wrap=True, width=max(4, len(heading)))
    for pair in pairs:
        sides = (pair.source, pair.target)
        table.add_row(
            Text(harmless(pair.prefix)),
            Text("\n".join(harmless(one.date) for one in sides)),
            Text("\n".join(harmless(one.title) for one in sides)),
            *(str(pair.beads), _two(pair.mean_probability), str(pair.findings)),
        )
    return table


def pair_heading(view: PairView) -> Text:
    """Which pair it is, and what its pages say."""
    pair = view.overview
    lines = [f"pair {pair.pair_id}, probability {_two(pair.probability)}"]
    lines += [_page(article) for article in (pair.source, pair.target)]
    return Text("\n".join(harmless(line) for line in lines))


def _page(article: Article) -> str:
    return "  ".join(filter(None, (article.lang, article.date, article.title, article.url)))


def pair_table(view: PairView) -> Table:
    """Both texts side by side, a bead a row, with its findings under the target."""
    table = Table(box=box.HORIZONTALS, show_lines=True, expand=True, pad_edge=False)
    table.add_column("kind", no_wrap=True, min_width=4)
    table.add_column("p", no_wrap=True, width=4)
    for article, name in ((view.overview.source, "source"), (view.overview.target, "target")):
        table.add_column(harmless(article.lang or name), ratio=1, overflow="fold")
    for bead in view.beads:
        found = view.findings.get(str(bead["bead_id"]), [])
        target = Text(harmless(bead["target_text"]))
        for finding in found:
            target.append_text(_finding(finding, first=not target.plain))
        table.add_row(
            Text(harmless(bead["kind"])), _two(bead["probability"]), Text(harmless(bead["source_text"])), target
        )
    return table


def _finding(finding: Row, *, first: bool) -> Text:
    said = f"{finding['severity']} {finding['category']}: {finding['message']}"
    return Text(("" if first else "\n") + harmless(said), style=STYLES.get(str(finding["severity"]), ""))


def show(*drawn: RenderableType) -> None:
    """Draw on standard output, plainly where that is no terminal."""
    console = Console(highlight=False, markup=False, emoji=False)
    for one in drawn:
        console.print(one)


def show_stats(stats: Stats) -> None:
    for number, (heading, table) in enumerate(stats_tables(stats)):
        show(Text(f"{'' if number == 0 else chr(10)}{heading}", style="bold"), table)
