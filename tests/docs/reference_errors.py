"""The page of the errors: every exit code, and the errors that end a command with it."""

from __future__ import annotations

from sayso.manifests.errors import ExitCode, SaysoError
from tests.docs.tables import table
from tests.error_classes import error_classes

INTRODUCTION = """\
# Errors and exit codes

What people can do something about is one sentence: it names the file, the key or the row, and says what to do. Python
code gets it as a `sayso.SaysoError`; `error.exit_code` is what the command line ends with.

```python
import sayso

try:
    sayso.open("runs/nowhere")
except sayso.SaysoError as error:
    print(f"exit code {error.exit_code}: {error}")
```

```text
exit code 5: … holds no run; make one with: sayso run RECIPE --to DIR
```

Anything else that is raised is a fault of sayso: the command line shows its traceback and ends with 1. `--debug` shows
the traceback of every error.
"""

SIGNALS = [("130", "stopped with Ctrl-C"), ("143", "stopped by SIGTERM"), ("129", "stopped by SIGHUP")]


def page() -> str:
    """The whole page."""
    codes = table(("exit code", "meaning"), [*((str(code), code.meaning) for code in ExitCode), *SIGNALS])
    met = [found for found in error_classes() if issubclass(found, SaysoError) and found is not SaysoError]
    errors = sorted((int(found.exit_code), f"`{found.__name__}`", found.__module__, _meaning(found)) for found in met)
    rows = [(name, f"`{module}`", str(code), meaning) for code, name, module, meaning in errors]
    return (
        f"{INTRODUCTION}\n## Exit codes\n\n{codes}\n\n## Errors\n\n"
        f"{table(('error', 'from', 'exit code', 'meaning'), rows)}\n"
    )


def _meaning(kind: type[SaysoError]) -> str:
    """When it is raised, by the first line of its documentation."""
    return (kind.__doc__ or "").strip().splitlines()[0].removeprefix("Raised ").removesuffix(".")
