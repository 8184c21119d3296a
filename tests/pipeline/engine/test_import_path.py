"""What lies in the folder where a run is started is the user's, and nothing of it is imported."""

import subprocess
import sys
from pathlib import Path

from sayso.manifests.ledger import Ledger

# Names of sayso's folders, of sayso itself, and of modules of Python that it and Ray import.
NAMES = ("pipeline/__init__", "stages", "filters", "manifests", "sayso", "types", "random", "json/__init__", "typing")


def test_a_run_imports_nothing_from_the_folder_where_it_is_started(tmp_path):
    for name in NAMES:
        file = tmp_path / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"raise SystemExit('{name} of the user is imported')\n")
    (tmp_path / "rows.jsonl").write_text('{"instruction": "Name a bird.", "output": "The wren is a bird."}\n')
    (tmp_path / "mine.yaml").write_text("name: mine\nsources: [{name: mine, paths: [rows.jsonl]}]\n")
    command = [Path(sys.executable).with_name("sayso"), "run", "mine.yaml", "--to", "run", "--until", "screen"]
    done = subprocess.run(
        [*command, "--workers", "1", "--address", "local"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    ledger = Ledger(str(tmp_path / "run"))
    assert [stage.stage for stage in ledger.plan().stages] == ["ingest", "screen"]
