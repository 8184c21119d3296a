"""Warnings of old names and of what else is told in a line, as people should see them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sayso.pipeline.cli.reporting import LOG


@contextmanager
def show_old_names() -> Iterator[None]:
    """Tell one line for each old name that is read, and the like; other warnings go where they would have gone."""
    # Here, not above: it brings pydantic with it, and `--help` should not wait for that.
    from sayso.manifests.errors import ToldInALine
    from sayso.pipeline.old_names import OldName

    told = (OldName, ToldInALine)
    with warnings.catch_warnings():
        for category in told:
            warnings.simplefilter("default", category)
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if issubclass(category, told):
                LOG.warning(str(message))
            else:
                others(message, category, *where, **more)

        warnings.showwarning = show
        yield
