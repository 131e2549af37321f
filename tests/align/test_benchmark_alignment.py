"""The alignment benchmark: what it prints, and the rival that is written out there."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import benchmark_alignment
from peers import Peer, gale_church, installed_peers, overlaps

from align.vectors import Encoder


def test_gale_church_goes_by_length_alone() -> None:
    source = ["あ" * 20, "い" * 60, "う" * 15, "え" * 40]
    target = ["a" * 50, "b" * 70, "c" * 80, "d" * 38, "e" * 100]
    beads = [(bead.source, bead.target) for bead in gale_church(source, target)]
    assert beads == [((0,), (0,)), ((1,), (1, 2)), ((2,), (3,)), ((3,), (4,))]


def test_gale_church_leaves_every_sentence_in_one_bead() -> None:
    beads = gale_church(["あ" * 20, "い" * 90], ["a" * 50, "x" * 400, "b" * 220], 4.0)
    assert sorted(i for bead in beads for i in bead.source) == [0, 1]
    assert sorted(j for bead in beads for j in bead.target) == [0, 1, 2]


def test_overlaps_are_runs_by_where_they_end(letters: Encoder) -> None:
    table = overlaps(["a", "b", "c"], letters, 2)
    assert table.shape == (2, 3, 26)
    assert (table[0] == letters.encode(["a", "b", "c"])).all()
    assert (table[1, 1:] == letters.encode(["a b", "b c"])).all()
    assert not table[1, 0].any()


def test_the_benchmark_prints_quality_calibration_and_speed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gale = [peer for peer in installed_peers() if peer.name == "Gale-Church"]
    assert gale
    monkeypatch.setattr(benchmark_alignment, "installed_peers", lambda: iter(gale))
    monkeypatch.setattr(benchmark_alignment, "SPEED_ROUNDS", 1)
    benchmark_alignment.main([])
    printed = capsys.readouterr().out
    ours = next(line for line in printed.splitlines() if line.startswith("| Taiyaku"))
    theirs = next(line for line in printed.splitlines() if line.startswith("| Gale-Church"))
    strict = [float(line.split("|")[4]) for line in (ours, theirs)]
    assert strict[0] > 0.9 > 0.5 > strict[1]
    assert "expected calibration error" in printed
    assert "documents a second" in printed


def test_peers_say_what_they_are() -> None:
    assert all(isinstance(peer, Peer) and peer.name and peer.setting for peer in installed_peers())
