"""The page of the verdicts: their columns and reasons, from running the stages and filters on examples."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from sayso.filters import DEFAULT_FILTERS, FILTERS
from sayso.filters.example import Example
from sayso.manifests.verdicts import VERDICT_SCHEMA
from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.screen.examples import judge_examples
from sayso.stages.sources.source import Source
from sayso.stages.synthesize.judged_rows import FEATURES as SPEECH_FEATURES
from sayso.stages.synthesize.synthesize import Synthesize
from tests.docs.tables import code, table

INTRODUCTION = """\
# Verdicts

Every stage gives one verdict on every row that enters it. They lie in the run's folder, one Parquet file a shard, and
any tool that reads Parquet can ask them:

```python
import polars as pl

print(pl.read_parquet("runs/demo/manifests/screen/*.verdicts.parquet")["reason"].value_counts())
```

The first columns are the same in every stage. Behind them stand the values that were measured, named
`<filter>.<feature>`.
"""
COLUMNS = {
    "id": "the row's id: xxh3-128 of source, revision and position, 32 hexadecimal digits",
    "source": "the source's name in the recipe",
    "position": "file and line or row, counted from 1: `facts.jsonl:17`",
    "verdict": "`kept`, `dropped`, or `sampled_out` by a budget",
    "filter": "what decided; null when kept",
    "reason": "why; null when kept; `kills_the_worker` of `engine`, wherever rows are judged one by one, says that a "
    "row [ended two processes](../explanation/reliability.md#rows-that-end-their-process) by itself; the detail is how",
    "detail": "the words of an error, where there was one",
}

# One whole row for each file, then rows that are broken in one way each.
BROKEN = {
    "facts.jsonl": (
        b'{"question": "Who wrote Hamlet?", "answer": "Shakespeare."}',
        b'{"question": "Who wrote',
        b'{"question": "Caf\xe9?", "answer": "A place for coffee."}',
        b'["Who wrote Hamlet?", "Shakespeare."]',
        b'{"title": "Hamlet"}',
        b'{"question": {"text": "Who?"}, "answer": "Shakespeare."}',
        b'{"question": " ", "answer": "Shakespeare."}',
        b'{"question": "Who wrote Hamlet?", "answer": null}',
        b'{"question": "Which bird is this?", "answer": "A wren.", "image": "wren.png"}',
        b'{"question": "Who said <|sound_0001|>?", "answer": "Nobody."}',
    ),
    "chats.jsonl": (
        b'{"messages": [{"role": "user", "content": "Hello there"}, {"role": "assistant", "content": "Hi."}]}',
        b'{"messages": [{"role": "narrator", "content": "Hello there"}]}',
        b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hm.", "weight": 0}]}',
        b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "<think>Hm.</think>"}]}',
        b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "<think>Hm, so"}]}',
        b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hm."}], "label": false}',
    ),
    "84-1.trans.txt": (b"84-1-0000 a fine day", b"A FINE DAY", b"84-1-0001 and a rainy night"),
    "facts.csv": (b"question,answer\nWho wrote Hamlet?,Shakespeare.", b"Who wrote Hamlet?,Shakespeare,once"),
}
OTHER_REASONS = {
    "row_too_large": "its messages have more UTF-8 bytes together than its source's `limits.text_bytes`, 1 MiB by "
    "default, or it takes more as it is read than `limits.row_bytes`, 16 MiB by default; the detail says which and how "
    "many",
    "unreadable_file": "the row's file cannot be read, and its source says `unreadable_files: drop`; the error is the "
    "detail. A file of which no row could be counted is one row, whose position is the file's name",
    "has_system_prompt": "the row has a system prompt that says something, and its source says `system: drop_row`",
    "has_attached_input": "the input of its instruction is longer than its source's `max_input_characters`",
    "schema_error": "the conversion of its schema failed on this row alone, as a plugin may; the error is the detail",
    "filter_error": "a filter failed on this row alone; the error is the detail",
    "exact_overlap": "the prompt has the words of an evaluation text, but for case, blanks and mere punctuation",
    "ngram_overlap": "the prompt has at least `min_share` of an evaluation text's distinct word n-grams",
    "exact_duplicate": "the row that stays has the same prompt but for case, blanks and mere punctuation",
    "near_duplicate": "the prompt shares at least `min_similarity` of its word n-grams with that of the row that stays"
    " and, outside of frames, at least `min_rest_similarity`",
    "over_cap": "the row's draw is above the cutoff that leaves as many rows as its source may give at most",
    "over_share": "the row's draw is above the cutoff that leaves as many rows of its kind as the mixture wants",
    "too_few_turns": "the row has fewer turns than every kind of the mixture",
    "over_budget": "the row's draw is above the cutoff that leaves as many rows as the recipe wants",
}
NO_EVALUATION = "Only in a run whose recipe names evaluation sets. Rows that are kept have the values, too."
OPTIONAL = [kind() for kind in FILTERS[len(DEFAULT_FILTERS) :]]
WHO_STAYS = (
    "Of rows that are alike, the one stays whose source the recipe names first, then one with a clean answer, then one "
    "whose answer takes no longer than `max_answer_seconds`, then the one with the smaller draw from the seed."
)
SPEECH_REASONS = {
    "synthesis_error": "the voice or the tokenizer failed on this row alone; the error is the detail",
    "no_sound": "nothing was said, or the clip is too short to encode",
    "too_long": "said in several utterances, which are together longer than `max_seconds`; or a recording longer than "
    "that or than the tokenizer takes",
    "unreadable_recording": "recorded speech that cannot be decoded, or whose recording is not to be had; the error is "
    "the detail",
    "no_end": "longer than `max_seconds`, in one utterance",
    "too_slow": "longer than `pause_seconds` and `max_seconds_per_word` for each word",
    "too_fast": "shorter than `min_seconds_per_word` for each word",
    "silence": "more than `max_silence` of it is silent at its start or its end",
    "unnatural_rate": "fewer syllables a second than `min_speaking_rate`, or more than `max_speaking_rate`",
    "mask_code": "a token that stands for padding, which no good row holds",
    "repeated_run": "more than `max_run` equal tokens in a row",
    "wrong_words": "the tokens decode to other words: WER above `max_wer`",
    "wrong_characters": "CER above `max_cer`",
    "cut_start": "the first words are missing",
    "cut_end": "the last words are missing",
    "lost_word": "a word between is missing, with nothing in its place",
    "wrong_number": "another number was heard",
    "wrong_negation": 'a "not" and its like, or the "un-" of a word, was lost or came in',
    "wrong_name": "a capitalised word inside a sentence sounds otherwise: beyond `max_name_error`",
}
SPEECH_MEANINGS = {
    "speech.attempts": "attempts that it got",
    "speech.earlier": "reasons of the attempts before the last",
    "speech.turn": "the turn that failed, from 1, of which the values below are; of kept rows they are of all turns",
    "speech.voice": "voice of the last attempt; `recorded` where people said it, with who it was where that is known",
    "speech.route": "`audio`, `recorded`, or `direct` where the voice's tokens are the sound tokens, without audio",
    "speech.seed": "its seed, that of the first utterance",
    "speech.speed": "its speed, 1 is the voice's own",
    "speech.utterances": "how many parts it was said in; null where it cannot be cut to fit",
    "speech.seconds": "its length, with the pauses between the parts",
    "speech.silent_start": "seconds of silence before the speech, null where there was no audio",
    "speech.silent_end": "the same behind it",
    "speech.rate": "syllables a second between the silence: runs of vowels; null where a script's are not known",
    "speech.tokens": "its sound tokens",
    "speech.words": "words of the spoken text",
    "speech.mask_codes": "tokens that stand for padding",
    "speech.longest_run": "equal tokens in a row, at most",
    "speech.wer": "word error rate of the transcript against the spoken text",
    "speech.cer": "character error rate, blanks left out",
    "speech.wrong_numbers": "places where another number was heard",
    "speech.wrong_negations": "places where a negation was lost or came in",
    "speech.name_error": "the largest share of a name's sounds that was heard otherwise",
    "speech.lost_start": "words missing at the start, with nothing in their place",
    "speech.lost_end": "the same at the end",
    "speech.lost_inside": "the same between, of words of five letters or more",
    "speech.differs": "the first number, negation, name or word that is wrong: said → heard",
    "speech.audio_transcript": "what is heard in the audio without the tokens, with `listen`",
    "speech.audio_wer": "word error rate of that",
    "speech.transcript": "what the tokens decode to",
    "augment.gain_db": "dB that it was made louder by, null where it was not",
    "augment.snr_db": "dB of the speech over the noise, null where there is none",
    "augment.rt60": "seconds that its room takes to be 60 dB down, null where it is in none",
}


def page() -> str:
    """The whole page."""
    base = [(f"`{name}`", _type(dtype), COLUMNS[name]) for name, dtype in VERDICT_SCHEMA.items()]
    parts = [
        INTRODUCTION.rstrip(),
        table(("column", "type", "meaning"), base),
        f"## ingest\n\nFilter `ingest`.\n\n{table(('reason', 'for example', 'detail'), _ingest_reasons())}\n\n"
        "By what the source says, or what a schema breaks on:\n\n"
        + _meanings("has_system_prompt", "has_attached_input", "row_too_large", "unreadable_file", "schema_error")
        + "\n\nRows that are kept have the value, too:\n\n"
        + table(
            ("feature", "type", "meaning"),
            [
                (
                    "`ingest.reasoning_characters`",
                    "whole number",
                    "characters of reasoning that were cut from what its assistant says, or stood in a field beside it",
                )
            ],
        ),
        f"## screen\n\nFilters in the order in which they are asked by default. {_screen_note()}",
        *(_filter_section(one) for one in DEFAULT_FILTERS),
        f"These are asked only where a recipe names them: {', '.join(f'`{one.filter}`' for one in OPTIONAL)}.",
        *(_filter_section(one) for one in OPTIONAL),
        f"## decontaminate\n\nFilter `decontamination`. {NO_EVALUATION}\n\n"
        f"{_meanings('exact_overlap', 'ngram_overlap')}\n\n"
        + table(
            ("feature", "type", "meaning"),
            [
                (
                    "`decontamination.of`",
                    "text",
                    "the evaluation text it has most of: set, file, row (`vicuna:bench.jsonl:17`) and turn of several",
                ),
                ("`decontamination.share`", "number", "share of that text's n-grams which the prompt has"),
                ("`decontamination.prompt_share`", "number", "share of the prompt's n-grams which that text has"),
            ],
        ),
        f"## deduplicate\n\nFilter `duplicates`. {WHO_STAYS}\n\n{_meanings('exact_duplicate', 'near_duplicate')}\n\n"
        + table(
            ("feature", "type", "meaning"),
            [
                ("`duplicates.of`", "text", "id of the row that stays"),
                ("`duplicates.similarity`", "number", "shared n-grams over all n-grams of the two prompts"),
                ("`duplicates.rest_similarity`", "number", "the same of what the two say outside of frames"),
            ],
        ),
        "## sample\n\nFilter `sample`, verdict `sampled_out`.\n\n"
        + _meanings("over_cap", "over_budget", "too_few_turns")
        + "\n\n"
        + table(
            ("feature", "type", "meaning"),
            [
                ("`sample.draw`", "number", "a number in [0, 1) drawn from the recipe's seed and the row's id"),
                (
                    "`sample.cutoff`",
                    "number",
                    "the draw up to which its source's rows stay, by its cap or by the budget",
                ),
                ("`sample.kind`", "text", "what kind of row it is dealt to be, where it stays"),
            ],
        ),
        f"## synthesize\n\nFilter `speech`. Its thresholds are the [gates](recipe.md).\n\n{_speech()}",
        "## mix\n\nOnly where the recipe has a mixture. Filter `mixture`, verdict `sampled_out`. Inaudible rows are "
        "made here: they have no verdicts before.\n\n"
        + _meanings("over_share")
        + "\n\n"
        + table(
            ("feature", "type", "meaning"),
            [
                ("`mixture.kind`", "text", "what kind of row it was dealt to be"),
                (
                    "`mixture.draw`",
                    "number",
                    "drawn from the seed and the id, between 0 and 1; none for rows made here",
                ),
                ("`mixture.cutoff`", "number", "the draw up to which rows of its kind stay"),
            ],
        ),
        "## compose\n\nEvery row is kept: it is written to the dataset.",
    ]
    return "\n\n".join(parts) + "\n"


def _screen_note() -> str:
    return f"Any of them may also say `filter_error`: {OTHER_REASONS['filter_error']}."


def _meanings(*reasons: str) -> str:
    return table(("reason", "meaning"), [(f"`{reason}`", OTHER_REASONS[reason]) for reason in reasons])


def _ingest_reasons() -> list[tuple[str, str, str]]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (whole, *broken) in BROKEN.items():
            (Path(folder) / name).write_bytes(b"\n".join([whole, *broken]) + b"\n")
            # The recording of the first line of a transcript; of the others there is none.
            (Path(folder) / "84-1-0000.flac").write_bytes(b"fLaC")
            (shard,) = plan_shards(Source(name="examples", paths=(name,)), Path(folder))
            dropped = ingest(shard).verdicts.filter(pl.col("verdict") != "kept")
            reasons = dropped.select("reason", "detail").rows()
            for (reason, detail), row in zip(reasons, broken, strict=True):
                found.append((f"`{reason}`", code(row.decode("utf-8", "backslashreplace")), code(detail)))
    return found


def _filter_section(one: Any) -> str:
    features = judge_examples(one, one.examples)
    rows = [(f"`{reason}`", *_example(reason, one.examples)) for reason in _reasons(one.reason())]
    measured = [(f"`{name}`", _type(dtype)) for name, dtype in features.schema.items() if "." in name]
    return (
        f"### {one.filter}\n\n{' '.join((one.__doc__ or '').split())}\n\n"
        f"{table(('reason', 'a prompt that gets it', 'its answer'), rows)}\n\n{table(('feature', 'type'), measured)}"
    )


def _reasons(reason: pl.Expr) -> Sequence[str]:
    """The reasons that a filter or a gate may give, in its order: the texts that its expression may come to."""
    return list(dict.fromkeys(re.findall(r'(?:then|otherwise)\("(\w+)"\)', str(reason))))


def _example(reason: str, examples: Sequence[Example]) -> tuple[str, str]:
    found = next((example for example in examples if example.reason == reason), None)
    if found is None:
        return "", ""
    return code(found.prompt), "" if found.answer == Example("").answer else code(found.answer)


def _speech() -> str:
    config = Synthesize()
    possible = ["unreadable_recording", *_reasons(config.gates.reason(config.tokenizer.sound_format()))]
    reasons = [(f"`{reason}`", SPEECH_REASONS[reason]) for reason in possible]
    features = [(f"`{name}`", _type(dtype), SPEECH_MEANINGS[name]) for name, dtype in SPEECH_FEATURES.items()]
    return f"{table(('reason', 'meaning'), reasons)}\n\n{table(('feature', 'type', 'meaning'), features)}"


def _type(dtype: Any) -> str:
    if dtype == pl.String:
        return "text"
    if dtype == pl.Boolean:
        return "true or false"
    return "whole number" if dtype.is_integer() else "number"
