"""What people see on a terminal: progress bars, the closing summary, beads side by side.

Everything goes to standard error except results asked for, and bars appear only where standard error is a terminal.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from align.known_encoders import SPEEDS
from align.summary import Progress, Summary, no_progress
from align.transformer import Usage, usage
from align.vectors import Encoder
from corpora.jsonlines import Row, write_json_lines
from corpora.records import Reject, lost
from corpora.repeated import is_furniture

if TYPE_CHECKING:
    from pathlib import Path

    from align.known_encoders import KnownEncoder
    from align.measure import Measured
    from align.vector_cache import CacheFile

SHOWN_EXAMPLES = 8
LEAST_TERM = 0.05  # of log-odds that is worth a place in the table
STAGES = {
    "read": "reading pages",
    "pair": "pairing articles",
    "align": "aligning and checking",
    "load": "loading the encoder",
    "encode": "encoding texts",
}

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def error(message: str) -> None:
    """A user's mistake, in one line and without a traceback."""
    err.print(f"[bold red]error:[/] {escape(message)}")


def note(message: str) -> None:
    err.print(escape(message))


@contextmanager
def progress_bars(*, quiet: bool) -> Iterator[Progress]:
    """A callback that draws one bar a stage; draws nothing where nobody is looking."""
    if quiet or not err.is_terminal:
        yield no_progress
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=err, redirect_stdout=False) as bars:  # data may go to a pipe meanwhile
        tasks = {}

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


def show_summary(summary: Summary) -> None:
    """What a build did: articles, rejects and why, pairs, unpaired and why, beads by kind, findings, seconds."""
    table = Table(box=None, show_header=False, pad_edge=False)
    articles = ", ".join(f"{number} {lang}" for lang, number in summary.articles.items())
    table.add_row("pages read", f"{summary.pages}")
    table.add_row("articles", f"{sum(summary.articles.values())} ({articles})")
    table.add_row("rejected", f"{len(summary.lost)}{_listed(Counter(r.reason for r in summary.lost))}")
    table.add_row("pairs", f"{summary.pairs}")
    table.add_row("unpaired", f"{len(summary.unpaired)}")
    if summary.gone:
        table.add_row("gone", f"{summary.gone} articles whose pages are no longer there (--keep-gone keeps them)")
    if summary.kept:
        table.add_row("as before", f"{summary.kept} pairs, whose beads were known")
    table.add_row("beads", f"{summary.beads}{_listed(summary.kinds)}")
    if summary.removed:
        table.add_row("filtered", f"{sum(summary.removed.values())}{_listed(summary.removed)}, now among the rejects")
    table.add_row("findings", f"{sum(summary.findings.values())}{_listed(summary.findings)}")
    seconds = ", ".join(f"{stage} {value:.2f}" for stage, value in summary.seconds.items())
    table.add_row("seconds", f"{sum(summary.seconds.values()):.2f} ({seconds})")
    err.print(table)
    err.print(f"corpus      {escape(summary.corpus)}")  # in a table a long path would be cut in two
    show_cut(summary.usage)
    if summary.was_split:
        err.print(
            f"[yellow]whole again[/] the corpus was split; split it again: taiyaku split {escape(summary.corpus)}"
        )
    show_rejects(summary.rejects)
    show_damaged(summary.damaged)
    _show_list("unpaired", [f"{u.path} ({u.lang}): {u.why}" for u in summary.unpaired])


def show_cut(used: Usage | None) -> None:
    """That texts were too long for the encoder, if any were."""
    if used and used.warning:
        err.print(f"[yellow]cut[/] {escape(used.warning)}")


def show_rejects(rejects: Sequence[Reject]) -> None:
    """The first few inputs that were not used, with reasons, and how much of the others was furniture."""
    _show_list("rejected", [f"{r.path}: {r.reason}, {_without_path(r)}" for r in lost(rejects)])
    _show_list("undated", [r.detail for r in rejects if r.is_part and not is_furniture(r)])
    if shared := [r for r in rejects if is_furniture(r)]:
        pages = len({r.path for r in shared})
        err.print(f"[yellow]furniture[/] {len(shared)} paragraphs that many pages share, on {pages} pages")


def _without_path(reject: Reject) -> str:
    """The detail, which may begin with the path as well."""
    return reject.detail.removeprefix(reject.path).lstrip(": ")


def show_damaged(damaged: Mapping[str, int]) -> None:
    """The first few pages that are not read whole."""
    _show_list("damaged", [f"{path}: {count} characters are unreadable (\ufffd)" for path, count in damaged.items()])


def _show_list(what: str, lines: Sequence[str]) -> None:
    for line in lines[:SHOWN_EXAMPLES]:
        err.print(f"[yellow]{what}[/] {escape(line)}")
    if len(lines) > SHOWN_EXAMPLES:
        err.print(f"[yellow]{what}[/] ... and {len(lines) - SHOWN_EXAMPLES} more")


def _listed(counts: Mapping[str, int]) -> str:
    return f" ({', '.join(f'{name}: {number}' for name, number in counts.items())})" if counts else ""


