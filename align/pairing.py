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
from align.encoder import load_encoder
from align.names import match_names
from align.scoring import AlignOptions
from align.vectors import Encoder, Vectors, unit_rows
from corpora.records import Article, Pair

BLOCK = 1024  # rows of the similarity matrix held at once
# What the texts say, in the order of the model's weights, and what the pages print.
TEXT_EVIDENCE = ("title", "whole", "aligned_target", "aligned_source", "closeness")
EVIDENCE = (*TEXT_EVIDENCE, "credit", "days")

# Log-odds of what the texts alone say (scripts/fit_pairing.py).
TEXT = Logistic(-15.482, (2.115, 13.493, 5.029, 4.0, 2.245))
# Log-odds added for what the pages print. Judged, not fitted: reporters often write a sidebar or follow-up too, so a
# matching credit alone must not make a pair; a byline may list fewer people than the credit.
CREDIT_MATCHES = 1.5
CREDIT_DIFFERS = -2.0
SAME_DAYS = 0.5  # the English version appears on the day of the original or the next
BEFORE_ORIGINAL = -2.0


@dataclass(frozen=True, slots=True)
class PairOptions:
    """`window_days`: how far apart the dates of a pair may be. Undated articles are compared with all."""

    window_days: int = 3
    min_probability: float = 0.5
    candidates: int = 5  # per target article, looked at closely


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
    encoder: Encoder | None = None,
    *,
    options: PairOptions | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Pairing:
    """One-to-one pairs, by target article id, and everything that stays alone.

    Without an encoder the bundled one is used. `progress` is called with (targets done, targets in all).
    """
    options, encoder = options or PairOptions(), encoder or load_encoder()
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
    texts = source.sentence_texts(), target.sentence_texts()
    aligned = alignment_evidence(*texts, encoder, languages=(source.lang, target.lang))
    evidence = {
        "title": title,
        "whole": whole,
        **aligned,
        "credit": match_names(target.credit or target.byline, source.byline),
        "days": days_between(source, target),
    }
    return Pair(source.article_id, target.article_id, pair_probability(evidence), evidence)


def pair_probability(evidence: Mapping[str, float | None]) -> float:
    """The probability that a pair with this evidence is an original and its translation."""
    features = [evidence[name] or 0.0 for name in TEXT_EVIDENCE]
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


def alignment_evidence(
    source: Sequence[str], target: Sequence[str], encoder: Encoder, *, languages: tuple[str, str] = ("ja", "en")
) -> dict[str, float]:
    """What aligning two texts says about them: share of each one's characters in beads, and those beads' cosine.

    Beads count by their probability. Unrelated texts can be aligned too, with beads that are hardly alike.
    """
    beads = align_sentences(source, target, encoder, options=AlignOptions(monotonic=True), languages=languages)
    held = [bead for bead in beads if not bead.is_null]
    weights = [
        [(bead.probability or 0.0) * sum(len(sentences[i]) for i in getattr(bead, side)) for bead in held]
        for sentences, side in ((source, "source"), (target, "target"))
    ]
    shares = [sum(w) / max(1, sum(map(len, text))) for w, text in zip(weights, (source, target), strict=True)]
    alike = sum(w * (bead.similarity or 0.0) for w, bead in zip(weights[1], held, strict=True))
    return {
        "aligned_source": shares[0],
        "aligned_target": shares[1],
        "closeness": alike / sum(weights[1]) if any(weights[1]) else 0.0,
    }


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
    """Best first, each article once. The two sides may use the same ids."""
    taken: set[tuple[str, str]] = set()
    pairs = []
    for pair in ranked:
        if pair.probability >= min_probability and taken.isdisjoint(_both(pair)):
            taken.update(_both(pair))
            pairs.append(pair)
    return pairs


def _both(pair: Pair) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("source", pair.source_id), ("target", pair.target_id)


def _unpaired(
    sources: Sequence[Article],
    targets: Sequence[Article],
    ranked: Sequence[Pair],
    pairs: Sequence[Pair],
    options: PairOptions,
) -> list[Unpaired]:
    """Articles in no pair, with the reason in words."""
    taken = {key for pair in pairs for key in _both(pair)}
    best: dict[tuple[str, str], Pair] = {}
    for pair in ranked:
        for key in _both(pair):
            best.setdefault(key, pair)
    unpaired = []
    days = {"source": _days(targets), "target": _days(sources)}  # of the articles each side could have been paired with
    for side, article in [("source", one) for one in sources] + [("target", one) for one in targets]:
        key = (side, article.article_id)
        if key in taken:
            continue
        candidate = best.get(key)
        if candidate is None and not (np.abs(days[side] - _days([article])) > options.window_days).all():
            why = f"not among the {options.candidates} most alike candidates of any article in the other language"
        elif candidate is None:
            why = f"no article in the other language within {options.window_days} days"
        elif candidate.probability < options.min_probability:
            why = f"best candidate has probability {candidate.probability:.2f}, below {options.min_probability:g}"
        else:
            why = f"best candidate (probability {candidate.probability:.2f}) fits another article better"
        unpaired.append(Unpaired(article.article_id, article.path, article.lang, why, candidate))
    return sorted(unpaired, key=lambda u: (u.lang, u.article_id))
