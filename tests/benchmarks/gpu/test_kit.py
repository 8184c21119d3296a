"""The measurements for a GPU, here on a CPU with micro models and one row."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("whisperspeech.t2s_up_wds_mlang_enclm")

from sayso.stages.jobs.code_version import PARTS
from tests.benchmarks.gpu import correct, lanes, steps
from tests.docs.page import REPOSITORY

KIT = "tests/benchmarks/gpu"
# What a GPU machine need not have.
LACKING = ("pyarrow", "numba", "soxr", "jiwer", "fsspec", "ray", "datasets", "hibari", "whisper")


def test_each_part_of_a_batch_is_measured_and_written_at_once(tmp_path: Path) -> None:
    steps.main([str(tmp_path / "steps.json"), "--device", "cpu", "--shapes", "micro", "--batches", "1"])
    found = json.loads((tmp_path / "steps.json").read_text())
    assert [figures for figures in found if "failed" in figures] == []
    assert {figures["model"] for figures in found} == {
        "keys and values of what is heard", "Whisper's decoder", "codes to features", "mel", "encoder",
        "features to codes", "attention of one query", "draw", "T2S", "S2A",
    }  # fmt: skip
    assert all(figures["operators"] > 50 for figures in found if figures["model"] in ("T2S", "S2A"))


def test_rows_in_two_parts_beside_each_other_are_those_of_the_whole(tmp_path: Path) -> None:
    options = ["--device", "cpu", "--shapes", "micro", "--batches", "1", "--seconds", "1"]
    lanes.main([str(tmp_path / "lanes.json"), *options])
    (found,) = json.loads((tmp_path / "lanes.json").read_text())
    assert (found["places"], found["rows"], found["same"]) == (1, 4, 4), found


def test_several_callers_at_once_get_what_each_gets_alone(tmp_path: Path) -> None:
    right, seen = correct.several_callers(tmp_path, "cpu")
    assert right, seen


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
    for name in ("several_callers", "extreme_noise"):
        monkeypatch.setattr(correct, name, lambda *_: (True, "finite"))
    assert correct.main(["--device", "cpu"]) == 0
    assert correct.main(["--device", "meta", "--json", str(tmp_path / "found.json")]) == 1
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["word pieces: meta against cpu"] == {"right": False, "seen": "1 of 2 alike, 2 different rows"}


def test_it_begins_on_a_machine_that_lacks_packages_and_in_a_copy_without_links(tmp_path: Path) -> None:
    for folder in (*PARTS, "tests/benchmarks"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests/__init__.py").touch()
    for name in LACKING:
        (tmp_path / "lacking").mkdir(exist_ok=True)
        (tmp_path / "lacking" / f"{name}.py").write_text("raise ImportError\n")
    path = f"{tmp_path}/lacking:{tmp_path}/{KIT}/absent/polars"
    environment = {**os.environ, "PYTHON": sys.executable, "PYTHONPATH": path, "PARTS": "none", "SITE": "none"}
    done = subprocess.run(
        ["bash", f"{KIT}/measure"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert "torch" in done.stdout, done.stderr
    assert (tmp_path / ".src/sayso/stages/speech").is_dir()
    assert (tmp_path / ".src/sayso/__init__.py").is_file()
