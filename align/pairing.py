"""Article pairing: which Japanese original each English article was made from, or that there is none.

Candidates come from the encoder within a window of days. Each candidate pair is then looked at closely, and every
piece of evidence is kept by name: how alike the titles and whole texts are, how much of the translation a real
sentence alignment explains (rescoring by alignment goes back to AVSIM, Utiyama and Isahara 2003, and to Thompson and
Koehn 2020), whether the credited reporters are those of the byline, and how many days lie between. A logistic model
turns the evidence into one probability; pairs are given out best first, each article once.

What this does not do: digests of several originals, vector indexes for millions of undated articles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from align.beads import align_sentences
from align.confidence import Logistic
from align.encoder import Encoder, Vectors, unit_rows
from align.names import match_names
from align.scoring import AlignOptions
from corpora.records import Article, Pair

BLOCK = 1024  # rows of the similarity matrix held at once
EVIDENCE = ("title", "whole", "aligned_target", "aligned_source", "credit", "days")

# Log-odds of what the texts alone say: title, whole, aligned_target, aligned_source (scripts/fit_confidence.py).
TEXT = Logistic(-12.87, (2.70, 5.25, 8.41, 8.69))
# Log-odds added for what the pages print. Judged, not fitted: reporters often write a sidebar or follow-up too, so a
# matching credit alone must not make a pair; a byline may list fewer people than the credit.
CREDIT_MATCHES = 3.0
CREDIT_DIFFERS = -2.0
SAME_DAYS = 0.5  # the English version appears on the day of the original or the next
BEFORE_ORIGINAL = -2.0


@dataclass(frozen=True, slots=True)
class PairOptions:
    """`window_days`: how far apart the dates of a pair may be. Undated articles are compared with all."""

    window_days: int = 3
    min_probability: float = 0.5
    candidates: int = 5  # per target article, looked at closely

    def allows(self, days: int | None) -> bool:
        return days is None or abs(days) <= self.window_days


@dataclass(frozen=True, slots=True)
class Unpaired:
    """An article left alone: why, and the best candidate if there was one."""

    article_id: str
    path: str
    lang: str
    why: str
    best: Pair | None


@dataclass(frozen=True, slots=True)
class Pairing:
    pairs: list[Pair]
    unpaired: list[Unpaired]


def pair_articles(
    sources: Sequence[Article],
    targets: Sequence[Article],
    encoder: Encoder,
    *,
    options: PairOptions | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Pairing:
    """One-to-one pairs, by target article id, and everything that stays alone.

    `progress` is called with (targets done, targets in all).
    """
    options = options or PairOptions()
    judged: list[Pair] = []
    vectors = [_article_vectors(articles, encoder) for articles in (sources, targets)]
    for done, (t, chosen) in enumerate(_candidates(sources, targets, vectors, options)):
        judged += [
            judge(sources[s], targets[t], encoder, title=float(title), whole=float(whole)) for s, title, whole in chosen
        ]
        if progress:
            progress(done + 1, len(targets))
    ranked = sorted(judged, key=lambda pair: (-pair.probability, pair.target_id, pair.source_id))
    pairs = _one_to_one(ranked, options.min_probability)
    return Pairing(sorted(pairs, key=lambda p: p.target_id), _unpaired(sources, targets, ranked, pairs, options))


def judge(source: Article, target: Article, encoder: Encoder, *, title: float, whole: float) -> Pair:
    """Look at one candidate pair closely; `title` and `whole` are cosines already at hand."""
    aligned = aligned_shares(source.sentence_texts(), target.sentence_texts(), encoder)
    evidence = {
        "title": title,
        "whole": whole,
        "aligned_target": aligned[1],
        "aligned_source": aligned[0],
        "credit": match_names(target.credit or target.byline, source.byline),
        "days": days_between(source, target),
    }
    return Pair(source.article_id, target.article_id, pair_probability(evidence), evidence)


def pair_probability(evidence: Mapping[str, float | None]) -> float:
    """The probability that a pair with this evidence is an original and its translation."""
    features = [evidence[name] or 0.0 for name in EVIDENCE[:4]]
    log_odds = TEXT.bias + float(np.dot(TEXT.weights, features))
    credit, days = evidence["credit"], evidence["days"]
    if credit is not None:
        log_odds += CREDIT_DIFFERS + (CREDIT_MATCHES - CREDIT_DIFFERS) * credit
    if days is not None:
        log_odds += BEFORE_ORIGINAL if days < 0 else SAME_DAYS if days <= 1 else 0.0
    return float(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))


def days_between(source: Article, target: Article) -> int | None:
    """Days from the original to the translation; None unless both are dated."""
    if source.date is None or target.date is None:
        return None
    return (date.fromisoformat(target.date) - date.fromisoformat(source.date)).days


def aligned_shares(source: Sequence[str], target: Sequence[str], encoder: Encoder) -> tuple[float, float]:
    """Share of each text's characters that lie in beads, each bead counted by its probability."""
    beads = align_sentences(source, target, encoder, options=AlignOptions(monotonic=True))
    shares = []
    for sentences, side in ((source, "source"), (target, "target")):
        covered = sum(
            (bead.probability or 0.0) * sum(len(sentences[i]) for i in getattr(bead, side))
            for bead in beads
            if not bead.is_null
        )
        shares.append(covered / max(1, sum(map(len, sentences))))
    return shares[0], shares[1]


