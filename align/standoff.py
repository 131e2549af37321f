"""A corpus from a stand-off file, which has no texts, and one's own copy of the pages: `taiyaku import standoff`.

The pages are read as `build` reads them; what the file says of their articles is `corpora.standoff`'s to apply. What
this does not do: pair or align anything. Pages that the file does not name become rejects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from align.gathering import gather
from align.summary import Progress, Summary, no_progress
from corpora.card import Card, count_publishers
from corpora.errors import InputError, NoUsableInput, UsageError
from corpora.jsonlines import read_rows
from corpora.publish import write_corpus
from corpora.publishers import read_publishers
from corpora.standoff import Counts, rebuild
from corpora.standoff_records import is_standoff
from corpora.workplace import require_corpus_place


def import_standoff(
    file: str,
    inputs: Sequence[str | Path],
    out: str | Path,
    *,
    fields: Mapping[str, str] | None = None,
    publishers: str | None = None,
    force: bool = False,
    jobs: int = 1,
    progress: Progress = no_progress,
) -> Counts:
    """Write the corpus that a stand-off file describes; what was found, moved and lost.

    Raises InputError for a file that is none, UsageError for a corpus that is there already without `force`, and
    NoUsableInput where none of its beads could be made.
    """
    require_corpus_place(out)
    if (Path(out) / "corpus.json").exists() and not force:
        raise UsageError(f"{out} is a corpus already; name another folder with -o, or replace it with --force")
    header = next((row for _, row in read_rows(file)), None)
    if header is None or not is_standoff(header):
        raise InputError(f"{file} is not a stand-off file; `taiyaku export CORPUS --format standoff` writes them")
    rules = read_publishers(publishers)
    languages = str(header.get("source_lang")), str(header.get("target_lang"))
    articles, rejects = gather(
        inputs,
        Summary(str(out)),
        languages=languages,
        fields=fields,
        publishers=rules,
        skip=out,
        outputs=[file],
        jobs=jobs,
        progress=progress,
    )
    made = rebuild(read_rows(file), articles)
    if not made.sizes["beads"]:
        raise NoUsableInput(
            f"none of the articles that {file} names is among the pages ({len(articles)} articles were read); "
            "it names them by id and address"
        )
    own = [{**asdict(reject), "bead": None} for reject in rejects]
    tables = {**made.tables, "rejects": [*own, *made.tables["rejects"]]}
    sizes = {**made.sizes, "rejects": made.sizes["rejects"] + len(own)}
    options = made.header.get("options")
    encoder = made.header.get("encoder")
    manifest: dict[str, object] = {
        "options": {
            **(options if isinstance(options, Mapping) else {}),
            **dict(zip(("source_lang", "target_lang"), made.languages, strict=True)),
        },
        "encoder": encoder,
        "counts": sizes,
        "standoff": made.counts.as_json(),
    }
    name = str(encoder.get("name", "unknown")) if isinstance(encoder, Mapping) else "unknown"
    card = Card(
        Path(out).resolve().name,
        made.languages,
        name,
        "unknown",
        counts=sizes,
        kinds=made.kinds,
        publishers=count_publishers(articles.light(), rules),
    )
    write_corpus(out, tables, {**manifest, "card": card.as_json()}, card.text())
    return made.counts