def show_beads(rows: Sequence[Row], languages: tuple[str, str]) -> None:
    """Beads side by side on standard output."""
    table = Table(show_lines=True, expand=True)
    table.add_column("kind", width=4)
    table.add_column("p", width=4)
    for language in languages:
        table.add_column(language, ratio=1, overflow="fold")
    explained = any("explanation" in row for row in rows)
    if explained:
        table.add_column("why", ratio=1, overflow="fold")
    for row in rows:
        probability = row.get("probability")
        cells = [escape(str(row.get(f"{side}_text") or "")) for side in ("source", "target")]
        if explained:
            cells.append(escape(_why(row)))
        table.add_row(str(row["kind"]), f"{probability:.2f}" if isinstance(probability, float) else "", *cells)
    Console(highlight=False).print(table)


def _why(row: Row) -> str:
    """An explanation in a few lines: what it is about, the terms by weight, numbers and words."""
    found = row.get("explanation")
    if not isinstance(found, Mapping):
        return ""
    null = not (row.get("source_text") and row.get("target_text"))
    about = f"best with {found['source']} - {found['target']}: " if null else ""
    terms = sorted(found["terms"].items(), key=lambda item: -abs(item[1]))
    lines = [
        f"{about}{found['value']:+.1f} = "
        + " ".join(f"{name} {term:+.1f}" for name, term in terms if abs(term) >= LEAST_TERM),
        f"similarity {found['similarity']:.2f}, background {found['background']:.2f}, "
        f"length {found['length_ratio']:.1f} (usual {found['usual_length_ratio']:.1f})",
    ]
    if found["numbers"]:
        lines.append(f"numbers {', '.join(found['numbers'])}")
    if found["words"]:
        lines.append(" ".join(f"{one}={other}" for one, other in found["words"]))
    return "\n".join(lines)


def show_encoders(entries: Sequence[KnownEncoder], cached: Sequence[CacheFile], folder: Path) -> None:
    """Known encoders in a table, what else is to be said of them, and what the cache holds, on standard output."""
    table = Table(box=None, pad_edge=False)
    table.add_column("encoder", overflow="fold")
    for heading in ("MB", "dim", "licence", "languages", "speed", "Tatoeba", "NTREX en>ja", "ja>en"):
        justify: Literal["left", "right"] = "left" if heading in ("licence", "languages", "speed") else "right"
        table.add_column(heading, justify=justify, no_wrap=True)
    for one in entries:
        figures = ["" if figure is None else f"{figure:.1f}" for figure in (one.tatoeba, *(one.ntrex or (None, None)))]
        sizes = (str(one.megabytes), str(one.dimensions))
        table.add_row(*map(escape, (one.name, *sizes, one.licence, one.languages, one.speed, *figures)))
    console = out if out.is_terminal else Console(highlight=False, width=160)
    with console.capture() as drawn:
        console.print(table)
    lines = [line.rstrip() for line in drawn.get().splitlines()]
    lines += ["", *(f"figures of {source}" for source in _sources(entries))]
    lines += [f"speed {name}: {meaning}" for name, meaning in SPEEDS.items()]
    lines += [f"{one.name}: {said}" for one in entries if (said := one.remarks)]
    total = sum(file.bytes for file in cached)
    lines += ["", f"vectors kept in {folder}: {total / 1e6:.1f} MB", *(f"  {file.described}" for file in cached)]
    typer.echo("\n".join(lines))


def _sources(entries: Sequence[KnownEncoder]) -> list[str]:
    """Where figures come from, and whose, the exceptions first."""
    named: dict[str, list[str]] = {}
    for one in entries:
        named.setdefault(one.source, []).append(one.name)
    rarest = sorted(named.items(), key=lambda item: len(item[1]))
    return [f"{', '.join(names) if len(names) < 3 else 'the others'}: {source}" for source, names in rarest]


def show_measured(encoder: Mapping[str, object], found: Measured, languages: tuple[str, str]) -> None:
    """What an encoder is worth and costs, on standard output."""
    source, target = languages
    rate = found.sentences_per_s
    rows = {
        **{name: repr(value) if name == "prompt" else str(value) for name, value in encoder.items() if value},
        "pairs": str(found.pairs),
        f"{source}>{target}, {target}>{source}": f"{found.to_target:.1%}, {found.to_source:.1%}",
        "with margin": f"{found.margin_to_target:.1%}, {found.margin_to_source:.1%}",
        "first text after": f"{found.first_s:.2f} s",
        "sentences a second": "not timed, vectors were in the cache" if rate is None else f"{rate:,.0f}",
        "memory at most": "not known" if found.peak_mb is None else f"{found.peak_mb} MB",
    }
    width = max(map(len, rows))
    typer.echo("\n".join(f"{name:{width}}  {value}" for name, value in rows.items()))


def report(counts: dict[str, int], output: str, *, quiet: bool, as_json: bool, encoder: Encoder | None = None) -> None:
    """One closing line, and what the encoder cut; as JSON on standard output where that is not taken by the data."""
    used = usage(encoder) if encoder else None
    if as_json:
        cut = {"texts_cut": used.cut} if used else {}
        write_json_lines([{**counts, **cut, "output": output}], sys.stderr if output == "-" else sys.stdout)
    elif not quiet:
        show_cut(used)
        named = {name: name.removesuffix("s") if number == 1 else name for name, number in counts.items()}
        listed = ", ".join(f"{number} {named[name]}" for name, number in counts.items())
        typer.echo(f"{listed}{'' if output == '-' else f' -> {output}'}", err=True)
