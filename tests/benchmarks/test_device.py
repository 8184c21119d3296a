"""The benchmark of the speech side on a GPU, here on a CPU with micro models: what its figures mean."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

pytest.importorskip("whisperspeech.t2s_up_wds_mlang_enclm")
pytest.importorskip("whisperspeech2")

from torch import Tensor

from sayso.stages.speech.whisper.greedy import decode
from sayso.stages.speech.whisper.word_pieces import WordPieces
from tests.benchmarks import bench_device, speech_steps
from tests.benchmarks.device_tables import as_tables
from tests.benchmarks.devices import OutOfMemory, Processor, measured
from tests.benchmarks.random_models import SHAPES, write_checkpoints
from tests.benchmarks.speech_steps import CHECKING, SAYING, STEPS, Models, load_models, measure_batch

WORD_PIECES = 9


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All figures, and the tables as `printed`."""
    file = tmp_path_factory.mktemp("figures") / "figures.json"
    command = "--shapes micro --device cpu --batches 1 4 --seconds 1 --alone 1 --json"
    with redirect_stdout(io.StringIO()) as printed:
        bench_device.main([*command.split(), str(file)])
    return {**json.loads(file.read_text()), "printed": printed.getvalue()}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    files = write_checkpoints(SHAPES["micro"], WORD_PIECES, tmp_path_factory.mktemp("models"))
    return load_models(files, "cpu", torch.float32)


def test_each_step_of_each_batch_has_its_time_and_its_memory(result: dict[str, Any]) -> None:
    assert [batch["rows"] for batch in result["batches"]] == [1, 4]
    for batch in result["batches"]:
        took = batch["seconds_per_row"]
        assert list(took) == [*STEPS, "total"]
        assert all(took[step] > 0 and batch["peak_mib"][step] > 0 for step in took)
        assert took["total"] == pytest.approx(sum(took[step] for step in STEPS))
        # The rows are one second long.
        assert batch["times_real_time"] == pytest.approx({step: 1 / took[step] for step in took})
        assert batch["rows_per_second"] == pytest.approx(1 / took["total"])
        assert batch["device_hours"] == pytest.approx(1_300_000 / batch["rows_per_second"] / 3600)


def test_the_same_rows_come_out_at_each_batch_size(result: dict[str, Any]) -> None:
    one, four = result["batches"]
    assert "alike" not in one
    assert (four["alike"], four["compared"], four["unlike"]) == (1, 1, {})
    assert "first differed" not in result["printed"]


def test_the_package_says_rows_one_by_one_in_the_same_run(result: dict[str, Any]) -> None:
    by_name = {way["way"]: way["seconds_per_row"] for way in result["package"]}
    assert [*by_name] == ["WhisperSpeech", "whisperspeech2"]  # compiled, or with graphs, only on a GPU
    for took in by_name.values():
        assert list(took) == [*SAYING, "total"]
        assert took["total"] == pytest.approx(sum(took[step] for step in SAYING))
    fastest = min(took["total"] for took in by_name.values())
    for batch in result["batches"]:
        faster = fastest / sum(batch["seconds_per_row"][step] for step in SAYING)
        assert f" | {faster:.1f} × |" in result["printed"]


def test_on_a_gpu_the_packages_are_set_up_for_one() -> None:
    ways = bench_device.ways_of_packages(torch.device("cuda:0"))
    assert [(way.package, *way.settings) for way in ways if True in way.settings.values()] == [
        ("whisperspeech2", "use_cuda_graph"),
        ("whisperspeech", "torch_compile"),
    ]


def test_a_package_that_is_not_installed_is_left_out_with_a_sentence(
    models: Models, result: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_device, "ways_of_packages", lambda device: [speech_steps.Way("its fork", "no_such_fork")])
    (missing,) = bench_device.by_package(models, Processor(), 1, 5)
    assert missing == {"way": "its fork", "failed": "left out, for it needs pip install --no-deps no_such_fork"}
    printed = as_tables(result | {"package": [missing]})
    assert "The package, its fork: left out, for it needs pip install --no-deps no_such_fork." in printed


def test_the_tables_say_on_what_and_whether_the_aim_was_met(result: dict[str, Any]) -> None:
    first, *_, last = result["printed"].splitlines()
    assert result["device"].startswith("CPU")
    assert first.startswith(f"{result['device']}, torch {torch.__version__}, float32, micro shapes; rows of 1 s and 3 ")
    assert last.startswith("Best with ")
    assert last.endswith("The aim of 500 × is MISSED.")


def test_rows_are_as_long_as_asked_for(models: Models) -> None:
    spoken = measure_batch(models, Processor(), 2, 12, {})
    assert [len(row) for row in spoken.semantic] == [12, 12]
    # Four frames are left off, a third of a sound token each.
    assert [len(row) for row in spoken.sound] == [10, 10]
    assert not np.array_equal(*spoken.semantic)
    assert not np.array_equal(*spoken.sound)
    assert spoken.unlike(spoken) == {}


