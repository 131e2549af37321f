"""The `taiyaku` command. Each command calls one library function and says what came of it.

Data goes to standard output or to `-o`, everything for people to standard error. Exit codes: 0 done; 1 done, but a
threshold the user set was missed; 2 wrong usage; 3 no usable input; 130 interrupted. Imports are inside the commands,
so that `--help` costs nothing.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from corpora import __version__
from corpora.errors import TaiyakuError

if TYPE_CHECKING:
    from align.pipeline import Summary

app = typer.Typer(
    name="taiyaku",
    help="Pair English articles with their Japanese originals, align them sentence by sentence, check the "
    "translation, and write parallel corpora to Parquet.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Saved pages or articles: files, folders, globs; .html .htm .txt .md .jsonl .parquet, any charset.",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary; errors still show.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON, to standard output if it is free.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 if any input was rejected.")]
SourceLang = Annotated[str, typer.Option(help="Language of the originals, ISO 639-1.")]
TargetLang = Annotated[str, typer.Option(help="Language of the translations, ISO 639-1.")]
EncoderName = Annotated[
    str | None,
    typer.Option(
        help="A sentence-transformers model, by folder or hub name, in place of the bundled Japanese-English table; "
        "a hub name may be downloaded.",
        show_default="bundled",
    ),
]
WindowDays = Annotated[int, typer.Option(min=0, help="Days that the dates of a pair may lie apart.")]
MinProbability = Annotated[float, typer.Option(min=0.0, max=1.0, help="Least probability of an article pair, 0 to 1.")]
MaxSource = Annotated[int, typer.Option(min=1, max=8, help="Most source sentences in a bead.")]
MaxTarget = Annotated[int, typer.Option(min=1, max=8, help="Most target sentences in a bead.")]
Monotonic = Annotated[bool, typer.Option("--monotonic", help="Never let beads cross.")]
Output = Annotated[str, typer.Option("--output", "-o", help="File to write; - is standard output.")]


Language = Annotated[str | None, typer.Option(help="Language of texts that do not name theirs; else identified.")]
Wrapped = Annotated[bool, typer.Option("--wrapped", help="Lines are wrapped: only blank lines end a sentence.")]
Presegmented = Annotated[bool, typer.Option("--presegmented", help="Both texts hold one sentence a line.")]
Pages = Annotated[bool, typer.Option("--pages", help="Drop furniture from text files too, not only from HTML.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"taiyaku {__version__}")
        raise typer.Exit


@app.callback()
def _taiyaku(
    _version_flag: Annotated[
        bool,
        typer.Option(
            "--version", callback=lambda value: _version(wanted=value), is_eager=True, help="Show the version."
        ),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback for every error.")] = False,
) -> None:
    if debug:
        os.environ["TAIYAKU_DEBUG"] = "1"


@app.command()
def build(
    inputs: Inputs,
    output: Annotated[str, typer.Option("--output", "-o", help="Folder of the corpus.", show_default=False)],
    source_lang: SourceLang = "ja",
    target_lang: TargetLang = "en",
    encoder: EncoderName = None,
    window_days: WindowDays = 3,
    min_probability: MinProbability = 0.5,
    max_source: MaxSource = 4,
    max_target: MaxTarget = 4,
    monotonic: Monotonic = False,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Start over, or keep what the corpus holds and add to it.")
    ] = False,
    strict: Strict = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make a parallel corpus from saved pages: read, extract, pair, align, check, write."""
    from align.pairing import PairOptions
    from align.pipeline import BuildOptions
    from align.pipeline import build as run
    from align.scoring import AlignOptions
    from align.terminal import progress_bars

    options = BuildOptions(
        source_lang,
        target_lang,
        encoder,
        PairOptions(window_days=window_days, min_probability=min_probability),
        AlignOptions(max_source=max_source, max_target=max_target, monotonic=monotonic),
    )
    with progress_bars(quiet=quiet) as progress:
        summary = run(inputs, output, options=options, fresh=fresh, progress=progress)
    _close(summary, quiet=quiet, as_json=as_json, strict=strict)


def _close(summary: Summary, *, quiet: bool, as_json: bool, strict: bool) -> None:
    """Show what a build did, and exit with 1 if it was to be strict and something was rejected."""
    from align.terminal import show_summary

    if as_json:
        typer.echo(json.dumps(summary.as_json(), ensure_ascii=False))
    elif not quiet:
        show_summary(summary)
    if strict and summary.rejects:
        raise typer.Exit(1)


