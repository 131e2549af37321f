"""The arguments and options that several commands share, each with its help, unit and bounds.

Commands that encode share eight options about how; `with_encoder_options` gives them to a command and hands it one
record in their place.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import typer

from align.encoder_options import Backend, Dtype, EncoderOptions
from corpora.errors import UsageError

Code = TypeVar("Code", str, None)


def language_code(given: Code) -> Code:
    """The code in small letters. Raises UsageError for what is none, since no text would be in it.

    >>> language_code("JA")
    'ja'
    """
    if given is None:
        return given
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", given):
        raise UsageError(f"{given!r} is no language code; write one of two or three letters, such as ja or en")
    return given.lower()


Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Saved pages or articles: files, folders, globs, -; .html .htm .txt .md .jsonl .parquet .csv .tsv .warc "
        ".zip .tar .gz, any charset.",
        show_default=False,
    ),
]
Fields = Annotated[
    str | None,
    typer.Option(
        help="Which columns of JSONL, CSV or Parquet hold what: title=headline,text=body,date=published.",
        show_default="by our own names",
    ),
]
PublisherRules = Annotated[
    str | None,
    typer.Option(
        "--publishers",
        help="TOML file of rules for the pages of your publishers, in the form of corpora/publishers.toml.",
        show_default="general rules and those that come with Taiyaku",
    ),
]
OnlyChecks = Annotated[
    str | None,
    typer.Option(
        "--checks",
        help="Make only these checks, named with commas between them: number, date, unit, name, negation, polarity, "
        "mistranslation, attribution, omission, addition.",
        show_default="all",
    ),
]
WithoutChecks = Annotated[
    str | None, typer.Option("--without", help="Checks to leave out, named likewise.", show_default="none")
]
Bars = Annotated[
    list[str] | None,
    typer.Option(
        "--bar",
        help="Raise the bar of a check for fewer findings, in log-odds: omission=1 or addition=1; may be given twice.",
        show_default="0",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary; errors still show.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON, to standard output if it is free.")]
Rejects = Annotated[str | None, typer.Option(help="File for the pages that were not used, and why.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 if any input was rejected.")]
SourceLang = Annotated[str, typer.Option(help="Language of the originals, ISO 639-1.", callback=language_code)]
TargetLang = Annotated[str, typer.Option(help="Language of the translations, ISO 639-1.", callback=language_code)]
TextLang = Annotated[
    str | None,
    typer.Option("--lang", help="Language of texts that do not name theirs; else identified.", callback=language_code),
]
Languages = Annotated[
    list[str] | None,
    typer.Option(
        "--lang",
        help="Keep articles in this language; may be given more than once.",
        callback=lambda given: given and [language_code(one) for one in given],
    ),
]
WindowDays = Annotated[int, typer.Option(min=0, help="Days that the dates of a pair may lie apart.")]
Many = Annotated[
    bool,
    typer.Option(
        "--many/--one-to-one", help="Let an article be in several pairs: digests of two originals, updated versions."
    ),
]
KnownPairs = Annotated[
    str | None,
    typer.Option(
        "--pairs",
        help="File of pairs that you know: source_id, target_id, and is_pair (no: never make it). .csv .tsv .jsonl "
        ".parquet; articles by id, address or file.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, help="Processes that work at once where there is much to do.", show_default="one a core"),
]
MinProbability = Annotated[float, typer.Option(min=0.0, max=1.0, help="Least probability of an article pair, 0 to 1.")]
MaxSource = Annotated[int, typer.Option(min=1, max=8, help="Most source sentences in a bead.")]
MaxTarget = Annotated[int, typer.Option(min=1, max=8, help="Most target sentences in a bead.")]
Monotonic = Annotated[bool, typer.Option("--monotonic", help="Never let beads cross.")]
NoNull = Annotated[
    bool,
    typer.Option(
        "--no-null",
        help="Leave no sentence alone where the longest beads allow it, in long texts from stretch to stretch.",
    ),
]
Explain = Annotated[
    bool,
    typer.Option("--explain", help="Say with each bead what speaks for and against it (JSONL or the terminal)."),
]
Output = Annotated[str, typer.Option("--output", "-o", help="File to write; - is standard output.")]

PANEL = "Encoder"
EncoderName = Annotated[
    str | None,
    typer.Option(
        help="A sentence-transformers model, by folder or hub name, in place of the bundled Japanese-English table; "
        "a hub name may be downloaded. `taiyaku encoders` lists known ones.",
        show_default="bundled",
        rich_help_panel=PANEL,
    ),
]
CLEANING = "Filters"
OnlyFilters = Annotated[
    str | None,
    typer.Option(
        "--filters",
        help="Filters to use, with commas between them; none uses none.",
        show_default="duplicate,boilerplate,language,length,probability",
        rich_help_panel=CLEANING,
    ),
]
WithoutFilters = Annotated[
    str | None,
    typer.Option(
        "--without-filters",
        help="Filters not to use, with commas between them.",
        rich_help_panel=CLEANING,
        show_default=False,
    ),
]
MinBeadProbability = Annotated[
    float,
    typer.Option(
        "--min-bead-probability",
        min=0,
        max=1,
        help="Least probability of a bead with two sides; the others become rejects.",
        rich_help_panel=CLEANING,
    ),
]
MaxLengthRatio = Annotated[
    float,
    typer.Option(
        "--max-length-ratio",
        min=1,
        help="How many times longer or shorter than usual in this corpus a bead's target may be.",
        rich_help_panel=CLEANING,
    ),
]
KeepGone = Annotated[
    bool,
    typer.Option(
        "--keep-gone", help="Keep articles whose pages are no longer in a folder or file that is given again."
    ),
]
Licence = Annotated[
    str,
    typer.Option(help="Licence of the corpus for its card, as Hugging Face names it: cc-by-4.0, other, unknown ..."),
]

Device = Annotated[
    str | None,
    typer.Option(help="Where the model runs: cpu, cuda, mps ...", show_default="the best", rich_help_panel=PANEL),
]
Precision = Annotated[Dtype, typer.Option("--dtype", help="Precision of the model.", rich_help_panel=PANEL)]
BatchSize = Annotated[
    int, typer.Option(min=1, help="Texts the model gets at once; fewer need less memory.", rich_help_panel=PANEL)
]
Prompt = Annotated[
    str | None,
    typer.Option(
        help="Text to put before every sentence, or the name of one of the model's prompts; '' is none.",
        show_default="what the model asks for",
        rich_help_panel=PANEL,
    ),
]
BackendName = Annotated[
    Backend,
    typer.Option("--backend", help="What runs the model; all but torch are installed apart.", rich_help_panel=PANEL),
]
Revision = Annotated[
    str | None,
    typer.Option(help="Commit, tag or branch of a hub model.", show_default="the one there is", rich_help_panel=PANEL),
]
TrustRemoteCode = Annotated[
    bool, typer.Option("--trust-remote-code", help="Run Python code that comes with the model.", rich_help_panel=PANEL)
]
NoContrast = Annotated[
    bool,
    typer.Option(
        "--no-contrast",
        help="Take the model's vectors as they are, even if it finds all texts alike.",
        rich_help_panel=PANEL,
    ),
]
CacheFolder = Annotated[
    Path | None,
    typer.Option(
        "--encoder-cache",
        help="Folder for vectors of texts that a model has seen.",
        show_default="the user's cache folder",
        rich_help_panel=PANEL,
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-encoder-cache", help="Keep no vectors after the run.", rich_help_panel=PANEL)
]


Command = TypeVar("Command", bound=Callable[..., None])


def _encoder_options(
    device: Device = None,
    dtype: Precision = "float32",
    batch_size: BatchSize = 32,
    prompt: Prompt = None,
    backend: BackendName = "torch",
    revision: Revision = None,
    trust_remote_code: TrustRemoteCode = False,
    no_contrast: NoContrast = False,
    encoder_cache: CacheFolder = None,
    no_encoder_cache: NoCache = False,
) -> EncoderOptions:
    return EncoderOptions(
        device=device,
        dtype=dtype,
        batch_size=batch_size,
        prompt=prompt,
        backend=backend,
        revision=revision,
        trust_remote_code=trust_remote_code,
        contrast=not no_contrast,
        cached=not no_encoder_cache,
        cache_folder=encoder_cache,
    )


def with_encoder_options(command: Command) -> Command:
    """Give a command the options of the panel but `--encoder`, in place of its parameter `encoder_options`."""
    own = inspect.signature(command, eval_str=True).parameters
    added = inspect.signature(_encoder_options, eval_str=True).parameters

    @functools.wraps(command)
    def with_options(**given: Any) -> None:
        chosen = _encoder_options(**{name: given.pop(name) for name in added})
        command(**given, encoder_options=chosen)

    shown: list[inspect.Parameter] = []
    for name, parameter in own.items():
        shown += added.values() if name == "encoder_options" else [parameter]
    keywords = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in shown]
    with_options.__signature__ = inspect.Signature(keywords)  # type: ignore[attr-defined]
    with_options.__annotations__ = {parameter.name: parameter.annotation for parameter in keywords}
    return cast(Command, with_options)
