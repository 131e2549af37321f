"""The commands that take a corpus: its numbers, its pairs, one pair with both texts side by side, and its split.

Like all of `align.cli`, each calls one library function and imports it when it is called.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from align.options import Json, Quiet

app = typer.Typer()

CorpusFolder = Annotated[str, typer.Argument(help="Folder that `taiyaku build` wrote.", show_default=False)]


@app.command()
def stats(
    corpus: CorpusFolder,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Count what a corpus holds: articles, pairs, beads by kind, lengths, probabilities, findings, splits, rejects."""
    from align.corpus_stats import corpus_stats
    from align.corpus_tables import show_stats
    from corpora.jsonlines import write_json_lines
    from corpora.store import open_corpus

    found = corpus_stats(open_corpus(corpus))
    if as_json:
        write_json_lines([found.as_json()], sys.stdout)
    else:
        show_stats(found)


@app.command()
def show(
    corpus: CorpusFolder,
    pair: Annotated[
        str | None,
        typer.Argument(help="Id of a pair, or as much of it as tells it from the others.", show_default="all pairs"),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Pairs, or beads of a pair, to show.", show_default="all")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object a row.")] = False,
) -> None:
    """List the pairs of a corpus, or show one with both texts side by side, a bead a row, and what was found."""
    from align.corpus_pairs import find_pair, overviews, view_pair
    from align.corpus_tables import pair_heading, pair_table, pairs_table
    from align.corpus_tables import show as draw
    from corpora.jsonlines import write_json_lines
    from corpora.store import open_corpus

    opened = open_corpus(corpus)
    if pair is None:
        pairs = overviews(opened, limit=limit)
        if as_json:
            write_json_lines((one.as_json() for one in pairs), sys.stdout)
        else:
            draw(pairs_table(pairs))
        return
    view = view_pair(opened, find_pair(opened, pair), limit=limit)
    if as_json:
        write_json_lines(view.as_json(), sys.stdout)
    else:
        draw(pair_heading(view), pair_table(view))


@app.command()
def split(
    corpus: CorpusFolder,
    dev: Annotated[float, typer.Option(min=0, max=1, help="Share of the beads for dev.")] = 0.1,
    test: Annotated[float, typer.Option(min=0, max=1, help="Share of the beads for test.")] = 0.1,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if anything leaks between the splits.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Divide the beads into train, dev and test: whole stories, test after dev after train; and report what leaks.

    The corpus keeps its place; `split` is filled in, and each split has files of its own. docs/splitting.md says how
    stories are told and what the report counts.
    """
    from align.terminal import out
    from corpora.dividing import split_corpus
    from corpora.jsonlines import write_json_lines
    from corpora.split import SplitOptions

    report = split_corpus(corpus, SplitOptions(dev, test))
    if as_json:
        write_json_lines([report.as_json()], sys.stdout)
    elif not quiet:
        out.print(report.as_text(), markup=False)
    if strict and report.problems:
        raise typer.Exit(1)
