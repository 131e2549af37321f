"""The commands that take texts, pairs of texts or corpora rather than pages: segment, align, check, export, eval.

Like all of `align.cli`, each calls one library function and imports it when it is called. Help is drawn by rich, which
takes a word in square brackets for a style: hence the backslashes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from align.encoder_options import DEFAULT, EncoderOptions
from align.options import (
    Bars,
    EncoderName,
    Explain,
    Json,
    MaxSource,
    MaxTarget,
    Monotonic,
    NoNull,
    OnlyChecks,
    Output,
    Quiet,
    SourceLang,
    TargetLang,
    TextLang,
    WithoutChecks,
    with_encoder_options,
)

app = typer.Typer()

Wrapped = Annotated[
    bool | None,
    typer.Option(
        "--wrapped/--not-wrapped",
        help="Lines are wrapped, so that only blank lines end a sentence; or every line does.",
        show_default="as each text looks",
    ),
]


@app.command()
def segment(
    texts: Annotated[str, typer.Argument(help='JSONL or Parquet of {"id"?, "lang"?, "text"}, a .txt file, or -.')],
    output: Output = "-",
    lang: TextLang = None,
    wrapped: Wrapped = None,
    presegmented: Annotated[
        bool, typer.Option("--presegmented", help="Every line is a sentence; lines are not cut.")
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Cut texts into sentences with exact character offsets."""
    from align.commands import segmented
    from align.terminal import report
    from corpora.errors import UsageError
    from corpora.jsonlines import require_row_outputs, write_rows
    from corpora.outputs import at_least_one

    if presegmented and wrapped:
        raise UsageError("--presegmented and --wrapped contradict each other: is a line a sentence, or not?")
    require_row_outputs({"--output": output}, [texts])
    rows = segmented(texts, lang=lang, wrapped=wrapped, presegmented=presegmented)
    count = write_rows(at_least_one(rows, f"{texts} holds no text"), output)
    report({"texts": count}, output, quiet=quiet, as_json=as_json)


@app.command()
@with_encoder_options
def align(
    source: Annotated[str, typer.Argument(help="The original; or alone, JSONL documents of sentences.")],
    target: Annotated[str | None, typer.Argument(help="The translation.", show_default=False)] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", help="File to write: .jsonl .tsv .tmx .html; - is a table or JSONL.")
    ] = "-",
    presegmented: Annotated[bool, typer.Option("--presegmented", help="Both texts hold one sentence a line.")] = False,
    pages: Annotated[
        bool, typer.Option("--pages", help="Drop furniture from text files too, not only from HTML.")
    ] = False,
    source_lang: SourceLang = "ja",
    target_lang: TargetLang = "en",
    encoder: EncoderName = None,
    encoder_options: EncoderOptions = DEFAULT,
    max_source: MaxSource = 4,
    max_target: MaxTarget = 4,
    monotonic: Monotonic = False,
    no_null: NoNull = False,
    explain: Explain = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    r"""Align two texts, or many documents whose sentences are given, into beads.

    Two arguments are two texts or pages. One is a JSONL file of {"id", "source": \[sentences], "target": \[sentences]},
    answered by {"id", "beads": [...]}; every sentence is in exactly one bead, null beads included.
    """
    from align.bead_commands import (
        Aligner,
        aligned_documents,
        aligned_texts,
        require_bead_output,
        require_explainable,
        write_beads,
    )
    from align.coverage import require_languages
    from align.encoder import load_encoder
    from align.scoring import AlignOptions
    from align.terminal import progress_bars, report
    from align.transformer import following
    from corpora.jsonlines import require_row_outputs, write_rows
    from corpora.outputs import at_least_one

    if target is None:
        require_row_outputs({"--output": output}, [source])
    else:
        require_bead_output(output, [source, target])
    model = load_encoder(encoder, encoder_options)
    languages = (source_lang, target_lang)
    require_languages(model, languages)
    options = AlignOptions(max_source=max_source, max_target=max_target, monotonic=monotonic, nulls=not no_null)
    aligner = Aligner(model, languages, options, explains=explain)
    if explain:
        require_explainable(output)
    with progress_bars(quiet=quiet) as progress, following(model, progress):
        if target is None:
            rows = None
            documents = at_least_one(
                aligned_documents(source, aligner), f"{source} holds no document; expected a line for each"
            )
            counts = {"documents": write_rows(documents, output)}
        else:
            rows = aligned_texts((source, target), aligner, presegmented=presegmented, pages=pages)
            counts = {"beads": len(rows)}
    if rows is not None:
        write_beads(rows, output, languages)
    report(counts, output, quiet=quiet, as_json=as_json, encoder=model)


