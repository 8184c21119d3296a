"""Streams of a model's own with CUDA as it is seen from Python, and flags that hold for all threads."""

from contextlib import contextmanager
from threading import Event, Thread

import pytest
import torch
from torch.backends import cudnn

from sayso.stages.speech.devices.streams import OwnStream, exact_convolutions


class Stream:
    def __init__(self, device: torch.device, done: list[str]) -> None:
        self.device, self.done = device, done

    def wait_stream(self, other: str) -> None:
        self.done.append(f"{self.device} waits for {other}")


def test_on_cuda_a_model_begins_on_its_own_stream_when_the_caller_s_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    @contextmanager
    def entered(stream: Stream):
        done.append("on its own")
        yield
        done.append("left")

    monkeypatch.setattr(torch.cuda, "Stream", lambda device: Stream(device, done))
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: f"the caller's on {device}")
    monkeypatch.setattr(torch.cuda, "stream", entered)
    stream = OwnStream(torch.device("cuda", 1))
    for _ in range(2):
        with stream.entered():
            done.append("work")
    assert done == ["cuda:1 waits for the caller's on cuda:1", "on its own", "work", "left"] * 2
    done.clear()
    with OwnStream(torch.device("cpu")).entered():
        pass
    assert not done


def test_convolutions_stay_exact_until_the_last_thread_is_done_with_them() -> None:
    inside, go = Event(), Event()
    seen: list[bool] = []

    def other() -> None:
        with exact_convolutions:
            inside.set()
            assert go.wait(60)
            seen.append(cudnn.allow_tf32)

    assert cudnn.allow_tf32
    thread = Thread(target=other)
    with exact_convolutions:
        thread.start()
        assert inside.wait(60)
    assert not cudnn.allow_tf32, "the other is still at it"
    go.set()
    thread.join()
    assert seen == [False]
    assert cudnn.allow_tf32
    with pytest.raises(KeyError), exact_convolutions:
        raise KeyError
    assert cudnn.allow_tf32
