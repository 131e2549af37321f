"""How probable a pair of articles is, from its evidence.

What the texts say is weighed by logistic models that `scripts/fit_pairing.py` fits and writes beside this module: one
for the evidence of a glance, one with a sentence alignment too, and both again without a dictionary. What pages print
is added to their log-odds as likelihood ratios. These are judged, not fitted, because no set of pages is large enough:
reporters often write the sidebar and the follow-up too, so that a matching credit alone must not make a pair.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from align.confidence import Logistic
from align.likeness import GLANCE, LOOK
from align.printed import PRINTED

TOGETHER = "together"  # probability of a digest of this original and another
EVIDENCE = (*GLANCE, *LOOK, *PRINTED, TOGETHER)
WEIGHTS = Path(__file__).with_name("pair_weights.json")
WORDS = ("words_source", "words_target")
AGAINST = frozenset(["lacking"])  # the more, the less probable
OPTIONAL = ("title", "figures", "names")  # articles without any are not held against a pair: they have an own weight
MOST = 30.0  # log-odds

Evidence = Mapping[str, float | None]

# (log-odds of 0, log-odds of 1); between them in proportion.
RATIOS = {
    "credit": (-2.0, 1.5),  # a byline may list fewer people than the credit
    "byline": (-0.3, 1.5),  # the English page's own writer is often its translator
    "department": (-0.7, 0.5),
    "link": (-6.0, 8.0),  # one page says that the other is its original, or names another one
    "url": (0.0, 4.0),
}
SAME_DAYS, LATER, BEFORE_ORIGINAL = 0.5, 0.0, -2.0  # the English version appears on the day of the original or the next


def kind(evidence: Evidence) -> str:
    """Which of the models is for this evidence."""
    words = "words" if evidence["words_source"] is not None else "no words"
    return f"{words}, {'aligned' if evidence['aligned_source'] is not None else 'glance'}"


def feature_names(kind_of_model: str) -> list[str]:
    """The features of a model: names of evidence, and `no title` for what an article may not have."""
    names = [*GLANCE, *LOOK] if kind_of_model.endswith("aligned") else [*GLANCE]
    kept = [name for name in names if name not in WORDS or kind_of_model.startswith("words")]
    return [*kept, *(f"no {name}" for name in OPTIONAL)]


def features(evidence: Evidence, names: Sequence[str]) -> list[float]:
    """Values of `feature_names`; 0 for what there is none of."""
    return [
        float(evidence[name.removeprefix("no ")] is None) if name.startswith("no ") else evidence[name] or 0.0
        for name in names
    ]


@cache
def models() -> dict[str, Logistic]:
    """The fitted models by kind."""
    read: dict[str, dict[str, float]] = json.loads(WEIGHTS.read_text("utf-8"))
    return {
        name: Logistic(weights["bias"], tuple(weights[feature] for feature in feature_names(name)))
        for name, weights in read.items()
    }


def log_odds(evidence: Evidence) -> float:
    """For a pair with this evidence to be an original and its translation."""
    chosen = kind(evidence)
    model = models()[chosen]
    texts = model.bias + float(np.dot(model.weights, features(evidence, feature_names(chosen))))
    return texts + printed_log_odds(evidence)


def printed_log_odds(evidence: Evidence) -> float:
    """What the pages print adds; 0 for pages that print nothing."""
    total = 0.0
    for name, (low, high) in RATIOS.items():
        if (value := evidence.get(name)) is not None:
            total += low + (high - low) * value
    if (days := evidence.get("days")) is not None:
        total += BEFORE_ORIGINAL if days < 0 else SAME_DAYS if days <= 1 else LATER
    return total


def probability(evidence: Evidence) -> float:
    """That a pair with this evidence is an original and its translation, or a part of it."""
    alone = float(1 / (1 + np.exp(-np.clip(log_odds(evidence), -MOST, MOST))))
    return max(alone, evidence.get(TOGETHER) or 0.0)
