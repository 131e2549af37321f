"""What `taiyaku align` and `taiyaku eval` do beyond one library call: rows in, rows out, for `align.steps`."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from align.beads import align_sentences
from align.commands import one_page
from align.coverage import foreign, require_readable
from align.evaluate import Tally
from align.explain import explain
from align.reliability import reliability_plot
from align.scoring import AlignOptions
from align.terminal import note, show_beads
from align.vectors import Encoder
from corpora import language
from corpora.errors import InputError, PageRejected, UsageError
from corpora.export import Writer, writer
from corpora.jsonlines import Row, read_rows, write_json_lines
from corpora.outputs import is_standard_output, open_output, require_outputs
from corpora.page import read_article
from corpora.records import Bead
from corpora.segment import looks_wrapped, split
from corpora.tables import bead_row, joiner


@dataclass(frozen=True, slots=True)
class Aligner:
    """An encoder, the languages of source and target, which beads may be chosen, and whether to say why."""

    encoder: Encoder
    languages: tuple[str, str] = ("ja", "en")
    options: AlignOptions = field(default_factory=AlignOptions)
    explains: bool = False

    def beads(self, source: Sequence[str], target: Sequence[str]) -> list[Bead]:
        return align_sentences(source, target, self.encoder, options=self.options, languages=self.languages)

    def explanations(self, source: Sequence[str], target: Sequence[str], beads: Sequence[Bead]) -> list[Row]:
        """What to add to each bead's row: nothing if no explanation was asked for."""
        if not self.explains:
            return [{} for _ in beads]
        found = explain(source, target, beads, self.encoder, options=self.options, languages=self.languages)
        return [{"explanation": one.row() if one else None} for one in found]


def aligned_documents(path: str, aligner: Aligner) -> Iterator[Row]:
    """`{"id", "beads"}` for each document of given sentences; a note for one the encoder cannot read."""
    for identity, source, target in _documents(path, aligner.languages):
        shares = foreign([" ".join(source), " ".join(target)], aligner.encoder)
        for share, lang in zip(shares, aligner.languages, strict=True):
            if share is not None:
                note(f"document {identity}: the encoder knows only {share:.0%} of its letters on the {lang} side")
        beads = aligner.beads(source, target)
        why = aligner.explanations(source, target, beads)
        yield {"id": identity, "beads": [bead_row(bead) | more for bead, more in zip(beads, why, strict=True)]}


def _documents(path: str, languages: tuple[str, str]) -> Iterator[tuple[str, list[str], list[str]]]:
    for number, (where, row) in enumerate(read_rows(path), start=1):
        sides = []
        for keys in zip(("source", "target"), languages, strict=True):
            sentences = next((row[key] for key in keys if key in row), None)
            if not isinstance(sentences, list) or not all(isinstance(s, str) for s in sentences):
                raise InputError(f"{where} needs a list of sentences under {keys[0]!r} or {keys[1]!r}")
            sides.append(sentences)
        yield _identity(row, number), sides[0], sides[1]


def aligned_texts(paths: tuple[str, str], aligner: Aligner, *, presegmented: bool, pages: bool) -> list[Row]:
    """Beads of two files with their texts, shaped like rows of a corpus."""
    languages = aligner.languages
    sides = []
    for path, lang in zip(paths, languages, strict=True):
        sentences = _sentences(path, lang, presegmented=presegmented, pages=pages)
        found = language.identify("\n".join(sentences))
        if found is not None and found != lang and found in languages:
            raise UsageError(
                f"{path} is in {found}, expected {lang}: give the original first, or say which is which with "
                "--source-lang and --target-lang"
            )
        require_readable("\n".join(sentences), path, lang, aligner.encoder)
        sides.append(sentences)
    beads = aligner.beads(sides[0], sides[1])
    why = aligner.explanations(sides[0], sides[1], beads)
    rows = [_row_with_texts(bead, sides, languages) | more for bead, more in zip(beads, why, strict=True)]
    return [{"bead_id": str(number), **row} for number, row in enumerate(rows, start=1)]


def _sentences(path: str, lang: str, *, presegmented: bool, pages: bool) -> list[str]:
    page = one_page(path)
    if presegmented:
        return [line.strip() for line in io.StringIO(page.text, newline=None) if line.strip()]
    if page.kind == "html" or pages:
        try:
            return read_article(page, languages=None).sentence_texts()
        except PageRejected as rejected:
            raise InputError(f"{path} holds no article: {rejected.detail}") from rejected
    newline_ends = not looks_wrapped(page.text, lang)
    return [page.text[start:end] for start, end in split(page.text, lang, newline_ends=newline_ends)]