@app.command()
def extract(
    inputs: Inputs,
    output: Output = "-",
    rejects: Annotated[str | None, typer.Option(help="File for the pages that were not used, and why.")] = None,
    lang: Annotated[
        list[str] | None, typer.Option(help="Keep articles in this language; may be given more than once.")
    ] = None,
    strict: Strict = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Read pages and write their articles: text without furniture, title, date, byline, credit, sentences."""
    from dataclasses import asdict

    from align.pipeline import Summary, gather
    from align.terminal import progress_bars, show_rejects
    from corpora.errors import NoUsableInput
    from corpora.jsonlines import write_rows
    from corpora.rows import article_to_row

    summary = Summary(output)
    with progress_bars(quiet=quiet) as progress:
        articles, rejected = gather(inputs, summary, languages=tuple(lang or ("ja", "en")), progress=progress)
    write_rows((article_to_row(article) for article in articles), output)
    if rejects:
        write_rows((asdict(reject) for reject in rejected), rejects)
    if not quiet:
        show_rejects(rejected)
    counts = {"pages": summary.pages, "articles": len(articles), "rejected": len(rejected)}
    _report(counts, output, quiet=quiet, as_json=as_json)
    if not articles:
        raise NoUsableInput(f"none of {summary.pages} pages held an article; --rejects FILE lists why")
    if strict and rejected:
        raise typer.Exit(1)


@app.command()
def segment(
    texts: Annotated[str, typer.Argument(help='JSONL or Parquet of {"id"?, "lang"?, "text"}, a .txt file, or -.')],
    output: Output = "-",
    lang: Annotated[
        str | None, typer.Option(help="Language of texts that do not name theirs; else identified.")
    ] = None,
    wrapped: Annotated[
        bool, typer.Option("--wrapped", help="Lines are wrapped: only blank lines end a sentence.")
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Cut texts into sentences with exact character offsets."""
    from align.commands import segmented
    from corpora.jsonlines import write_rows

    count = write_rows(segmented(texts, lang=lang, wrapped=wrapped), output)
    _report({"texts": count}, output, quiet=quiet, as_json=as_json)


@app.command()
def pair(
    inputs: Inputs,
    output: Output = "-",
    unpaired: Annotated[str | None, typer.Option(help="File for the articles without a pair, and why.")] = None,
    source_lang: SourceLang = "ja",
    target_lang: TargetLang = "en",
    encoder: EncoderName = None,
    window_days: WindowDays = 3,
    min_probability: MinProbability = 0.5,
    strict: Strict = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find the original of each translated article, or say that there is none."""
    from align.commands import unpaired_row
    from align.encoder import load_encoder, require_languages
    from align.pairing import PairOptions, pair_articles
    from align.pipeline import Summary, gather
    from align.terminal import progress_bars, show_rejects
    from corpora.errors import NoUsableInput
    from corpora.jsonlines import write_rows
    from corpora.tables import pair_row

    model = load_encoder(encoder)
    require_languages(model, (source_lang, target_lang))
    summary = Summary(output)
    with progress_bars(quiet=quiet) as progress:
        articles, rejected = gather(inputs, summary, languages=(source_lang, target_lang), progress=progress)
        sides = [[a for a in articles if a.lang == lang] for lang in (source_lang, target_lang)]
        pairing = pair_articles(
            sides[0],
            sides[1],
            model,
            options=PairOptions(window_days=window_days, min_probability=min_probability),
            progress=lambda done, total: progress("pair", done, total),
        )
    write_rows(map(pair_row, pairing.pairs), output)
    if unpaired:
        write_rows(map(unpaired_row, pairing.unpaired), unpaired)
    if not quiet:
        show_rejects(rejected)
    counts = {"pairs": len(pairing.pairs), "unpaired": len(pairing.unpaired), "rejected": len(rejected)}
    _report(counts, output, quiet=quiet, as_json=as_json)
    if not articles:
        raise NoUsableInput(f"none of {summary.pages} pages held an article; `taiyaku extract` tells why")
    if strict and rejected:
        raise typer.Exit(1)


@app.command()
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
    max_source: MaxSource = 4,
    max_target: MaxTarget = 4,
    monotonic: Monotonic = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Align two texts, or many documents whose sentences are given, into beads.

    Two arguments are two texts or pages. One is a JSONL file of {"id", "source": [sentences], "target": [sentences]},
    answered by {"id", "beads": [...]}; every sentence is in exactly one bead, null beads included.
    """
    from align.commands import aligned_documents, aligned_texts, write_beads
    from align.encoder import load_encoder, require_languages
    from align.scoring import AlignOptions
    from corpora.jsonlines import write_rows

    model = load_encoder(encoder)
    languages = (source_lang, target_lang)
    require_languages(model, languages)
    options = AlignOptions(max_source=max_source, max_target=max_target, monotonic=monotonic)
    if target is None:
        count = write_rows(aligned_documents(source, model, languages, options), output)
        _report({"documents": count}, output, quiet=quiet, as_json=as_json)
    else:
        rows = aligned_texts((source, target), model, languages, options, presegmented=presegmented, pages=pages)
        write_beads(rows, output, languages)
        _report({"beads": len(rows)}, output, quiet=quiet, as_json=as_json)


@app.command()
def check(
    pairs: Annotated[str, typer.Argument(help="JSONL, Parquet, TSV, TMX or XLIFF of text pairs, or a corpus folder.")],
    output: Output = "-",
    source_lang: SourceLang = "ja",
    target_lang: TargetLang = "en",
    fail_on: Annotated[
        str | None, typer.Option(help="Exit with 1 on a finding this severe: minor, major or critical.")
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Look for suspected infidelities in pairs of texts: numbers, dates and units that do not agree."""
    from align.commands import checked, severe
    from corpora.bitext import read_bitext
    from corpora.errors import UsageError
    from corpora.jsonlines import write_rows
    from corpora.records import SEVERITIES

    if fail_on is not None and fail_on not in SEVERITIES:
        raise UsageError(f"--fail-on {fail_on}: there is no such severity; choose {', '.join(SEVERITIES)}")
    bitext = read_bitext(pairs, source_lang=source_lang, target_lang=target_lang)
    rows = list(checked(bitext, source_lang=source_lang, target_lang=target_lang))
    write_rows((row for row, _ in rows), output)
    findings = [finding for _, found in rows for finding in found]
    _report({"pairs": len(rows), "findings": len(findings)}, output, quiet=quiet, as_json=as_json)
    if fail_on is not None and severe(findings, fail_on):
        raise typer.Exit(1)


@app.command()
def export(
    corpus: Annotated[str, typer.Argument(help="A corpus folder.")],
    output: Output = "-",
    format: Annotated[str, typer.Option("--format", "-f", help="tsv, jsonl, tmx or html.")] = "tsv",  # noqa: A002
    min_probability: Annotated[float, typer.Option(min=0.0, max=1.0, help="Least probability of a bead.")] = 0.0,
    nulls: Annotated[bool, typer.Option("--nulls/--no-nulls", help="With beads that have an empty side.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it exists.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write a corpus's beads in a format other tools read."""
    from align.commands import exported_rows
    from corpora.errors import UsageError
    from corpora.export import writer
    from corpora.jsonlines import open_output
    from corpora.store import open_corpus

    write = writer(format)
    if output != "-" and Path(output).exists() and not force:
        raise UsageError(f"{output} exists; --force overwrites it")
    rows = exported_rows(open_corpus(corpus), min_probability=min_probability, nulls=nulls)
    with open_output(output) as out:
        count = write(rows, out)
    _report({"beads": count}, output, quiet=quiet, as_json=as_json)


@app.command(name="eval")
def evaluate(
    gold: Annotated[str, typer.Argument(help='JSONL of {"id", "gold": [[[source], [target]]]} or {"id", "beads"}.')],
    pred: Annotated[
        list[str] | None,
        typer.Option(help="Predictions as `taiyaku align` writes them; more than one are shown one after the other."),
    ] = None,
    encoder: EncoderName = None,
    as_json: Json = False,
) -> None:
    """Score alignments against gold beads; without --pred, align the gold file's own sentences first."""
    from align.commands import predictions, read_beads
    from align.encoder import load_encoder
    from align.evaluate import evaluate as score
    from align.terminal import show_scores

    wanted = read_beads(gold)
    found = {name: read_beads(name) for name in pred} if pred else {"taiyaku": predictions(gold, load_encoder(encoder))}
    tallies = {name: score(wanted, beads) for name, beads in found.items()}
    if as_json:
        typer.echo(json.dumps({name: tally.summary() for name, tally in tallies.items()}, ensure_ascii=False))
        return
    for name, tally in tallies.items():
        show_scores(name, tally)


@app.command()
def demo(
    output: Annotated[str, typer.Option("--output", "-o", help="Folder of the corpus.")] = "taiyaku-demo",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Build a corpus from the bundled sample pages, show some of it, and say where to look next."""
    from align.commands import show_demo
    from align.pipeline import build as run
    from align.terminal import progress_bars
    from corpora.samples import sample_pages

    with sample_pages() as pages, progress_bars(quiet=quiet) as progress:
        summary = run([pages], output, fresh=True, progress=progress)
    if not as_json:
        show_demo(output)
    _close(summary, quiet=quiet, as_json=as_json, strict=False)


def _report(counts: dict[str, int], output: str, *, quiet: bool, as_json: bool) -> None:
    """One closing line; as JSON on standard output where that is not taken by the data."""
    if as_json:
        typer.echo(json.dumps({**counts, "output": output}, ensure_ascii=False), err=output == "-")
    elif not quiet:
        listed = ", ".join(f"{number} {name}" for name, number in counts.items())
        typer.echo(f"{listed}{'' if output == '-' else f' -> {output}'}", err=True)


def main() -> None:
    """Run the command line; a user's mistake ends in one line and its exit code, never a traceback."""
    try:
        app(standalone_mode=True)
    except TaiyakuError as mistake:
        if os.environ.get("TAIYAKU_DEBUG"):
            raise
        _fail(str(mistake), mistake.exit_code)
    except KeyboardInterrupt:
        _fail("interrupted; nothing half-written was left, and the same command starts again", 130)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as failure:
        if os.environ.get("TAIYAKU_DEBUG"):
            raise
        _fail(f"{failure.filename or 'a file'}: {failure.strerror or failure}", 2)


def _fail(message: str, exit_code: int) -> NoReturn:
    from align.terminal import error

    error(message)
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
