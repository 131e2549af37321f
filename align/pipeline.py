"""The whole way: pages in, corpus out. Each stage is a plain function from records to records; this strings them up.

    read -> extract -> pair -> align -> check -> write

A corpus grows: built again with more pages, its articles take part again and everything after them is worked out
anew, so that building from A and then from B gives what building from A and B at once gives. What this does not do:
hold less than all articles in memory, or keep the work of a run that was broken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from align.beads import align_sentences
from align.coverage import reject_foreign, require_languages
from align.encoder import load_encoder, provenance
from align.encoder_options import EncoderOptions
from align.fidelity import CheckOptions, check_pairs
from align.gathering import Gathered, gather, read_corpus
from align.given_pairs import NamedPair, read_given_pairs, resolve
from align.pairing import PairOptions, pair_articles
from align.scoring import AlignOptions
from align.summary import Progress, Summary, no_progress
from align.transformer import following, usage
from align.vectors import Encoder
from align.whole_sentences import check_null_bead
from corpora.bitext import TextPair
from corpora.card import dataset_card
from corpora.errors import NoUsableInput, UsageError
from corpora.jsonlines import Row
from corpora.page import article_to_row
from corpora.publishers import read_publishers
from corpora.records import Article, Bead, Finding, Pair, Reject
from corpora.store import open_corpus, require_corpus_place, write_corpus
from corpora.tables import bead_rows, bead_text, finding_rows, pair_id, pair_row

# A finding in a bead that is more likely wrong than right would be a finding about the aligner.
MIN_CHECKED = 0.5


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Everything about a build that changes its result."""

    source_lang: str = "ja"
    target_lang: str = "en"
    encoder: str | None = None
    pair: PairOptions = field(default_factory=PairOptions)
    align: AlignOptions = field(default_factory=AlignOptions)
    encoder_options: EncoderOptions = field(default_factory=EncoderOptions)
    fields: tuple[tuple[str, str], ...] = ()  # our name of a column and the user's
    publishers: str | None = None  # file of rules, beside those that come with Taiyaku
    pairs: str | None = None  # file of pairs that the user knows
    checks: CheckOptions = field(default_factory=CheckOptions)

    @property
    def languages(self) -> tuple[str, str]:
        return self.source_lang, self.target_lang


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """A pair with everything that was found out about it; `findings` holds one list a bead."""

    pair: Pair
    source: Article
    target: Article
    beads: list[Bead]
    findings: list[list[Finding]]


def build(
    inputs: Sequence[str | Path],
    out: str | Path,
    *,
    options: BuildOptions | None = None,
    fresh: bool = False,
    jobs: int = 1,
    progress: Progress = no_progress,
) -> Summary:
    """Make a corpus folder from saved pages, or add them to the corpus that is there.

    `fresh` leaves out what the corpus held before; `jobs` is as for `pair_articles`. Raises NoUsableInput if no article
    came out of all the inputs, InputError for inputs that do not exist, and NotACorpus or UsageError for a place that
    holds something else; the place is then as it was.
    """
    options = options or BuildOptions()
    require_corpus_place(out)
    known = read_given_pairs(options.pairs) if options.pairs else []
    summary = Summary(str(out))
    encoder = load_encoder(options.encoder, options.encoder_options)
    require_two_languages(options.languages)
    require_languages(encoder, options.languages)
    summary.encoder = encoder.name
    before = Gathered() if fresh else read_corpus(out)
    if not fresh:
        _require_same_languages(out, options.languages)
    articles, rejects = gather(
        inputs,
        summary,
        languages=options.languages,
        before=before,
        fields=dict(options.fields),
        publishers=read_publishers(options.publishers),
        skip=out,
        outputs=[options.pairs] if options.pairs else (),
        jobs=jobs,
        progress=progress,
    )
    articles, foreign = reject_foreign(articles, encoder)
    summary.rejects = [*rejects, *foreign]
    if not articles:
        raise NoUsableInput(_nothing_usable(summary.rejects))
    with following(encoder, progress):
        aligned = match(articles, encoder, summary, options=options, known=known, jobs=jobs, progress=progress)
    summary.usage = usage(encoder)
    with summary.timed("write"):
        _write(out, articles, aligned, encoder, summary, options)
    return summary


def _require_same_languages(out: str | Path, languages: tuple[str, str]) -> None:
    """Raise UsageError if the corpus that is there has other languages: its beads would be turned round or lost."""
    if not (Path(out) / "corpus.json").exists():
        return
    made = open_corpus(out).manifest.get("options")
    if isinstance(made, dict) and (had := (made.get("source_lang"), made.get("target_lang"))) != languages:
        raise UsageError(
            f"{out} holds pairs from {had[0]} to {had[1]}, not from {languages[0]} to {languages[1]}; name the same "
            "languages, another folder, or --fresh"
        )


