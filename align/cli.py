"""The `taiyaku` command. Each command calls one library function and says what came of it.

Data goes to standard output or to `-o`, everything for people to standard error. Exit codes: 0 done; 1 done, but a
threshold the user set was missed; 2 wrong usage; 3 no usable input; 130 interrupted; 141 the reader of our output has
gone. Imports are inside the commands, so that `--help` costs nothing.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from align.corpus_commands import app as corpus_commands
from align.encoder_commands import app as encoder_commands
from align.encoder_options import DEFAULT, EncoderOptions
from align.import_commands import app as import_commands
from align.options import (
    Bars,
    EncoderName,
    Fields,
    Inputs,
    Jobs,
    Json,
    KeepGone,
    KnownPairs,
    Languages,
    Licence,
    Many,
    MaxLengthRatio,
    MaxSource,
    MaxTarget,
    MinBeadProbability,
    MinProbability,
    Monotonic,
    OnlyChecks,
    OnlyFilters,
    Output,
    PublisherRules,
    Quiet,
    Rejects,
    SourceLang,
    Strict,
    TargetLang,
    WindowDays,
    WithoutChecks,
    WithoutFilters,
    with_encoder_options,
)
from align.pair_command import app as pair_command
from align.steps import app as steps
from corpora import __version__
from corpora.errors import TaiyakuError, UsageError

if TYPE_CHECKING:
    from align.summary import Summary

INTERRUPTED = 130
CLOSED_PIPE = 141  # as a shell calls a command that SIGPIPE ended

app = typer.Typer(
    name="taiyaku",
    help="Pair English articles with their Japanese originals, align them sentence by sentence, check the "
    "translation, and write parallel corpora to Parquet.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"taiyaku {__version__}")
        raise typer.Exit


app.add_typer(pair_command)
app.add_typer(steps)
app.add_typer(encoder_commands)
app.add_typer(corpus_commands)
app.add_typer(import_commands, name="import")


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
@with_encoder_options
def build(
    inputs: Inputs,
    output: Annotated[str, typer.Option("--output", "-o", help="Folder of the corpus.", show_default=False)],
    fields: Fields = None,
    publishers: PublisherRules = None,
    source_lang: SourceLang = "ja",
    target_lang: TargetLang = "en",
    encoder: EncoderName = None,
    encoder_options: EncoderOptions = DEFAULT,
    window_days: WindowDays = 3,
    min_probability: MinProbability = 0.5,
    many: Many = False,
    pairs: KnownPairs = None,
    jobs: Jobs = None,
    max_source: MaxSource = 4,
    max_target: MaxTarget = 4,
    monotonic: Monotonic = False,
    checks: OnlyChecks = None,
    without: WithoutChecks = None,
    bar: Bars = None,
    filters: OnlyFilters = None,
    without_filters: WithoutFilters = None,
    min_bead_probability: MinBeadProbability = 0.0,
    max_length_ratio: MaxLengthRatio = 3.0,
    licence: Licence = "unknown",
    keep_gone: KeepGone = False,
    fresh: Annotated[
        bool, typer.Option("--fresh/--resume", help="Start over, or keep what the corpus holds and add to it.")
    ] = False,
    strict: Strict = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make a parallel corpus from saved pages: read, extract, pair, align, check, write."""
    from align.fidelity import parse_checks
    from align.pairing import PairOptions
    from align.pipeline import BuildOptions
    from align.pipeline import build as run
    from align.scoring import AlignOptions
    from align.terminal import progress_bars
    from align.workers import cores
    from corpora.clean import parse_filters
    from corpora.rows import parse_fields

    if output == "-":
        raise UsageError("a corpus is a folder and cannot go to standard output; name a folder with -o")
    columns = parse_fields(fields) if fields is not None else {}
    options = BuildOptions(
        source_lang,
        target_lang,
        encoder,
        PairOptions(window_days=window_days, min_probability=min_probability, many=many),
        AlignOptions(max_source=max_source, max_target=max_target, monotonic=monotonic),
        encoder_options,
        fields=tuple(columns.items()),
        publishers=publishers,
        pairs=pairs,
        checks=parse_checks(checks, without, bar or ()),
        clean=parse_filters(
            filters, without_filters, min_probability=min_bead_probability, max_length_ratio=max_length_ratio
        ),
        licence=licence,
        keep_gone=keep_gone,
    )
    with progress_bars(quiet=quiet) as progress:
        summary = run(inputs, output, options=options, fresh=fresh, jobs=jobs or cores(), progress=progress)
    _close(summary, quiet=quiet, as_json=as_json, strict=strict)