def _article_vectors(articles: Sequence[Article], encoder: Encoder) -> tuple[Vectors, Vectors]:
    """Unit vectors of all titles and of all whole texts, (n, d) each; the whole is the mean of its sentences."""
    texts = [article.sentence_texts() or [article.text] for article in articles]
    flat = encoder.encode([sentence for sentences in texts for sentence in sentences])
    starts = np.cumsum([0, *map(len, texts)])[:-1]
    wholes = np.add.reduceat(flat, starts, axis=0) if len(texts) else flat
    return encoder.encode([article.title or "" for article in articles]), unit_rows(wholes)


def _candidates(
    sources: Sequence[Article],
    targets: Sequence[Article],
    vectors: Sequence[tuple[Vectors, Vectors]],
    options: PairOptions,
) -> list[tuple[int, list[tuple[int, np.float32, np.float32]]]]:
    """For each target its most alike sources within the window: (source, title cosine, whole cosine)."""
    found: list[tuple[int, list[tuple[int, np.float32, np.float32]]]] = []
    if not sources:
        return [(t, []) for t in range(len(targets))]
    (source_titles, source_wholes), (target_titles, target_wholes) = vectors
    source_days, target_days = _days(sources), _days(targets)
    for start in range(0, len(targets), BLOCK):
        stop = min(start + BLOCK, len(targets))
        title = target_titles[start:stop] @ source_titles.T
        whole = target_wholes[start:stop] @ source_wholes.T
        apart = np.abs(target_days[start:stop, None] - source_days[None, :])
        alike = np.where(apart > options.window_days, -np.inf, title + whole)  # comparing with NaN (undated) is False
        keep = min(options.candidates, len(sources))
        nearest = np.argpartition(-alike, keep - 1, axis=1)[:, :keep]
        for row, columns in enumerate(nearest):
            chosen = [(int(s), title[row, s], whole[row, s]) for s in sorted(columns) if alike[row, s] > -np.inf]
            found.append((start + row, chosen))
    return found


def _days(articles: Sequence[Article]) -> npt.NDArray[np.float64]:
    """Dates as day numbers; NaN for the undated."""
    return np.array([date.fromisoformat(a.date).toordinal() if a.date else np.nan for a in articles])


def _one_to_one(ranked: Sequence[Pair], min_probability: float) -> list[Pair]:
    """Best first, each article once."""
    taken: set[str] = set()
    pairs = []
    for pair in ranked:
        if pair.probability >= min_probability and not taken & {pair.source_id, pair.target_id}:
            taken |= {pair.source_id, pair.target_id}
            pairs.append(pair)
    return pairs


def _unpaired(
    sources: Sequence[Article],
    targets: Sequence[Article],
    ranked: Sequence[Pair],
    pairs: Sequence[Pair],
    options: PairOptions,
) -> list[Unpaired]:
    """Articles in no pair, with the reason in words."""
    taken = {i for pair in pairs for i in (pair.source_id, pair.target_id)}
    best: dict[str, Pair] = {}
    for pair in ranked:
        best.setdefault(pair.source_id, pair)
        best.setdefault(pair.target_id, pair)
    unpaired = []
    for article in [*sources, *targets]:
        if article.article_id in taken:
            continue
        candidate = best.get(article.article_id)
        if candidate is None:
            why = f"no article in the other language within {options.window_days} days"
        elif candidate.probability < options.min_probability:
            why = f"best candidate has probability {candidate.probability:.2f}, below {options.min_probability:g}"
        else:
            why = f"best candidate (probability {candidate.probability:.2f}) fits another article better"
        unpaired.append(Unpaired(article.article_id, article.path, article.lang, why, candidate))
    return sorted(unpaired, key=lambda u: (u.lang, u.article_id))
