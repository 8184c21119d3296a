"""Warnings of old names, as people should see them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.markup import escape

from sayso.pipeline.cli.console import Console


@contextmanager
def old_names_shown() -> Iterator[None]:
    """Print one line for each old name that is read; other warnings go where they would have gone."""
    # Here, not above: it brings pydantic with it, and `--help` should not wait for that.
    from sayso.pipeline.old_names import OldName

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with warnings.catch_warnings():
        warnings.simplefilter("default", OldName)
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if issubclass(category, OldName):
                console.print(f"[yellow]warning[/]: {escape(str(message))}")
            else:
                others(message, category, *where, **more)

        warnings.showwarning = show
        yield
