"""The reference says what the code says."""

import re

import datasets
import pytest

from sayso.manifests.records import Count, Record, ShardKey
from sayso.manifests.run_plan import RunPlan, StagePlan
from sayso.manifests.storage import StoredFile
from sayso.stages.compose.published_columns import FEATURES, ICHIGO_FEATURES, OPTIONAL_FEATURES
from tests.docs.page import DOCS
from tests.docs.reference import REWRITE, pages


@pytest.fixture(scope="module")
def generated():
    """The pages that follow from the code, by name; they take seconds, which is too much to collect tests with."""
    return pages()


def test_the_pages_that_follow_from_the_code_are_up_to_date(generated):
    pages = {name: DOCS / "reference" / name for name in generated}
    written = {name: page.read_text(encoding="utf-8") if page.exists() else "" for name, page in pages.items()}
    outdated = [name for name, text in generated.items() if written[name] != text]
    assert outdated == [], f"run `{REWRITE}`"


def test_every_command_has_its_page_and_every_page_its_command(generated):
    assert sorted(page.name for page in (DOCS / "reference/cli").iterdir()) == sorted(
        name.removeprefix("cli/") for name in generated if name.startswith("cli/")
    )


@pytest.mark.parametrize(
    ("heading", "features"), [("default", FEATURES | OPTIONAL_FEATURES), ("ichigo", ICHIGO_FEATURES)]
)
def test_the_published_columns_are_those_of_the_dataset_in_order(heading, features):
    text = (DOCS / "reference/published-columns.md").read_text(encoding="utf-8")
    section = text.partition(f"## `{heading}`\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.M)
    assert listed == [(name, type_in_words(feature)) for name, feature in features.items()]


def type_in_words(feature):
    if isinstance(feature, datasets.Audio):
        return f"audio, {feature.sampling_rate // 1_000} kHz"
    if not isinstance(feature, datasets.List):
        return feature.dtype
    inner = feature.feature
    if not isinstance(inner, dict):
        return f"list of {inner.dtype}"
    *before, last = inner
    return f"list of {', '.join(before)} and {last}"


@pytest.mark.parametrize("model", [Record, ShardKey, Count, StoredFile, RunPlan, StagePlan])
def test_the_page_of_the_run_folder_names_every_field(model):
    text = (DOCS / "reference/run-folder.md").read_text(encoding="utf-8")
    assert [field for field in model.model_fields if f"`{field}`" not in text] == []
