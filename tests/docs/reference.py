"""The pages of docs/reference that follow from the code: `python -m tests.docs.reference` writes them."""

from __future__ import annotations

from tests.docs import reference_cli, reference_errors, reference_layouts, reference_recipe, reference_verdicts
from tests.docs.page import DOCS

REWRITE = "python -m tests.docs.reference"


def pages() -> dict[str, str]:
    """Every generated page: its name below docs/reference, and what it must hold."""
    return {
        "errors.md": reference_errors.page(),
        "layouts.md": reference_layouts.page(),
        "recipe.md": reference_recipe.page(),
        "verdicts.md": reference_verdicts.page(),
        **{f"cli/{name}.md": text for name, text in reference_cli.pages().items()},
    }


def main() -> None:
    for name, text in pages().items():
        (DOCS / "reference" / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
