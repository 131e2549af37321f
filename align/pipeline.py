"""The whole way: pages in, corpus out. Each stage is a plain function from records to records; this strings them up.

    read -> extract -> pair -> align -> check -> write

A corpus grows: built again with more pages, its articles take part again, so that building from A and then from B gives
what building from A and B at once gives. Pairs whose articles are as they were keep their beads, and a build that was
broken off goes on from its journal; both are known by digests of everything that a result depends on. What this does
not do: hold less than all articles in memory, which takes some two kilobytes of each.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from align.beads import align_sentences
from align.coverage import reject_foreign, require_languages
from align.earlier import Earlier, article_digest
from align.encoder import load_encoder, provenance
from align.encoder_options import EncoderOptions
from align.fidelity import CheckOptions, check_pairs
from align.gathering import Gathered, gather, read_corpus
from align.given_pairs import NamedPair, read_given_pairs, resolve
from align.growth import given_again, manifest_of, places_in, require_same_languages, with_inputs
from align.pairing import Notes, Pairing, PairOptions, pair_articles
from align.scoring import AlignOptions
from align.summary import Progress, Summary, no_progress
from align.transformer import following, usage
from align.vectors import Encoder
from align.whole_sentences import check_null_bead
from corpora.assemble import Others, assemble
from corpora.bitext import TextPair
from corpora.card import HISTOGRAM, Card, count_publishers
from corpora.clean import FILTERS, CleanOptions
from corpora.errors import NoUsableInput, UsageError
from corpora.journal import Journal, code_digest, digest
from corpora.jsonlines import Row
from corpora.page import article_to_row
from corpora.publish import finish
from corpora.publishers import read_publishers
from corpora.records import Article, Bead, Finding, Pair, Reject
from corpora.shelf import Shelf
from corpora.tables import bead_rows, bead_text, finding_rows, pair_id, pair_row
from corpora.workplace import Workplace, require_corpus_place, workplace

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
    clean: CleanOptions = field(default_factory=CleanOptions)
    licence: str = "unknown"  # of the corpus, as its card says
    keep_gone: bool = False  # articles stay when their pages have left an input that is given again

    @property
    def languages(self) -> tuple[str, str]:
        return self.source_lang, self.target_lang


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
    holds something else or that another process is writing; the place is then as it was.
    """
    options = options or BuildOptions()
    require_corpus_place(out)
    known = read_given_pairs(options.pairs) if options.pairs else []
    summary = Summary(str(out))
    encoder = load_encoder(options.encoder, options.encoder_options)
    require_two_languages(options.languages)
    require_languages(encoder, options.languages)
    summary.encoder = encoder.name
    with workplace(out, anew=fresh) as place, closing(Journal(place.journal)) as journal:
        had = manifest_of(out)
        summary.was_split = "split" in had
        known_places: list[str] = [] if fresh else places_in(had)
        if not fresh:
            require_same_languages(out, had, options.languages)
        before = Gathered() if fresh else read_corpus(out)
        articles, rejects = gather(
            inputs,
            summary,
            languages=options.languages,
            before=before,
            fields=dict(options.fields),
            publishers=read_publishers(options.publishers),
            skip=out,
            outputs=[options.pairs] if options.pairs else (),
            again=[] if options.keep_gone else given_again(inputs, known_places),
            jobs=jobs,
            journal=journal,
            progress=progress,
        )
        earlier = Earlier.of(out, fingerprint(encoder, options), before.articles)
        del before
        articles, foreign = reject_foreign(articles, encoder)
        summary.rejects = [*rejects, *foreign]
        if not articles:
            raise NoUsableInput(_nothing_usable(summary.rejects))
        with following(encoder, progress):
            pool = find_pairs(
                articles, encoder, summary, options=options, known=known, jobs=jobs, journal=journal, progress=progress
            )
            matcher = Matcher(encoder, options, summary, earlier, journal, progress)
            _write(place, articles, pool, matcher, {"places": with_inputs(inputs, known_places)})
        place.publish()
    return summary


def fingerprint(encoder: Encoder, options: BuildOptions) -> str:
    """What tells apart builds that may make different beads of the same two articles."""
    checks = [sorted(options.checks.names), dict(options.checks.bars)]
    return digest(
        options.languages, asdict(options.align), checks, provenance(encoder), code_digest("align", "corpora")
    ).hex()


def require_two_languages(languages: tuple[str, str]) -> None:
    """Raise UsageError if both are the same: every article would be the original of itself."""
    if languages[0] == languages[1]:
        raise UsageError(
            f"source and target language are both {languages[0]}; name two with --source-lang, --target-lang"
        )


@dataclass(frozen=True, slots=True)
class Pool:
    """Articles by language, and the pairs among them in the order of their ids."""

    sources: Shelf
    targets: Shelf
    pairs: list[Pair]