def test_of_a_row_that_came_out_otherwise_it_is_said_at_which_step(models: Models, result: dict[str, Any]) -> None:
    spoken = measure_batch(models, Processor(), 2, 12, {})
    louder = [2 * spoken.clips[0], spoken.clips[1]]
    assert spoken.unlike(dataclasses.replace(spoken, sound=spoken.sound[::-1])) == {"encode": 2}
    assert spoken.unlike(dataclasses.replace(spoken, clips=louder)) == {}, "for its tokens are the same"
    both = {"clips": louder, "sound": spoken.sound[::-1], "texts": ["", ""]}
    assert spoken.unlike(dataclasses.replace(spoken, **both)) == {"vocoder": 1, "encode": 1}
    assert spoken.unlike(dataclasses.replace(spoken, semantic=spoken.semantic[::-1], **both)) == {"T2S": 2}
    batch = result["batches"][1] | {"alike": 0, "unlike": {"vocoder": 3, "encode": 1}}
    printed = as_tables(result | {"batches": [batch]})
    assert (
        "4 rows together: of those in the batch before, 3 first differed at vocoder, 1 first differed at encode."
        in (printed)
    )


def test_the_decoder_ends_after_the_word_pieces_of_the_time(models: Models) -> None:
    heard = torch.randn(2, 1500, models.whisper.dims.n_audio_state)
    pieces = WordPieces(models.whisper)
    assert [len(row) for row in decode(models.whisper, pieces, heard, 224)] == [WORD_PIECES] * 2


def test_a_batch_that_does_not_fit_is_a_line_and_not_the_end(
    models: Models, result: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Small(speech_steps.SemanticToAcoustic):
        def generate(self, rows: Sequence[speech_steps.Speech]) -> list[Tensor | Exception]:
            if len(rows) == 2:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().generate(rows)

    monkeypatch.setattr(speech_steps, "SemanticToAcoustic", Small)
    two, three = [*bench_device.in_batches(models, Processor(), [2, 3], 5)]
    assert two["failed"] == "S2A: OutOfMemory: there was not enough memory"
    assert list(two["seconds_per_row"]) == ["T2S"]
    assert three["rows_per_second"] > 0
    tables = as_tables({**result, "batches": [two, three], "best": bench_device.best_of([two, three])})
    assert f"| 2 | {two['seconds_per_row']['T2S']:.4f} | – | – | – | – | – |" in tables
    assert "2 rows together: S2A: OutOfMemory: there was not enough memory." in tables
    assert "Best with 3 rows together in the voice and 3 in the tokenizer" in tables


def test_the_best_is_of_voice_and_tokenizer_each_by_itself() -> None:
    said, checked = dict.fromkeys(SAYING, 0.01), dict.fromkeys(CHECKING, 0.02)
    batches = [
        {"rows": 1, "seconds_per_row": dict.fromkeys(STEPS, 1.0)},
        {"rows": 4, "seconds_per_row": dict.fromkeys(SAYING, 0.5) | checked},
        {"rows": 64, "seconds_per_row": said, "failed": "encode: OutOfMemory"},
    ]
    best = bench_device.best_of(batches)
    assert best is not None
    assert (best["voice_batch_size"], best["tokenizer_batch_size"]) == (64, 4)
    assert best["rows_per_second"] == pytest.approx(1 / 0.07)
    assert best["device_hours"] == pytest.approx(1_300_000 * 0.07 / 3600)
    assert bench_device.best_of(batches[2:]) is None


def test_work_that_went_on_in_halves_did_not_fit() -> None:
    class Full(Processor):
        times = 0

        def times_full(self) -> int:
            return self.times

    device = Full()

    def halved() -> list[int]:
        device.times += 1
        return [1, 2]

    with pytest.raises(OutOfMemory):
        measured(device, halved, warm_up=list)
    assert measured(device, lambda: [1, 2], warm_up=list)[0] == [1, 2]


def test_what_is_measured_is_kept_at_once_and_nothing_of_the_package_is_loaded_where_it_says_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "figures.json"

    def stopped(*_: Any) -> None:
        raise KeyboardInterrupt

    real = bench_device.measure_batch
    monkeypatch.setattr(bench_device, "measure_package", stopped)
    monkeypatch.setattr(bench_device, "measure_batch", lambda *given: real(*given) if given[2] == 1 else stopped())
    command = f"--shapes micro --device cpu --seconds 0.2 --json {kept} --alone"
    with pytest.raises(KeyboardInterrupt):
        bench_device.main([*command.split(), "0", "--batches", "1", "2"])
    assert [batch["rows"] for batch in json.loads(kept.read_text())["batches"]] == [1]
    with redirect_stdout(io.StringIO()) as printed:
        bench_device.main([*command.split(), "0", "--batches", "1"])
    assert "the package's" not in printed.getvalue()
    assert json.loads(kept.read_text())["package"] == []


def test_rows_that_the_models_cannot_say_are_refused() -> None:
    with pytest.raises(SystemExit, match=r"--seconds 9: the models in micro shapes say 0\.2 to 3\.96 s"):
        bench_device.main(["--shapes", "micro", "--device", "cpu", "--seconds", "9"])
