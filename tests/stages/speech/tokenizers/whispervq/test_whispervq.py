import dataclasses

import numpy as np
import pytest
import torch

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.tokenizers.whispervq.bottleneck import to_checkpoint
from sayso.stages.speech.tokenizers.whispervq.config import WhisperVQConfig
from sayso.stages.speech.tokenizers.whispervq.mels import padded_mel
from sayso.stages.speech.tokenizers.whispervq.whispervq import MAX_BATCH_SIZE, WhisperVQ, first_frames
from sayso.stages.speech.whisper.model import ModelDimensions, Whisper
from tests.sound_formats import MERGED_FORMAT, SOUND_FORMAT
from tests.stages.speech.tokenizers.whispervq.quantizers import KINDS, micro_quantizer, micro_whisper
from tests.stages.speech.waits import Waits


def test_a_clip_gets_25_tokens_a_second(
    tokenizer: WhisperVQ, clips: list[torch.Tensor], tokens: list[np.ndarray]
) -> None:
    for clip, row in zip(clips, tokens, strict=True):
        assert row.dtype == np.uint16
        assert len(row) == len(clip) // 640
        assert row.max() <= tokenizer.sound_format.highest


def test_what_was_said_can_be_read_back_from_the_tokens(
    tokenizer: WhisperVQ, clips: list[torch.Tensor], tokens: list[np.ndarray]
) -> None:
    assert tokenizer.decode_text(tokens[:1]) == ["What is the capital of France?"]
    assert tokenizer.transcribe(clips[:1]) == ["What is the capital of France?"]


def test_the_batch_around_a_clip_changes_none_of_its_tokens(
    tokenizer: WhisperVQ, clips: list[torch.Tensor], tokens: list[np.ndarray]
) -> None:
    for place in (2, 1):
        np.testing.assert_array_equal(tokenizer.encode([clips[place]])[0], tokens[place])


