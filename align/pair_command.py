"""The command `taiyaku pair`: articles or pages in, pairs with their evidence out.

Like all of `align.cli`, it calls one library function and imports it when it is called.
"""

from __future__ import annotations

from typing import Annotated

import typer

from align.encoder_options import DEFAULT, EncoderOptions
from align.options import (
    EncoderName,
    Fields,
    Inputs,
    Jobs,
    Json,
    KnownPairs,
    Many,
    MinProbability,
    Output,
    PublisherRules,
    Quiet,
    Rejects,
    SourceLang,
    Strict,
    TargetLang,
    WindowDays,
    with_encoder_options,
)

app = typer.Typer()


@app.command()
@with_encoder_options
def pair(
    inputs: Inputs,
    output: Output = "-",
    unpaired: Annotated[str | None, typer.Option(help="File for the articles without a pair, and why.")] = None,
    rejects: Rejects = None,
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
    strict: Strict = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find the original of each translated article, or say that there is none."""
    from dataclasses import asdict

    from align.commands import unpaired_row
    from align.coverage import reject_foreign, require_languages
    from align.encoder import load_encoder
    from align.gathering import gather, require_articles
    from align.given_pairs import read_given_pairs, resolve
    from align.pairing import PairOptions, pair_articles
    from align.pipeline import require_two_languages
    from align.summary import Summary
    from align.terminal import progress_bars, report, show_damaged, show_rejects
    from align.transformer import following
    from align.workers import cores
    from corpora.jsonlines import require_row_outputs, write_rows
    from corpora.publishers import read_publishers
    from corpora.records import lost
    from corpora.rows import parse_fields
    from corpora.tables import pair_row

    outputs = {"--output": output, "--unpaired": unpaired, "--rejects": rejects}
    require_row_outputs(outputs, [*inputs, *([pairs] if pairs else [])])
    known = read_given_pairs(pairs) if pairs else []
    columns = parse_fields(fields) if fields is not None else None
    rules = read_publishers(publishers)
    require_two_languages((source_lang, target_lang))
    model = load_encoder(encoder, encoder_options)
    require_languages(model, (source_lang, target_lang))
    summary = Summary(output)
    with progress_bars(quiet=quiet) as progress, following(model, progress):
        languages = source_lang, target_lang
        articles, rejected = gather(
            inputs,
            summary,
            languages=languages,
            fields=columns,
            publishers=rules,
            outputs=tuple(filter(None, (*outputs.values(), pairs))),
            jobs=jobs or cores(),
            progress=progress,
        )
        articles, foreign = reject_foreign(articles, model)
        rejected += foreign
        sides = [articles.in_language(lang) for lang in (source_lang, target_lang)]
        pairing = pair_articles(
            sides[0],
            sides[1],
            model,
            options=PairOptions(window_days=window_days, min_probability=min_probability, many=many),
            given=resolve(known, sides[0].light(), sides[1].light()),
            jobs=jobs or cores(),
            progress=lambda done, total: progress("pair", done, total),
        )
    if rejects:
        write_rows(map(asdict, rejected), rejects)
    if not quiet and not as_json:
        show_rejects(rejected)
        show_damaged(summary.damaged)
    require_articles(articles, rejected)
    write_rows(map(pair_row, pairing.pairs), output)
    if unpaired:
        write_rows(map(unpaired_row, pairing.unpaired), unpaired)
    counts = {"pairs": len(pairing.pairs), "unpaired": len(pairing.unpaired), "rejected": len(lost(rejected))}
    report(counts, output, quiet=quiet, as_json=as_json, encoder=model)
    if strict and lost(rejected):
        raise typer.Exit(1)
