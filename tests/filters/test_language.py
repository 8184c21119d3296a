from __future__ import annotations

import polars as pl
import pytest

import sayso.filters.language
from sayso.filters.judging import first_reason
from sayso.filters.language import Language, identify, second_opinion
from tests.filters.rows import rows_of

ENGLISH = "What is the capital of France?"
FOREIGN = {
    "es": "Escribe un poema corto sobre el mar y la luna.",
    "fr": "Explique-moi comment fonctionne la photosynthèse.",
    "de": "Erkläre mir bitte, wie ein Regenbogen entsteht.",
    "it": "Raccontami una storia breve sul mare.",
    "pt": "Conte uma história curta sobre o mar.",
    "nl": "Vertel me een kort verhaal over de zee.",
    "pl": "Opowiedz mi krótką historię o morzu.",
    "tr": "Bana deniz hakkında kısa bir hikaye anlat.",
    "vi": "Hãy kể cho tôi một câu chuyện ngắn về biển.",
    "ru": "Расскажи мне короткую историю о море.",
    "zh": "请给我讲一个关于大海的短故事。",
    "ja": "海についての短い話をしてください。",
    "ko": "바다에 대한 짧은 이야기를 해 주세요.",
    "ar": "احك لي قصة قصيرة عن البحر.",
    "hi": "मुझे समुद्र के बारे में एक छोटी कहानी सुनाओ।",
}


@pytest.mark.parametrize(("code", "prompt"), FOREIGN.items())
def test_languages_are_told_apart(code: str, prompt: str) -> None:
    assert identify(pl.Series([prompt]), ("en",))["code"].to_list() == [code]
    assert first_reason(rows_of([prompt]), [Language()])["reason"].item() == "not_wanted_language"


def test_another_language_can_be_wanted() -> None:
    spanish = Language(keep=("es",))
    reasons = first_reason(rows_of([FOREIGN["es"], FOREIGN["de"]]), [spanish])["reason"]
    assert reasons.to_list() == [None, "not_wanted_language"]


@pytest.mark.parametrize(
    ("keep", "asked"), [(("en",), ()), (("es",), (ENGLISH, FOREIGN["pt"])), (("en", "es"), (FOREIGN["pt"],))]
)
def test_langdetect_is_asked_about_other_languages_than_english_where_fasttext_is_unsure(
    keep: tuple[str, ...], asked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered: list[str] = []

    def remember(text: str) -> str:
        remembered.append(text)
        return second_opinion(text)

    monkeypatch.setattr(sayso.filters.language, "second_opinion", remember)
    unsure = Language(keep=keep, sure_unwanted=1, possible_wanted=0)
    first_reason(rows_of([ENGLISH, FOREIGN["es"], FOREIGN["pt"]]), [unsure])
    assert tuple(remembered) == asked


def test_disagreement_on_a_wanted_language_is_its_own_reason() -> None:
    verdict = first_reason(rows_of(["Hou auld is the yird?"]), [Language()]).row(0, named=True)
    assert verdict["reason"] == "uncertain_language"
    assert verdict["language.code"] == "en" and verdict["language.english"] < 0


def test_a_kept_row_is_english_whatever_fasttext_took_it_for() -> None:
    verdict = first_reason(rows_of(["Capital of Peru?"]), [Language()]).row(0, named=True)
    assert (verdict["reason"], verdict["language.code"], verdict["language.second"]) == (None, "hu", "en")


def test_the_threshold_of_english_can_be_set() -> None:
    prompts = ["Capital of Peru?", "Please tell me what the capital of Peru is."]
    strict = first_reason(rows_of(prompts), [Language(least_english=5)])["reason"]
    assert strict.to_list() == ["not_wanted_language", None]


def test_english_and_another_language_may_both_be_wanted() -> None:
    prompts = ["WHERE IS MALTA?", FOREIGN["es"], FOREIGN["de"]]
    reasons = first_reason(rows_of(prompts), [Language(keep=("en", "es"))])["reason"]
    assert reasons.to_list() == [None, None, "not_wanted_language"]


def test_the_second_opinion_is_the_same_whatever_was_asked_before() -> None:
    text = "Describe a mojito cocktail."
    alone = second_opinion(text)
    for other in FOREIGN.values():
        second_opinion(other)
        assert second_opinion(text) == alone


def test_line_ends_and_empty_texts_are_no_trouble() -> None:
    found = identify(pl.Series(["What is\nthis\r\nthing?", "", "12345"]), ("en",))
    assert found["code"][0] == "en" and found["confidence"].is_between(0, 1).all()
    assert second_opinion("12345") == "und"
