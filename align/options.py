"""The arguments and options that several commands share, each with its help, unit and bounds."""

from __future__ import annotations

from typing import Annotated

import typer

Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Saved pages or articles: files, folders, globs; .html .htm .txt .md .jsonl .parquet, any charset.",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary; errors still show.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON, to standard output if it is free.")]
Rejects = Annotated[str | None, typer.Option(help="File for the pages that were not used, and why.")]
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
