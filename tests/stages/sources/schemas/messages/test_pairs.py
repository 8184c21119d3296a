"""Prompts and answers that are logs, or that a template marked: the same comes of them in every schema."""

import pytest

from sayso.stages.sources.schemas.reading_options import ReadingOptions
from tests.stages.sources.schemas.messages.test_turn_choice import read

MARKED = "<|im_start|>assistant\nA bird.<|im_end|>"
LOG = "### Human: What is a gull?"
FLAT = {
    "alpaca": ("instruction", "output"),
    "question_answer": ("question", "answer"),
    "problem_solution": ("problem", "solution"),
    "prompt_completion": ("prompt", "completion"),
    "input_target": ("inputs", "targets"),
}


@pytest.mark.parametrize("schema", FLAT)
@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("What is a gull?", MARKED),
        ("What is a gull?", "### Response:\nA bird."),
        ("What is a gull?", "<|im_start|>user\nWhat is a gull?<|im_end|>\n" + MARKED),
        (LOG, "A bird."),
        (LOG + "\n### Assistant:", "A bird."),
        (LOG, "### Assistant: A bird."),
        ("<s>[INST] What is a gull? [/INST]", "A bird.</s>"),
        ("<|im_start|>user\nWhat is a gull?<|im_end|>\n", MARKED),
    ],
)
def test_a_log_in_the_prompt_or_the_answer_is_taken_apart(schema: str, asked: str, answer: str) -> None:
    prompt, reply = FLAT[schema]
    found = read(ReadingOptions(), [{prompt: asked, reply: answer}]).row(0, named=True)
    assert (found["reason"], found["prompt"], found["answer"]) == (None, "What is a gull?", "A bird.")
    said = [("user", "What is a gull?"), ("assistant", "A bird.")]
    assert [(message["role"], message["content"]) for message in found["messages"]] == said


@pytest.mark.parametrize(
    "row",
    [
        {"instruction": LOG, "instances": [{"input": "", "output": "A bird."}]},
        {"prompt": "What is a gull?", "chosen": MARKED, "rejected": "No."},
        {"instruction": "What is a gull?", "completions": [{"response": MARKED, "score": 1}]},
        {"prompt": [{"role": "user", "content": "What is a gull?"}], "completion": MARKED},
        {"messages": [{"role": "user", "content": "What is a gull?"}, {"role": "assistant", "content": MARKED}]},
        {"conversation": [{"input": "<|im_start|>user\nWhat is a gull?<|im_end|>", "output": MARKED}]},
    ],
)
def test_what_marks_a_side_of_a_conversation_is_not_said(row: dict[str, object]) -> None:
    found = read(ReadingOptions(), [row]).row(0, named=True)
    assert (found["reason"], found["prompt"], found["answer"]) == (None, "What is a gull?", "A bird.")


def test_what_stands_beside_a_log_is_said_with_its_last_turn() -> None:
    rows: list[dict[str, object]] = [
        {"instruction": LOG + "\n### Assistant:", "input": "Be short.", "output": "A bird."},
        {"instruction": "Hi.", "input": "There.", "output": MARKED},
    ]
    assert read(ReadingOptions(), rows)["prompt"].to_list() == ["What is a gull?\nBe short.", "Hi.\nThere."]
    led: list[dict[str, object]] = [{"instruction": "Be short.", "question": LOG, "context": "A text.", "answer": "A."}]
    assert read(ReadingOptions(), led)["prompt"].to_list() == ["Be short.\nWhat is a gull?\nA text."]
    choice: list[dict[str, object]] = [{"question": LOG, "choices": ["a bird", "a fish"], "answer": 0}]
    assert read(ReadingOptions(), choice)["prompt"].to_list() == ["What is a gull?\na bird\na fish"]


def test_a_history_comes_before_a_log() -> None:
    row: dict[str, object] = {"instruction": LOG, "output": "A bird.", "history": [["a", "A"]]}
    found = read(ReadingOptions(later_turns=1), [row]).row(0, named=True)
    assert (found["prompt"], found["later_turns"][0]["prompt"]) == ("a", "What is a gull?")


@pytest.mark.parametrize(
    "answer",
    [
        "<|im_start|>user\nHi.<|im_end|>\n<|im_start|>assistant\nHello.",
        "### Rivers:\nThe Elbe.",
        "The mark <|im_start|>assistant opens it.",
        "Assistant: a person who helps.",
        "<|endoftext|> ends a text.",
    ],
)
def test_an_answer_that_talks_of_marks_is_left(answer: str) -> None:
    found = read(ReadingOptions(), [{"instruction": "Show ChatML.", "output": answer}])
    assert found.select("prompt", "answer", "reason").row(0) == ("Show ChatML.", answer, None)
