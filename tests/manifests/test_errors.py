"""Every error that people meet is a SaysoError: one base to catch, an exit code, a sentence that travels."""

import pickle

import pytest
import typer

from sayso.manifests.errors import ExitCode, SaysoError
from sayso.pipeline.cli.errors import clear_errors
from tests.error_classes import error_classes

# These are caught where they are raised and become a verdict, a problem or another error, so nobody meets them.
INSIDE = {
    "BadMessages",
    "DamagedAttempts",
    "DamagedShards",
    "Doubtful",
    "NoRecording",
    "NotAsSealed",
    "NotInLines",
    "SynthesisError",
    "TooLarge",
    "UnknownModel",
    "UnusableColumn",
    "_Ended",
}
MET = [found for found in error_classes() if issubclass(found, SaysoError)]


def test_an_error_that_people_meet_descends_from_the_one_base():
    assert {found.__name__ for found in error_classes()} - {found.__name__ for found in MET} == INSIDE


@pytest.mark.parametrize("kind", MET, ids=lambda kind: kind.__name__)
def test_its_sentence_comes_from_a_worker_as_it_was_and_ends_a_command_with_its_code(kind, capsys):
    told = ("screen", "a", "work/screen/a.parquet", "is missing") if kind.__name__ == "DamagedShard" else ("facts.csv",)
    error = pickle.loads(pickle.dumps(kind(*told)))
    assert (type(error), str(error)) == (kind, str(kind(*told)))
    with pytest.raises(typer.Exit) as ended, clear_errors(debug=False):
        raise error
    assert ended.value.exit_code == kind.exit_code
    assert kind.exit_code in set(ExitCode) - {ExitCode.WELL}
    printed = capsys.readouterr().err
    assert printed == f"error: {error}\n"


def test_an_error_of_another_kind_is_a_fault_and_shows_where(capsys):
    with pytest.raises(typer.Exit) as ended, clear_errors(debug=False):
        raise LookupError("no such luck")
    assert ended.value.exit_code == ExitCode.FAILED
    assert "Traceback" in capsys.readouterr().err