def _row_with_texts(bead: Bead, sides: Sequence[Sequence[str]], languages: tuple[str, str]) -> Row:
    texts = [
        joiner(lang).join(sentences[i] for i in chosen) or None
        for sentences, chosen, lang in zip(sides, (bead.source, bead.target), languages, strict=True)
    ]
    return {
        **bead_row(bead),
        "kind": bead.kind,
        "source_lang": languages[0],
        "target_lang": languages[1],
        "source_text": texts[0],
        "target_text": texts[1],
    }


def require_explainable(output: str) -> None:
    """Raise UsageError for a format that has no place for an explanation."""
    suffix = Path(output).suffix.lower()
    if output != "-" and suffix not in ("", ".jsonl"):
        raise UsageError(f"--explain: {suffix} has no place for explanations; write .jsonl, or leave -o out")


def require_bead_output(output: str, inputs: Sequence[str]) -> None:
    """Raise UsageError, before any work, for a place or format that beads cannot be written to."""
    require_outputs({"--output": output}, inputs)
    _writer(output)


def _writer(output: str) -> Writer:
    return writer("jsonl" if is_standard_output(output) else Path(output).suffix.lstrip(".").lower() or "jsonl")


def write_beads(rows: Sequence[Row], output: str, languages: tuple[str, str]) -> None:
    """By suffix of the file; on a terminal a table, in a pipe JSONL."""
    if output == "-":
        if sys.stdout.isatty():
            show_beads(rows, languages)
        else:
            write_json_lines(rows, sys.stdout)
        return
    with open_output(output) as out:
        _writer(output)(rows, out)


def read_beads(path: str) -> dict[str, list[Bead]]:
    """Beads by document id, as gold (`[[source], [target]]`) or as `taiyaku align` writes them."""
    documents: dict[str, list[Bead]] = {}
    for number, (where, row) in enumerate(read_rows(path), start=1):
        beads = row.get("gold", row.get("beads"))
        if not isinstance(beads, list):
            raise InputError(f"{where} has neither gold nor beads; expected a list of [[source], [target]]")
        identity = _identity(row, number)
        if identity in documents:
            raise InputError(f"{where}: a document {identity!r} stands further up; each needs an id of its own")
        documents[identity] = [_read_bead(bead, where) for bead in beads]
    return documents


def _identity(row: Row, number: int) -> str:
    identity = row.get("id")
    return str(number if identity is None else identity)


def _read_bead(bead: object, where: str) -> Bead:
    try:
        if isinstance(bead, Mapping):
            source, target, probability = bead["source"], bead["target"], bead.get("probability")
        else:
            (source, target), probability = bead, None  # type: ignore[misc]
        sides = [tuple(_sentence_number(one) for one in side) for side in (source, target)]
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{where}: {bead!r} is not a bead; expected [[source], [target]] of indices") from error
    if probability is not None and not (
        isinstance(probability, int | float) and not isinstance(probability, bool) and 0 <= probability <= 1
    ):
        raise InputError(f"{where}: {probability!r} is not a probability; expected a number from 0 to 1, or null")
    return Bead(sides[0], sides[1], None, probability)


def _sentence_number(value: object) -> int:
    """Raises ValueError for anything but a whole number from 0 up."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def predictions(path: str, encoder: Encoder) -> dict[str, list[Bead]]:
    """Our own beads for the sentences of a gold file."""
    aligner = Aligner(encoder)
    return {i: aligner.beads(source, target) for i, source, target in _documents(path, aligner.languages)}


def write_plot(tallies: Mapping[str, Tally], output: str) -> None:
    """A reliability plot of the predictions: for one its beads and null beads, for several all beads of each."""
    if len(tallies) == 1:
        ((title, tally),) = tallies.items()
        lines = {kind: one for kind, one in tally.calibration().items() if kind != "all"}
    else:
        title = "reliability"
        lines = {name: one["all"] for name, tally in tallies.items() if (one := tally.calibration())}
    if not lines:
        raise InputError("--plot: no predicted bead has a probability, so there is nothing to plot")
    with open_output(output) as out:
        out.write(reliability_plot(lines, title))
