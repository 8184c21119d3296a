"""The contract of the sound tokens: what a trainer reads in a conversation, and every way to break it.

The trainer takes a message apart at `<|sound_start|>`. Text before it is dropped without a word unless it is one of
eight prompts, to the letter, or the transcribe token; after it come the tokens, one string each with nothing in
between, and `<|sound_end|>`.
"""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from sayso.manifests.dataset.sound_format import SoundFormat
from sayso.manifests.dataset.sound_spans import SpanTokens, read_spans

SOUND_START, SOUND_END = "<|sound_start|>", "<|sound_end|>"

# As the trainer's tokenizer compares them, six of them with the blank at the end.
TRANSCRIPTION_PROMPTS = (
    "Transcribe the following audio clip: ",
    "Convert the spoken words to text: ",
    "What is being said in this audio clip: ",
    "Transcribe the speech in this audio sample:",
    "Please write down what is being said in the audio clip:",
    "Generate a transcript from this sound file: ",
    "Recognize the speech in this audio clip: ",
    "Produce a text version of this audio recording: ",
)

# Asks for a transcription as the prompts do. The trainer takes any message that holds it to begin with it, and cuts off
# as many characters, so that it may stand nowhere else.
TRANSCRIBE_TOKEN = "<|reserved_special_token_69|>"

# The kind of a row that is sound and nothing else: no request, no answer.
PRETRAINING = "pretraining"

# In a source's text these would be taken for sound, or for a command to the trainer.
RESERVED = r"<\|(?:sound|duration|reserved_special_token)_"

_RUN = r"<\|duration_(?:0[2-9]|[1-4][0-9])\|>"
_REQUESTS = (*TRANSCRIPTION_PROMPTS, TRANSCRIBE_TOKEN)
_OPENING = rf"^(?:{'|'.join(map(re.escape, _REQUESTS))})?<\|sound_start\|>"
_COMMAND = "<|reserved_special_token_"
_DIGITS_AT = len("<|sound_")

FINDINGS = {"id": pl.String, "message": pl.Int64, "what": pl.String}


def findings(rows: pl.DataFrame, sound: SoundFormat) -> pl.DataFrame:
    """Every breach in the conversations of rows: the row's `id`, the `message` (from 1, 0 for the row), and `what`.

    Rows have `id`, `kind`, `conversations`, `sound_tokens` and `tokens_per_turn`; what the conversations say in tokens
    must be what these columns say, and be tokens of this format. Only what asks for a transcription is of that kind.
    """
    messages = (
        rows.select("id", "kind", "conversations")
        .with_row_index("row")
        .explode("conversations", empty_as_null=True)
        .select(
            "row",
            "id",
            "kind",
            pl.int_range(1, pl.len() + 1).over("row").alias("message"),
            pl.col("conversations").struct.field("role"),
            pl.col("conversations").struct.field("content").fill_null(""),
        )
        .with_columns(sounds=pl.col("content").str.contains(RESERVED))
    )
    spans = messages.filter(pl.col("sounds") & (pl.col("role") == "user")).select(
        "row", "id", "message", span=_span(pl.col("content"))
    )
    read = read_spans(spans["span"], sound)
    whole = spans.select("row", "message").with_columns(read.whole.alias("whole"))
    messages = messages.join(whole, on=["row", "message"], how="left", maintain_order="left")
    broken = messages.with_columns(what=_breach(sound)).filter(pl.col("what").is_not_null())
    untrue = _untrue(rows, sound, spans["row"], read, broken["row"].unique())
    return pl.concat([broken.select(*FINDINGS), untrue])


