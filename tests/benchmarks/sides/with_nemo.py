"""NeMo's normaliser (nemo_text_processing with pynini): `with_nemo.py FOLDER`, by an interpreter that has it.

Takes FOLDER/texts.json, a list of texts, and writes FOLDER/said.json: `said`, and the `seconds` of CPU they took. Its
grammars are built in FOLDER/grammars once, which takes minutes and is not counted.
"""

import json
import sys
import time
from pathlib import Path

from nemo_text_processing.text_normalization.normalize import Normalizer


def main(folder: Path) -> None:
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    normalizer = Normalizer(input_case="cased", lang="en", cache_dir=str(folder / "grammars"))
    normalizer.normalize("It is 5 km.")
    start, said = time.process_time(), []
    for text in texts:
        try:
            said.append(normalizer.normalize(text, punct_post_process=True))
        except Exception as error:
            said.append(f"{type(error).__name__}: {error}")
    seconds = time.process_time() - start
    (folder / "said.json").write_text(json.dumps({"said": said, "seconds": seconds}), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
