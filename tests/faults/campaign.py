"""Damage to files, round by round: what `verify` names, and what the same command mends, to the same bytes.

A round is one run and a few damaged files of it, each of another cell of the table (kind of file × fault), so that
all cells come up equally often. At which moment it happens is drawn:

- `after`: the run has ended. `verify` must name every damaged file; the same command mends them all.
- `between`: the run has stopped after some stage. The same command goes on and mends them.
- `during`: before some job the file is damaged while the run goes on. Either this run mends it, or `verify` names it
  and the same command does.

In every case the dataset ends with the bytes of the undisturbed run, and `verify` finds nothing.
"""

import random
import shutil
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field

from sayso.manifests.ledger import Ledger
from sayso.manifests.verify.run import verify
from sayso.pipeline.stage_names import STAGE_NAMES
from tests.faults.damage import ATTEMPTS, FAULTS, files_by_kind
from tests.faults.small_runs import InThisProcess, run_here
from tests.runs import dataset_bytes

MOMENTS = ("after", "between", "during")
# So many files of a round are damaged: few enough that what one costs does not hide another.
FILES_PER_ROUND = 6


@dataclass
class Findings:
    """How often each cell came up, by moment, and what was not as it must be."""

    trials: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def cells(self):
        """Trials of each cell, whatever the moment."""
        counts = Counter()
        for (kind, fault, _), number in self.trials.items():
            counts[kind, fault] += number
        return counts

    def table(self):
        """The cells as a Markdown table."""
        counts = self.cells()
        kinds = sorted({kind for kind, _ in counts})
        lines = [f"| file | {' | '.join(FAULTS)} |", f"| --- |{' ---: |' * len(FAULTS)}"]
        lines += [f"| {kind} | {' | '.join(str(counts[kind, fault]) for fault in FAULTS)} |" for kind in kinds]
        return "\n".join(lines)


class Campaign:
    """Rounds of damage to copies of one undisturbed run of a recipe, to files of the kinds that `is_meant` takes."""

    def __init__(self, recipe, undisturbed, seed, findings, is_meant=lambda kind: True):
        self.recipe, self.undisturbed, self.findings = recipe, undisturbed, findings
        self.numbers = random.Random(seed)
        self.expected = dataset_bytes(undisturbed)
        files = files_by_kind(undisturbed)
        self.kinds = [*filter(is_meant, files)]
        self.jobs = sum(len(of_kind) for kind, of_kind in files.items() if kind.endswith(" record"))

    def rounds(self, folder, each_cell, moments=MOMENTS):
        """Take every cell `each_cell` times at least, at moments in turn; a folder below `folder` for each round."""
        cells = [(kind, fault) for kind in self.kinds for fault in FAULTS] * each_cell
        self.numbers.shuffle(cells)
        number = 0
        while cells:
            run = folder / f"{number:04d}"
            taken = getattr(self, f"_{moments[number % len(moments)]}")(run, cells)
            cells = [cell for cell in cells if cell not in taken] + self._left(cells, taken)
            shutil.rmtree(run)
            number += 1
            yield number, len(cells)

    def _left(self, cells, taken):
        """The further times of the cells that were taken once."""
        left = Counter(cell for cell in cells if cell in taken) - Counter(taken)
        return [*left.elements()]

    def _after(self, run, cells):
        shutil.copytree(self.undisturbed, run)
        damaged = self._damage(run, cells, "after")
        for name, (kind, fault) in damaged.items():
            # By itself: a damaged record vouches for none of its shard's files, so those would not be named beside it.
            with alone(run, self.undisturbed, damaged, name):
                named = {problem.where for problem in verify(Ledger(str(run))).problems}
            if not is_named(name, named) and (kind, fault) != (ATTEMPTS, "delete"):
                self.findings.wrong.append(f"{fault} of {kind}: verify does not name {name}")
        self._mend(run, damaged)
        return [*damaged.values()]

    def _between(self, run, cells):
        until = self.numbers.choice(STAGE_NAMES[STAGE_NAMES.index("ingest") : -1])
        run_here(self.recipe, run, until)
        damaged = self._damage(run, cells, "between")
        self._mend(run, damaged)
        return [*damaged.values()]

    def _during(self, run, cells):
        damaged, moment = {}, self.numbers.randrange(self.jobs // 8, self.jobs)

        def before_job(number):
            if number == moment:
                damaged.update(self._damage(run, cells, "during"))

        run_here(self.recipe, run, engine=InThisProcess(before_job))
        problems = verify(Ledger(str(run))).problems
        if not problems and dataset_bytes(run) != self.expected:
            self.findings.wrong.append(f"during a run, {damaged}: other bytes, and verify finds nothing")
        self._mend(run, damaged)
        return [*damaged.values()]

    def _damage(self, run, cells, moment):
        """Damage files of this run, each of another cell and none twice; which, by name."""
        here, damaged, files = files_by_kind(run), {}, set()
        for kind, fault in dict.fromkeys(cells):
            whole = [path for path in here.get(kind, ()) if path not in files and path.stat().st_size]
            if whole and len(damaged) < FILES_PER_ROUND:
                path = self.numbers.choice(whole)
                FAULTS[fault](path, self.numbers)
                files.add(path)
                damaged[str(path.relative_to(run))] = (kind, fault)
                self.findings.trials[kind, fault, moment] += 1
        return damaged

    def _mend(self, run, damaged):
        """The same command once more: the same bytes, and nothing that `verify` finds."""
        try:
            run_here(self.recipe, run)
        except Exception as error:  # whatever it is, the command did not mend the run
            self.findings.wrong.append(f"{damaged}: {type(error).__name__}: {error}")
            return
        if dataset_bytes(run) != self.expected:
            self.findings.wrong.append(f"{damaged}: the dataset has other bytes")
        for problem in verify(Ledger(str(run))).problems:
            self.findings.wrong.append(f"{damaged}: after the same command, {problem.where} {problem.what}")


@contextmanager
def alone(run, undisturbed, damaged, name):
    """Let `name` be the only file of the damaged ones that is damaged, until the block ends."""
    aside = {}
    for other in damaged:
        path = run / other
        if other != name:
            aside[path] = path.read_bytes() if path.exists() else None
            shutil.copyfile(undisturbed / other, path)
    yield
    for path, content in aside.items():
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)


def is_named(name, named):
    """Whether a file is among those that have a problem; of a dataset's files the folder may be left off."""
    return name in named or name.removeprefix("dataset/") in named


def damaged_dataset(dataset, check, folder, seed, each_cell, findings, faults=tuple(FAULTS)):
    """Damage every kind of file of a dataset that lies by itself: `check` must name it, and nothing before."""
    numbers = random.Random(seed)
    for kind, files in files_by_kind(dataset).items():
        for fault in faults:
            for number in range(each_cell):
                copy = folder / f"{kind}-{fault}-{number}".replace(" ", "-")
                shutil.copytree(dataset, copy)
                path = copy / numbers.choice(files).relative_to(dataset)
                FAULTS[fault](path, numbers)
                name = str(path.relative_to(copy))
                findings.trials[kind, fault, "published"] += 1
                if not is_named(name, {problem.where for problem in check(copy)}):
                    findings.wrong.append(f"{fault} of {kind} in a dataset by itself: verify does not name {name}")
                shutil.rmtree(copy)
