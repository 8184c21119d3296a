from pathlib import Path

import pytest
import torch

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.whisperspeech.loading import load_s2a, load_t2s


def changed(path: Path, to: Path, **parts: object) -> str:
    torch.save(torch.load(path, weights_only=True) | parts, to)
    return str(to)


def test_the_state_tells_which_kind_of_s2a_it_is(folder: Path) -> None:
    plain = load_s2a(str(folder / "s2a.model"), "cpu", torch.float32)
    conditioned = load_s2a(str(folder / "s2a-cond.model"), "cpu", torch.float32)
    assert (plain.conditioned, conditioned.conditioned) == (False, True)


def test_a_file_of_the_first_kind_without_the_newer_parts_still_loads(folder: Path, tmp_path: Path) -> None:
    checkpoint = torch.load(folder / "s2a.model", weights_only=True)
    state = {key: value for key, value in checkpoint["state_dict"].items() if key != "_extra_state"}
    old = changed(folder / "s2a.model", tmp_path / "old.model", state_dict=state)
    assert load_s2a(old, "cpu", torch.float32).quantizers == 4


def test_weights_in_half_precision_stay_so_and_angles_do_not_suffer(folder: Path) -> None:
    whole = load_s2a(str(folder / "s2a.model"), "cpu", torch.float32)
    half = load_s2a(str(folder / "s2a.model"), "cpu", torch.bfloat16)
    assert half.decoder.layers[0].attn.qkv.weight.dtype == torch.bfloat16
    exact, rounded = (model.decoder.layers[0].attn.rotary.cos for model in (whole, half))
    torch.testing.assert_close(rounded.float(), exact, atol=0.004, rtol=0)


def test_what_is_not_there_or_not_a_checkpoint(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(ref: str, match: str) -> None:
        with pytest.raises(SpeechModelError, match=match):
            load_t2s(ref, "cpu", torch.float32)

    refused("nowhere.model", r"no model 'nowhere.model': neither a file nor a Hub file OWNER/NAME:FILE")
    (tmp_path / "text.model").write_text("hello")
    refused(str(tmp_path / "text.model"), r"text\.model is not a torch checkpoint that can be loaded safely")
    torch.save({"weights": torch.zeros(1)}, tmp_path / "other.model")
    refused(str(tmp_path / "other.model"), "not a checkpoint of the form {config, tunables, state_dict}")
    refused(
        str(folder / "s2a.model"), r"s2a\.model is not for TSARTransformer: it has the setting 'force_hidden_to_emb'"
    )
    fat = torch.load(folder / "t2s.model", weights_only=True)["config"] | {"ffn_mult": 4}
    refused(changed(folder / "t2s.model", tmp_path / "fat.model", config=fat), "its weights do not fit its config")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    refused(
        "collabora/whisperspeech:t2s-small-en+pl.model",
        r"t2s-small-en\+pl\.model of collabora/whisperspeech could not be fetched from the Hub",
    )


def test_an_end_that_the_model_has_no_token_for(folder: Path, tmp_path: Path) -> None:
    tunables = torch.load(folder / "t2s.model", weights_only=True)["tunables"]
    for offset in (1, -70):
        to = tmp_path / "beyond.model"
        beyond = changed(folder / "t2s.model", to, tunables=tunables | {"padding_token_offset": offset})
        with pytest.raises(SpeechModelError, match=rf"beyond.model ends with token {65 + offset} .* has 0 to 65"):
            load_t2s(beyond, "cpu", torch.float32)


def test_a_checkpoint_cannot_run_code(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple:
            return (open, (str(tmp_path / "proof"), "w"))

    torch.save({"config": {}, "tunables": {}, "state_dict": {}, "extra": Trap()}, tmp_path / "trap.model")
    with pytest.raises(SpeechModelError, match="loaded safely"):
        load_t2s(str(tmp_path / "trap.model"), "cpu", torch.float32)
    assert not (tmp_path / "proof").exists()
