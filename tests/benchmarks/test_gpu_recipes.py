"""What the recipes for a GPU speak in is what the benchmark measures, and fits the card that it was measured on."""

import pytest
import torch
import yaml
from torch.utils._pytree import tree_leaves

pytest.importorskip("whisperspeech.t2s_up_wds_mlang_enclm")

from sayso.pipeline.recipe import find_recipe, load_recipe
from sayso.stages.speech.tokenizers.whispervq.whisper_decoder import GreedyDecoder
from sayso.stages.speech.voices.whisperspeech.decoder import SlotDecoder
from sayso.stages.speech.voices.whisperspeech.s2a_model import SADelARTransformer
from sayso.stages.speech.voices.whisperspeech.t2s_model import TSARTransformer
from sayso.stages.speech.whisper.model import Whisper
from sayso.stages.speech.whisper.word_pieces import WordPieces
from tests.benchmarks.devices import precision_of
from tests.benchmarks.random_models import SHAPES
from tests.docs.page import REPOSITORY, blocks

# What its maker calls 80 GB is 85; this leaves room for the models and for what is computed.
CARD = 75e9


@pytest.mark.parametrize("name", ["ichigo", "ichigo-enhancement"])
def test_a_recipe_for_a_gpu_states_the_precision_that_is_measured(name: str) -> None:
    written = yaml.safe_load(find_recipe(name).read_text(encoding="utf-8"))["synthesize"]
    parts = [*(voice["whisperspeech"] for voice in written["voices"]), written["tokenizer"]]
    assert {(part["device"], part["precision"]) for part in parts} == {("cuda", precision_of("cuda"))}
    read = load_recipe(find_recipe(name)).synthesize
    assert {read.tokenizer.precision, *(voice.whisperspeech.precision for voice in read.voices)} == {"float16"}


def bytes_of_caches(rows: int, precision: torch.dtype) -> tuple[int, int]:
    """What the caches of the released shapes take: of the voice, and of the decoder that reads tokens back."""
    shapes = SHAPES["released"]
    with torch.device("meta"):  # where tensors have a shape and no memory
        t2s, s2a, whisper = TSARTransformer(**shapes.t2s), SADelARTransformer(**shapes.s2a), Whisper(shapes.whisper)
    for model in (t2s, s2a, whisper):
        model.to(precision)
    said = (
        SlotDecoder(t2s.decoder, rows, shapes.longest, t2s.ttoks_len),
        SlotDecoder(s2a.decoder, rows, s2a.ctx_n, s2a.stoks_len),
    )
    caches = [cache for decoder in said for cache in (*decoder.own, *decoder.context)]
    read = GreedyDecoder(whisper, WordPieces(whisper), rows, 250)
    return (
        sum(cache.keys.nbytes + cache.values.nbytes for cache in caches),
        sum(part.nbytes for part in tree_leaves([read._own, read._context])),
    )


def test_the_caches_of_256_rows_fit_a_card_of_80_gb_in_half_precision_alone() -> None:
    voice, tokenizer = bytes_of_caches(256, torch.float16)
    assert voice + tokenizer < CARD < sum(bytes_of_caches(256, torch.float32))
    one = bytes_of_caches(1, torch.float16)
    assert (256 * one[0], 256 * one[1]) == (voice, tokenizer), "a row takes the same beside any others"
    # As docs/how-to/speak-with-whisperspeech.md has it.
    assert (round(voice / 1e9), round(one[1] / 1e9, 2)) == (25, 0.17)


def test_the_recipe_that_the_page_has_for_such_a_card_fits_it() -> None:
    page = REPOSITORY / "docs/how-to/speak-with-whisperspeech.md"
    (recipe,) = (
        found
        for found in (yaml.safe_load(block.text) for block in blocks(page) if block.language == "yaml")
        if "resources" in found
    )
    (voice,), tokenizer = recipe["synthesize"]["voices"], recipe["synthesize"]["tokenizer"]
    assert voice["whisperspeech"]["precision"] == tokenizer["precision"] == precision_of("cuda")
    places, rows = voice["whisperspeech"]["max_batch_size"], tokenizer["max_batch_size"]
    assert bytes_of_caches(places, torch.float16)[0] + bytes_of_caches(rows, torch.float16)[1] < CARD
