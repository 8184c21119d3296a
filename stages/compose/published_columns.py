"""The columns of the published dataset, as the Hub's types, for each of its configs."""

from __future__ import annotations

from collections.abc import Collection

import datasets

from sayso.manifests.dataset.configs import ConfigName

STRING, TEXTS = datasets.Value("string"), ("prompt", "spoken", "answer")
MESSAGE = {"role": STRING, "content": STRING}

FEATURES = datasets.Features(
    {
        "id": STRING,
        "source": STRING,
        "license": STRING,
        "kind": STRING,
        "language": STRING,
        **dict.fromkeys(TEXTS, STRING),
        "later_turns": datasets.List(dict.fromkeys(TEXTS, STRING)),
        "taken_out": datasets.List(STRING),
        "sound_tokens": datasets.List(datasets.Value("uint16")),
        "tokens_per_turn": datasets.List(datasets.Value("uint16")),
        "duration": datasets.Value("float32"),
        "voice": STRING,
        "transcript": STRING,
        "wer": datasets.Value("float32"),
        "cer": datasets.Value("float32"),
        "conversations": datasets.List(MESSAGE),
    }
)

# Where the recipe keeps what was said, and where the audio is transcribed, too.
OPTIONAL_FEATURES = {
    "audio": datasets.Audio(sampling_rate=16_000),
    "audio_transcript": STRING,
    "audio_wer": datasets.Value("float32"),
}

# The columns of instruction-speech-whispervq-v1 and v2, in their order and types.
ICHIGO_FEATURES = datasets.Features(
    {
        "index": datasets.Value("int64"),
        "tokens": datasets.List(datasets.Value("int64")),
        "text_prompt": STRING,
        "answer": STRING,
        "length": datasets.Value("int64"),
        "prompt": STRING,
        "conversations": datasets.List({"content": STRING, "role": STRING}),
    }
)

CONFIGS: dict[ConfigName, datasets.Features] = {"default": FEATURES, "ichigo": ICHIGO_FEATURES}


def features_of(columns: Collection[str]) -> datasets.Features:
    """What rows of `synthesize` or `mix` with these columns are published as in the default config."""
    there = {name: feature for name, feature in OPTIONAL_FEATURES.items() if name in columns}
    return datasets.Features({**FEATURES, **there})
