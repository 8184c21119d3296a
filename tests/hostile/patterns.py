"""The table of all that looks at text: what it is called, how it is asked, and the texts that would cost it the most.

Each is asked the way the pipeline asks it, with the guards that stand before it, and besides, where a guard leaves long
texts out, without.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from tempfile import NamedTemporaryFile

import numpy as np
import polars as pl
import torch

from sayso.filters.language import identify, second_opinion
from sayso.filters.reading import unsaid
from sayso.filters.requests.missing_input import has_open_reference
from sayso.filters.requests.screen_forms import FORMS, is_asked
from sayso.filters.requests.sentences import LONGEST
from sayso.filters.requests.unfinished import is_beginning, is_title
from sayso.filters.sensitive.credentials import is_secret
from sayso.filters.sensitive.personal_data import KINDS
from sayso.filters.text.digit_hashes import digit_hashes
from sayso.filters.text.folding import text_hash
from sayso.filters.text.ngram_model import features_of, word_classes
from sayso.filters.text.patterns import any_of, without_lookaround
from sayso.filters.text.repetition import looped_words, phrase_repeats
from sayso.filters.text.words import all_words_in, folded_words, words_of
from sayso.manifests import names as file_names
from sayso.manifests.dataset.contract import SOUND_END, findings
from sayso.manifests.dataset.file_list import PublishedFile
from sayso.manifests.dataset.sound_spans import read_spans
from sayso.manifests.reports.row_search import BEGINNING
from sayso.manifests.sealing import unseal
from sayso.manifests.verify.rows import breaches
from sayso.pipeline.cli.console import visible
from sayso.pipeline.export.export_folder import EXPORTED_FILES
from sayso.pipeline.export.published_rows import foreign_ids
from sayso.pipeline.hub.choice import row_range
from sayso.pipeline.hub.names import NAME as REPOSITORY_NAME
from sayso.pipeline.hub.pulled_card import card_of_part
from sayso.pipeline.hub.scrubbing import _scrub
from sayso.pipeline.voices.new_voice import NAME as VOICE_NAME
from sayso.stages.decontaminate.overlap import fingerprints, index_of, overlaps
from sayso.stages.deduplicate.frames import Frames, run_keys, shared_runs
from sayso.stages.deduplicate.signatures import IS_CLEAN, band_hashes, shingles
from sayso.stages.publish.markdown import as_text
from sayso.stages.screen.cleaning import clean_answers
from sayso.stages.screen.normalization import say_numbers, say_words, symbols, to_spoken
from sayso.stages.screen.normalization.writing import one_line
from sayso.stages.screen.screen import _english_within
from sayso.stages.sources.files import File
from sayso.stages.sources.formats.csv_rows import _cells
from sayso.stages.sources.formats.json_values import parse
from sayso.stages.sources.formats.readers import chunks_of
from sayso.stages.sources.hub_datasets import COMMIT, name_in_address
from sayso.stages.sources.hub_datasets import NAME as DATASET_NAME
from sayso.stages.sources.listing import HUB_NAME, names_matching
from sayso.stages.sources.schemas.asking import asks
from sayso.stages.sources.schemas.columns.empty_values import is_nothing
from sayso.stages.sources.schemas.columns.marked_rows import false_alone, first_no
from sayso.stages.sources.schemas.conversion import apply_schema
from sayso.stages.sources.schemas.file_schema import FileSchema
from sayso.stages.sources.schemas.known_schemas import known_schemas
from sayso.stages.sources.schemas.layouts.choices import Choices, choices_of, counted_choice
from sayso.stages.sources.schemas.layouts.text_pairs import INPUT_TARGET
from sayso.stages.sources.schemas.messages.chat_logs import log_messages, log_with_reply, marked_messages
from sayso.stages.sources.schemas.messages.fields_beside import value_says_no
from sayso.stages.sources.schemas.messages.messages import BadMessages, messages_of
from sayso.stages.sources.schemas.messages.reasoning import cut_reasoning
from sayso.stages.sources.schemas.messages.replies import is_side
from sayso.stages.sources.schemas.messages.roles import Roles
from sayso.stages.sources.schemas.messages.tool_calls import are_calls, are_results, final_answers
from sayso.stages.sources.schemas.reading_options import ReadingOptions
from sayso.stages.sources.source import NAME as SOURCE_NAME
from sayso.stages.sources.stores import SourceError
from sayso.stages.speech.devices.one_query_cpu import OwnPositions
from sayso.stages.speech.tokenizers.whispervq.files import find_bundled
from sayso.stages.speech.tokenizers.whispervq.training import prepare
from sayso.stages.speech.voices.speechless.sound_names import codes_of, split_names
from sayso.stages.speech.weights.hub_file import hub_file
from sayso.stages.speech.whisper.ctranslate2 import _targets
from sayso.stages.synthesize.heard_words import compare
from sayso.stages.synthesize.measures import token_features
from sayso.stages.synthesize.utterances import split
from tests.hostile import filter_entries, spoken_text
from tests.hostile.entry import Entry, named, row_of
from tests.hostile.worst_texts import Text
from tests.sound_formats import SOUND_FORMAT

CHINESE = "你好"
SPLITS = ("train", "test")


def _measured(text: str) -> object:
    attempt = {"spoken": [text], "sound_tokens": [[1]], "speech.seconds": 1.0}
    silence = dict.fromkeys(("speech.silent_start", "speech.silent_end"), 0.0)
    return pl.DataFrame({**attempt, **silence}).select(token_features(SOUND_FORMAT))


def _read_short(text: str) -> object:
    """Sentence by sentence, as no longer prompt is read, and without what stands before."""
    prompt = text[:LONGEST]
    return (
        has_open_reference(prompt),
        is_beginning(prompt),
        is_title(prompt),
        [is_asked(form, prompt) for form in FORMS.values()],
    )


def _convert(name: str, text: str) -> object:
    fields = known_schemas()[name].fields
    columns = {columns[0]: [text] for columns in fields.values()}
    if "conversations" in columns or "messages" in columns:
        talk = [{"role": "user", "content": text}, {"role": "assistant", "content": text}] * 2
        columns = {next(iter(columns)): [talk]}
    rows = pl.DataFrame(columns, strict=False)
    return apply_schema(
        FileSchema(name=name, fields=fields),
        rows,
        ReadingOptions(later_turns=3, system="drop_row", max_input_characters=9),
    )


def _logs(text: str) -> object:
    """All that asks whether a text is a log, each by itself, for any of them may refuse it."""
    talk = {"chat": [{"turn_1": {"Human": text, "MOSS": text}, text: {}}], "system": [text]}
    asked = (
        partial(log_messages, text),
        partial(log_with_reply, text, text),
        partial(marked_messages, text),
        partial(is_side, text),
        partial(_convert, "prompt_completion", text),
        partial(_convert, "chat_log", text),
        partial(apply_schema, FileSchema(name="moss", fields=known_schemas()["moss"].fields), pl.DataFrame(talk)),
    )
    for ask in asked:
        with suppress(BadMessages):
            ask()
    return None


def _csv(text: str) -> object:
    file = File("a.csv", "a.csv", "csv", "none", len(text), "")
    stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", errors="surrogateescape", newline="")
    return list(_cells(file, stream))


def _overlaps(text: str) -> object:
    texts = pl.Series("prompt", [text, "What is the capital of France?"])
    index = index_of(fingerprints(pl.Series(["a", "b"]), texts, 3), 3)
    return overlaps(pl.DataFrame([texts, text_hash(texts)]), index)


def _findings(text: str) -> object:
    messages = [{"role": "user", "content": text}, {"role": "assistant", "content": text}]
    rows = pl.DataFrame(
        {
            "id": ["a"],
            "kind": ["text"],
            "conversations": [messages],
            "sound_tokens": [[1, 2]],
            "tokens_per_turn": [[2]],
        },
        schema_overrides={"sound_tokens": pl.List(pl.UInt16), "tokens_per_turn": pl.List(pl.UInt16)},
    )
    return findings(rows, SOUND_FORMAT)


def _breaches(text: str) -> object:
    row = {"id": text, "source": text, "kind": text, "sound_tokens": [1], "tokens_per_turn": [1], "duration": 0.0}
    talk = [{"role": "user", "content": text}]
    types = {"sound_tokens": pl.List(pl.UInt16), "tokens_per_turn": pl.List(pl.UInt16)}
    return breaches(
        pl.DataFrame([{**row, "answer": text, "conversations": talk}], schema_overrides=types),
        "default",
        SOUND_FORMAT,
        None,
    )


def _holds(text: str) -> object:
    """The checks of every kind of personal data, also with what the patterns before them would never hand on."""
    return [is_secret(text), *(one.holds(text, ("US", "GB")) for kind in KINDS.values() for one in kind)]


def _parsed_json(text: str) -> object:
    return parse(text.encode())


def _json_array(text: str) -> object:
    """Looked at as a list and as an object with one inside."""
    for data in (b"[" + text.encode() + b"]", b'{"a": [{"b": "' + text.encode() + b'"}]}'):
        with NamedTemporaryFile() as written, suppress(SourceError):
            written.write(data)
            written.flush()
            chunks_of(File(written.name, "a.json", "json", "none", len(data), ""), (), None)
    return None


def _parts(text: str) -> object:
    """A message in as many parts as it has characters."""
    return messages_of([{"role": "user", "content": list(text)}])


def _names_of_files(text: str) -> object:
    forms = (
        file_names.PARTS,
        file_names.DATASET_FILES,
        file_names.PAGES,
        file_names.PULLED_FILES,
        file_names.RUN_FILES,
        file_names.LEASES,
        file_names.ATTEMPT_FILES,
    )
    found = [kind.has(text) for kind in forms], re.fullmatch(file_names.STAGE, text), file_names.most_bytes(text)
    return found, file_names.temporary_of(text, text), file_names.temporary_of("", text)


def _pulled_card(text: str) -> object:
    names = [f"data/{split}-00000-of-00001.parquet" for split in SPLITS]
    every = [
        PublishedFile(name=name, config="default", split=split, rows=1, bytes=1, sha256="a" * 64)
        for name, split in zip(names, SPLITS, strict=True)
    ]
    return card_of_part(f"---\n{text}\n---\n".encode(), every, every[:1], "a/b")


def _column(work: Callable[[pl.Series], object]) -> Callable[[str], object]:
    return lambda text: work(pl.Series("text", [text]))


_FASTTEXT = named(
    "filters.fasttext.inference",
    (
        *("_add_byte", "_hash", "_same", "_fill", "_word", "_is_blank", "_add", "_classify"),
        *("_rows_of_word", "_rows_of_ngrams"),
        *("_starts_with_label", "_to_right", "_together", "_likeliest"),
    ),
)


def _attended(text: str) -> object:
    """A row that has a position for each character."""
    positions = torch.ones(1, 1, len(text), 16)
    return OwnPositions([0], [len(text)]).attend(positions[:, :, 0], positions, positions)


def _outside_of_frames(texts: pl.Series) -> object:
    words = folded_words(texts)
    runs = shared_runs([run_keys(words, np.zeros(len(texts), np.uint32), 10, 0, 1)], 0)
    return Frames.of(runs, 10).outside(words)


FOLDING = (
    *("fold_unicode", "_fold", "_means", "_is_minus", "_multiplies"),
    *("_byte", "_is_word", "_in_a_row", "_beyond_blanks"),
)

TABLE: tuple[Entry, ...] = (
    *filter_entries.entries(),
    Entry(
        "personal data, checked",
        _holds,
        (
            *named(
                "filters.sensitive.personal_data",
                ("_NOBODYS_DOMAIN", "_NO_ADDRESS", "_DRAMA", "_CARD", "_is_phone"),
            ),
            *named(
                "filters.sensitive.personal_data",
                ("_is_payment_number", "_is_social_security_number", "_is_ip_address"),
            ),
            *named(
                "filters.sensitive.credentials",
                ("_PLACEHOLDER", "_VALUE", "_IN_ADDRESS", "is_secret", "is_secret#2", "is_secret#3", "is_secret#4"),
            ),
            *named(
                "filters.sensitive.national_numbers",
                (
                    *("_SHAPES", "_OWN_NUMBERS", "_SAID", "_FIRST_FIGURE", "_DATE", "_PAPERS", "_is_made_up"),
                    *("is_national_number", "is_national_number#2"),
                ),
            ),
            *named(
                "filters.sensitive.spelled_email",
                ("_PARTS", "_MAILBOXES", "written_address", "written_address#2"),
            ),
        ),
        filter_entries.OWN["privacy"],
    ),
    Entry("patterns made ASCII", any_of, ("filters.text.patterns._PIECE",)),
    Entry(
        "patterns without what looks around",
        without_lookaround,
        named("filters.text.patterns", ("_LOOKS_AROUND", "_TOKEN")),
        (Text("(?="), Text("["), Text("\\"), Text("(?=a)")),
    ),
    Entry("words", _column(words_of), ("filters.text.words._hash",)),
    Entry(
        "folded texts",
        _column(text_hash),
        named("filters.text.folding", FOLDING),
        (Text("* "), Text("*"), Text("="), Text("- "), Text("1 ", " ", "- 1"), Text("a ", " ", "* "), Text("1! ")),
    ),
    Entry("phrases in a row", _column(phrase_repeats), ("filters.text.repetition._most_repeats",)),
    Entry(
        "loops",
        _column(looped_words),
        named("filters.text.repetition", ("_most_looped", "_end_again", "_word_before", "_same_word")),
        (Text("ab "), Text("ab ab c ")),
    ),
    Entry(
        "clean answers",
        _column(clean_answers),
        (
            *named("stages.screen.cleaning", ("_BOX", "_PLAIN_TEXT", "_BEFORE", "_BEHIND", "_FORMULA", "_numbers")),
            *named("stages.screen.cleaning", ("_without_sums", "_without_final_line", "_without_end_of_text")),
        ),
        (
            *(
                Text("\\boxed{"),
                Text("{", "\\boxed"),
                Text(" ", "\\boxed{1}", "$"),
                Text("$", "\\boxed{1}"),
                Text("<<1"),
            ),
            *(
                Text("<<1=2>>"),
                Text("=1", "<<", ">>"),
                Text("<gadget>"),
                Text("\n####"),
                Text("1,000 ", "", "\n#### 1"),
            ),
            *(Text(" ", "\n#### 1", "x"), Text(" ", "</s>", "x"), Text("</s>", "", "x")),
        ),
    ),
    Entry("language", lambda text: identify(pl.Series([text]), ("en",)), ("filters.language.identify", *_FASTTEXT)),
    Entry("language, second opinion", second_opinion, (), (Text("a.a-", "", "@"), Text("a@"), Text(CHINESE))),
    Entry(
        "schema alpaca",
        partial(_convert, "alpaca"),
        named("stages.sources.schemas.columns.empty_values", ("says_something",)),
    ),
    Entry(
        "the choices of a question",
        lambda text: (choices_of([text, text]), counted_choice(text, Choices([text, "a"], []), 0)),
        named("stages.sources.schemas.layouts.choices", ("_LETTER", "_MARK", "_NUMBER")),
        (Text("A)", " ", "x"), Text("(A. ", " ", ""), Text(" ", "", "x"), Text(" ", "1", "x")),
    ),
    Entry(
        "a text that asks",
        lambda text: (asks(text, text), asks(f"{text}?", text)),
        named("stages.sources.schemas.asking", ("_QUESTION", "_ENDS_ASKING", "_REQUEST")),
        (Text(" ", "", "x"), Text("?"), Text("? ", "", "x"), Text(") ", "?", "x")),
    ),
    Entry("a text with words", INPUT_TARGET.required["input"], ("stages.sources.schemas.layouts.text_pairs._LETTER",)),
    Entry(
        "a value that says nothing",
        is_nothing,
        ("stages.sources.schemas.columns.empty_values",),
        (Text("-", "", "x"), Text(" ", "", "x"), Text("[ ", "", "x"), Text("no input ", "", "x")),
    ),
    Entry(
        "schema question_answer",
        partial(_convert, "question_answer"),
        (
            *named("stages.sources.schemas.whole_rows", ("_sound_tokens", "_holds")),
            "stages.sources.schemas.columns.values_as_text.column_as_text",
        ),
    ),
    Entry(
        "schema messages",
        partial(_convert, "messages"),
        (
            *named(
                "stages.sources.schemas.messages.assistant_texts",
                ("told_apart", "answers_alone", "_without_asking_to_begin"),
            ),
            "stages.sources.schemas.messages.conversations.without_end_of_text",
            "stages.sources.schemas.columns.text_edges.is_not_blank",
        ),
        (Text("<|im_end|> ", "", "x"), Text(" ", "a</s>", "x")),
    ),
    Entry(
        "chat logs",
        _logs,
        (
            *named(
                "stages.sources.schemas.messages.chat_logs", ("_format", "_BEGIN", "_OPENING", "_HEADED", "_FIRST_MARK")
            ),
            *named("stages.sources.schemas.layouts.moss", ("_TURN", "_MARK")),
            "stages.sources.schemas.layouts.chat_texts._SYSTEM_MARK",
            "stages.sources.schemas.messages.chat_logs.may_be_log",
            "stages.sources.schemas.messages.chat_logs.may_be_marked",
            "stages.sources.schemas.messages.replies._NUMBER",
        ),
        (
            *(Text(" ", start, "x") for start in ("", "Human: ", "SYSTEM:", "<s>", "<|im_start|>", "You are ", "1")),
            *(Text("\n", start, "x") for start in ("", "Human: a", "USER: a", "### Human: a")),
            *(Text("\n\nHuman:"), Text(" USER: "), Text("### Human: "), Text("<|im_start|>user\n"), Text("[INST]")),
            *(Text("</s>", "Human: a\n\nAssistant: "), Text("</s> ", "USER: a ASSISTANT: ", "x"), Text("<|user|>")),
            *(Text("\n### Input:\na", "### Instruction:\na"), Text("<|im_start|> ", "<|im_start|>"), Text("You are ")),
            *(Text("0", "turn_", "x"), Text("1", "", "."), Text("A", "<|", "|>:")),
        ),
    ),
    Entry(
        "reasoning",
        _column(cut_reasoning),
        named("stages.sources.schemas.messages.reasoning", ("_cut", "cut_reasoning")),
        (
            Text("<think>", "", "</reasoning>"),
            Text("\n<think>a", "a</thought>", "x"),
            Text("</think>"),
            Text("<think>a</think>", "", "<think>"),
            Text(" ", "<think></think><answer>", "</answer>x"),
        ),
    ),
    Entry(
        "calls written as text",
        _column(lambda texts: (are_calls(texts), are_results(texts), final_answers(texts))),
        named("stages.sources.schemas.messages.tool_calls", ("are_calls", "are_results", "final_answers")),
        (
            Text("\nAction: Finish\nAction Input: {"),
            Text("{", "\nAction: Finish\nAction Input: ", "}"),
            Text("\nAction:"),
            Text('"name": "a"}', '{"arguments": {'),
            Text(") ", "[a(", "x"),
            Text("a=1, ", "a("),
            Text("a(b='", "", "\n"),
            Text(" ", "<tool_call>", "x"),
        ),
    ),
    Entry(
        "marks of rows",
        _column(lambda texts: (false_alone(texts), first_no(texts.to_frame()), value_says_no("train", texts[0]))),
        (
            "stages.sources.schemas.columns.marked_rows.false_alone",
            "stages.sources.schemas.messages.fields_beside",
            "stages.sources.schemas.messages.fields_beside.says_no",
        ),
        (Text(" "), Text("0"), Text("0", "0."), Text("1", "-"), Text(" ", "no", "x")),
    ),
    Entry("parts of a message", _parts),
    Entry(
        "roles",
        lambda text: Roles({}).find(text),
        named("stages.sources.schemas.messages.roles", ("_MODEL", "_key")),
        (Text("a-.", "", "/"), Text("/", "a"), Text("-1", "gpt", "\n")),
    ),
    Entry(
        "JSON",
        _parsed_json,
        named("stages.sources.formats.json_values", ("_LAST_COMMA", "_PYTHON_DICT")),
        (
            Text("{", " ", "'"),
            Text("{},", " ", "]"),
            Text("[", ""),
            Text('{"a":', ""),
            Text('"\\u0000", ', "[", "1]"),
            Text("1", "[", "]"),
        ),
    ),
    Entry(
        "JSON array",
        _json_array,
        (
            *named("stages.sources.formats.json_survey", ("_TOKEN", "_FIRST_KEY")),
            *named("stages.sources.formats.json_structure", ("_after", "_step", "_find_ends", "_find_outside_lists")),
        ),
        (
            *(
                Text(" ", "", "x"),
                Text("\n", "", "{"),
                Text(" \t", "\n", "{"),
                Text("\n{},", "", "\n{"),
                Text("\n {", " {"),
            ),
            *(Text('\\"', '{"', ""), Text('{"a": ', ""), Text('{"a\\"', ""), Text("{   ", "", "]"), Text("[", "", "x")),
            *(Text("{}, ", "", "x"), Text('{"a": x}, ', "", "{}"), Text("{},     ", "x}")),
        ),
    ),
    Entry("CSV", _csv, (), (Text('"a",'), Text('""', '"', '"'), Text("a,"))),
    Entry(
        "overlap with evaluations",
        _overlaps,
        (
            *named("stages.decontaminate.overlap", ("spaced_words", "_known", "_search")),
            "stages.rows.ngrams._hash",
        ),
    ),
    Entry("attention of one query", _attended, ("stages.speech.devices.one_query_cpu._loops.attend_rows",)),
    Entry("frames", _column(_outside_of_frames), ("stages.deduplicate.frames._cover",)),
    Entry(
        "answers that are cut",
        lambda text: row_of(text).select(pl.lit(None).alias("taken_out"), "answer").select(IS_CLEAN),
        ("stages.deduplicate.signatures._IS_CUT",),
        (Text("a "), Text(", ")),
    ),
    Entry("signatures of duplicates", _column(lambda texts: band_hashes(shingles(texts, 3), 12, 5))),
    Entry("spoken text", _column(to_spoken), ("stages.screen.normalization.to_spoken",)),
    Entry(
        "spoken, one line",
        _column(one_line),
        spoken_text.WRITING,
        (Text("n 't "), Text("a ", "", "?"), Text("-lrb- 3 : ")),
    ),
    Entry("spoken words", say_words, spoken_text.WORDS, spoken_text.WORST_WORDS),
    Entry("spoken numbers", say_numbers, spoken_text.NUMBERS, spoken_text.WORST_NUMBERS),
    Entry(
        "spoken symbols",
        _column(symbols.say_symbols),
        spoken_text.SYMBOLS,
        (Text("_ ", "__"), Text(" ", "..", "x"), Text("?!"), Text(", ; "), Text("π ")),
    ),
    Entry(
        "unpronounceable signs",
        _column(symbols.unpronounceable),
        ("stages.screen.normalization.symbols.unpronounceable",),
    ),
    Entry(
        "utterances",
        lambda text: split(pl.Series([text]), 549),
        named("stages.synthesize.utterances", ("_ENDS", "_ENDS#2", "_ENDS#3")),
        (Text("!."), Text(",;"), Text('."', "", "x"), Text("。！")),
    ),
    Entry(
        "tokens that a language model said",
        lambda text: codes_of([*split_names(f"<|sound_0001|>{text}")[:1], SOUND_END]),
        named("stages.speech.voices.speechless.sound_names", ("SOUND", "_DURATION", "_NAME")),
        (Text("<|"), Text("<|sound_0001|>"), Text("<|sound_"), Text("x", "<|"), Text(" ", "<|sound_0001|>", "<")),
    ),
    Entry(
        "words that were heard",
        lambda text: compare(text, text[::-1]),
        named("stages.synthesize.heard_words", ("_NUMBER", "_NO_FRACTION", "_NAME", "_CAPITAL", "_REPEATED")),
        (Text("[a"), Text("(a"), Text("a Bb "), Text("A'"), Text("one 2 "), Text("Aaaa-")),
    ),
    Entry(
        "English words in another language",
        lambda text: row_of(text).select(_english_within(pl.Series(["pl"]))),
        ("stages.screen.screen._letters_of",),
        (Text("a5 "), Text("..."), Text("ą̈")),
    ),
    Entry(
        "syllables",
        _measured,
        ("stages.synthesize.measures.token_features",),
        (Text("aeiou"), Text("ba"), Text("b ")),
    ),
    Entry(
        "prompts read a second time",
        lambda text: unsaid(text, text[::-1]),
        (
            *named(
                "filters.reading", ("_WORD", "_DATE", "_POWER", "_LETTERS", "_ROMAN", "_MONTH_AND_DAY", "_EXPONENT")
            ),
            *named("filters.reading", ("_SAID_OTHERWISE", *(f"_SAID_OTHERWISE#{place}" for place in range(2, 6)))),
            *named("filters.text.number_words", ("_TOKEN", "_ROMAN", "_LONG_ROMAN", "_ONE", "_SECOND")),
        ),
        (Text("ab cd "), Text("1 a"), Text("WWI"), Text("hundred "), Text("a half "), Text("m^2"), Text("1/2-")),
    ),
    Entry(
        "digits of a column",
        _column(digit_hashes),
        named("filters.text.digit_hashes", ("_digit_hashes", "_emit")),
        (Text("hundred "), Text("a hundred and "), Text("9"), Text("one million ")),
    ),
    Entry(
        "features of a text",
        lambda text: features_of(pl.Series([text]), 0, word_classes()),
        ("filters.text.ngram_model._all_features",),
        (Text("a'"), Text("’a"), Text("\n"), Text("1 ")),
    ),
    Entry(
        "words of one column in another",
        lambda text: all_words_in(pl.Series([text]), pl.Series([text + " " + text])),
        ("filters.text.words._all_in",),
        (Text("ab cd "), Text("ab ")),
    ),
    Entry(
        "contract of sound tokens",
        _findings,
        (
            *named("manifests.dataset.contract", ("findings", "_breach", "_span")),
            *named("manifests.dataset.sound_spans", ("_number", "_counts", "_fill")),
        ),
        (
            Text("<|sound_0001|>", "<|sound_start|>", "<|sound_end|>"),
            Text("<|duration_02|><|sound_0001|>", "<|sound_start|>", "<|sound_end|>"),
            Text("<|sound_start|><|sound_end|>"),
        ),
    ),
    Entry(
        "sound spans",
        _column(lambda spans: read_spans(spans, SOUND_FORMAT)),
        (),
        (Text("<|sound_0001|>"), Text("<|duration_49|><|sound_0001|>")),
    ),
    Entry(
        "beginnings of ids",
        BEGINNING.fullmatch,
        ("manifests.reports.row_search.BEGINNING",),
        (Text("0", "", "g"), Text("0123456789abcdef")),
    ),
    Entry("published rows", _breaches, ("manifests.verify.rows._breaches_of",)),
    Entry(
        "ids of exported rows",
        lambda text: foreign_ids(pl.Series([text])),
        ("pipeline.export.published_rows.foreign_ids",),
        (Text("0123456789abcdef"),),
    ),
    Entry(
        "exported files",
        EXPORTED_FILES.has,
        ("pipeline.export.export_folder.EXPORTED_FILES",),
        (Text("a", "default/train/"), Text("a/"), Text(".", "a")),
    ),
    Entry("names of repositories", REPOSITORY_NAME.fullmatch, ("pipeline.hub.names.NAME",), (Text("a", "", "/"),)),
    Entry("ranges of rows", row_range, ("pipeline.hub.choice.row_range",), (Text("1", "", ":"), Text("1", ":"))),
    Entry(
        "paths in a recipe",
        _scrub,
        named("pipeline.hub.scrubbing", ("_LOCAL", "_scrub")),
        (Text("/a"), Text("/", "", "\n")),
    ),
    Entry(
        "names of a run's files",
        _names_of_files,
        (
            *named("manifests.names", ("PARTS", "MANIFEST_FILES", "DATASET_FILES", "PAGES", "PULLED_FILES")),
            *named("manifests.names", ("RUN_FILES", "LEASES", "ATTEMPT_FILES")),
            *named("manifests.names", ("_FOLDERS", "_TEMPORARY", "_MOST_BYTES", "_MOST_BYTES#2", "_MOST_BYTES#3")),
            *named("manifests.run_folder", ("_folders", "_recorded_shards")),
        ),
        (Text("a/", "", "plan.json"), Text("a", "manifests/screen/", ".record.jso"), Text(".sayso-0", ".")),
    ),
    Entry(
        "ends of plans and records",
        lambda text: unseal(text.encode()),
        ("manifests.sealing._SEAL",),
        (Text(',\n "checksum": "'), Text("0", ',\n "checksum": "')),
    ),
    Entry(
        "card that was pulled",
        _pulled_card,
        ("pipeline.hub.pulled_card._METADATA",),
        (Text("\r\n--", "", "\n---x"), Text("[", "a: "), Text("? - "), Text("&a [*a, ")),
    ),
    Entry("what is printed", visible, ("pipeline.cli.console._STEERS",), (Text("\x1b["), Text("\u202e"))),
    Entry(
        "text in a card",
        as_text,
        named("stages.publish.markdown", ("_MARKS", "_OPENING", "_ADDRESS")),
        (Text("1", "", ")"), Text("_a"), Text("://"), Text("mailto"), Text("*")),
    ),
    Entry(
        "short prompts",
        _read_short,
        texts=(
            Text("this text "),
            Text("please, ", "", "translate it"),
            Text("the list of ", "sort ", "now"),
            Text("and then please ", "", "the text"),
            Text("a, b, ", "which of these "),
            Text("a ", "given the text, "),
            Text("write a new ", "", "code"),
            Text("a ", "in python make a ", "table"),
            Text("the ", "put the key words in ", "bold"),
            Text("a ", "show me what ", "looks"),
        ),
    ),
    Entry("names of voices", VOICE_NAME.fullmatch, ("pipeline.voices.new_voice.NAME",)),
    Entry(
        "names of files in a store",
        lambda text: names_matching([text], "data/**/*.parquet"),
        ("stages.sources.path_patterns._matching",),
        (Text("data/"),),
    ),
    Entry(
        "names of datasets",
        lambda text: (name_in_address(text), DATASET_NAME.fullmatch(text), HUB_NAME.fullmatch(text)),
        ("stages.sources.listing.HUB_NAME", *named("stages.sources.hub_datasets", ("_ADDRESS", "NAME"))),
        (Text("a", "https://", "/datasets/"), Text("b", "datasets/a/", " "), Text("a/")),
    ),
    Entry("names of sources", SOURCE_NAME.fullmatch, ("stages.sources.source.NAME",), (Text("a", "", " "),)),
    Entry("commits", COMMIT.fullmatch, ("stages.sources.hub_datasets.COMMIT",)),
    Entry(
        "names of models",
        lambda text: (hub_file(text), find_bundled(text)),
        (
            *named("stages.speech.weights.hub_file", ("REPOSITORY", "FILE", "COMMIT")),
            "stages.speech.tokenizers.whispervq.files.find_bundled",
            "stages.speech.weights.fetching._is_right",
        ),
        (Text("a/", "a/a:", "!"), Text("a", "a/a@", ":a")),
    ),
    Entry(
        "names in a checkpoint",
        lambda text: _targets(text, torch.zeros(1)),
        ("stages.speech.whisper.ctranslate2._targets",),
        (Text("1", "encoder/layer_", "/a/b"),),
    ),
    Entry(
        "sentences to train with",
        lambda text: (
            [prepare.spell(each) for each in prepare.SENTENCE_END.split(text) if prepare.PLAIN.fullmatch(each)]
            and prepare.SHOUTED.search(text)
        ),
        named(
            "stages.speech.tokenizers.whispervq.training.prepare",
            ("SENTENCE_END", "PLAIN", "NUMBER", "SHOUTED", "spell.words", "spell", "spell#2"),
        ),
        (Text(" ", "A.", "a"),),
    ),
)


def asked(entry: Entry, text: str) -> None:
    """Ask it; an error is an answer, too."""
    with suppress(Exception):
        entry.ask(text)
