"""How faithful a translated article is as a whole: what is covered, in which order, and what was found. One page each.

Coverage is the share of either article's characters that stand in beads with two sides, each counted by the bead's
probability. Order is Kendall's tau-b (Kendall 1945) of where the beads stand in both articles: 1 for the same order, 0
for none, -1 for the opposite.

What this does not do: grade. The numbers say where to look first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from corpora.jsonlines import Row
from corpora.records import SEVERITIES
from corpora.store import Corpus

MOST_SHOWN = 200  # characters of a quotation on the page


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """One pair of articles. `findings` are rows of the corpus's table; `tau` is None with fewer than two beads."""

    pair_id: str
    source_title: str | None
    target_title: str | None
    source_coverage: float
    target_coverage: float
    tau: float | None
    kinds: Mapping[str, int]
    findings: Sequence[Row] = field(default=())

    @property
    def categories(self) -> dict[str, int]:
        """Findings by category, most frequent first."""
        counted = Counter(str(finding["category"]) for finding in self.findings)
        return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))

    def as_json(self) -> Row:
        """For machines."""
        return {
            "pair_id": self.pair_id,
            "source_title": self.source_title,
            "target_title": self.target_title,
            "source_coverage": round(self.source_coverage, 4),
            "target_coverage": round(self.target_coverage, 4),
            "tau": None if self.tau is None else round(self.tau, 4),
            "kinds": dict(self.kinds),
            "findings": self.categories,
        }


def document_reports(corpus: Corpus) -> Iterator[DocumentReport]:
    """The reports of all pairs of a corpus, in its order."""
    titles = {str(row["article_id"]): _optional(row["title"]) for row in corpus.rows("articles")}
    findings: dict[str, list[Row]] = {}
    for row in corpus.rows("findings"):
        findings.setdefault(str(row["pair_id"]), []).append(row)
    for pair_id, rows in groupby(corpus.rows("beads"), key=lambda row: str(row["pair_id"])):
        beads = list(rows)
        ids = str(beads[0]["source_article_id"]), str(beads[0]["target_article_id"])
        yield DocumentReport(
            pair_id,
            titles.get(ids[0]),
            titles.get(ids[1]),
            _coverage(beads, "source_text"),
            _coverage(beads, "target_text"),
            _tau(beads),
            Counter(str(bead["kind"]) for bead in beads),
            findings.get(pair_id, []),
        )


def _optional(value: object) -> str | None:
    return None if value is None else str(value)


def _coverage(beads: Iterable[Row], side: str) -> float:
    covered = total = 0.0
    for bead in beads:
        size = len(str(bead[side] or ""))
        total += size
        if bead["source_text"] and bead["target_text"]:
            probability = bead["probability"]
            covered += size * (probability if isinstance(probability, float) else 1.0)
    return covered / total if total else 0.0


def _tau(beads: Iterable[Row]) -> float | None:
    from scipy.stats import kendalltau

    places = [
        (_middle(bead["source_sentences"]), _middle(bead["target_sentences"]))
        for bead in beads
        if bead["source_text"] and bead["target_text"]
    ]
    if len(places) < 2:
        return None
    tau = float(kendalltau(*zip(*places, strict=True)).statistic)
    return None if math.isnan(tau) else tau


def _middle(sentences: object) -> float:
    places = [float(place) for place in sentences] if isinstance(sentences, list) else []
    return sum(places) / max(1, len(places))


def as_page(report: DocumentReport) -> str:
    """The report on one page of Markdown, the gravest findings first."""
    tau = "not to be said" if report.tau is None else f"{report.tau:.2f} (Kendall's tau)"
    kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(report.kinds.items()))
    found = ", ".join(f"{category} {count}" for category, count in report.categories.items()) or "none"
    lines = [
        f"# {_plain(report.target_title or report.pair_id)}",
        "",
        f"{_plain(report.source_title or '')}  ",
        f"pair {report.pair_id}",
        "",
        f"- covered: {report.source_coverage:.0%} of the source, {report.target_coverage:.0%} of the target",
        f"- order: {tau}",
        f"- beads: {kinds}",
        f"- findings: {found}",
        "",
    ]
    ranks: dict[str, int] = {severity: place for place, severity in enumerate(reversed(SEVERITIES))}
    for finding in sorted(report.findings, key=lambda row: (ranks.get(str(row["severity"]), 9), str(row["bead_id"]))):
        place = str(finding["bead_id"]).rpartition("-")[2]
        lines.append(
            f"- **{finding['severity']} {finding['category']}** (bead {int(place)}): {_plain(finding['message'])}"
        )
        quoted = finding["source_value"] if finding["target_value"] is None else finding["target_value"]
        if quoted is not None and str(quoted) not in str(finding["message"]):
            lines.append(f"  > {_plain(str(quoted)[:MOST_SHOWN])}")
    return "\n".join(lines).rstrip() + "\n"


def _plain(text: object) -> str:
    """Text that Markdown shows as it is."""
    escaped = "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in str(text))
    return " ".join(escaped.split())
