"""The tables of a corpus: their columns, in order, with their types.

The contract for everyone who reads a corpus without Taiyaku. A change to it raises SCHEMA_VERSION, which every file
carries in its metadata and `corpus.json` repeats.
"""

from __future__ import annotations

import pyarrow as pa

SCHEMA_VERSION = 2
READABLE = frozenset({1, 2})  # 1 had no beads among its rejects; the column is then empty

_span = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("kind", pa.string())])
_sentence = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("paragraph", pa.int32())])
_reading = pa.struct([("text", pa.string()), ("reading", pa.string())])

SCHEMAS: dict[str, pa.Schema] = {
    "beads": pa.schema(
        [
            ("bead_id", pa.string()),
            ("pair_id", pa.string()),
            ("source_lang", pa.string()),
            ("target_lang", pa.string()),
            ("source_text", pa.string()),
            ("target_text", pa.string()),
            ("source_article_id", pa.string()),
            ("target_article_id", pa.string()),
            ("source_sentences", pa.list_(pa.int32())),
            ("target_sentences", pa.list_(pa.int32())),
            ("source_start", pa.int32()),
            ("source_end", pa.int32()),
            ("target_start", pa.int32()),
            ("target_end", pa.int32()),
            ("kind", pa.string()),
            ("similarity", pa.float32()),
            ("probability", pa.float32()),
            ("findings", pa.list_(pa.string())),
            ("source_url", pa.string()),
            ("target_url", pa.string()),
            ("source_date", pa.string()),
            ("target_date", pa.string()),
            ("split", pa.string()),
        ]
    ),
    "articles": pa.schema(
        [
            ("article_id", pa.string()),
            ("path", pa.string()),
            ("url", pa.string()),
            ("lang", pa.string()),
            ("title", pa.string()),
            ("date", pa.string()),
            ("updated", pa.string()),
            ("date_guessed", pa.bool_()),
            ("byline", pa.list_(pa.string())),
            ("credit", pa.list_(pa.string())),
            ("department", pa.string()),
            ("section", pa.string()),
            ("text", pa.string()),
            ("paragraphs", pa.list_(_span)),
            ("sentences", pa.list_(_sentence)),
            ("fetched", pa.string()),
            ("captions", pa.list_(pa.string())),
            ("readings", pa.list_(_reading)),
            ("links", pa.list_(pa.string())),
        ]
    ),
    "pairs": pa.schema(
        [
            ("pair_id", pa.string()),
            ("source_id", pa.string()),
            ("target_id", pa.string()),
            ("probability", pa.float32()),
            (
                "evidence",
                pa.struct(
                    [
                        (name, pa.float32())
                        for name in (
                            *("title", "lead", "whole", "partners_source", "partners_target"),
                            *("words_source", "words_target", "figures", "lacking", "names"),
                            *("aligned_source", "aligned_target", "certainty"),
                            *("credit", "byline", "department", "days", "link", "url", "together"),
                        )
                    ]
                ),
            ),
        ]
    ),
    "findings": pa.schema(
        [
            ("bead_id", pa.string()),
            ("pair_id", pa.string()),
            ("category", pa.string()),
            ("severity", pa.string()),
            ("source_start", pa.int32()),
            ("source_end", pa.int32()),
            ("target_start", pa.int32()),
            ("target_end", pa.int32()),
            ("message", pa.string()),
            ("check", pa.string()),
            ("source_value", pa.string()),
            ("target_value", pa.string()),
        ]
    ),
    "rejects": pa.schema(
        [
            ("path", pa.string()),
            ("stage", pa.string()),
            ("reason", pa.string()),
            ("detail", pa.string()),
            ("bead", pa.string()),  # JSON of a bead that a filter took out, with its findings; else null
        ]
    ),
}

# The columns whose values come again and again; of the others a dictionary would cost space.
REPETITIVE: dict[str, tuple[str, ...]] = {
    "beads": (
        *("pair_id", "source_lang", "target_lang", "source_article_id", "target_article_id", "kind"),
        *("findings.list.element", "source_url", "target_url", "source_date", "target_date", "split"),
    ),
    "articles": ("lang", "date", "department", "section", "paragraphs.list.element.kind"),
    "pairs": (),
    "findings": ("pair_id", "category", "severity", "check"),
    "rejects": ("path", "stage", "reason"),
}
# The columns each table is sorted by.
SORTED_BY: dict[str, tuple[str, ...]] = {
    "beads": ("pair_id", "bead_id"),
    "articles": ("article_id", "lang"),
    "pairs": ("pair_id",),
    "findings": ("pair_id", "bead_id"),
    "rejects": (),
}


def with_version(name: str) -> pa.Schema:
    """A table's schema with its name and the version in its metadata."""
    schema: pa.Schema = SCHEMAS[name].with_metadata({"taiyaku": f"{name} {SCHEMA_VERSION}"})
    return schema
