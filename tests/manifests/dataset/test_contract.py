"""What a trainer reads without a loss, and everything that it would misread or drop without a word."""

import polars as pl
import pytest

from sayso.manifests.dataset.contract import TRANSCRIBE_TOKEN, TRANSCRIPTION_PROMPTS, findings
from tests.sound_formats import MERGED_FORMAT, SOUND_FORMAT

ROW = {
    "id": pl.String,
    "kind": pl.String,
    "conversations": pl.List(pl.Struct({"role": pl.String, "content": pl.String})),
    "sound_tokens": pl.List(pl.UInt16),
    "tokens_per_turn": pl.List(pl.UInt16),
}
SOUND = "<|sound_start|><|sound_0001|><|sound_0500|><|sound_end|>"


def row(*contents, tokens=(1, 500), turns=(2,), row_id="a", kind="instruction"):
    roles = ["user", "assistant"] * len(contents)
    messages = [{"role": role, "content": content} for role, content in zip(roles, contents, strict=False)]
    return pl.DataFrame([[row_id, kind, messages, list(tokens), list(turns)]], schema=ROW, orient="row")


def breaches(rows):
    return findings(rows, SOUND_FORMAT).select("message", "what").rows()


def test_a_span_of_sound_with_nothing_before_it_is_right():
    assert breaches(row(SOUND, "Yes.")) == []


@pytest.mark.parametrize("request_", [*TRANSCRIPTION_PROMPTS, TRANSCRIBE_TOKEN])
def test_a_transcription_and_no_other_kind_asks_for_itself_by_a_known_prompt_or_the_token(request_):
    assert breaches(row(request_ + SOUND, "Yes.", kind="transcription")) == []
    assert breaches(row(request_ + SOUND, "Yes.")) == [(1, "asks for a transcription in a row of another kind")]
    assert breaches(row(SOUND, "Yes.", kind="transcription")) == [(1, "does not ask for the transcription that it is")]


RESERVED = "has a reserved token that does not stand alone before the sound"


@pytest.mark.parametrize(
    "content",
    [
        f"Write this down: {TRANSCRIBE_TOKEN}{SOUND}",
        f"{TRANSCRIBE_TOKEN} {SOUND}",
        f"{TRANSCRIBE_TOKEN * 2}{SOUND}",
        f"{SOUND}{TRANSCRIBE_TOKEN}",
        f"{TRANSCRIBE_TOKEN}Write this down.",
        TRANSCRIBE_TOKEN.replace("69", "70") + SOUND,
        "What is <|reserved_special_token_1|>?",
    ],
)
def test_a_reserved_token_stands_nowhere_but_right_before_the_sound(content):
    assert breaches(row(content, "Yes.", kind="transcription")) == [(1, RESERVED)]


def test_a_reserved_token_within_the_sound_or_in_an_answer_is_found():
    within = SOUND.replace("<|sound_0500|>", TRANSCRIBE_TOKEN + "<|sound_0500|>")
    assert breaches(row(TRANSCRIBE_TOKEN + within, "Yes.", kind="transcription")) == [
        (1, "has a gap between its sound tokens")
    ]
    assert breaches(row(SOUND, TRANSCRIBE_TOKEN)) == [(2, "has a reserved token in the assistant's text")]


def test_text_alone_and_several_turns_are_right():
    assert breaches(row("Why?", "Because.", tokens=(), turns=())) == []
    assert breaches(row(SOUND, "One.", SOUND, "Two.", tokens=(1, 500, 1, 500), turns=(2, 2))) == []


def test_a_run_may_be_written_with_its_length():
    written = "<|sound_start|><|duration_03|><|sound_0007|><|sound_0008|><|sound_end|>"
    assert breaches(row(written, "Yes.", tokens=(7, 7, 7, 8), turns=(4,))) == []


def span(inside):
    return f"<|sound_start|>{inside}<|sound_end|>"


BROKEN = {
    "has text before the sound, which the trainer drops": "Listen! " + SOUND,
    "has a prompt before the sound that the trainer does not know": TRANSCRIPTION_PROMPTS[0].strip() + SOUND,
    "has text after the sound": SOUND + " Thanks",
    "has more than one sound span": SOUND + SOUND,
    "has sound tokens that are not between start and end": "<|sound_start|><|sound_0001|><|sound_0500|>",
    "has a sound span without tokens": span(""),
    "has a sound token that is out of range": span("<|sound_0513|><|sound_0001|>"),
    "has the mask token": span("<|sound_0001|><|sound_0512|>"),
    "has a gap between its sound tokens": span("<|sound_0001|> <|sound_0500|>"),
    "has a duration that no token follows": span("<|sound_0001|><|duration_03|>"),
    "is empty": " ",
}


@pytest.mark.parametrize(("what", "content"), BROKEN.items())
def test_each_way_to_break_a_users_message_is_found(what, content):
    assert breaches(row(content, "Yes.")) == [(1, what)]


def test_which_tokens_there_are_is_told_by_the_format():
    highest, mask = (row(span(f"<|sound_{code}|>"), "Yes.", tokens=(code,), turns=(1,)) for code in (2560, 2048))
    beyond = row(span("<|sound_2561|>"), "Yes.", tokens=(2561,), turns=(1,))
    assert findings(highest, MERGED_FORMAT).is_empty()
    assert findings(mask, MERGED_FORMAT)["what"].to_list() == ["has the mask token"]
    assert findings(beyond, MERGED_FORMAT)["what"].to_list() == ["has a sound token that is out of range"]


@pytest.mark.parametrize(
    "inside", ["<|duration_01|><|sound_0001|>", "<|duration_50|><|sound_0001|>", "<|sound_1|>", "<|duration_02|>"]
)
def test_durations_have_bounds_and_tokens_four_digits(inside):
    assert [message for message, _ in breaches(row(span(inside), "Yes."))] == [1]


def test_only_the_user_makes_a_sound_and_the_two_take_turns():
    assert breaches(row("Why?", SOUND, tokens=(), turns=())) == [(2, "has sound tokens in the assistant's text")]
    assert breaches(row("Why?", tokens=(), turns=())) == [(1, "has no answer")]
    assert breaches(row(tokens=(), turns=())) == [(1, "is the only one and empty: the row has no conversation")]
    swapped = row("Why?", "Because.", tokens=(), turns=()).with_columns(pl.col("conversations").list.reverse())
    assert [what for _, what in breaches(swapped)] == [
        "is the assistant's where the user should speak",
        "is the user's where the assistant should speak",
    ]


def test_the_tokens_of_the_messages_are_those_of_the_columns():
    other = row(SOUND, "Yes.", tokens=(1, 499))
    assert breaches(other) == [(0, "has other sound tokens in its messages than in its columns")]
    counts = (0, "has other numbers of sound tokens in its messages than in its columns")
    assert breaches(row(SOUND, "Yes.", turns=(1, 1))) == [counts]
    assert breaches(row("Why?", "Yes.")) == [counts]


def test_a_message_lasts_thirty_seconds_at_most():
    long = row(span("<|sound_0009|>" * 751), "Yes.", tokens=[9] * 751, turns=(751,))
    assert breaches(long) == [(0, "has more than 750 sound tokens in one message")]


def test_each_finding_names_its_row_and_spares_the_neighbours():
    rows = pl.concat([row(SOUND, "Yes.", row_id=name) for name in "abc"])
    rows = pl.concat([rows, row(SOUND + "!", "Yes.", row_id="d"), row(SOUND, "No.", tokens=(1, 2), row_id="e")])
    assert findings(rows, SOUND_FORMAT)["id"].to_list() == ["d", "e"]