def find_pairs(
    articles: Shelf,
    encoder: Encoder,
    summary: Summary,
    *,
    options: BuildOptions,
    known: Sequence[NamedPair] = (),
    jobs: int = 1,
    journal: Journal | None = None,
    progress: Progress = no_progress,
) -> Pool:
    """Pair articles, or take the pairs that were found of the same articles before; counts go into the summary."""
    sources, targets = (articles.in_language(lang) for lang in options.languages)
    summary.articles = {options.source_lang: len(sources), options.target_lang: len(targets)}
    given = resolve(known, sources.light(), targets.light())
    journal = journal or Journal()
    with summary.timed("pair"):
        key = digest(
            "pairing",
            fingerprint(encoder, options),
            asdict(options.pair),
            [[one.digest.hex(), asdict(one.light)] for one in articles.filed],
            [sorted(map(list, given.given)), sorted(map(list, given.forbidden))],
        )
        noted = journal.get(key)
        if noted is None:
            pairing = pair_articles(
                sources,
                targets,
                encoder,
                options=options.pair,
                given=given,
                jobs=jobs,
                notes=Notes(journal, key),
                progress=lambda done, total: progress("pair", done, total),
            )
            journal.put(key, pairing.as_json())
            journal.commit()
        else:
            pairing = Pairing.from_json(noted)
    summary.pairs, summary.unpaired = len(pairing.pairs), pairing.unpaired
    return Pool(sources, targets, sorted(pairing.pairs, key=pair_id))


@dataclass(slots=True)
class Matcher:
    """Works out the beads and findings of pairs, or takes them from where they were worked out before."""

    encoder: Encoder
    options: BuildOptions
    summary: Summary
    earlier: Earlier
    journal: Journal
    progress: Progress

    def rows(self, pool: Pool) -> Iterator[tuple[list[Row], list[Row]]]:
        """Rows of beads and of findings for each pair, in the order of their ids."""
        by_id = [{one.light.article_id: one for one in side.filed} for side in (pool.sources, pool.targets)]
        made = fingerprint(self.encoder, self.options)
        for done, pair in enumerate(pool.pairs, start=1):
            source, target = by_id[0][pair.source_id].article(), by_id[1][pair.target_id].article()
            digests = article_digest(source), article_digest(target)
            found = self.earlier.take(pair_id(pair), digests)
            if found is None:
                key = digest("beads", made, digests[0].hex(), digests[1].hex())
                noted: Any = self.journal.get(key)
                found = None if noted is None else (noted[0], noted[1])
                if found is None:
                    found = self._worked_out(pair, source, target)
                    self.journal.put(key, found)
                else:
                    self.summary.kept += 1
            else:
                self.summary.kept += 1
            yield found
            self.progress("align", done, len(pool.pairs))

    def _worked_out(self, pair: Pair, source: Article, target: Article) -> tuple[list[Row], list[Row]]:
        with self.summary.timed("align"):
            beads = align_articles(source, target, self.encoder, options=self.options.align)
        with self.summary.timed("check"):
            findings = check_beads(beads, source, target, self.options.checks)
        return list(bead_rows(pair, beads, findings, source, target)), list(finding_rows(pair, findings))


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


def _write(place: Workplace, articles: Shelf, pool: Pool, matcher: Matcher, facts: Mapping[str, object]) -> None:
    """Write the corpus into the workplace; what the tables hold goes into the summary."""
    summary, options = matcher.summary, matcher.options
    unpaired = [Reject(u.path, "pair", "unpaired", u.why) for u in summary.unpaired]
    others = Others(
        articles=map(article_to_row, articles),
        pairs=({"pair_id": pair_id(pair), **pair_row(pair)} for pair in pool.pairs),
        rejects=sorted([*summary.rejects, *unpaired], key=lambda r: (r.path, r.stage)),
        paths={one.light.article_id: one.light.path for one in pool.sources.filed},
    )
    folder = place.new()
    started = time.perf_counter()
    tally = assemble(folder, place.scratch, matcher.rows(pool), others, options.clean)
    inside = sum(summary.seconds.get(stage, 0.0) for stage in ("align", "check"))
    summary.seconds["write"] = max(0.0, time.perf_counter() - started - inside)
    summary.kinds = dict(sorted(tally.kinds.items(), key=lambda item: (-item[1], item[0])))
    summary.findings = dict(sorted(tally.findings.items()))
    summary.usage = usage(matcher.encoder)
    summary.removed = {name: tally.removed[name] for name in FILTERS if tally.removed[name]}
    card = Card(
        place.corpus.name,
        options.languages,
        summary.encoder,
        options.licence,
        counts=tally.counts,
        kinds=summary.kinds,
        bins=tally.histogram,
        removed=summary.removed,
        publishers=count_publishers(articles.light(), read_publishers(options.publishers)),
    )
    unnamed = ("encoder_options", "checks", "clean")
    manifest: dict[str, object] = {
        "options": {name: value for name, value in asdict(options).items() if name not in unnamed}
        | {"checks": sorted(options.checks.names), "bars": dict(options.checks.bars), "clean": asdict(options.clean)},
        "encoder": provenance(matcher.encoder),
        "fingerprint": fingerprint(matcher.encoder, options),
        "counts": tally.counts,
        **facts,
        "summary": summary.of_the_corpus(),
        "card": card.as_json(),
        "last_run": summary.of_this_run(),
    }
    finish(folder, manifest, {"README.md": card.text(), HISTOGRAM: card.histogram()})
