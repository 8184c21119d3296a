import json
import random
from pathlib import Path

import polars as pl
import pytest

from sayso.stages.speech.tokenizers.whispervq.training.prepare import plan_packs, sentences, spell, spread


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Natalia sold 48 clips in April.", "Natalia sold forty-eight clips in April."),
        ("He paid $1,250 for it.", "He paid one thousand two hundred and fifty dollars for it."),
        ("It fell by 2.5% that day.", "It fell by two point five percent that day."),
        ("The war ended in 1945.", "The war ended in nineteen forty-five."),
        ("No number is in here.", "No number is in here."),
    ],
)
def test_numbers_are_spelled_out(written: str, spoken: str) -> None:
    assert spell(written) == spoken


@pytest.mark.parametrize("written", ["Meet me at 7am.", "It costs $3.50 here.", "Call 5551234567 now."])
def test_what_nobody_says_so_is_left_out(written: str) -> None:
    assert spell(written) is None


def test_sentences_are_found_in_any_schema(tmp_path: Path) -> None:
    (tmp_path / "chat.json").write_text(
        json.dumps([{"conversations": [{"from": "human", "value": "Hello there, friend. What is a cactus?"}]}])
    )
    (tmp_path / "rows.jsonl").write_text(
        '{"instances": [{"input": "Name a river in Asia."}]}\n\n{"x": "no sentence"}\n'
    )
    pl.DataFrame({"prompt": ["See http://a.b/c now. The sky is blue today."]}).write_parquet(tmp_path / "rows.parquet")
    assert sentences(tmp_path / "chat.json") == ["Hello there, friend.", "What is a cactus?"]
    assert sentences(tmp_path / "rows.jsonl") == ["Name a river in Asia."]
    assert sentences(tmp_path / "rows.parquet") == ["The sky is blue today."]


def test_a_large_file_does_not_drown_a_small_one() -> None:
    texts = list(spread([[f"large {i}" for i in range(50)], ["small 1", "small 2"]], random.Random(0)))
    assert {"small 1", "small 2"} <= set(texts[:4])
    assert len(texts) == 52


def test_packs_fit_the_window_and_say_each_sentence_once() -> None:
    texts = [f"This is the sentence with the number {i} of them." for i in range(400)]
    packs = plan_packs(iter(texts), hours=0.2, short=0.3, rng=random.Random(0), voices=["slt"])
    said = [sentence for pack in packs for sentence in pack["sentences"]]
    assert len(said) == len(set(said))
    assert {1, 2} <= {len(pack["sentences"]) for pack in packs}
    assert all(sum(0.9 + len(text) / 15 for text in pack["sentences"]) < 32 for pack in packs)
    assert {pack["voice"] for pack in packs} == {"hibari", "slt"}
