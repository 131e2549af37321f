"""What the commands do beyond one library call: rows in, rows out, for `align.cli`."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from align.beads import align_sentences
from align.coverage import foreign, require_readable
from align.fidelity import check
from align.pairing import Unpaired
from align.scoring import AlignOptions
from align.terminal import note, show_beads
from align.terminal import out as console
from align.vectors import Encoder
from corpora import language
from corpora.bitext import TextPair
from corpora.errors import InputError, NoUsableInput, PageRejected, UsageError
from corpora.export import writer
from corpora.jsonlines import Row, open_output, parse_rows, read_rows, write_json_lines
from corpora.page import read_article
from corpora.read import read_pages
from corpora.records import SEVERITIES, Bead, Finding, Page, Reject
from corpora.segment import looks_wrapped, split
from corpora.store import Corpus, open_corpus, require_corpus_place
from corpora.tables import bead_row, finding_row, joiner, pair_row

DEMO_BEADS = 6


def segmented(texts: str, *, lang: str | None, wrapped: bool | None = None) -> Iterator[Row]:
    """Sentences with offsets, one row a text; `wrapped` None tells wrapped lines by how they look."""
    for number, (identity, text, named) in enumerate(_texts(texts), start=1):
        code = named or lang or language.identify(text)
        rules = code or "und"  # too little text to tell, so nothing is claimed; the general rules cut it
        joins_lines = looks_wrapped(text, rules) if wrapped is None else wrapped
        spans = split(text, rules, newline_ends=not joins_lines)
        sentences = [{"start": start, "end": end, "text": text[start:end]} for start, end in spans]
        yield {"id": identity or str(number), "lang": code, "sentences": sentences}


def _texts(path: str) -> Iterator[tuple[str | None, str, str | None]]:
    """(id, text, language) of JSONL or Parquet rows, or of one plain text."""
    if path == "-":
        content = _standard_input()
        if not content.strip():
            raise NoUsableInput("standard input holds no text")
        if not content.lstrip().startswith("{"):
            yield None, content, None
            return
        rows = parse_rows(io.StringIO(content), path)  # splitlines would cut at U+2028, which JSON may hold
    elif Path(path).suffix.lower() in (".jsonl", ".parquet"):
        rows = read_rows(path)
    else:
        yield Path(path).name, _plain_text(path), None
        return
    for where, row in rows:
        text = row.get("text")
        if not isinstance(text, str):
            raise InputError(f'{where} has no text; expected {{"id"?, "lang"?, "text"}}, found {sorted(row)}')
        yield _optional(row.get("id")), text, _optional(row.get("lang"))


def _standard_input() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise InputError(f"standard input is not UTF-8 ({error}); convert it, or name a file in any charset") from error


def _optional(value: object) -> str | None:
    return None if value is None else str(value)


def _pages(path: str) -> Page:
    """The one page a file holds, decoded."""
    if path != "-" and not Path(path).is_file():
        raise InputError(f"{path} is not a file; name a text or a page")
    page = next(iter(read_pages([path])))
    if isinstance(page, Page) and page.kind != "row":
        return page
    if isinstance(page, Reject) and page.reason == "empty":
        raise NoUsableInput(page.detail)
    raise InputError(f"{path} cannot be used: {'it holds rows, not a text' if isinstance(page, Page) else page.detail}")


def _plain_text(path: str) -> str:
    return _pages(path).text


def aligned_documents(path: str, encoder: Encoder, languages: tuple[str, str], options: AlignOptions) -> Iterator[Row]:
    """`{"id", "beads"}` for each document of given sentences; a note for one the encoder cannot read."""
    for identity, source, target in _documents(path, languages):
        shares = foreign([" ".join(source), " ".join(target)], encoder)
        for share, lang in zip(shares, languages, strict=True):
            if share is not None:
                note(f"document {identity}: the encoder knows only {share:.0%} of its letters on the {lang} side")
        yield {"id": identity, "beads": [bead_row(b) for b in _align(source, target, encoder, languages, options)]}


def _align(
    source: Sequence[str], target: Sequence[str], encoder: Encoder, languages: tuple[str, str], options: AlignOptions
) -> list[Bead]:
    joiners = (joiner(languages[0]), joiner(languages[1]))
    return align_sentences(source, target, encoder, options=options, joiners=joiners)


def _documents(path: str, languages: tuple[str, str]) -> Iterator[tuple[str, list[str], list[str]]]:
    for number, (where, row) in enumerate(read_rows(path), start=1):
        sides = []
        for keys in zip(("source", "target"), languages, strict=True):
            sentences = next((row[key] for key in keys if key in row), None)
            if not isinstance(sentences, list) or not all(isinstance(s, str) for s in sentences):
                raise InputError(f"{where} needs a list of sentences under {keys[0]!r} or {keys[1]!r}")
            sides.append(sentences)
        yield str(row.get("id", number)), sides[0], sides[1]


def aligned_texts(
    paths: tuple[str, str],
    encoder: Encoder,
    languages: tuple[str, str],
    options: AlignOptions,
    *,
    presegmented: bool,
    pages: bool,
) -> list[Row]:
    """Beads of two files with their texts, shaped like rows of a corpus."""
    sides = []
    for path, lang in zip(paths, languages, strict=True):
        sentences = _sentences(path, lang, presegmented=presegmented, pages=pages)
        found = language.identify("\n".join(sentences))
        if found is not None and found != lang and found in languages:
            raise UsageError(
                f"{path} is in {found}, expected {lang}: give the original first, or say which is which with "
                "--source-lang and --target-lang"
            )
        require_readable("\n".join(sentences), path, lang, encoder)
        sides.append(sentences)
    beads = _align(sides[0], sides[1], encoder, languages, options)
    return [_row_with_texts(bead, sides, languages) for bead in beads]


def _sentences(path: str, lang: str, *, presegmented: bool, pages: bool) -> list[str]:
    page = _pages(path)
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


def write_beads(rows: Sequence[Row], output: str, languages: tuple[str, str]) -> None:
    """By suffix of the file; on a terminal a table, in a pipe JSONL."""
    if output == "-":
        if sys.stdout.isatty():
            show_beads(rows, languages)
        else:
            write_json_lines(rows, sys.stdout)
        return
    write = writer(Path(output).suffix.lstrip(".").lower() or "jsonl")
    with open_output(output) as out:
        write(rows, out)


def checked(pairs: Iterable[TextPair], findings: list[Finding], *, source_lang: str, target_lang: str) -> Iterator[Row]:
    """A row of findings for each pair; they are added to `findings` too, for whoever counts them."""
    for pair in pairs:
        found = check(pair.source, pair.target, source_lang=source_lang, target_lang=target_lang, date=pair.date)
        findings += found
        yield {"id": pair.id, "findings": [finding_row(finding) for finding in found]}


def severe(findings: Sequence[Finding], threshold: str) -> bool:
    """Whether any finding is at least this severe."""
    return any(SEVERITIES.index(f.severity) >= [*SEVERITIES].index(threshold) for f in findings)  # type: ignore[arg-type]


def unpaired_row(unpaired: Unpaired) -> Row:
    return {
        "article_id": unpaired.article_id,
        "path": unpaired.path,
        "lang": unpaired.lang,
        "why": unpaired.why,
        "best": None if unpaired.best is None else pair_row(unpaired.best),
    }


def exported_rows(corpus: Corpus, *, min_probability: float, nulls: bool) -> Iterator[Row]:
    """The beads that were asked for, in the corpus's order."""
    for row in corpus.rows("beads"):
        probability = row["probability"]
        if (nulls or (row["source_text"] and row["target_text"])) and (
            not isinstance(probability, float) or probability >= min_probability
        ):
            yield row


