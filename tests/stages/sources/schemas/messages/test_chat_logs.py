"""Conversations in one text: which texts are logs, and which only mention the marks of one."""

import polars as pl
import pytest

from sayso.stages.sources.schemas.messages.chat_logs import is_log, log_messages, log_with_reply, may_be_log
from sayso.stages.sources.schemas.messages.messages import BadMessages, Message
from sayso.stages.sources.schemas.messages.roles import Roles

TALK = [
    Message("user", "Name a bird."),
    Message("assistant", "A wren."),
    Message("user", "Another?"),
    Message("assistant", "A robin."),
]
LOGS = {
    "HH-RLHF": "\n\nHuman: {}\n\nAssistant: {}\n\nHuman: {}\n\nAssistant: {}",
    "lines": "User: {}\nAssistant: {}\nUser: {}\nAssistant: {}\n",
    "Guanaco": "### Human: {}### Assistant: {}### Human: {}### Assistant: {}",
    "Alpaca": "### Instruction:\n{}\n\n### Response:\n{}\n\n### Instruction:\n{}\n\n### Response:\n{}",
    "Vicuna": "USER: {} ASSISTANT: {}</s>USER: {} ASSISTANT: {}</s>",
    "ChatML": "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n{}<|im_end|>\n" * 2,
    "Llama 2": "<s>[INST] {} [/INST] {} </s>" * 2,
    "Llama 3": "<|start_header_id|>user<|end_header_id|>\n\n{}<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n{}<|eot_id|>" * 2,
    "Gemma": "<start_of_turn>user\n{}<end_of_turn>\n<start_of_turn>model\n{}<end_of_turn>\n" * 2,
    "Zephyr": "<|user|>\n{}</s>\n<|assistant|>\n{}</s>\n" * 2,
    "Open Assistant": "<|prompter|>{}<|endoftext|><|assistant|>{}<|endoftext|>" * 2,
    "bots": "<|user|>: {} <|bot|>: {} " * 2,
    "Baize": "[|Human|] {}\n[|AI|] {}\n[|Human|] {}\n[|AI|] {}\n[|Human|] ",
    "MOSS": "[Human]: {}<eoh> [MOSS]: {}<eoa> " * 2,
    "DeepSeek": "<｜User｜>{}<｜Assistant｜>{}<｜end▁of▁sentence｜>" * 2,
    "Command": "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>{}<|END_OF_TURN_TOKEN|>"
    "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>{}<|END_OF_TURN_TOKEN|>" * 2,
}
HEADERS = {
    "Alpaca": "Below is an instruction that describes a task.\n\n",
    "Vicuna": "A chat between a curious user and an assistant. ",
    "HH-RLHF": "The following is a conversation between a human and an AI assistant.",
    "Baize": "The conversation between human and AI assistant.\n",
}


@pytest.mark.parametrize("log", LOGS.values(), ids=LOGS)
def test_a_log_is_parted_at_its_marks(log: str) -> None:
    text = log.format(*(message.content for message in TALK))
    assert log_messages(text) == TALK
    assert is_log(text)


@pytest.mark.parametrize("name", HEADERS)
def test_what_stands_before_the_first_mark_is_the_system_prompt(name: str) -> None:
    text = HEADERS[name] + LOGS[name].format(*(message.content for message in TALK))
    assert log_messages(text) == [Message("system", HEADERS[name].strip()), *TALK]


def test_system_prompts_have_marks_of_their_own() -> None:
    two = [Message("system", "Be brief."), *TALK[:2]]
    for text in (
        "<|begin_of_text|><|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nName a bird.<|im_end|>\n"
        "<|im_start|>assistant\nA wren.<|im_end|>",
        "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nName a bird. [/INST] A wren. </s>",
        "SYSTEM: Be brief.\nUSER: Name a bird.\n\n\nASSISTANT: A wren. <|endoftext|>\n\n\n",
        "<｜begin▁of▁sentence｜>Be brief.<｜User｜>Name a bird.<｜Assistant｜>A wren.",
        "### System:\nBe brief.\n\n### User:\nName a bird.\n\n### Assistant:\nA wren.",
    ):
        assert log_messages(text) == two


