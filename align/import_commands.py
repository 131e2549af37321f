"""The `taiyaku import` commands: what others have made or edited, read back as rows.

Like all of `align.cli`, each calls one library function and imports it when it is called.
"""

from __future__ import annotations

from typing import Annotated

import typer

from align.options import Fields, Inputs, Jobs, Json, Output, PublisherRules, Quiet, language_code

app = typer.Typer(
    name="import",
    help="Read beads from formats of other tools, or a corpus from a stand-off file.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _import() -> None:
    """Read beads from formats of other tools, or a corpus from a stand-off file."""


@app.command()
def beads(
    file: Annotated[
        str,
        typer.Argument(
            help="A file of beads: .tmx .xlf .xliff .tsv .xlsx .jsonl .parquet, the .ids of Moses, or - for JSONL.",
            show_default=False,
        ),
    ],
    output: Output = "-",
    source_lang: Annotated[
        str | None,
        typer.Option(
            help="Language of the originals, where the file does not tell.",
            show_default="as the file says; of Moses ja",
            callback=language_code,
        ),
    ] = None,
    target_lang: Annotated[
        str | None,
        typer.Option(
            help="Language of the translations, likewise.",
            show_default="as the file says; of Moses en",
            callback=language_code,
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Read beads as `taiyaku export` or another tool wrote them, and write rows with the columns of a corpus.

    Rows go to JSONL or Parquet, by suffix. What the file does not say is null; docs/formats.md says what each format
    holds.
    """
    from align.terminal import report
    from corpora.errors import UsageError
    from corpora.importing import imported_beads
    from corpora.jsonlines import require_row_outputs, write_rows
    from corpora.outputs import at_least_one

    if (source_lang is None) != (target_lang is None):
        raise UsageError("--source-lang and --target-lang go together; name both, or neither")
    require_row_outputs({"--output": output}, [file])
    rows = imported_beads(file, (source_lang, target_lang))
    count = write_rows(at_least_one(rows, f"{file} holds no bead"), output)
    report({"beads": count}, output, quiet=quiet, as_json=as_json)


@app.command()
def standoff(
    file: Annotated[
        str, typer.Argument(help="A file of `taiyaku export CORPUS --format standoff`.", show_default=False)
    ],
    pages: Inputs,
    output: Annotated[str, typer.Option("--output", "-o", help="Folder of the corpus.", show_default=False)],
    fields: Fields = None,
    publishers: PublisherRules = None,
    jobs: Jobs = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a corpus that is there.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if an article or a bead of the file is lost.")
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make a corpus of a stand-off file, which has no texts, and of one's own copy of the pages.

    Articles are known by the hash of their text, by id or by address. In a text that is not the same to the letter
    beads are looked for by their hashes. What is not found stands in the corpus's rejects: missing articles with
    their addresses, changed beads.
    """
    from dataclasses import asdict

    from align.standoff import import_standoff
    from align.terminal import progress_bars, report
    from align.workers import cores
    from corpora.rows import parse_fields

    with progress_bars(quiet=quiet) as progress:
        counts = import_standoff(
            file,
            pages,
            output,
            fields=parse_fields(fields) if fields is not None else None,
            publishers=publishers,
            force=force,
            jobs=jobs or cores(),
            progress=progress,
        )
    named = {name if as_json else name.replace("_", " "): number for name, number in asdict(counts).items()}
    report(named, output, quiet=quiet, as_json=as_json)
    if strict and (counts.articles_missing or counts.beads_lost):
        raise typer.Exit(1)
