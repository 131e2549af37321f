"""What the commands do beyond one library call: rows in, rows out, for `align.cli`."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from align.document_report import as_page, document_reports
from align.fidelity import CheckOptions, check_pairs
from align.pairing import Unpaired
from align.terminal import out as console
from align.terminal import show_beads
from corpora import language
from corpora.bitext import TextPair
from corpora.errors import InputError, NoUsableInput, UsageError
from corpora.jsonlines import Row, parse_rows, read_rows, write_rows
from corpora.outputs import open_output
from corpora.read import read_pages
from corpora.records import SEVERITIES, Finding, Page, Reject
from corpora.segment import line_spans, looks_wrapped, split
from corpora.store import Corpus, open_corpus
from corpora.tables import finding_row, pair_row
from corpora.workplace import require_corpus_place

DEMO_BEADS = 6
DEMO_FINDINGS = 8


def segmented(
    texts: str, *, lang: str | None, wrapped: bool | None = None, presegmented: bool = False
) -> Iterator[Row]:
    """Sentences with offsets, one row a text; `wrapped` None tells wrapped lines by how they look."""
    for number, (identity, text, named) in enumerate(_texts(texts), start=1):
        code = named or lang or language.identify(text)
        rules = code or "und"  # too little text to tell, so nothing is claimed; the general rules cut it
        joins_lines = looks_wrapped(text, rules) if wrapped is None else wrapped
        spans = line_spans(text) if presegmented else split(text, rules, newline_ends=not joins_lines)
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
        yield _optional(row.get("id", row.get("article_id"))), text, _optional(row.get("lang"))


def _standard_input() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise InputError(f"standard input is not UTF-8 ({error}); convert it, or name a file in any charset") from error


def _optional(value: object) -> str | None:
    return None if value is None else str(value)


def one_page(path: str) -> Page:
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
    page = one_page(path)
    if page.kind == "html":
        raise UsageError(f"{path} is HTML; `taiyaku extract {path}` gives its article with the sentences cut")
    return page.text


def checked(
    pairs: Iterable[TextPair], findings: list[Finding], languages: tuple[str, str], options: CheckOptions
) -> Iterator[Row]:
    """A row of findings for each pair; they are added to `findings` too, for whoever counts them."""
    for pair, found in check_pairs(pairs, languages=languages, options=options):
        findings += found
        yield {"id": pair.id, "findings": [finding_row(finding) for finding in found]}


def write_documents(corpus: str, output: str) -> int:
    """Write a report of each pair of articles to a .jsonl or .md file; how many there are."""
    reports = list(document_reports(open_corpus(corpus)))
    if Path(output).suffix.lower() == ".md":
        with open_output(output) as file:
            file.write("\n\n---\n\n".join(map(as_page, reports)))
    else:
        write_rows((report.as_json() for report in reports), output)
    return len(reports)


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


def require_demo_place(folder: str) -> None:
    """Raise UsageError if the folder holds a corpus of other pages than the samples: the demo starts it over."""
    require_corpus_place(folder)
    if (Path(folder) / "corpus.json").exists():
        paths = [Path(str(row["path"])) for row in open_corpus(folder).rows("articles")]
        own = next((path for path in paths if path.parts[-4:-1] != ("corpora", "samples", "pages")), None)
        if own:
            raise UsageError(f"{folder} holds a corpus of your own pages ({own} ...); name another folder with -o")


def show_demo(corpus: str) -> None:
    """The beads around the gravest finding side by side, some findings, and what to try next."""
    opened = open_corpus(corpus)
    beads = list(opened.rows("beads"))
    findings = sorted(opened.rows("findings"), key=lambda row: -[*SEVERITIES].index(row["severity"]))  # type: ignore[arg-type]
    compared = [row for row in findings if row["source_value"] and row["target_value"]]
    first = compared[0]["bead_id"] if compared else None
    at = next((i for i, row in enumerate(beads) if row["bead_id"] == first), DEMO_BEADS)
    chosen = [row for row in beads[max(0, at - DEMO_BEADS) : at + 3] if row["pair_id"] == beads[at]["pair_id"]]
    show_beads(chosen, (str(beads[at]["source_lang"]), str(beads[at]["target_lang"])))
    for finding in compared[:DEMO_FINDINGS]:
        console.print(f"finding ({finding['severity']} {finding['category']}): {finding['message']}", markup=False)
    console.print(
        f"{len(findings) - len(compared[:DEMO_FINDINGS])} more, most of sentences put in or left out", markup=False
    )
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
