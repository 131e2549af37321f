"""What `taiyaku eval` shows on a terminal: scores, side by side for several predictions, and calibration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from align.calibration import Calibration
from align.evaluate import SURE, Score, Tally

BAR = 20  # characters of a share of 1


def show_scores(tallies: Mapping[str, Tally], console: Console) -> None:
    """One prediction in full; several beside each other."""
    if len(tallies) == 1:
        ((name, tally),) = tallies.items()
        _show_one(name, tally, console)
    else:
        _show_beside(tallies, console)


def _show_one(name: str, tally: Tally, console: Console) -> None:
    table = Table(title=f"{escape(name)}: {tally.documents} documents", box=None, title_justify="left")
    for heading in ("", "P", "R", "F1", "gold", "predicted"):
        table.add_column(heading, justify="left" if not heading else "right")
    for label, score in _scores(tally).items():
        figures = (f"{value:.3f}" for value in (score.precision, score.recall, score.f1))
        table.add_row(label, *figures, str(score.gold), str(score.predicted))
    console.print(table)
    recall = tally.crossing_recall
    console.print("crossing recall  " + ("no crossings in gold" if recall is None else f"{recall:.3f}"))
    for kind, calibration in tally.calibration().items():
        if kind != "all":
            console.print(_calibration_table(kind, calibration))
    if tally.calibration():
        errors = ", ".join(f"{kind} {one.error:.3f}" for kind, one in tally.calibration().items())
        console.print(f"expected calibration error  {errors}")
    if sure := tally.sure():
        console.print(f"beads of {SURE} and more  {sure[0]:.3f} right, {sure[1]:.1%} of the right ones kept")


def _scores(tally: Tally) -> dict[str, Score]:
    scores = {"strict": tally.strict, "lax": tally.lax, "null sentences": tally.null}
    return scores | {f"strict {kind}": score for kind, score in tally.kinds().items()}


def _calibration_table(kind: str, calibration: Calibration) -> Table:
    table = Table(title=f"calibration of {kind}", box=None, title_justify="left")
    for heading in ("probability", "beads", "promised", "right"):
        table.add_column(heading, justify="right")
    table.add_column("right (█) against promised (|)", no_wrap=True)
    for one in calibration.bins:
        span = f"{one.low:.2f}-{one.high:.2f}"
        bar = _bar(one.predicted, one.right)
        table.add_row(span, str(one.count), f"{one.predicted:.3f}", f"{one.right:.3f}", bar)
    return table


def _bar(promised: float, right: float) -> str:
    """`████|` for a bin where half was promised and a little less is right."""
    filled, mark = round(right * BAR), min(BAR - 1, round(promised * BAR))
    cells = ["█" if at < filled else " " for at in range(BAR)]
    cells[mark] = "|"
    return "".join(cells)


def _show_beside(tallies: Mapping[str, Tally], console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for name in tallies:
        table.add_column(escape(name), justify="right", overflow="fold")
    listed = [dict(_figures(tally)) for tally in tallies.values()]
    for label in dict.fromkeys(label for one in listed for label in one):
        table.add_row(label, *(one.get(label, "") for one in listed))
    console.print(table)


def _figures(tally: Tally) -> Iterator[tuple[str, str]]:
    for label, score in (("strict", tally.strict), ("null sentences", tally.null)):
        yield f"{label} P", f"{score.precision:.3f}"
        yield f"{label} R", f"{score.recall:.3f}"
        yield f"{label} F1", f"{score.f1:.3f}"
    yield "lax F1", f"{tally.lax.f1:.3f}"
    if tally.crossing_recall is not None:
        yield "crossing recall", f"{tally.crossing_recall:.3f}"
    for kind, score in tally.kinds().items():
        yield f"strict F1 {kind}", f"{score.f1:.3f}"
    for kind, calibration in tally.calibration().items():
        yield f"calibration error, {kind}", f"{calibration.error:.3f}"
    if sure := tally.sure():
        yield f"right of {SURE} and more", f"{sure[0]:.3f}"
        yield "right ones kept by it", f"{sure[1]:.1%}"
