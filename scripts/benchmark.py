#!/usr/bin/env python3
"""Measure the whole way on pages with gold: pairs, beads, body kept, furniture left, seconds and memory.

    python scripts/benchmark.py PAGES GOLD.jsonl [--other INPUT ...]

PAGES is a folder with `ID.ja.*` and `ID.en.*`; GOLD has a line `{"id", "source": [sentences], "target": [sentences],
"gold": beads}` for each pair of pages, titles being sentence 0. `--other` gives more input without counterpart, none
of which may be paired. Sentences are matched by their text, so a sentence that was cut elsewhere than in the gold
makes its bead wrong. Without arguments the bundled samples are measured.

    python scripts/benchmark.py alignment [...]

measures sentence alignment alone, beside other systems (`benchmark_alignment.py`), and

    python scripts/benchmark.py reading [...]

what becomes of pages: titles, dates, sentences kept, furniture left, sentence ends (`benchmark_reading.py`), and

    python scripts/benchmark.py pairing [...]

which article was made from which: pages, pools of thousands, names, time and memory (`benchmark_pairing.py`), and

    python scripts/benchmark.py fidelity [...]

which errors of a translation are found, and how many correct ones are flagged (`benchmark_fidelity.py`), and

    python scripts/benchmark.py corpus [--beads N]

what a corpus of a million beads costs to write and to export (`benchmark_corpus.py`).
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import benchmark_alignment
import benchmark_corpus
import benchmark_fidelity
import benchmark_pairing
import benchmark_reading
from benchmark_reading import compact
from benchmark_sets import sample_rows

from align.evaluate import Tally
from align.pipeline import build
from corpora.jsonlines import Row, read_rows
from corpora.records import Bead
from corpora.samples import sample_gold, sample_pages
from corpora.store import Corpus, open_corpus


def page_key(path: str) -> tuple[str, str]:
    """(`c01`, `ja`) of `.../c01.ja.html`."""
    parts = Path(path).name.split(".")
    return parts[0], parts[1] if len(parts) > 2 else ""


def numbered(sentences: list[str], gold: list[str]) -> dict[int, int]:
    """Article sentence -> gold sentence of the same text; sentences the gold lacks get numbers after its last."""
    places: dict[str, list[int]] = {}
    for number, text in enumerate(gold):
        places.setdefault(compact(text), []).append(number)
    extra = len(gold)
    found = {}
    for number, text in enumerate(sentences):
        free = places.get(compact(text))
        if free:
            found[number] = free.pop(0)
        else:
            found[number], extra = extra, extra + 1
    return found


def measure(corpus: Corpus, gold: list[Row]) -> None:
    articles = {str(row["article_id"]): row for row in corpus.rows("articles")}
    by_page = {page_key(str(row["path"])): row for row in articles.values()}
    pairs = [
        (page_key(str(articles[str(p["source_id"])]["path"])), page_key(str(articles[str(p["target_id"])]["path"])))
        for p in corpus.rows("pairs")
    ]
    wanted = {str(row["id"]) for row in gold}
    right = [source for source, target in pairs if source[0] == target[0] and source[0] in wanted]
    print(f"pairs            {len(right)} right of {len(wanted)}, {len(pairs) - len(right)} wrong")

    beads: dict[tuple[str, str], list[Row]] = {}
    for row in corpus.rows("beads"):
        beads.setdefault((str(row["source_article_id"]), str(row["target_article_id"])), []).append(row)
    tally = Tally()
    text = Counter[str]()
    for row in gold:
        maps = []
        for side, lang in (("source", "ja"), ("target", "en")):
            article = by_page.get((str(row["id"]), lang))
            sentences = []
            if article is not None:
                sentences = [str(article["text"])[s["start"] : s["end"]] for s in article["sentences"]]  # type: ignore
            count_text(text, sentences, row[side])  # type: ignore[arg-type]
            maps.append(numbered(sentences, row[side]))  # type: ignore[arg-type]
        ids = tuple(str(by_page[str(row["id"]), lang]["article_id"]) for lang in ("ja", "en"))
        predicted = [
            Bead(
                tuple(sorted(maps[0][i] for i in bead["source_sentences"])),  # type: ignore[union-attr]
                tuple(sorted(maps[1][j] for j in bead["target_sentences"])),  # type: ignore[union-attr]
            )
            for bead in beads.get(ids, [])  # type: ignore[call-overload]
        ]
        tally.add([Bead(tuple(s), tuple(t)) for s, t in row["gold"]], predicted)  # type: ignore[union-attr]
    print(f"sentences        {text['kept']} of {text['gold']} kept as they stand ({text['kept'] / text['gold']:.2%})")
    print(
        f"furniture        {text['furniture']} of {text['characters']} characters "
        f"({text['furniture'] / max(1, text['characters']):.2%})"
    )
    print(f"strict           P {tally.strict.precision:.3f} R {tally.strict.recall:.3f} F1 {tally.strict.f1:.3f}")
    print(f"lax F1           {tally.lax.f1:.3f}")
    print(f"null sentences   P {tally.null.precision:.3f} R {tally.null.recall:.3f} F1 {tally.null.f1:.3f}")
    recall = tally.crossing_recall
    print(f"crossing recall  {'-' if recall is None else f'{recall:.3f}'} of {tally.counts['crossing_gold']}")
    for kind, score in tally.kinds().items():
        print(f"  {kind}  F1 {score.f1:.3f}  gold {score.gold}  predicted {score.predicted}")


def count_text(text: Counter[str], sentences: list[str], gold: list[str]) -> None:
    """Gold sentences found to the letter, and characters of text that no gold sentence accounts for."""
    have = Counter(map(compact, sentences))
    text["gold"] += len(gold)
    text["kept"] += sum((Counter(map(compact, gold)) & have).values())
    body = "".join(map(compact, gold))
    for sentence in map(compact, sentences):
        text["characters"] += len(sentence)
        text["furniture"] += len(sentence) if sentence not in body else 0


def main() -> None:
    parts = {
        "alignment": benchmark_alignment.main,
        "reading": benchmark_reading.main,
        "pairing": benchmark_pairing.main,
        "corpus": benchmark_corpus.main,
        "fidelity": benchmark_fidelity.main,
    }
    if part := parts.get(next(iter(sys.argv[1:]), "")):
        part(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("pages", type=Path, nargs="?")
    parser.add_argument("gold", type=Path, nargs="?")
    parser.add_argument("--other", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    with ExitStack() as stack:
        if arguments.gold:
            pages, gold = arguments.pages, [row for _, row in read_rows(arguments.gold)]
        else:
            pages = stack.enter_context(sample_pages())
            gold = list(sample_rows(stack.enter_context(sample_gold())))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "corpus"
        started = time.perf_counter()
        summary = build([pages, *arguments.other], folder)
        seconds = time.perf_counter() - started
        print(f"pages            {summary.pages}, rejected {summary.rejected}, unpaired {len(summary.unpaired)}")
        for one in summary.unpaired:
            print(f"  unpaired       {Path(one.path).name}: {one.why}")
        measure(open_corpus(folder), gold)
        print(f"findings         {summary.findings}")
    stages = ", ".join(f"{stage} {value:.2f}" for stage, value in summary.seconds.items())
    print(f"seconds          {seconds:.2f} ({stages})")
    print(f"peak memory      {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
