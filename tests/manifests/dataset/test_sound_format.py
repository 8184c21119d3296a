"""What sound tokens are like: the codes that stand for sound, and the one that never does."""

import pytest
from pydantic import ValidationError

from sayso.manifests.dataset.sound_format import SoundFormat
from tests.sound_formats import MERGED_FORMAT, SOUND_FORMAT


def test_the_mask_code_lies_behind_the_codes_or_takes_a_number_among_them():
    assert (SOUND_FORMAT.highest, MERGED_FORMAT.highest) == (511, 2560)
    assert MERGED_FORMAT.model_copy(update={"mask_code": None}).highest == 2559
    with pytest.raises(ValidationError, match="the mask code 513 is above 512, the number of codes"):
        SoundFormat(name="other", codes=512, mask_code=513, tokens_per_second=25, max_tokens=750)


def test_a_message_is_as_long_as_its_most_tokens():
    assert SOUND_FORMAT.max_seconds == 30


@pytest.mark.parametrize("broken", [{"codes": 65_536}, {"codes": 0}, {"tokens_per_second": float("inf")}, {"name": ""}])
def test_what_no_published_list_can_hold_is_refused(broken):
    with pytest.raises(ValidationError, match=next(iter(broken))):
        SoundFormat(**(SOUND_FORMAT.model_dump() | broken))