def read_beads(path: str) -> dict[str, list[Bead]]:
    """Beads by document id, as gold (`[[source], [target]]`) or as `taiyaku align` writes them."""
    documents: dict[str, list[Bead]] = {}
    for number, (where, row) in enumerate(read_rows(path), start=1):
        beads = row.get("gold", row.get("beads"))
        if not isinstance(beads, list):
            raise InputError(f"{where} has neither gold nor beads; expected a list of [[source], [target]]")
        documents[str(row.get("id", number))] = [_read_bead(bead, where) for bead in beads]
    return documents


def _read_bead(bead: object, where: str) -> Bead:
    try:
        if isinstance(bead, Mapping):
            source, target, probability = bead["source"], bead["target"], bead.get("probability")
        else:
            (source, target), probability = bead, None  # type: ignore[misc]
        return Bead(tuple(map(int, source)), tuple(map(int, target)), None, probability)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{where}: {bead!r} is not a bead; expected [[source], [target]] of indices") from error


def predictions(path: str, encoder: Encoder) -> dict[str, list[Bead]]:
    """Our own beads for the sentences of a gold file."""
    languages = ("ja", "en")
    return {
        identity: _align(source, target, encoder, languages, AlignOptions())
        for identity, source, target in _documents(path, languages)
    }


def require_demo_place(folder: str) -> None:
    """Raise UsageError if the folder holds a corpus of other pages than the samples: the demo starts it over."""
    require_corpus_place(folder)
    if (Path(folder) / "corpus.json").exists():
        paths = [Path(str(row["path"])) for row in open_corpus(folder).rows("articles")]
        own = next((path for path in paths if path.parts[-4:-1] != ("corpora", "samples", "pages")), None)
        if own:
            raise UsageError(f"{folder} holds a corpus of your own pages ({own} ...); name another folder with -o")


def show_demo(corpus: str) -> None:
    """The beads around the first finding side by side, all findings, and what to try next."""
    opened = open_corpus(corpus)
    beads = list(opened.rows("beads"))
    at = next((i for i, row in enumerate(beads) if row["findings"]), DEMO_BEADS)
    chosen = [row for row in beads[max(0, at - DEMO_BEADS) : at + 3] if row["pair_id"] == beads[at]["pair_id"]]
    show_beads(chosen, (str(beads[at]["source_lang"]), str(beads[at]["target_lang"])))
    for finding in opened.rows("findings"):
        console.print(f"finding ({finding['severity']} {finding['category']}): {finding['message']}", markup=False)
    taiyaku, python = _commands_here()
    console.print(
        f"\nThe corpus is in {corpus}: beads, articles, pairs, findings and rejects as Parquet, and README.md. Try\n"
        f"  {taiyaku} export {corpus} -o beads.tmx\n"
        f"  {python} -c \"import pandas; print(pandas.read_parquet('{corpus}/beads'))\"\n"
        f"  {taiyaku} build YOUR-PAGES -o YOUR-CORPUS\n",
        markup=False,
    )


def _commands_here() -> tuple[str, str]:
    """How to call this installation's `taiyaku` and `python`, which may be on no path yet."""
    names = []
    for own in (Path(sys.executable).with_name("taiyaku"), Path(sys.executable)):
        found = shutil.which(own.name)
        names.append(own.name if found and Path(found).absolute() == own.absolute() else os.path.relpath(own))
    return names[0], names[1]
