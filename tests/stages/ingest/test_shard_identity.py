"""What of a source stands for the rows of a shard, and what does not."""

import json
from pathlib import Path

from sayso.stages.ingest.ingest import plan_shards
from sayso.stages.sources.source import Source

# What a source may say beside its paths, and whether it can change a row of a JSON lines file with conversations.
SAID = {
    "columns": ({"messages": "messages"}, True),
    "roles": ({"narrator": "user"}, True),
    "ignored_columns": (("image",), True),
    "first_choice": (1, True),
    "turn": ("last", True),
    "system": ("drop_text", True),
    "max_input_characters": (10, True),
    "license": ("MIT", True),
    "revision": ("2", True),
    "unreadable_files": ("drop", True),
    "limits": ({"text_bytes": 10}, True),
    "limit": (2, False),
    "expected_rows": (2, False),
    "max_lost_share": (0.7, False),
}


def test_what_a_source_says_of_its_rows_is_part_of_a_shard_and_nothing_else_is(tmp_path: Path) -> None:
    messages = [{"role": "user", "content": "Tea?"}, {"role": "assistant", "content": "Yes."}]
    (tmp_path / "a.jsonl").write_text((json.dumps({"messages": messages}) + "\n") * 2)
    names = {field.alias or name for name, field in Source.model_fields.items()}
    # JSON lines are refused where `rows_at` is said.
    assert set(SAID) == names - {"name", "paths", "hub", "schema", "rows_at"}

    def identity(**said: object) -> str:
        source = Source.model_validate({"name": "s", "paths": ["a.jsonl"], **said})
        return plan_shards(source, tmp_path)[0].identity()

    changed = {key: identity(**{key: value}) != identity() for key, (value, _) in SAID.items()}
    assert changed == {key: changes for key, (_, changes) in SAID.items()}
    one, other = (identity(ignored_columns=names) for names in (["image", "table"], ["table", "image", "table"]))
    assert one == other
