"""The command about encoders: which are known and what is said of them, how good one is, what the cache holds.

Like all of `align.cli`, it imports what it needs when it is called.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from align.encoder_options import DEFAULT, EncoderOptions
from align.options import Json, Quiet, SourceLang, TargetLang, with_encoder_options

if TYPE_CHECKING:
    from align.known_encoders import KnownEncoder
    from corpora.jsonlines import Row

app = typer.Typer()


@app.command()
@with_encoder_options
def encoders(
    measure: Annotated[
        str | None,
        typer.Option(help="Measure this encoder, by folder or hub name; 'bundled' is the one that comes along."),
    ] = None,
    pairs: Annotated[
        str | None,
        typer.Option(
            help="Translated pairs to measure by: JSONL, Parquet, TSV, TMX, XLIFF or a corpus folder.",
            show_default="the bundled samples",
        ),
    ] = None,
    source_lang: SourceLang = "ja",
    target_lang: TargetLang = "en",
    clear_cache: Annotated[bool, typer.Option("--clear-cache", help="Delete all vectors kept on disk.")] = False,
    encoder_options: EncoderOptions = DEFAULT,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """List known encoders with size, licence, languages and figures; measure one; see or clear the cache."""
    from align.vector_cache import clear_cache as clear
    from align.vector_cache import default_folder

    folder = encoder_options.cache_folder or default_folder()
    if clear_cache:
        freed = clear(folder)
        if not quiet:
            typer.echo(f"deleted {freed / 1e6:.1f} MB of vectors in {folder}", err=True)
    elif measure is None:
        _list(folder, as_json=as_json)
    else:
        _measure(measure, pairs, (source_lang, target_lang), encoder_options, quiet=quiet, as_json=as_json)


def _list(folder: Path, *, as_json: bool) -> None:
    from align.known_encoders import KNOWN, bundled_encoder
    from align.table import BUNDLED
    from align.vector_cache import cache_files
    from corpora.jsonlines import write_json_lines

    entries, files = [bundled_encoder(BUNDLED), *KNOWN], cache_files(folder)
    if as_json:
        cache = [{**file.identity, "vectors": file.vectors, "bytes": file.bytes} for file in files]
        write_json_lines([{"encoders": [_row(e) for e in entries], "cache": str(folder), "cached": cache}], sys.stdout)
        return
    from align.terminal import show_encoders

    show_encoders(entries, files, folder)


def _row(entry: KnownEncoder) -> Row:
    from dataclasses import asdict

    return {**asdict(entry), "codes": sorted(entry.codes), "ntrex": entry.ntrex and list(entry.ntrex)}


def _measure(
    name: str,
    pairs: str | None,
    languages: tuple[str, str],
    options: EncoderOptions,
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    from dataclasses import asdict, replace

    from align.coverage import require_languages
    from align.encoder import load_encoder, provenance
    from align.measure import measure, sample_pairs
    from align.terminal import progress_bars, show_cut, show_measured
    from align.transformer import following, usage
    from corpora.bitext import read_bitext
    from corpora.jsonlines import write_json_lines

    bitext = read_bitext(pairs, source_lang=languages[0], target_lang=languages[1]) if pairs else None
    translated = sample_pairs() if bitext is None else [(pair.source, pair.target) for pair in bitext]
    started = time.perf_counter()
    encoder = load_encoder(None if name == "bundled" else name, options)
    load_s = time.perf_counter() - started
    require_languages(encoder, languages)
    with progress_bars(quiet=quiet or as_json) as progress, following(encoder, progress):
        found = measure(encoder, translated)
    found = replace(found, first_s=found.first_s + load_s)
    used = usage(encoder)
    if used and used.computed < used.texts:  # what comes from the cache takes no time
        found = replace(found, sentences_per_s=None)
    if as_json:
        cut = {"texts_cut": used.cut} if used else {}
        write_json_lines(
            [{"encoder": provenance(encoder), "languages": list(languages), **asdict(found), **cut}], sys.stdout
        )
    else:
        show_measured(provenance(encoder), found, languages)
        show_cut(used)
