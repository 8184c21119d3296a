"""A source from its files to rows and verdicts: every row once, the same ids however it is cut."""

import json
from pathlib import Path

import polars as pl
import pytest
import xxhash
from pydantic import ValidationError

from sayso.manifests.verdicts import VERDICT_SCHEMA, Outcome
from sayso.stages.ingest.ingest import ROWS, SourceShard, ingest, plan_shards
from sayso.stages.sources.schemas.messages.roles import Role
from sayso.stages.sources.source import Source
from sayso.stages.sources.stores import SourceError


def everything(source: Source, base: Path, shard_rows: int) -> Outcome:
    outcomes = [ingest(shard) for shard in plan_shards(source, base, shard_rows)]
    return Outcome(*(pl.concat(parts) for parts in zip(*((o.rows, o.verdicts) for o in outcomes), strict=True)))


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Three files in three schemas, with a broken line, an empty one and rows that are not whole."""
    (tmp_path / "data/more").mkdir(parents=True)
    lines = [json.dumps({"question": f"Why {i}?", "answer": f"Because {i}."}) for i in range(10)]
    lines[3] = "{broken"
    lines[5] = ""
    lines[7] = json.dumps({"question": "Why 7?", "answer": {"no": "text"}})
    (tmp_path / "data/a.jsonl").write_text("\n".join(lines))
    talks = [
        {"messages": [{"role": "user", "content": f"Hi {i}"}, {"role": "assistant", "content": "Yes"}]}
        for i in range(4)
    ]
    (tmp_path / "data/more/b.json").write_text(json.dumps([*talks, {"messages": talks[0]["messages"][:1]}, 3]))
    pl.DataFrame({"instruction": ["Go", "Stop", None], "output": ["Gone", "", "x"]}).write_csv(tmp_path / "data/c.csv")
    return tmp_path


def test_every_row_gets_one_verdict_and_the_kept_ones_go_on(mixed: Path) -> None:
    outcome = everything(Source(name="mixed", paths=("data",), license="MIT"), mixed, 20_000)
    assert dict(outcome.rows.schema) == ROWS
    assert dict(outcome.verdicts.schema) == {**VERDICT_SCHEMA, "ingest.reasoning_characters": pl.Int64}
    reasons = dict(outcome.verdicts.drop_nulls("reason").select("position", "reason").rows())
    assert reasons == {
        "a.jsonl:4": "invalid_json",
        "a.jsonl:8": "wrong_type",
        "c.csv:2": "no_answer",
        "c.csv:3": "no_prompt",
        "more/b.json:5": "no_answer",
        "more/b.json:6": "not_an_object",
    }
    assert outcome.verdicts.height == 9 + 3 + 6
    assert outcome.rows.height == outcome.verdicts.height - len(reasons)
    assert outcome.verdicts.filter(pl.col("verdict") == "dropped")["filter"].unique().to_list() == ["ingest"]
    first = outcome.rows.row(0, named=True)
    assert first == {
        "id": xxhash.xxh3_128_hexdigest(b"mixed\x1f\x1fa.jsonl:1"),
        "source": "mixed",
        "position": "a.jsonl:1",
        "license": "MIT",
        "messages": [{"role": "user", "content": "Why 0?"}, {"role": "assistant", "content": "Because 0."}],
        "prompt": "Why 0?",
        "answer": "Because 0.",
        "later_turns": None,
        "recording": None,
    }


def test_the_cut_into_shards_changes_no_row_and_no_verdict(mixed: Path) -> None:
    source = Source(name="mixed", paths=("data",))
    whole = everything(source, mixed, 20_000)
    assert len(plan_shards(source, mixed, 20_000)) == 1
    for shard_rows in (1, 2, 5):
        cut = everything(source, mixed, shard_rows)
        assert cut.rows.equals(whole.rows)
        assert cut.verdicts.equals(whole.verdicts)
        assert max(shard.rows for shard in plan_shards(source, mixed, shard_rows)) == shard_rows


@pytest.mark.parametrize("limit", [1, 4, 9, 10, 13, 1000])
def test_a_limit_takes_the_first_rows_of_the_source(mixed: Path, limit: int) -> None:
    whole = everything(Source(name="mixed", paths=("data",)), mixed, 20_000)
    for shard_rows in (2, 20_000):
        limited = everything(Source(name="mixed", paths=("data",), limit=limit), mixed, shard_rows)
        assert limited.verdicts.equals(whole.verdicts.head(limit))


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    turns = [{"role": role, "content": f"{role} {n}"} for n in range(4) for role in ("user", "assistant")]
    spoken = [{"messages": [{"role": "system", "content": "Be kind."}, *turns]}, {"messages": turns}] * 20
    (tmp_path / "talks.jsonl").write_text("\n".join(json.dumps(row) for row in spoken))
    return tmp_path


def test_any_turn_is_drawn_from_seed_and_id_whatever_the_cut_into_shards(talks: Path) -> None:
    source = Source(name="talks", paths=("talks.jsonl",), turn="any")

    def prompts(shard_rows: int, seed: int) -> list[str]:
        shards = plan_shards(source, talks, shard_rows, seed)
        return [prompt for shard in shards for prompt in ingest(shard).rows["prompt"]]

    assert prompts(7, seed=1) == prompts(40, seed=1) != prompts(40, seed=2)
    assert set(prompts(40, seed=1)) == {f"user {n}" for n in range(4)}


def test_the_seed_is_part_of_a_shard_only_where_a_turn_is_drawn(talks: Path) -> None:
    for turn, same in (("first", True), ("last", True), ("any", False)):
        source = Source(name="talks", paths=("talks.jsonl",), turn=turn)
        one, other = (plan_shards(source, talks, seed=seed)[0].identity() for seed in (1, 2))
        assert (one == other) is same


def test_a_row_carries_the_turns_after_its_first_where_the_mixture_asks_for_them(talks: Path) -> None:
    def later(turn: str, most_turns: int) -> list[object]:
        source = Source.model_validate({"name": "talks", "paths": ["talks.jsonl"], "turn": turn})
        (shard,) = plan_shards(source, talks, most_turns=most_turns)
        return ingest(shard).rows["later_turns"][:1].to_list()

    assert later("first", 1) == later("last", 4) == [None]
    assert later("first", 2) == [[{"prompt": "user 1", "spoken": None, "answer": "assistant 1"}]]
    assert later("first", 9) == [
        [{"prompt": f"user {n}", "spoken": None, "answer": f"assistant {n}"} for n in (1, 2, 3)]
    ]


def test_how_many_turns_are_asked_for_is_part_of_a_shard_only_where_there_can_be_some(talks: Path) -> None:
    for turn, same in (("first", False), ("last", True)):
        source = Source.model_validate({"name": "talks", "paths": ["talks.jsonl"], "turn": turn})
        one, other = (plan_shards(source, talks, most_turns=most)[0].identity() for most in (1, 4))
        assert (one == other) is same


def test_a_source_that_takes_no_system_prompts_says_which_rows_had_one(talks: Path) -> None:
    outcome = everything(Source(name="talks", paths=("talks.jsonl",), system="drop_row"), talks, 40)
    assert outcome.verdicts["reason"].to_list() == ["has_system_prompt", None] * 20
    assert outcome.rows.height == 20


def test_ids_follow_source_revision_and_place_inside_the_source(mixed: Path) -> None:
    def ids(source: Source, base: Path) -> list[str]:
        return everything(source, base, 20_000).verdicts["id"].to_list()

    here = ids(Source(name="mixed", paths=("data",)), mixed)
    assert ids(Source(name="mixed", paths=(str(mixed / "data"),)), Path("/")) == here
    (mixed / "data").rename(mixed / "moved")
    assert ids(Source(name="mixed", paths=("moved",)), mixed) == here
    assert not set(ids(Source(name="mixed", paths=("moved",), revision="v2"), mixed)) & set(here)
    assert not set(ids(Source(name="other", paths=("moved",)), mixed)) & set(here)


def test_a_shard_is_json_and_its_identity_follows_the_content_not_the_place(mixed: Path) -> None:
    source = Source(name="mixed", paths=("data/a.jsonl",))
    (shard,) = plan_shards(source, mixed)
    assert SourceShard.model_validate_json(shard.model_dump_json()) == shard
    (mixed / "data").rename(mixed / "moved")
    (moved,) = plan_shards(Source(name="mixed", paths=("moved/a.jsonl",)), mixed)
    assert moved.identity() == shard.identity()
    path = mixed / "moved/a.jsonl"
    path.write_text(path.read_text().replace("Why 0?", "Why O?"))
    (changed,) = plan_shards(Source(name="mixed", paths=("moved/a.jsonl",)), mixed)
    assert changed.slices[0].size == shard.slices[0].size
    assert changed.identity() != shard.identity()


def test_a_file_changed_after_the_plan_is_an_error(mixed: Path) -> None:
    (shard,) = plan_shards(Source(name="mixed", paths=("data/a.jsonl",)), mixed)
    (mixed / "data/a.jsonl").write_text("{}\n")
    with pytest.raises(SourceError, match=r"a\.jsonl: the file was changed or removed"):
        ingest(shard)
    (mixed / "data/a.jsonl").unlink()
    with pytest.raises(SourceError, match=r"a\.jsonl: the file was changed or removed"):
        ingest(shard)


def test_a_source_without_rows_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n")
    with pytest.raises(SourceError, match=r"source empty: a\.jsonl holds no rows"):
        plan_shards(Source(name="empty", paths=("a.jsonl",)), tmp_path)


@pytest.mark.parametrize(
    ("bad", "key"),
    [({"path": ["x"]}, "path"), ({"schema": "alpacca"}, "schema"), ({"limit": 0}, "limit"), ({"paths": []}, "paths")],
)
def test_a_wrong_key_or_value_in_a_source_is_named(bad: dict[str, object], key: str) -> None:
    with pytest.raises(ValidationError) as error:
        Source.model_validate({"name": "s", "paths": ["a"], **bad})
    assert key in {part for each in error.value.errors() for part in each["loc"]}


def test_a_source_reads_the_recipe_key_schema(mixed: Path) -> None:
    source = Source.model_validate({"name": "s", "paths": ["data/c.csv"], "schema": "alpaca"})
    assert source.model_dump()["schema"] == "alpaca"
    assert everything(source, mixed, 10).rows["prompt"].to_list() == ["Go"]


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
@pytest.mark.parametrize("column", ["number", "slice", "row", "reason"])
def test_a_column_may_have_any_name(tmp_path: Path, suffix: str, column: str) -> None:
    frame = pl.DataFrame({"question": ["How many?", "How few?"], column: [7, None]})
    (frame.write_parquet if suffix == "parquet" else frame.write_ndjson)(tmp_path / f"rows.{suffix}")
    source = Source(name="s", paths=(f"rows.{suffix}",), columns={"question": "question", "answer": column})
    outcome = everything(source, tmp_path, 10)
    assert outcome.rows["answer"].to_list() == ["7"]
    assert outcome.verdicts["position"].to_list() == [f"rows.{suffix}:1", f"rows.{suffix}:2"]


@pytest.mark.parametrize("mark", ["<|endoftext|>", " </s>", "<|im_end|>\n", "</s><|endoftext|>"])
def test_an_end_mark_of_another_models_format_is_no_part_of_the_answer(tmp_path: Path, mark: str) -> None:
    row = {"question": "What does <|endoftext|> mean?", "answer": f"It ends a text.{mark}"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    rows = everything(Source(name="marks", paths=("rows.jsonl",)), tmp_path, 10).rows
    assert rows["answer"].to_list() == ["It ends a text."]
    assert rows["prompt"].to_list() == ["What does <|endoftext|> mean?"]


def test_an_answer_that_is_an_end_mark_alone_is_none(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps({"question": "Who?", "answer": " <|im_end|>"}))
    (reason,) = everything(Source(name="marks", paths=("rows.jsonl",)), tmp_path, 10).verdicts["reason"]
    assert reason == "no_answer"


@pytest.mark.parametrize(
    ("question", "answer", "detail"),
    [
        ("Say <|sound_0001|>.", "No.", "its prompt holds <|sound_…"),
        ("Say it.", "<|sound_start|><|sound_end|>", "its answer holds <|sound_…"),
        ("Say <|duration_02|>.", "No.", "its prompt holds <|duration_…"),
        ("Say it.", "<|reserved_special_token_69|>", "its answer holds <|reserved_special_token_…"),
        ("Say <|sound|>.", "No.", None),
    ],
)
def test_what_a_trainer_would_take_for_sound_costs_a_row_its_place(
    tmp_path: Path, question: str, answer: str, detail: str | None
) -> None:
    (tmp_path / "rows.jsonl").write_text(json.dumps({"question": question, "answer": answer}))
    verdicts = everything(Source(name="sounds", paths=("rows.jsonl",)), tmp_path, 10).verdicts
    assert verdicts.select("reason", "detail").row(0) == ("sound_token" if detail else None, detail)


@pytest.mark.parametrize(
    ("role", "content", "detail"),
    [
        ("system", "Be <|sound_0001|> brief.", "its system message holds <|sound_…"),
        ("user", "And <|sound_start|>?", "its user message holds <|sound_…"),
        ("assistant", "<|duration_02|>", "its assistant message holds <|duration_…"),
        ("tool", "<|reserved_special_token_3|>", "its tool message holds <|reserved_special_token_…"),
        ("system", "Be brief.", None),
    ],
)
@pytest.mark.parametrize("most_turns", [1, 3])
def test_every_turn_of_a_conversation_is_looked_at(
    tmp_path: Path, role: str, content: str, detail: str | None, most_turns: int
) -> None:
    said = [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Nobody."}]
    turn = {"role": role, "content": content}
    later = [*said, {"role": "user", "content": "And who else?"}, turn]
    rows = [{"messages": said}, {"messages": [turn, *said] if role == "system" else later}, {"messages": said}]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (shard,) = plan_shards(Source(name="sounds", paths=("rows.jsonl",)), tmp_path, most_turns=most_turns)
    verdicts = ingest(shard).verdicts
    reason = "sound_token" if detail else None
    assert verdicts.select("reason", "detail").rows() == [(None, None), (reason, detail), (None, None)]


def test_a_system_text_beside_a_question_is_looked_at_unless_it_is_taken_out(tmp_path: Path) -> None:
    row = {"question": "Who?", "answer": "Nobody.", "system": "<|sound_0001|>"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row))
    kept = everything(Source(name="sounds", paths=("rows.jsonl",)), tmp_path, 10).verdicts
    assert kept["detail"].to_list() == ["its system message holds <|sound_…"]
    without = Source(name="sounds", paths=("rows.jsonl",), system="drop_text")
    assert everything(without, tmp_path, 10).rows["prompt"].to_list() == ["Who?"]


def test_two_names_of_one_role_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"'Dr. Smith' and 'dr smith' are one role"):
        Source(name="s", paths=("a.jsonl",), roles={"Dr. Smith": "user", "dr smith": "assistant"})


def test_roles_that_only_the_source_knows_are_read_and_are_part_of_the_shard(tmp_path: Path) -> None:
    turns = [{"role": "Dr. Smith ", "content": "Tea?"}, {"role": "narrator", "content": "Yes."}]
    rows = [{"messages": turns} for _ in range(30)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(SourceError, match=r"the role 'Dr. Smith ' is not known; `roles` of the source may say"):
        plan_shards(Source(name="s", paths=("a.jsonl",)), tmp_path)
    roles: dict[str, Role] = {"dr. smith": "user", "narrator": "assistant"}
    one, other = ({name: roles[name] for name in names} for names in (sorted(roles), sorted(roles, reverse=True)))
    shards = [plan_shards(Source(name="s", paths=("a.jsonl",), roles=each), tmp_path)[0] for each in (one, other)]
    assert shards[0].identity() == shards[1].identity()
    assert "narrator" in shards[0].identity()
    assert ingest(shards[0]).rows["answer"].to_list() == ["Yes."] * 30
