"""What each piece of evidence for article pairs is worth: the models fitted again without it, and pairs made anew."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from align.choosing_pairs import choose_pairs, rank
from align.confidence import Logistic
from align.likeness import GLANCE, LOOK
from align.pair_model import EVIDENCE, MOST, Evidence, feature_names, features, printed_log_odds
from align.printed import PRINTED
from corpora.records import Pair

if TYPE_CHECKING:
    from fit_pairing import Fitting

# Pieces that are one idea, seen from two sides.
IDEAS: dict[str, tuple[str, ...]] = {
    "partners": ("partners_source", "partners_target"),
    "words": ("words_source", "words_target"),
    "figures": ("figures", "lacking"),
    "alignment": LOOK,
}
Judged = tuple[Mapping[str, str | None], list[Pair]]  # which source each target has, and pairs with their evidence


def ideas() -> dict[str, tuple[str, ...]]:
    """Name and pieces of evidence, in the order of the table."""
    grouped = {name for names in IDEAS.values() for name in names}
    singles = {name: (name,) for name in (*GLANCE, *PRINTED) if name not in grouped}
    return {**singles, **IDEAS}


def ablate(pools: Sequence[Judged], data: Path) -> None:
    """Print a table: everything, then everything but one idea."""
    from fit_pairing import Fitting

    fitted_on = Fitting.read(data)
    present = {name for _, pairs in pools for pair in pairs for name in EVIDENCE if pair.evidence[name] is not None}
    print("\n| evidence | right | wrong | pairs without original |\n|---|---:|---:|---:|")
    for name, dropped in {"all": (), **ideas()}.items():
        if name == "all" or present.intersection(dropped):
            right, wrong, invented = _count(pools, fitted_on, dropped)
            print(f"| {'all' if name == 'all' else 'without ' + name} | {right} | {wrong} | {invented} |", flush=True)


def _count(pools: Sequence[Judged], fitted_on: Fitting, dropped: Sequence[str]) -> tuple[int, int, int]:
    models = {}
    for kind in ("words, glance", "words, aligned"):
        names = [name for name in feature_names(kind) if name.removeprefix("no ") not in dropped]
        weights = fitted_on.model(names)
        models[kind] = names, Logistic(weights["bias"], tuple(weights[name] for name in names))
    right = wrong = invented = 0
    for truth, pairs in pools:
        anew = [Pair(p.source_id, p.target_id, _probability(p.evidence, models, dropped), p.evidence) for p in pairs]
        for pair in choose_pairs(rank(anew), min_probability=0.5):
            wanted = truth[pair.target_id]
            right += pair.source_id == wanted
            wrong += wanted is not None and pair.source_id != wanted
            invented += wanted is None
    return right, wrong, invented


def _probability(evidence: Evidence, models: Mapping[str, tuple[list[str], Logistic]], dropped: Sequence[str]) -> float:
    kept = {name: None if name in dropped else value for name, value in evidence.items()}
    aligned = evidence["aligned_source"] is not None and "aligned_source" not in dropped
    names, model = models["words, aligned" if aligned else "words, glance"]
    odds = model.bias + float(np.dot(model.weights, features(evidence, names))) + printed_log_odds(kept)
    return float(1 / (1 + np.exp(-np.clip(odds, -MOST, MOST))))
