"""What the model says, read as sound tokens; what cannot be read costs that row alone."""

import pytest

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.stages.compose.sound_strings import sound_strings
from sayso.stages.speech.protocols import SynthesisError
from sayso.stages.speech.voices.speechless.sound_names import codes_of, split_names


def said(text):
    return codes_of(split_names(text)).tolist()


def test_sound_tokens_are_read_up_to_the_end():
    assert said("<|sound_start|><|sound_0194|><|sound_2560|><|sound_end|>") == [194, 2560]
    assert said("<|sound_0007|> <|sound_0007|>\n<|sound_end|>") == [7, 7]


def test_the_length_of_a_run_stands_before_its_token():
    assert said("<|sound_start|><|duration_03|><|sound_0005|><|sound_0001|><|sound_end|>") == [5, 5, 5, 1]
    assert said("<|duration_99|><|sound_0005|><|sound_end|>") == [5] * 99


def test_what_is_published_with_runs_is_read_back():
    import polars as pl

    tokens = [3, 3, 3, 1, 0, 0, 63, *[9] * 60]
    sound = SoundFormat(name="micro", codes=64, tokens_per_second=25, max_tokens=750)
    written = sound_strings(pl.Series([tokens], dtype=pl.List(pl.UInt16)), "durations", sound)[0]
    assert said(written) == tokens


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "it said nothing"),
        ("<|sound_start|><|sound_end|>", "it ended before it had said anything"),
        ("<|sound_start|><|sound_0001|><|sound_0002|>", "it had not ended after 3 tokens"),
        ("<|sound_0001|><|eot_id|>", "it said '<|eot_id|>' where a sound token or the length of a run could stand"),
        ("<|sound_0001|>Paris<|sound_end|>", "it said 'Paris' where a sound token"),
        ("<|sound_0001|><|sound_start|><|sound_end|>", "it said '<|sound_start|>' where"),
        ("<|duration_02|><|duration_02|><|sound_0001|><|sound_end|>", "it said '<|duration_02|>' where"),
        ("<|duration_00|><|sound_0001|><|sound_end|>", "it said '<|duration_00|>' where"),
        ("<|sound_0001|><|duration_02|><|sound_end|>", "it ended behind the length of a run"),
    ],
)
def test_what_is_no_speech_that_ended_says_why(text, told):
    with pytest.raises(SynthesisError) as error:
        said(text)
    assert str(error.value).startswith(told)