def _breach(sound: SoundFormat) -> pl.Expr:
    """What is wrong with a message, null where nothing is."""
    content, place = pl.col("content"), pl.col("message")
    expected = pl.when(place % 2 == 1).then(pl.lit("user")).otherwise(pl.lit("assistant"))
    last = place == pl.len().over("row")
    alone = pl.col("kind").eq_missing(PRETRAINING)
    before = content.str.split(SOUND_START).list.first()
    span = content.str.extract(r"(?s)<\|sound_start\|>(.*?)<\|sound_end\|>")
    token = rf"<\|sound_[0-9]{{{sound.digits}}}\|>"
    asks, should_ask = ~content.str.starts_with(SOUND_START), pl.col("kind").eq_missing("transcription")
    codes = span.str.replace_all(token, "")
    numbers = span.str.extract_all(token).list.eval(pl.element().str.slice(_DIGITS_AT, sound.digits).cast(pl.Int64))
    of_span = pl.coalesce(
        pl.when(content.str.contains(_COMMAND, literal=True) & (before != TRANSCRIBE_TOKEN)).then(
            pl.lit("has a reserved token that does not stand alone before the sound")
        ),
        pl.when(content.str.count_matches(SOUND_START, literal=True) > 1).then(pl.lit("has more than one sound span")),
        pl.when(span.is_null()).then(pl.lit("has sound tokens that are not between start and end")),
        pl.when(before.str.strip_chars().str.ends_with(":") & ~before.is_in(_REQUESTS)).then(
            pl.lit("has a prompt before the sound that the trainer does not know")
        ),
        pl.when((before != "") & ~before.is_in(_REQUESTS)).then(
            pl.lit("has text before the sound, which the trainer drops")
        ),
        pl.when(~content.str.ends_with(SOUND_END)).then(pl.lit("has text after the sound")),
        pl.when(span == "").then(pl.lit("has a sound span without tokens")),
        pl.when(numbers.list.contains(sound.mask_code)).then(pl.lit("has the mask token")),
        pl.when(numbers.list.max() > sound.highest).then(pl.lit("has a sound token that is out of range")),
        pl.when(codes.str.replace_all(_RUN, "") != "").then(pl.lit("has a gap between its sound tokens")),
        pl.lit("has a duration that no token follows"),
    )
    return pl.coalesce(
        pl.when(pl.col("role").is_null()).then(pl.lit("is the only one and empty: the row has no conversation")),
        pl.when(pl.col("role") != expected).then(pl.format("is the {}'s where the {} should speak", "role", expected)),
        pl.when(alone & (place > 1)).then(pl.lit("stands behind the sound, which is alone in a row for pre-training")),
        pl.when(last & (place % 2 == 1) & ~alone).then(pl.lit("has no answer")),
        pl.when(content.str.strip_chars() == "").then(pl.lit("is empty")),
        pl.when(pl.col("sounds") & (pl.col("role") == "assistant")).then(
            pl.when(content.str.contains(_COMMAND, literal=True))
            .then(pl.lit("has a reserved token in the assistant's text"))
            .otherwise(pl.lit("has sound tokens in the assistant's text"))
        ),
        pl.when(pl.col("sounds") & ~pl.col("whole").fill_null(False)).then(of_span),
        pl.when(pl.col("sounds") & should_ask & ~asks).then(pl.lit("does not ask for the transcription that it is")),
        pl.when(pl.col("sounds") & asks & ~should_ask).then(
            pl.lit("asks for a transcription in a row of another kind")
        ),
    )


def _span(content: pl.Expr) -> pl.Expr:
    """What a message has between start and end, null where it does not begin and end as it should."""
    inside = content.str.replace(_OPENING, "")
    opened, closed = inside.str.len_bytes() < content.str.len_bytes(), inside.str.ends_with(SOUND_END)
    return pl.when(opened & closed).then(inside.str.strip_suffix(SOUND_END))


def _untrue(
    rows: pl.DataFrame, sound: SoundFormat, row: pl.Series, read: SpanTokens, broken: pl.Series
) -> pl.DataFrame:
    """Rows whose messages hold other tokens than their columns, or too many; `broken` ones were found already.

    `row` is that of each message read.
    """
    spoken = pl.DataFrame({"row": row.filter(read.whole), "count": read.counts})
    unbroken = ~spoken["row"].is_in(broken.implode())
    found = spoken.filter(unbroken).group_by("row", maintain_order=True).agg("count")
    table = (
        rows.with_row_index("row")
        .filter(~pl.col("row").is_in(broken.implode()))
        .select("row", "id", "sound_tokens", stated=pl.col("tokens_per_turn").cast(pl.List(pl.Int64)))
        .join(found, on="row", how="left", maintain_order="left")
        .with_columns(pl.col("count").fill_null(pl.lit([], pl.List(pl.Int64))))
    )
    long = table.filter(pl.col("count").list.max() > sound.max_tokens)
    fits = (pl.col("count") == pl.col("stated")) & (pl.col("stated").list.sum() == pl.col("sound_tokens").list.len())
    miscounted, counted = table.filter(~fits), table.filter(fits)
    stated = counted["sound_tokens"].explode(empty_as_null=False).to_numpy()
    compared = (unbroken & spoken["row"].is_in(counted["row"].implode())).to_numpy()
    written = read.codes[np.repeat(compared, read.counts)]
    ends = np.cumsum(counted["sound_tokens"].list.len().to_numpy())
    differing = np.unique(np.searchsorted(ends, np.flatnonzero(stated != written), side="right"))
    return pl.concat(
        [
            _of_rows(long, f"has more than {sound.max_tokens} sound tokens in one message"),
            _of_rows(miscounted, "has other numbers of sound tokens in its messages than in its columns"),
            _of_rows(counted[differing], "has other sound tokens in its messages than in its columns"),
        ]
    )


def _of_rows(rows: pl.DataFrame, what: str) -> pl.DataFrame:
    return rows.select("id", message=pl.lit(0, pl.Int64), what=pl.lit(what))
