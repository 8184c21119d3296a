"""A prompt and its answer under many names: found where the names say so, and nowhere else."""

from pathlib import Path

import pytest

from sayso.stages.ingest.ingest import ingest, plan_shards
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError
from tests.stages.sources.schemas.test_schemas import converted, resolved

ASKED, SAID = "What do bees make?", "Honey and wax."


@pytest.mark.parametrize(
    ("prompt", "answer", "schema"),
    [
        ("question", "answer", "question_answer"),
        ("query", "response", "question_answer"),
        ("query", "answer", "question_answer"),
        ("question", "solution", "question_answer"),
        ("Question", "Answer", "question_answer"),
        ("QUESTION ", " response", "question_answer"),
        ("problem", "solution", "problem_solution"),
        ("Problem", "Answer", "problem_solution"),
        ("prompt", "completion", "prompt_completion"),
        ("Prompt", "Response", "prompt_completion"),
        ("prompt", "output", "prompt_completion"),
        ("inputs", "targets", "input_target"),
        ("input", "target", "input_target"),
        ("input", "output", "input_target"),
        ("user", "assistant", "input_target"),
        ("Human", "Assistant", "input_target"),
        ("Instruction", "Output", "alpaca"),
        ("instruction ", "completion", "alpaca"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_pair_is_found_by_its_names(prompt: str, answer: str, schema: str, order: int) -> None:
    row = dict([(prompt, ASKED), (answer, SAID), ("id", 3)][::order])
    assert resolved(row).name == schema
    assert converted(row).select("prompt", "answer", "reason").row(0) == (ASKED, SAID, None)


@pytest.mark.parametrize(
    "row",
    [
        {"text": "The bees are dear to me.", "label": 1},
        {"text": "The bees are dear to me.", "label": "positive"},
        {"sentence": "The bees are dear to me.", "label": "positive"},
        {"input": "The bees are dear to me.", "target": 1},
        {"input": "The bees are dear to me.", "target": "1"},
        {"input": "3 4", "output": "7"},
        {"text": "The bees are dear to me."},
        {"premise": "Bees fly.", "hypothesis": "Bees move.", "label": 0},
        {"source": "the bee", "target": "die Biene"},
        {"question": "Is it so?", "passage": "It is."},
    ],
)
def test_rows_of_a_classifier_are_no_instructions(row: dict[str, object]) -> None:
    with pytest.raises(SourceError, match="no schema fits the columns"):
        resolved(row)


def test_a_pair_beside_an_empty_instruction_is_none() -> None:
    row = {"instruction": "", "input": "He go home.", "output": "He goes home."}
    assert resolved(row).name == "alpaca"
    assert converted(row)["reason"].to_list() == ["no_prompt"]


def test_an_exact_name_wins_and_of_two_variants_none_is_taken(tmp_path: Path) -> None:
    (tmp_path / "exact.csv").write_text("Question,question,answer\nNo?,Yes?,Yes.\n")
    (shard,) = plan_shards(Source(name="s", paths=("exact.csv",)), tmp_path)
    assert ingest(shard).rows["prompt"].to_list() == ["Yes?"]
    (tmp_path / "two.csv").write_text("Question,QUESTION,answer\nNo?,Yes?,Yes.\n")
    with pytest.raises(SourceError, match="no schema fits the columns Question"):
        plan_shards(Source(name="s", paths=("two.csv",)), tmp_path)


def test_what_a_problem_is_solved_by_is_its_solution_and_not_its_last_number() -> None:
    row = {"problem": "What is three times four?", "answer": "12", "solution": "It is 12, for four and four and four."}
    assert converted(row)["answer"].to_list() == ["It is 12, for four and four and four."]
