"""The measurements for a GPU, here on a CPU with micro models and one row."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("whisperspeech.t2s_up_wds_mlang_enclm")

from tests.benchmarks.gpu import correct, steps


def test_each_part_of_a_batch_is_measured_and_written_at_once(tmp_path: Path) -> None:
    steps.main([str(tmp_path / "steps.json"), "--device", "cpu", "--shapes", "micro", "--batches", "1"])
    found = json.loads((tmp_path / "steps.json").read_text())
    assert [figures for figures in found if "failed" in figures] == []
    assert {figures["model"] for figures in found} == {
        "keys and values of what is heard", "Whisper's decoder", "codes to features", "mel", "encoder",
        "features to codes", "attention of one query", "T2S", "S2A",
    }  # fmt: skip
    assert all(figures["operators"] > 50 for figures in found if figures["model"] in ("T2S", "S2A"))


def test_rows_that_differ_or_failed_are_not_right() -> None:
    rows = [np.array([1, 2]), np.array([3])]
    assert correct.alike(rows, rows) == (True, "2 of 2 alike, 2 different rows")
    assert not correct.alike([rows[0], rows[0]], rows)[0]
    assert correct.alike([rows[0], rows[0][:1]], rows, may_differ=1)[0]
    assert not correct.alike([rows[0], ValueError("no")], rows)[0]
    assert not correct.alike(rows[:1] * 2, rows[:1] * 2)[0], "models that say one thing show nothing"


def test_one_wrong_row_is_the_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"cpu": ["a", "b"], "meta": ["a", "c"]}
    for name in ("semantic", "acoustic", "encoded", "read_back"):
        monkeypatch.setattr(correct, name, lambda folder, device, *_: wrong[device])
    monkeypatch.setattr(correct, "extreme_noise", lambda device: (True, "finite"))
    assert correct.main(["--device", "cpu"]) == 0
    assert correct.main(["--device", "meta", "--json", str(tmp_path / "found.json")]) == 1
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["word pieces: meta against cpu"] == {"right": False, "seen": "1 of 2 alike, 2 different rows"}
