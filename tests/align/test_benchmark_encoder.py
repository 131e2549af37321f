"""The encoder benchmark: accuracy on test sets with and without ties, and speed."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "benchmark_encoder.py"
PAIRS = [
    ("The prime minister resigned on Friday.", "首相が金曜日に辞任した。"),
    ("Rice prices rose 12% from a year earlier.", "コメの価格は前年から12％上がった。"),
    ("A bear was seen near the school.", "学校の近くでクマが目撃された。"),
    ("The team won the final in Osaka.", "チームは大阪での決勝に勝った。"),
    ("The team won the final in Osaka.", "大阪での決勝でチームが勝利した。"),
]


def run(data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(SCRIPT), str(data)], capture_output=True, text=True, check=False)


def test_accuracy_and_speed_of_the_bundled_table(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    english, japanese = zip(*PAIRS, strict=True)
    with gzip.open(tmp_path / "docs" / "wmt21_jaen.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({"en": english, "ja": japanese}) + "\n")
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    # Both Japanese sentences about the team find the first of two equal English ones.
    assert re.search(r"wmt21_jaen +5 .*ja->en 80\.00%  ties [\d.]+% 100\.00%", done.stdout)
    assert len(re.findall(r"sentences a second ja [\d,]+, en [\d,]+", done.stdout)) == 2
    assert "by tokenizers" in done.stdout


def test_no_test_sets_is_an_error(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2
    assert "no test sets in" in done.stderr
