"""What is recorded and what is launched, with CUDA's graphs as they are seen from Python."""

import warnings

import pytest
import torch

from sayso.stages.speech.devices.cuda_graphs import Graphs

DEVICE = torch.device("cuda", 1)


class Cuda:
    """CUDA's graphs without CUDA: a step that is recorded does nothing, and is carried out at each replay."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refusal: Warning | Exception | None = None) -> None:
        self.done: list[str] = []
        self.recorded_on: list[tuple[torch.device, object]] = []
        self.recording = False
        self.stream = self.first = (torch.device("cuda", 1), "default")
        self.device = torch.device("cuda", 0)
        cuda = self

        class Graph:
            def replay(self) -> None:
                cuda.done.append("replayed")

        class Recording:
            """As `torch.cuda.graph`, which goes back to the stream before only where nothing failed."""

            def __init__(
                self, graph: Graph, pool: object, stream: tuple[torch.device, str], capture_error_mode: str
            ) -> None:
                assert capture_error_mode == "thread_local", "or what other threads do may fail it"
                self.stream = stream
                cuda.recorded_on.append(stream)

            def __enter__(self) -> None:
                self.before, cuda.stream, cuda.recording = cuda.stream, self.stream, True
                cuda.done.append(f"recorded on {self.stream[0]}, current {cuda.device}")

            def __exit__(self, *_: object) -> None:
                cuda.recording = False
                if isinstance(refusal, Warning):
                    warnings.warn(refusal, stacklevel=1)
                elif refusal is not None:
                    raise refusal
                cuda.stream = self.before

        class Current:
            """As `torch.cuda.device`."""

            def __init__(self, device: torch.device) -> None:
                self.device = device

            def __enter__(self) -> None:
                self.before, cuda.device = cuda.device, self.device

            def __exit__(self, *_: object) -> None:
                cuda.device = self.before

        fakes = {
            "graph_pool_handle": object,
            "CUDAGraph": Graph,
            "graph": Recording,
            "device": Current,
            "Stream": lambda device: (device, object()),
            "current_stream": lambda device: cuda.stream,
            "set_stream": lambda stream: setattr(cuda, "stream", stream),
        }
        for name, fake in fakes.items():
            monkeypatch.setattr(torch.cuda, name, fake)
        self.closed: list[int] = []
        monkeypatch.setattr(torch.cuda, "current_device", lambda: cuda.device.index)
        monkeypatch.setattr(torch._C, "_cuda_endAllocateToPool", lambda device, pool: self.closed.append(device))

    def step(self, longest: int) -> torch.Tensor:
        if not self.recording:
            self.done.append(f"launched {longest}")
        return torch.tensor(longest)


def test_a_step_is_recorded_once_for_each_stretch_of_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = Cuda(monkeypatch)
    step = Graphs(cuda.step, DEVICE)
    assert [int(step(longest)) for longest in (128, 128, 256, 128, 256)] == [128, 128, 256, 128, 256]
    recorded = "recorded on cuda:1, current cuda:1"
    assert cuda.done == ["launched 128", recorded, "replayed", "launched 256", recorded, "replayed", "replayed"]
    assert cuda.device == torch.device("cuda", 0)


def test_what_is_replayed_on_different_streams_is_recorded_on_different_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or two steps at once would multiply in the same memory."""
    cuda = Cuda(monkeypatch)
    step, other = Graphs(cuda.step, DEVICE), Graphs(cuda.step, DEVICE)
    step(128), other(128)
    cuda.stream = (DEVICE, "another")
    Graphs(cuda.step, DEVICE)(128)
    one, same, another = cuda.recorded_on
    assert one == same != another


def test_where_nothing_can_be_recorded_each_step_is_launched_on_the_stream_before_and_it_says_so_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cuda = Cuda(monkeypatch, RuntimeError("operation not permitted when stream is capturing"))
    step = Graphs(cuda.step, DEVICE)
    with pytest.warns(UserWarning, match="no CUDA graphs, so speech is slower: operation not permitted") as warned:
        assert [int(step(longest)) for longest in (128, 256, 128)] == [128, 256, 128]
    assert len(warned) == 1
    assert [what for what in cuda.done if "recorded" not in what] == ["launched 128", "launched 256", "launched 128"]
    assert cuda.stream == cuda.first
    assert cuda.closed == [1], "or torch would hold back memory for it"


def test_a_graph_without_kernels_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = UserWarning("The CUDA Graph is empty. This usually means that it was captured on the wrong device.")
    cuda = Cuda(monkeypatch, empty)
    with pytest.raises(RuntimeError, match="nothing was recorded on cuda:1: The CUDA Graph is empty"):
        Graphs(cuda.step, DEVICE)(128)
    assert cuda.stream == cuda.first


def test_memory_that_runs_out_while_recording_is_the_callers_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = Cuda(monkeypatch, torch.OutOfMemoryError("CUDA out of memory"))
    with pytest.raises(torch.OutOfMemoryError):
        Graphs(cuda.step, DEVICE)(128)
    assert cuda.stream == cuda.first
