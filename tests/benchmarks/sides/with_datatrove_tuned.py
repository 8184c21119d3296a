"""The same as `with_datatrove` with two choices that make it faster: words cut at blanks and files not compressed."""

from __future__ import annotations

import sys
from pathlib import Path

from datatrove.utils.word_tokenizers import WhitespaceTokenizer

from tests.benchmarks.sides.with_datatrove import screen_and_deduplicate


class Blanks(WhitespaceTokenizer):
    """Words as they stand between blanks, which its own normalising leaves between them."""

    def word_tokenize(self, text: str) -> list[str]:
        return text.split()


if __name__ == "__main__":
    screen_and_deduplicate(Path(sys.argv[1]), Path(sys.argv[1]) / "datatrove_tuned", Blanks(), None)