def require_two_languages(languages: tuple[str, str]) -> None:
    """Raise UsageError if both are the same: every article would be the original of itself."""
    if languages[0] == languages[1]:
        raise UsageError(
            f"source and target language are both {languages[0]}; name two with --source-lang, --target-lang"
        )


def match(
    articles: Sequence[Article],
    encoder: Encoder,
    summary: Summary,
    *,
    options: BuildOptions,
    known: Sequence[NamedPair] = (),
    jobs: int = 1,
    progress: Progress = no_progress,
) -> list[AlignedPair]:
    """Pair articles, align each pair and check each bead; counts go into the summary."""
    sources = [a for a in articles if a.lang == options.source_lang]
    targets = [a for a in articles if a.lang == options.target_lang]
    summary.articles = {options.source_lang: len(sources), options.target_lang: len(targets)}
    with summary.timed("pair"):
        pairing = pair_articles(
            sources,
            targets,
            encoder,
            options=options.pair,
            given=resolve(known, sources, targets),
            jobs=jobs,
            progress=lambda done, total: progress("pair", done, total),
        )
    summary.pairs, summary.unpaired = len(pairing.pairs), pairing.unpaired
    by_id = [{article.article_id: article for article in side} for side in (sources, targets)]
    aligned = []
    for done, pair in enumerate(pairing.pairs, start=1):
        source, target = by_id[0][pair.source_id], by_id[1][pair.target_id]
        with summary.timed("align"):
            beads = align_articles(source, target, encoder, options=options.align)
        with summary.timed("check"):
            findings = check_beads(beads, source, target, options.checks)
        aligned.append(AlignedPair(pair, source, target, beads, findings))
        progress("align", done, len(pairing.pairs))
    kinds = Counter(bead.kind for one in aligned for bead in one.beads)
    summary.kinds = dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0])))
    found = Counter(f.category for one in aligned for findings in one.findings for f in findings)
    summary.findings = dict(sorted(found.items()))
    return aligned


def align_articles(
    source: Article, target: Article, encoder: Encoder, *, options: AlignOptions | None = None
) -> list[Bead]:
    """Beads of two articles' sentences."""
    texts = source.sentence_texts(), target.sentence_texts()
    return align_sentences(*texts, encoder, options=options, languages=(source.lang, target.lang))


def check_beads(
    beads: Sequence[Bead], source: Article, target: Article, options: CheckOptions | None = None
) -> list[list[Finding]]:
    """Findings of each bead that is probable enough; a null bead is a sentence that was put in or left out."""
    options = options or CheckOptions()
    found: list[list[Finding]] = []
    for bead in beads:
        whole = check_null_bead(bead, source, target)
        found.append([finding for finding in whole if finding.check in options.names])
    places = [at for at, bead in enumerate(beads) if not bead.is_null and (bead.probability or 0.0) >= MIN_CHECKED]
    texts = (
        (bead_text(source, beads[at].source)[0] or "", bead_text(target, beads[at].target)[0] or "") for at in places
    )
    pairs = (TextPair(str(at), *sides, source.date) for at, sides in zip(places, texts, strict=True))
    for pair, findings in check_pairs(pairs, languages=(source.lang, target.lang), options=options):
        found[int(pair.id)] = findings
    return found


def _nothing_usable(rejects: Sequence[Reject]) -> str:
    reasons = Counter(reject.reason for reject in rejects)
    listed = ", ".join(f"{number} {reason}" for reason, number in sorted(reasons.items())) or "no pages"
    example = f"; for example {rejects[0].path}: {rejects[0].detail}" if rejects else ""
    return f"no article could be read from the inputs ({listed}{example})"


def _write(
    out: str | Path,
    articles: Sequence[Article],
    aligned: Sequence[AlignedPair],
    encoder: Encoder,
    summary: Summary,
    options: BuildOptions,
) -> None:
    in_order = sorted(aligned, key=lambda one: pair_id(one.pair))
    unpaired = [Reject(u.path, "pair", "unpaired", u.why) for u in summary.unpaired]
    tables: dict[str, list[Row]] = {
        "beads": [r for o in in_order for r in bead_rows(o.pair, o.beads, o.findings, o.source, o.target)],
        "articles": [article_to_row(article) for article in articles],
        "pairs": [{"pair_id": pair_id(one.pair), **pair_row(one.pair)} for one in in_order],
        "findings": [row for one in in_order for row in finding_rows(one.pair, one.findings)],
        "rejects": [asdict(r) for r in sorted([*summary.rejects, *unpaired], key=lambda r: (r.path, r.stage))],
    }
    counts = {name: len(rows) for name, rows in tables.items()}
    manifest: dict[str, object] = {
        "options": {name: value for name, value in asdict(options).items() if name not in ("encoder_options", "checks")}
        | {"checks": sorted(options.checks.names), "bars": dict(options.checks.bars)},
        "encoder": provenance(encoder),
        "counts": counts,
        "summary": summary.as_json(),
    }
    card = dataset_card(Path(out).name, options.languages, counts, summary.kinds, encoder.name)
    write_corpus(out, tables, manifest, card)
