"""Pairs, beads and findings as table rows, with texts, offsets and provenance; articles as rows are `corpora.rows`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpora.jsonlines import Row
from corpora.records import Article, Bead, Finding, Pair

UNSPACED_LANGUAGES = frozenset({"ja", "zh", "th", "lo", "km", "my"})


def joiner(lang: str) -> str:
    """What goes between two sentences of a language.

    >>> joiner("en"), joiner("ja")
    (' ', '')
    """
    return "" if lang in UNSPACED_LANGUAGES else " "


def pair_id(pair: Pair) -> str:
    return f"{pair.source_id}-{pair.target_id}"


def bead_text(article: Article, sentences: Sequence[int]) -> tuple[str | None, int | None, int | None]:
    """Text and character offsets of a bead's side.

    Neighbouring sentences give `article.text[start:end]` to the letter. With a gap between them they are joined and
    have no offsets; an empty side has neither text nor offsets.
    """
    if not sentences:
        return None, None, None
    spans = [article.sentences[i] for i in sentences]
    if list(sentences) == list(range(sentences[0], sentences[-1] + 1)):
        start, end = spans[0].start, spans[-1].end
        return article.text[start:end], start, end
    return joiner(article.lang).join(article.text[s.start : s.end] for s in spans), None, None


def bead_rows(
    pair: Pair, beads: Sequence[Bead], findings: Sequence[Sequence[Finding]], source: Article, target: Article
) -> Iterator[Row]:
    """Rows of `beads/` for one pair; `findings` holds one list a bead."""
    for number, (bead, found) in enumerate(zip(beads, findings, strict=True)):
        source_text, source_start, source_end = bead_text(source, bead.source)
        target_text, target_start, target_end = bead_text(target, bead.target)
        yield {
            "bead_id": bead_id(pair, number),
            "pair_id": pair_id(pair),
            "source_lang": source.lang,
            "target_lang": target.lang,
            "source_text": source_text,
            "target_text": target_text,
            "source_article_id": source.article_id,
            "target_article_id": target.article_id,
            "source_sentences": list(bead.source),
            "target_sentences": list(bead.target),
            "source_start": source_start,
            "source_end": source_end,
            "target_start": target_start,
            "target_end": target_end,
            "kind": bead.kind,
            "similarity": bead.similarity,
            "probability": bead.probability,
            "findings": [finding.category for finding in found],
            "source_url": source.url,
            "target_url": target.url,
            "source_date": source.date,
            "target_date": target.date,
            "split": None,
        }


def bead_id(pair: Pair, number: int) -> str:
    return f"{pair_id(pair)}-{number:05d}"


def finding_rows(pair: Pair, findings: Sequence[Sequence[Finding]]) -> Iterator[Row]:
    """Rows of `findings/`; spans are offsets into the bead's `source_text` and `target_text`."""
    for number, found in enumerate(findings):
        for finding in found:
            source_start, source_end = finding.source_span or (None, None)
            target_start, target_end = finding.target_span or (None, None)
            yield {
                "bead_id": bead_id(pair, number),
                "pair_id": pair_id(pair),
                "category": finding.category,
                "severity": finding.severity,
                "source_start": source_start,
                "source_end": source_end,
                "target_start": target_start,
                "target_end": target_end,
                "message": finding.message,
                "check": finding.check,
                "source_value": finding.source_value,
                "target_value": finding.target_value,
            }


def pair_row(pair: Pair) -> Row:
    """A line of `taiyaku pair`; with `pair_id`, a row of `pairs/`."""
    return {
        "source_id": pair.source_id,
        "target_id": pair.target_id,
        "probability": round(pair.probability, 4),
        "evidence": {k: None if v is None else round(float(v), 4) for k, v in pair.evidence.items()},
    }


def finding_row(finding: Finding) -> Row:
    """A finding as `taiyaku check` writes it."""
    return {
        "category": finding.category,
        "severity": finding.severity,
        "source_span": finding.source_span,
        "target_span": finding.target_span,
        "message": finding.message,
        "check": finding.check,
        "source_value": finding.source_value,
        "target_value": finding.target_value,
    }


def bead_row(bead: Bead) -> Row:
    """A bead as `taiyaku align` writes it."""
    return {
        "source": list(bead.source),
        "target": list(bead.target),
        "similarity": None if bead.similarity is None else round(bead.similarity, 4),
        "probability": None if bead.probability is None else round(bead.probability, 4),
    }