def _close(summary: Summary, *, quiet: bool, as_json: bool, strict: bool) -> None:
    """Show what a build did, and exit with 1 if it was to be strict and something was rejected."""
    from align.terminal import show_summary
    from corpora.jsonlines import write_json_lines

    if as_json:
        write_json_lines([summary.as_json()], sys.stdout)
    elif not quiet:
        show_summary(summary)
    if strict and summary.lost:
        raise typer.Exit(1)


@app.command()
def extract(
    inputs: Inputs,
    output: Output = "-",
    rejects: Rejects = None,
    fields: Fields = None,
    publishers: PublisherRules = None,
    lang: Languages = None,
    jobs: Jobs = None,
    strict: Strict = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Read pages and write their articles: text without furniture, title, date, byline, credit, sentences."""
    from dataclasses import asdict

    from align.gathering import gather, require_articles
    from align.summary import Summary
    from align.terminal import progress_bars, report, show_damaged, show_rejects
    from align.workers import cores
    from corpora.jsonlines import require_row_outputs, write_rows
    from corpora.publishers import read_publishers
    from corpora.records import lost
    from corpora.rows import article_to_row, parse_fields

    outputs = {"--output": output, "--rejects": rejects}
    require_row_outputs(outputs, inputs)

    columns = parse_fields(fields) if fields is not None else None
    rules = read_publishers(publishers)
    summary = Summary(output)
    with progress_bars(quiet=quiet) as progress:
        articles, rejected = gather(
            inputs,
            summary,
            languages=tuple(lang or ("ja", "en")),
            fields=columns,
            publishers=rules,
            outputs=tuple(filter(None, outputs.values())),
            jobs=jobs or cores(),
            progress=progress,
        )
    if rejects:
        write_rows(map(asdict, rejected), rejects)
    if not quiet and not as_json:
        show_rejects(rejected)
        show_damaged(summary.damaged)
    require_articles(articles, rejected)
    write_rows((article_to_row(article) for article in articles), output)
    counts = {"pages": summary.pages, "articles": len(articles), "rejected": len(lost(rejected))}
    if summary.damaged:
        counts["characters unreadable"] = sum(summary.damaged.values())
    report(counts, output, quiet=quiet, as_json=as_json)
    if strict and lost(rejected):
        raise typer.Exit(1)


@app.command()
def demo(
    output: Annotated[str, typer.Option("--output", "-o", help="Folder of the corpus.")] = "taiyaku-demo",
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Build a corpus from the bundled sample pages, show some of it, and say where to look next."""
    from align.commands import require_demo_place, show_demo
    from align.pipeline import build as run
    from align.terminal import progress_bars
    from corpora.samples import sample_pages

    require_demo_place(output)
    with sample_pages() as pages, progress_bars(quiet=quiet) as progress:
        summary = run([pages], output, fresh=True, progress=progress)
    if not as_json:
        show_demo(output)
    _close(summary, quiet=quiet, as_json=as_json, strict=False)


def main() -> None:
    """Run the command line; a user's mistake ends in one line and its exit code, never a traceback."""
    _exchange_utf8()
    try:
        app(standalone_mode=True)
    except SystemExit as end:
        if end.code == INTERRUPTED:  # typer has made an exit of the KeyboardInterrupt
            _fail(
                "interrupted; nothing half-written was left. The same command starts again, a build goes on from here",
                INTERRUPTED,
            )
        raise
    except TaiyakuError as mistake:
        _fail(str(mistake), mistake.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CLOSED_PIPE)
    except OSError as failure:
        _fail(f"{failure.filename or 'a file'}: {failure.strerror or failure}", 2)


def _exchange_utf8() -> None:
    """Read and write UTF-8 in pipes whatever the locale says, as in files; terminals stay as they are."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="strict")


def _fail(message: str, exit_code: int) -> NoReturn:
    from align.terminal import error

    if os.environ.get("TAIYAKU_DEBUG"):
        traceback.print_exc()
    error(message)
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
