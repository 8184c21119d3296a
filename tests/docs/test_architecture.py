"""The page on the architecture says what is there: its folders, its stages, what each reads, and the lines it shows."""

import ast
import re
from collections import defaultdict

import pytest

from sayso.manifests.ledger import Ledger
from sayso.pipeline.stage_names import PUBLISH, STAGE_NAMES
from sayso.pipeline.stage_table import STAGES, Stage
from sayso.stages.jobs.code_version import PARTS
from sayso.stages.sample import shuffle
from tests.docs.page import DOCS, REPOSITORY, blocks
from tests.faults.small_runs import WRITTEN, InThisProcess, recipe, run_here

PAGE = DOCS / "explanation/architecture.md"
CODE = [block for block in blocks(PAGE) if block.language == "python"]


def section(heading):
    return PAGE.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def drawn_folders():
    """The folders of the drawn tree, by their indentation, with what it says of each."""
    parents, found = [], {}
    for line in re.search(r"```text\n(.*?)```", section("Folders"), re.S)[1].splitlines():
        indent, name, what = re.fullmatch(r"( *)(\w+)/ +(.+)", line).groups()
        parents = [*parents[: len(indent) // 2], name]
        found["/".join(parents)] = what
    return found


def test_every_folder_with_code_is_in_the_tree_with_the_first_line_of_its_docstring():
    found = {}
    for part in PARTS:
        for path in (REPOSITORY / part).rglob("__init__.py"):
            docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
            found[path.parent.relative_to(REPOSITORY).as_posix()] = docstring.splitlines()[0]
    assert drawn_folders() == found


def stage_rows():
    """Each row of the table of stages, its cells by their heading."""
    lines = re.findall(r"^\| (.*) \|$", section("Stages"), re.M)
    heading, _, *rows = [re.split(r" \|(?: |(?=\|))", line) for line in lines]
    return [dict(zip(heading, row, strict=True)) for row in rows]


def names_in(cell):
    return set(re.findall(r"`(\w+)`", cell))


def test_the_table_of_stages_is_that_of_the_pipeline():
    listed = {row["stage"].strip("`"): (row["verdicts"] == "yes", row["GPU"] == "yes") for row in stage_rows()}
    assert list(listed) == list(STAGE_NAMES)
    assert {stage.name: (stage.decides, stage.needs_gpu) for stage in STAGES}.items() <= listed.items()


def test_a_stage_reads_what_the_table_says(tmp_path, monkeypatch):
    read, at_work = defaultdict(set), []
    plan, table_in = Stage.plan, Ledger.table_in

    class Noting(InThisProcess):
        def carried_out(self, ledger, job):
            at_work.append(job.key.stage)
            return super().carried_out(ledger, job)

    def planned(stage, *given):
        at_work.append(stage.name)
        return plan(stage, *given)

    def opened(ledger, record, name):
        read[at_work[-1]].add(record.key.stage)
        return table_in(ledger, record, name)

    monkeypatch.setattr(Stage, "plan", planned)
    monkeypatch.setattr(Ledger, "table_in", opened)
    # As if there were so many rows that they have to be regrouped twice.
    monkeypatch.setattr(shuffle, "FAN", 1)
    monkeypatch.setattr(shuffle, "PART_BYTES", 1)
    run_here(recipe(tmp_path, WRITTEN, 16), tmp_path / "run", until=STAGES[-1].name, engine=Noting())
    assert {row["stage"].strip("`"): names_in(row["reads"]) for row in stage_rows()} == {
        **{stage.name: read[stage.name] for stage in STAGES},
        PUBLISH: {STAGES[-1].name},
    }


@pytest.mark.parametrize("block", CODE, ids=lambda block: block.where)
def test_the_lines_that_are_shown_stand_in_the_file_in_this_order(block):
    inside = [line.strip() for line in (REPOSITORY / block.title).read_text("utf-8").splitlines()]
    for shown in filter(lambda line: line not in ("", "…"), map(str.strip, block.text.splitlines())):
        assert shown in inside, f"{block.where}: {block.title} no longer has, in this order: {shown}"
        del inside[: inside.index(shown) + 1]