@app.command()
def check(
    pairs: Annotated[str, typer.Argument(help="JSONL, Parquet, TSV, TMX or XLIFF of text pairs, or a corpus folder.")],
    output: Output = "-",
    source_lang: SourceLang = "ja",
    target_lang: TargetLang = "en",
    checks: OnlyChecks = None,
    without: WithoutChecks = None,
    bar: Bars = None,
    documents: Annotated[
        str | None,
        typer.Option(
            help="With a corpus: a .md or .jsonl file for a page on each pair of articles: coverage, order, findings.",
            show_default=False,
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(help="Exit with 1 on a finding this severe: minor, major or critical.", show_default="never"),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Look for suspected infidelities in pairs of texts.

    Numbers, dates and units are compared by value in Japanese and English; between these two also names, denials,
    opposites, and words that one side has and the other lacks. docs/fidelity.md says what each check finds.
    """
    from collections import Counter

    from align.commands import checked, severe, write_documents
    from align.fidelity import parse_checks
    from align.terminal import report
    from corpora.bitext import read_bitext
    from corpora.errors import UsageError
    from corpora.jsonlines import require_row_outputs, write_rows
    from corpora.outputs import at_least_one
    from corpora.records import SEVERITIES, Finding

    if fail_on is not None and fail_on not in SEVERITIES:
        raise UsageError(f"--fail-on {fail_on}: there is no such severity; choose {', '.join(SEVERITIES)}")
    options = parse_checks(checks, without, bar or ())
    require_row_outputs({"--output": output}, [pairs])
    if documents is not None:
        _require_documents(documents, pairs)
    findings: list[Finding] = []
    bitext = read_bitext(pairs, source_lang=source_lang, target_lang=target_lang)
    rows = checked(bitext, findings, (source_lang, target_lang), options)
    count = write_rows(at_least_one(rows, f"{pairs} holds no pair of texts"), output)
    counts = {"pairs": count, "findings": len(findings), **sorted_counts(Counter(f.check for f in findings))}
    if documents is not None:
        counts["documents"] = write_documents(pairs, documents)
    report(counts, output, quiet=quiet, as_json=as_json)
    if fail_on is not None and severe(findings, fail_on):
        raise typer.Exit(1)


def _require_documents(documents: str, pairs: str) -> None:
    """Raise UsageError where there are no articles to report on, or the file is of no known kind."""
    from corpora.errors import UsageError
    from corpora.outputs import require_outputs

    if not Path(pairs).is_dir():
        raise UsageError("--documents reports on pairs of articles, which only a corpus has; name a corpus folder")
    if Path(documents).suffix.lower() not in (".md", ".jsonl"):
        raise UsageError(f"--documents {documents}: name a .md or .jsonl file")
    require_outputs({"--documents": documents}, [pairs])


def sorted_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by name, the largest first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@app.command()
def export(
    corpus: Annotated[str, typer.Argument(help="A corpus folder.")],
    output: Output = "-",
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="tmx, xliff, tsv, moses, jsonl, xlsx, html or standoff; docs/formats.md says what each holds.",
            show_default="by suffix of the output, or tsv",
        ),
    ] = None,
    min_probability: Annotated[float, typer.Option(min=0.0, max=1.0, help="Least probability of a bead.")] = 0.0,
    nulls: Annotated[bool, typer.Option("--nulls/--no-nulls", help="With beads that have an empty side.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that exist.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write a corpus's beads in a format other tools read.

    Moses is three files, OUTPUT.ja, OUTPUT.en and OUTPUT.ids. `taiyaku import beads` reads all formats but HTML back.
    Stand-off is ids, offsets and hashes of the whole corpus without any text, for news that may not be passed on;
    `taiyaku import standoff` makes a corpus of it and of one's own copy of the pages.
    """
    from align.commands import exported_rows
    from align.terminal import note, report
    from corpora.errors import UsageError
    from corpora.export import NO_NULLS, STANDOFF, format_of, require_export, write_export
    from corpora.jsonlines import write_json_lines
    from corpora.outputs import open_output
    from corpora.standoff import standoff_rows
    from corpora.store import open_corpus

    name = format_of(output, format)
    require_export(output, name, force=force)
    if name == STANDOFF:
        if min_probability:
            raise UsageError("stand-off is of a whole corpus; leave --min-probability away")
        with open_output(output) as out:
            count = write_json_lines(standoff_rows(open_corpus(corpus)), out)
        report({"records": count}, output, quiet=quiet, as_json=as_json)
        return
    rows = exported_rows(open_corpus(corpus), min_probability=min_probability, nulls=nulls)
    if nulls and name in NO_NULLS and not quiet:
        note(f"{name} has no place for beads with an empty side; they are left out")
    count = write_export(rows, output, name, force=force)
    report({"beads": count}, output, quiet=quiet, as_json=as_json)


@app.command(name="eval")
@with_encoder_options
def evaluate(
    gold: Annotated[str, typer.Argument(help=r'JSONL of {"id", "gold": [[\[source], \[target]]]} or {"id", "beads"}.')],
    pred: Annotated[
        list[str] | None,
        typer.Option(help="Predictions as `taiyaku align` writes them; more than one are shown side by side."),
    ] = None,
    encoder: EncoderName = None,
    encoder_options: EncoderOptions = DEFAULT,
    plot: Annotated[str | None, typer.Option(help="SVG file for a reliability plot of the probabilities.")] = None,
    as_json: Json = False,
) -> None:
    """Score alignments against gold beads; without --pred, align the gold file's own sentences first."""
    from align.bead_commands import predictions, read_beads, write_plot
    from align.encoder import load_encoder
    from align.evaluate import evaluate as score
    from align.score_tables import show_scores
    from align.terminal import out, progress_bars, show_cut
    from align.transformer import following, usage
    from corpora.errors import UsageError
    from corpora.jsonlines import write_json_lines
    from corpora.outputs import require_outputs

    if plot:
        require_outputs({"--plot": plot}, [gold, *(pred or [])])
        if Path(plot).suffix.lower() != ".svg":
            raise UsageError(f"--plot {plot}: a plot is written as SVG; name a file that ends in .svg")
    wanted = read_beads(gold)
    if pred:
        found = {name: read_beads(name) for name in pred}
    else:
        model = load_encoder(encoder, encoder_options)
        with progress_bars(quiet=as_json) as progress, following(model, progress):
            found = {"taiyaku": predictions(gold, model)}
        show_cut(usage(model))
    tallies = {name: score(wanted, beads) for name, beads in found.items()}
    if plot:
        write_plot(tallies, plot)
    if as_json:
        write_json_lines([{name: tally.summary() for name, tally in tallies.items()}], sys.stdout)
        return
    show_scores(tallies, out)