def test_the_batch_around_a_row_changes_no_letter_of_its_text(tokenizer: WhisperVQ, tokens: list[np.ndarray]) -> None:
    rows = [*tokens[:3], *(row[: len(row) // 2] for row in tokens[:3])]
    together = tokenizer.decode_text(rows)
    for batch in ([4], [2, 3, 1]):
        assert tokenizer.decode_text([rows[place] for place in batch]) == [together[place] for place in batch]


def test_the_logits_of_a_row_are_the_same_bits_beside_any_neighbours(
    whisper: Whisper, tokenizer: WhisperVQ, tokens: list[np.ndarray]
) -> None:
    with torch.inference_mode():
        features = torch.cat([torch.stack(tokenizer._dequantize([row], 1)) for row in tokens])
        words = torch.tensor(list(tokenizer.pieces.prompt))

        def logits(neighbours: list[int]) -> torch.Tensor:
            group = features[[*neighbours, *[0] * (MAX_BATCH_SIZE - len(neighbours))]]
            return whisper.decoder(words.expand(MAX_BATCH_SIZE, -1), group)

        assert torch.equal(logits([2, 1, 3, 3, 1])[0], logits([1, 3, 0, 2])[3])


def test_the_shortened_encoder_gives_the_bits_of_the_whole_one(whisper: Whisper, clips: list[torch.Tensor]) -> None:
    mel = padded_mel(clips[0])[None]
    with torch.inference_mode():
        assert torch.equal(first_frames(whisper, mel, 100), whisper.encoder(mel)[:, :100])


def test_what_is_no_sound_gets_no_tokens_and_leaves_its_neighbours_alone(
    tokenizer: WhisperVQ, clips: list[torch.Tensor], tokens: list[np.ndarray]
) -> None:
    broken = clips[0].clone()
    broken[100] = torch.nan
    endless = torch.full((9000,), torch.inf)
    found = tokenizer.encode([broken, torch.zeros(0), clips[2], clips[2][:1000], endless])
    assert [len(row) for row in found] == [0, 0, len(clips[2]) // 640, 0, 0]
    np.testing.assert_array_equal(found[2], tokens[2])
    assert tokenizer.decode_text([found[0], found[1]]) == ["", ""]
    assert tokenizer.transcribe([broken]) == [""]


def test_a_device_is_waited_for_once_a_batch_for_the_checks_and_once_a_group_for_the_tokens(
    tokenizer: WhisperVQ, clips: list[torch.Tensor]
) -> None:
    with Waits() as waits:
        tokenizer.encode(clips[:3])
    assert waits.seen == ["tolist", *["cpu", "numpy"] * 3]


def test_silence_has_tokens_of_its_own(tokenizer: WhisperVQ) -> None:
    assert len(tokenizer.encode([torch.zeros(16_000)])[0]) == 25


def test_a_clip_beyond_the_window_is_cut_at_thirty_seconds(tokenizer: WhisperVQ) -> None:
    noise = 0.1 * torch.randn(16_000 * 31, generator=torch.Generator().manual_seed(0))
    assert len(tokenizer.encode([noise])[0]) == 750


def test_a_row_ends_at_its_first_mask_code(tokenizer: WhisperVQ, tokens: list[np.ndarray]) -> None:
    row = tokens[2]
    masked = np.concatenate([row, [tokenizer.codes], row]).astype(np.uint16)
    unsaid, cut, plain = tokenizer.decode_text([masked[len(row) :], masked, row])
    assert unsaid == ""
    assert cut == plain


def test_the_mask_code_may_lie_among_the_codes(tmp_path) -> None:
    """As in Ichigo's quantizer of 2,560 codes, which was merged from two: 0 to 2047, the mask, and 2049 to 2560."""
    kind = dataclasses.replace(KINDS["base-en+pl"], codes=2560)
    checkpoint = torch.load(micro_quantizer(kind, tmp_path / "unsaid.model"), weights_only=True)
    with pytest.raises(SpeechModelError, match=r"unsaid.model .* has 2560 codes .* `mask_code: 2048` there"):
        WhisperVQ.load(str(tmp_path / "unsaid.model"), micro_whisper(kind))
    checkpoint["config"]["mask_code"] = 2048
    torch.save(checkpoint, tmp_path / "merged.model")
    merged = WhisperVQ.load(str(tmp_path / "merged.model"), micro_whisper(kind))
    assert merged.sound_format == MERGED_FORMAT
    assert WhisperVQConfig(model=str(tmp_path / "merged.model")).sound_format() == MERGED_FORMAT
    row = np.array([5, 2560, 2049, 7], np.uint16)
    assert merged.decode_text([np.append(row, [2048, 9]).astype(np.uint16)]) == merged.decode_text([row]) != [""]
    expected = merged.bottleneck.dequantize(torch.tensor([row.tolist() + 746 * [2048]]))
    torch.testing.assert_close(merged._dequantize([row], 1)[0], expected[0])
    checkpoint["config"]["mask_code"] = 2561
    torch.save(checkpoint, tmp_path / "beyond.model")
    with pytest.raises(SpeechModelError, match=r"beyond.model cannot be used: its mask_code 2561 is none of 0 to 2560"):
        WhisperVQ.load(str(tmp_path / "beyond.model"), micro_whisper(kind))


def test_the_bundled_tokenizer_tells_what_its_tokens_are_like(tokenizer: WhisperVQ) -> None:
    assert tokenizer.sound_format == WhisperVQConfig().sound_format() == SOUND_FORMAT


def test_a_token_beyond_the_codes_is_an_error(tokenizer: WhisperVQ) -> None:
    with pytest.raises(ValueError, match="600 is not one of this tokenizer's 512 codes"):
        tokenizer.decode_text([np.array([1, 600], np.uint16)])


@pytest.mark.parametrize(("layout", "dtype"), [("original", torch.float16), ("fixed", torch.float32)])
def test_a_saved_model_of_either_layout_gives_the_same_tokens(
    tokenizer: WhisperVQ,
    whisper: Whisper,
    clips: list[torch.Tensor],
    tokens: list[np.ndarray],
    tmp_path,
    layout: str,
    dtype: torch.dtype,
) -> None:
    checkpoint = to_checkpoint(tokenizer.bottleneck, dtype)
    if layout == "fixed":
        state = checkpoint["state_dict"]
        checkpoint["state_dict"] = {key.replace("rq.layers.0.project_", "rq.project_"): state[key] for key in state}
        assert "rq.project_in.weight" in checkpoint["state_dict"]
    torch.save(checkpoint, tmp_path / "again.model")
    again = WhisperVQ.load(str(tmp_path / "again.model"), whisper)
    np.testing.assert_array_equal(again.encode(clips[2:3])[0], tokens[2])
    for key, value in tokenizer.bottleneck.state_dict().items():
        assert torch.equal(again.bottleneck.state_dict()[key], value), key


def test_a_model_that_is_not_there(whisper: Whisper) -> None:
    with pytest.raises(SpeechModelError, match=r"no WhisperVQ model 'nowhere/x\.model': .* whispervq-tiny-en"):
        WhisperVQ.load("nowhere/x.model", whisper)


def test_a_file_that_is_no_checkpoint(whisper: Whisper, tmp_path) -> None:
    (tmp_path / "text.model").write_text("hello")
    with pytest.raises(SpeechModelError, match=r"text\.model is not a torch checkpoint"):
        WhisperVQ.load(str(tmp_path / "text.model"), whisper)
    torch.save({"weights": torch.zeros(1)}, tmp_path / "other.model")
    with pytest.raises(SpeechModelError, match="not a checkpoint of the form"):
        WhisperVQ.load(str(tmp_path / "other.model"), whisper)


def test_a_checkpoint_cannot_run_code(whisper: Whisper, tmp_path) -> None:
    class Trap:
        def __reduce__(self) -> tuple:
            return (open, (str(tmp_path / "proof"), "w"))

    torch.save({"config": {}, "state_dict": {}, "extra": Trap()}, tmp_path / "trap.model")
    with pytest.raises(SpeechModelError, match="loaded safely"):
        WhisperVQ.load(str(tmp_path / "trap.model"), whisper)
    assert not (tmp_path / "proof").exists()


def test_weights_that_do_not_fit_and_variants_that_are_not_known(
    tokenizer: WhisperVQ, whisper: Whisper, tmp_path
) -> None:
    good = to_checkpoint(tokenizer.bottleneck, torch.float16)

    def refused(change: dict, match: str) -> None:
        torch.save(good | change, tmp_path / "changed.model")
        with pytest.raises(SpeechModelError, match=match):
            WhisperVQ.load(str(tmp_path / "changed.model"), whisper)

    refused({"config": good["config"] | {"codebook_dim": 8}}, "do not fit its config")
    refused({"config": good["config"] | {"q_depth": 4}}, "unsupported variant of WhisperVQ: {'q_depth': 4}")
    refused({"config": {"vq_codes": 512}}, "config lacks 'downsample'")
    refused(
        {"state_dict": {key: value for key, value in good["state_dict"].items() if "ln_post" not in key}}, "ln_post"
    )


def test_a_checkpoint_for_another_whisper(tokenizer: WhisperVQ, tmp_path) -> None:
    base = Whisper(ModelDimensions(80, 1500, 512, 8, 1, 51864, 448, 512, 8, 1))
    with pytest.raises(SpeechModelError, match=r"for Whisper tiny.en \(width 384\).* has width 512"):
        WhisperVQ.load("whispervq-tiny-en", base)


def test_the_hub_is_asked_for_a_hub_file(whisper: Whisper, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(
        SpeechModelError, match=r"whisper-vq\.model of jan-hq/WhisperVQ could not be fetched from the Hub"
    ):
        WhisperVQ.load("jan-hq/WhisperVQ:whisper-vq.model", whisper)
