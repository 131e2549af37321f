"""The dataset card: the `README.md` of a corpus folder.

Its YAML header lets `datasets.load_dataset(folder)` open the folder unaided, beads by default and the other tables by
name; its text says what the corpus is, how it was made and what to be careful about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpora import __version__

TABLES = {
    "beads": "the corpus itself, one row a bead; a sentence without counterpart is a null bead",
    "articles": "one row an article with its full text; all offsets count characters of `text`",
    "pairs": "one row an article pair with its evidence",
    "findings": "one row a suspected infidelity; spans count characters of the bead's `source_text` and `target_text`",
    "rejects": "every page that was not used and every article without a pair, and why",
}

COLUMNS = {
    "source_text, target_text": "the two sides; null where the bead has none",
    "kind": "sentences on both sides: `1-2` is one source, two target sentences",
    "probability": "that exactly these sentences belong together, or for a null bead that there is no counterpart",
    "similarity": "cosine of the two sides' vectors; null for a null bead",
    "source_sentences, target_sentences": "indices into the `sentences` of the articles",
    "source_start, source_end, ...": "`text[start:end]` of the article is the side; null for a side with a gap or none",
    "source_article_id, target_article_id": "which articles; `pair_id` is both",
    "source_url, source_date, ...": "where and when each article appeared, as its page says; null if it does not",
    "findings": "categories of the rows this bead has in `findings`",
    "split": "null until the corpus is split",
}


def dataset_card(
    name: str, languages: tuple[str, str], counts: Mapping[str, int], kinds: Mapping[str, int], encoder: str
) -> str:
    """The card of a corpus; `counts` holds the rows of each table, `kinds` the beads of each kind."""
    source, target = languages
    lines = [
        *_header(name, languages, [table for table in TABLES if counts.get(table) or table == "beads"]),
        f"# {name}",
        "",
        f"A parallel corpus of articles in `{target}` and their originals in `{source}`, paired and aligned",
        f"sentence by sentence by Taiyaku {__version__} with the encoder `{encoder}`. No person has checked it.",
        "",
        "| table | rows | what a row is |",
        "|---|---:|---|",
        *(f"| `{table}` | {counts.get(table, 0):,} | {text} |" for table, text in TABLES.items()),
        "",
        "## Columns of `beads`",
        "",
        "| column | what it holds |",
        "|---|---|",
        *(f"| {', '.join(_code(name) for name in names.split(', '))} | {text} |" for names, text in COLUMNS.items()),
        "",
        "## Beads by kind",
        "",
        f"Counts of `{source}` and `{target}` sentences; `1-0` and `0-1` are null beads.",
        "",
        "| kind | beads |",
        "|---|---:|",
        *(f"| {kind} | {number:,} |" for kind, number in kinds.items()),
        "",
        "## To be careful about",
        "",
        "- `probability` says how sure a bead is. Filter by it before training: most uses want 0.8 or more.",
        "- News is translated freely. The sides of a bead may differ without being wrong; `findings` are suspicions.",
        "- Newspaper text is somebody's property. This tool does not settle whether a corpus of it may be shared.",
        "",
        "```python",
        "import datasets, pandas",
        'beads = datasets.load_dataset("PATH/TO/THIS/FOLDER", split="train")',
        'sure = beads.filter(lambda bead: bead["source_text"] and bead["target_text"] and bead["probability"] > 0.8)',
        'articles = pandas.read_parquet("PATH/TO/THIS/FOLDER/articles")',
        "```",
    ]
    return "\n".join(lines) + "\n"


def _header(name: str, languages: tuple[str, str], tables: Sequence[str]) -> list[str]:
    """The YAML header; `tables` are those with rows, because the datasets library cannot open one without."""
    configs = []
    for table in tables:
        configs += [f"- config_name: {table}", f"  data_files: {table}/*.parquet"]
        if table == "beads":
            configs.append("  default: true")
    return [
        "---",
        f"pretty_name: {_quoted(name)}",
        "language:",
        *(f"- {language}" for language in languages),
        "license: unknown",
        "multilinguality:",
        "- translation",
        "task_categories:",
        "- translation",
        "tags:",
        "- parallel-corpus",
        "- sentence-alignment",
        "configs:",
        *configs,
        "---",
        "",
    ]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _code(name: str) -> str:
    return name if name == "..." else f"`{name}`"
