"""The model in this process: its tokens are transformers' own, in any batch, and of the row's own seed."""

import json
import shutil

import pytest

pytest.importorskip("transformers", reason="SPEECHLESS UNTESTED: pip install 'sayso[speechless]'")

import torch
import transformers

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.speech.devices.batch_runner import BatchRunner
from sayso.stages.speech.engines import load_token_synthesizer
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.speechless import packages
from sayso.stages.speech.voices.speechless.config import Speechless
from sayso.stages.speech.voices.speechless.prompts import prompt_of
from sayso.stages.speech.voices.speechless.settings import SpeechlessSettings
from sayso.stages.speech.voices.speechless.sound_names import codes_of, split_names
from sayso.stages.speech.voices.speechless.transformers_model import TransformersModel
from tests.stages.speech.voices.speechless.models import CODES, micro_speechless
from tests.stages.speech.voices.speechless.stand_in import completion, completion_server

TEXTS = ["name a fruit", "why does it freeze", "the sea"]


class Tokenizer:
    """As much of a sound tokenizer as a voice looks at."""

    sound_format = SoundFormat(name="micro", codes=CODES, mask_code=CODES, tokens_per_second=25, max_tokens=750)


@pytest.fixture(autouse=True)
def _without_vllm(monkeypatch):
    monkeypatch.setattr(packages, "_version", {"transformers": transformers.__version__}.get)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.set_num_threads(1)
    return micro_speechless(tmp_path_factory.mktemp("speechless"))


def settings(folder, **more):
    return SpeechlessSettings(model=str(folder), **{"max_tokens": 30, **more})


def voice(folder, **more):
    return Speechless(name="sp", license="MIT", speechless=settings(folder, **more))


def say(speaker, texts, seeds):
    found = speaker.synthesize_tokens(texts, seeds, [1.0] * len(texts))
    return [str(row) if isinstance(row, Exception) else row.tolist() for row in found]


def test_greedy_tokens_are_those_of_transformers_own_way(folder):
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder).eval()
    own = []
    for text in TEXTS:
        inputs = tokenizer([prompt_of(text)], return_tensors="pt")
        (ids,) = model.generate(
            **inputs, max_new_tokens=30, do_sample=False, stop_strings=["<|sound_end|>"], tokenizer=tokenizer
        )
        said = tokenizer.decode(ids[inputs.input_ids.shape[1] :], skip_special_tokens=False)
        own.append(codes_of(split_names(said)).tolist())
    assert all(len(row) > 5 for row in own)
    assert say(load_token_synthesizer(voice(folder), Tokenizer()), TEXTS, [1, 2, 3]) == own


def test_drawn_tokens_follow_from_text_and_seed_in_any_batch(folder):
    model = TransformersModel(settings(folder, temperature=1.5, max_tokens=12))
    prompts = [*map(prompt_of, [*TEXTS, TEXTS[0]])]
    alone = model.complete(prompts, [7, 8, 9, 10])
    assert alone[0] != alone[3]
    # As on a GPU: padded rows side by side, those that have ended beside those that have not.
    model._rows = BatchRunner(4)
    assert model.complete(prompts[::-1], [10, 9, 8, 7]) == alone[::-1]


def test_a_server_says_the_same(folder):
    here = load_token_synthesizer(voice(folder), Tokenizer())

    def answer(text, asked):
        (names,) = here._model.complete([prompt_of(text)], [asked["seed"]])
        return completion("".join(names))

    with completion_server(answer, CODES + 1) as server:
        there = Speechless(name="sp", license="MIT", speechless={"model": "speechless", "server": server.address})
        assert say(load_token_synthesizer(there, Tokenizer()), TEXTS, [1, 2, 3]) == say(here, TEXTS, [1, 2, 3])


def test_what_is_not_a_number_costs_that_row_alone(folder):
    model = TransformersModel(settings(folder, max_tokens=3))
    model._rows = BatchRunner(2)
    ids = model.vocabulary.encode("\u00e9")[1:]
    with torch.no_grad():
        model._model.get_input_embeddings().weight[ids] = torch.nan
    broken, whole = model.complete([prompt_of("caf\u00e9"), prompt_of("coffee")], [1, 2])
    assert str(broken) == "the model came out as not a number"
    assert len(whole) == 3


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "model.safetensors").write_bytes(b"no"), "cannot be loaded: .*header"),
        (lambda folder: (folder / "tokenizer.json").write_text("{}"), r"tokenizer\.json is no vocabulary that can be"),
        (lambda folder: _rename(folder, "<|sound_end|>"), r"has no token <\|sound_end\|>, so it is of no model that"),
        (lambda folder: _rename(folder, "<|sound_0063|>"), "has no sound token 63, and the sound tokenizer has 64 c"),
    ],
)
def test_a_model_that_cannot_speak_is_told_when_it_is_loaded(folder, tmp_path, spoil, told):
    shutil.copytree(folder, tmp_path / "spoilt")
    spoil(tmp_path / "spoilt")
    with pytest.raises(SpeechModelError, match=rf"the direct route of voice 'sp' cannot be taken: .*{told}"):
        load_token_synthesizer(voice(tmp_path / "spoilt"), Tokenizer())


def _rename(folder, name):
    file = folder / "tokenizer.json"
    file.write_text(file.read_text().replace(json.dumps(name)[1:-1], "<|other|>"))
