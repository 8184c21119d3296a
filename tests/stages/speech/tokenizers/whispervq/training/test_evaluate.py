import json
from pathlib import Path

import pytest

from sayso.stages.speech.tokenizers.whispervq.training.evaluate import main


def test_the_error_rates_through_the_tokens_stand_beside_those_of_whisper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lines.txt").write_text("What is the capital of France?\n\n")
    main(tmp_path / "lines.txt", details=tmp_path / "details.json")
    report = json.loads(capsys.readouterr().out)
    assert (report["sentences"], report["words"], report["mask_codes"]) == (1, 6, 0)
    assert report["tokens"] == report["whisper"] == {"wer": 0.0, "cer": 0.0}
    assert report["rows_with_wer_at_most"]["0.0"] == 1
    assert json.loads((tmp_path / "details.json").read_text())[0]["said"] == "What is the capital of France?"