def test_an_input_follows_its_instruction_and_calls_of_functions_are_a_tools() -> None:
    assert log_messages("### Instruction:\nFix it.\n\n### Input:\nHe go.\n\n### Response:\nHe goes.") == [
        Message("user", "Fix it.\nHe go."),
        Message("assistant", "He goes."),
    ]
    glaive = "USER: Is it cold?\n\n\nASSISTANT: I look.\n\n\nFUNCTION RESPONSE: {}\n\n\nASSISTANT: No. <|endoftext|>"
    assert [message.role for message in log_messages(glaive) or ()] == ["user", "assistant", "tool", "assistant"]


@pytest.mark.parametrize(
    "text",
    [
        "What does <|im_start|>user mean in a template?",
        "Logs are written with ### Human: and ### Assistant: before each turn.",
        "Human: this word comes from Latin.",
        "[INST] is a mark of Llama 2.",
        "Write a talk.\n\nHuman: Hi!\n\nAssistant: Hello!",
        "Here it is: <|user|> a <|assistant|> b",
        "USERS: many ASSISTANTS: few",
        "",
    ],
)
def test_a_text_that_mentions_marks_is_no_log(text: str) -> None:
    assert log_messages(text) is None
    assert not is_log(text)


def test_a_log_without_an_answer_is_none_to_take_a_file_for() -> None:
    assert log_messages("\n\nHuman: Hi!\n\nAssistant:") == [Message("user", "Hi!"), Message("assistant", "")]
    assert not is_log("\n\nHuman: Hi!\n\nAssistant:")
    assert not is_log(7)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Human: Hi!\n\nHuman: You there?\n\nAssistant: Yes.", "message 2 of the log is the user's"),
        ("<|im_start|>user\nHi!<|im_end|>\n<|im_start|>oracle\nYes.<|im_end|>", "the role oracle of a log"),
    ],
)
def test_a_log_whose_turns_are_not_certain_is_refused(text: str, fault: str) -> None:
    with pytest.raises(BadMessages, match=fault):
        log_messages(text)


def test_a_source_may_say_who_speaks_in_a_template() -> None:
    text = "<|im_start|>user\nName a bird.<|im_end|>\n<|im_start|>oracle\nA wren.<|im_end|>"
    assert log_messages(text, Roles({"oracle": "assistant"})) == TALK[:2]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("\n\nHuman: Name a bird.\n\nAssistant:", " A wren."),
        ("\n\nHuman: Name a bird.", "\n\nAssistant: A wren."),
        ("<|im_start|>user\nName a bird.<|im_end|>\n<|im_start|>assistant\n", "A wren.<|im_end|>"),
        ("<|im_start|>user\nName a bird.<|im_end|>", "A wren."),
        ("<s>[INST] Name a bird. [/INST]", " A wren.</s>"),
        ("### Instruction:\nName a bird.\n\n### Response:\n", "A wren."),
    ],
)
def test_a_log_may_end_where_its_reply_begins(text: str, reply: str) -> None:
    assert log_with_reply(text, reply) == TALK[:2]


@pytest.mark.parametrize(
    "text",
    [
        "User: I need a taxi.\nWhat does the user want?",
        "Human: Hi!\n\nAssistant: Hello!\n\nWho speaks first?",
        "You are given a talk.\n\nHuman: Hi!\n\nAssistant: Hello!\n\nHuman: Bye!\n\nHow many turns are there?",
        "Name a bird.",
    ],
)
def test_a_prompt_that_shows_a_log_and_asks_about_it_is_none(text: str) -> None:
    assert log_with_reply(text, "A taxi.") is None


def test_what_begins_as_a_header_is_looked_at_only_where_a_mark_follows() -> None:
    plain = ["You are a pirate. Sing.", "Name a bird.", "Below are two lines.\nHumans: 3", "", None]
    assert not may_be_log(pl.Series(plain)).any()
    logs = [log.format(*(message.content for message in TALK)) for log in LOGS.values()]
    headed = [HEADERS[name] + LOGS[name].format(*(message.content for message in TALK)) for name in HEADERS]
    assert may_be_log(pl.Series([*logs, *headed, "You are Ann.\n\nHuman: Hi."])).all()
