"""What the kinds of rows have in common with the stages that name one of them."""

from typing import get_args

from sayso.stages.mix.inaudible import INAUDIBLE
from sayso.stages.rows.kinds import KINDS, Kind
from sayso.stages.synthesize.synthesize import TEXT


def test_every_kind_that_a_mixture_may_name_is_described():
    assert tuple(KINDS) == get_args(Kind)


def test_speech_and_mixture_name_the_kinds_that_are_not_said():
    unsaid = {kind for kind, of_kind in KINDS.items() if not of_kind.is_said}
    made = {kind for kind, of_kind in KINDS.items() if of_kind.is_made}
    assert (unsaid - made, made) == ({TEXT}, {INAUDIBLE})
