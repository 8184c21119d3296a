"""Steps that never wait for their device: each is carried out where whatever would is refused."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

pytest.importorskip("whisperspeech.t2s_up_wds_mlang_enclm")

from sayso.stages.speech.tokenizers.whispervq import mels, whisper_decoder, whispervq
from sayso.stages.speech.tokenizers.whispervq.bottleneck import Bottleneck
from sayso.stages.speech.tokenizers.whispervq.whispervq import WhisperVQ
from sayso.stages.speech.voices.whisperspeech import semantic_to_acoustic, text_to_semantic
from sayso.stages.speech.voices.whisperspeech.loading import load_s2a, load_t2s
from sayso.stages.speech.voices.whisperspeech.semantic_to_acoustic import SemanticToAcoustic, Speech
from sayso.stages.speech.voices.whisperspeech.text_to_semantic import TextToSemantic, Utterance
from sayso.stages.speech.voices.whisperspeech.vocoder import Vocos
from tests.stages.speech import accelerator
from tests.stages.speech.accelerator import NAME, Waited, never_waiting, no_waits
from tests.stages.speech.tokenizers.whispervq.quantizers import KINDS, micro_quantizer, micro_whisper, sounds
from tests.stages.speech.voices.whisperspeech import checkpoints

KIND = KINDS["base-en+pl"]

Refuse = Callable[[object, str], list[str]]


@pytest.fixture(autouse=True)
def device() -> str:
    torch.set_num_threads(1)
    accelerator.register()
    return NAME


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Lets a function of a class or a module wait for nothing from now on; gives a list of its calls."""

    def refused(owner: object, name: str) -> list[str]:
        called: list[str] = []
        monkeypatch.setattr(owner, name, never_waiting(getattr(owner, name), called))
        return called

    return refused


WAITS: dict[str, Callable[[Tensor, Tensor], object]] = {
    "a number": lambda x, mask: x[0].item(),
    "a copy": lambda x, mask: x.cpu(),
    "a copy in another precision": lambda x, mask: x.to("cpu", torch.float16),
    "a list": lambda x, mask: x.tolist(),
    "a condition": lambda x, mask: bool(mask.any()),
    "a whole number": lambda x, mask: int(x.argmax()),
    "places": lambda x, mask: mask.nonzero(),
    "places of each dimension": lambda x, mask: torch.where(mask),
    "what a mask leaves": lambda x, mask: x[mask],
    "numbers put where a mask is true": lambda x, mask: x.__setitem__(mask, x[1:] * 2),
    "masked_select": lambda x, mask: x.masked_select(mask),
    "unique": lambda x, mask: x.unique(),
    "equal": lambda x, mask: torch.equal(x, x),
    "as often as numbers say": lambda x, mask: x.repeat_interleave(mask.long()),
    "places from the CPU": lambda x, mask: x[torch.tensor([1, 2])],
    "a copy into the CPU's": lambda x, mask: torch.zeros(3).copy_(x),
    "new numbers": lambda x, mask: torch.tensor([1.0, 2.0], device=NAME),
    "a copy from the CPU": lambda x, mask: torch.zeros(3).to(NAME),
    "a copy of the CPU's into its own": lambda x, mask: x.copy_(torch.zeros(3)),
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_whatever_waits_is_refused(wait: Callable[[Tensor, Tensor], object]) -> None:
    x = torch.tensor([1.0, 2.0, 3.0], device=NAME)
    wait(x.clone(), x > 1)
    with no_waits(), pytest.raises(Waited):
        wait(x.clone(), x > 1)
    wait(x.clone(), x > 1)


def test_what_the_device_does_by_itself_is_not_refused() -> None:
    x = torch.tensor([1.0, 2.0, 3.0], device=NAME)
    with no_waits():
        places = torch.arange(3, device=NAME)
        x[places] = torch.where(x > 1, x, 0.0)[places.flip(0)]
        x[0] = 7.0
        x = x.masked_fill(x == 2, 5.0).repeat_interleave(2).to(torch.float16)
    assert x.tolist() == [7, 7, 5, 5, 0, 0]


def test_steps_of_text_and_the_beginning_of_rows_wait_for_nothing(tmp_path: Path, refuse: Refuse) -> None:
    model = load_t2s(str(checkpoints.micro_t2s(tmp_path / "t2s.model")), NAME, torch.float32)
    steps = refuse(text_to_semantic._Rows, "_advance")
    rows = [Utterance("seven old towns " * (1 + n % 3), "en", 15.0, 0.7, n) for n in range(5)]
    found = TextToSemantic(model, 2, longest=12).generate(rows)
    assert [isinstance(row, np.ndarray) for row in found] == [True] * 5
    assert len(steps) >= 12


def test_steps_of_sound_wait_for_nothing(tmp_path: Path, refuse: Refuse) -> None:
    model = load_s2a(str(checkpoints.micro_s2a(tmp_path / "s2a.model")), NAME, torch.float32)
    steps = refuse(semantic_to_acoustic._Rows, "_advance")
    rows = [Speech(np.arange(3 + n, dtype=np.uint16), np.ones(192, np.float32), 0.7, n) for n in range(3)]
    found = SemanticToAcoustic(model, 2).generate(rows)
    assert [tuple(codes.shape) for codes in found] == [(4, 5), (4, 8), (4, 11)]
    assert len(steps) >= 14


def test_the_vocoder_waits_for_nothing_but_what_its_rows_are(tmp_path: Path, refuse: Refuse) -> None:
    vocoder = Vocos.load(str(checkpoints.micro_vocos(tmp_path / "vocos")), NAME, 3)
    layers = [refuse(vocoder.backbone, "forward"), refuse(vocoder.head, "forward")]
    rows = [torch.arange(4 * frames, device=NAME).view(4, frames) for frames in (9, 5, 20)]
    assert [audio.device.type for audio in vocoder.decode(rows)] == [NAME] * 3
    assert all(layers)


def tokenizer(folder: Path) -> WhisperVQ:
    quantizer = micro_quantizer(KIND, folder / "quantizer.model")
    return WhisperVQ.load(str(quantizer), micro_whisper(KIND), NAME, max_batch_size=2)


def test_the_encoder_waits_for_nothing_from_samples_to_codes(tmp_path: Path, refuse: Refuse) -> None:
    quantizer = tokenizer(tmp_path)
    clips = [clip.to(NAME) for clip in sounds(3)]
    quantizer.encode(clips[:1])  # which brings the mel's filters to the device
    parts = [refuse(mels, "_of_group"), refuse(whispervq, "first_frames"), refuse(Bottleneck, "quantize")]
    assert [len(row) for row in quantizer.encode(clips)] == [len(clip) // 640 for clip in clips]
    assert [len(calls) for calls in parts] == [2, 2, 2]


def test_reading_back_waits_for_nothing_in_a_step(tmp_path: Path, refuse: Refuse) -> None:
    quantizer = tokenizer(tmp_path)
    decoder = whisper_decoder.GreedyDecoder
    parts = [refuse(decoder, name) for name in ("_prefill", "_begin", "_advance")] + [refuse(Bottleneck, "dequantize")]
    rows = [np.arange(5 + 20 * n, dtype=np.uint16) for n in range(3)]
    assert len(quantizer.decode_text(rows)) == 3
    prefilled, begun, steps, read = map(len, parts)
    assert (prefilled, begun, read) == (2, 2, 2)
    assert steps > 10
