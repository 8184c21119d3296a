"""Our Whisper against openai-whisper, where that is installed: the same bits, the same word pieces, the same words."""

from dataclasses import asdict, replace
from importlib.util import find_spec

import pytest
import torch

if find_spec("whisper") is None:
    pytest.skip("openai-whisper is not installed", allow_module_level=True)

from whisper import DecodingOptions, decode, log_mel_spectrogram, pad_or_trim
from whisper.audio import mel_filters
from whisper.decoding import DecodingTask
from whisper.model import ModelDimensions, Whisper
from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer

from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.whisper import greedy, log_mel
from sayso.stages.speech.whisper import model as ours
from sayso.stages.speech.whisper.normalizer import normalizer_of
from sayso.stages.speech.whisper.word_pieces import WordPieces

OPTIONS = DecodingOptions(language="en", temperature=0.0, without_timestamps=True, fp16=False, sample_len=60)


def upstream(model: ours.Whisper) -> Whisper:
    theirs = Whisper(ModelDimensions(**asdict(model.dims)))
    theirs.load_state_dict(model.state_dict())
    return theirs.eval()


@pytest.fixture(scope="module")
def theirs(whisper: ours.Whisper) -> Whisper:
    return upstream(whisper)


@pytest.fixture(scope="module")
def mels(clips: list[torch.Tensor]) -> torch.Tensor:
    return torch.stack([pad_or_trim(log_mel.log_mel_spectrogram(clip), log_mel.N_FRAMES) for clip in clips[:2]])


@pytest.mark.parametrize("mels", [80, 128])
def test_the_log_mels_are_the_same_bits(clips: list[torch.Tensor], mels: int) -> None:
    assert torch.equal(log_mel.mel_filters(torch.device("cpu"), mels), mel_filters("cpu", mels))
    assert torch.equal(log_mel.log_mel_spectrogram(clips[0], mels), log_mel_spectrogram(clips[0], mels))


@torch.inference_mode()
def test_encoder_decoder_and_what_is_said_are_the_same(
    whisper: ours.Whisper, theirs: Whisper, mels: torch.Tensor
) -> None:
    sound = whisper.encoder(mels)
    assert torch.equal(sound, theirs.encoder(mels))
    pieces = torch.arange(34).reshape(2, 17) * 1_400
    assert torch.equal(whisper.decoder(pieces, sound), theirs.decoder(pieces, sound))
    said = greedy.decode(whisper, WordPieces(whisper), sound, 60)
    assert said == [row.tokens for row in decode(theirs, sound, OPTIONS)]
    assert min(map(len, said)) > 3


@pytest.mark.parametrize("vocabulary", [51864, 51865, 51866])
def test_the_word_pieces_are_the_same_in_each_vocabulary(vocabulary: int) -> None:
    model = ours.Whisper(ours.ModelDimensions(80, 1500, 64, 1, 0, vocabulary, 448, 64, 1, 0))
    task, found = DecodingTask(upstream(model), replace(OPTIONS, sample_len=None)), WordPieces(model)
    assert (found.prompt, found.end) == (task.initial_tokens, task.tokenizer.eot)
    assert found.never == task._get_suppress_tokens()
    assert found.decode(range(vocabulary)) == task.tokenizer.decode(list(range(vocabulary)))
    text = "Żółw's 3 cafés\n  don't — 北京 ♪"
    assert found.encode(text) == task.tokenizer.encode(text)
    assert found.decode(found.encode(text)) == text


@pytest.mark.parametrize("before", ["Two people talk.", "Two people talk about trains. " * 60])
@pytest.mark.parametrize(("vocabulary", "language"), [(51864, "en"), (51865, "vi"), (51866, "yue")])
def test_whisper_is_asked_for_a_language_and_told_what_came_before(vocabulary: int, language: str, before: str) -> None:
    model = ours.Whisper(ours.ModelDimensions(80, 1500, 64, 1, 0, vocabulary, 448, 64, 1, 0))
    options = replace(OPTIONS, sample_len=None, language=language, prompt=before)
    assert WordPieces(model, language, before).prompt == DecodingTask(upstream(model), options).initial_tokens


@pytest.mark.parametrize(("vocabulary", "language"), [(51864, "pl"), (51865, "yue")])
def test_a_language_that_this_whisper_does_not_know(vocabulary: int, language: str) -> None:
    model = ours.Whisper(ours.ModelDimensions(80, 1500, 64, 1, 0, vocabulary, 448, 64, 1, 0))
    with pytest.raises(SpeechModelError, match=f"knows no language '{language}'"):
        WordPieces(model, language)


@pytest.mark.parametrize(
    "text",
    [
        "Twenty percent of $20 million, Dr. Smith said (quietly), won't do!",
        "I dunno, it's kinda the colour of grey 'cause of the two hundred and third one.",
        "Um, the 1960s: three and a half oh seven [noise], ½ an hour at 9:30.",
    ],
)
def test_the_words_that_are_compared_are_the_same(text: str) -> None:
    assert normalizer_of("en")(text) == EnglishTextNormalizer()(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "Zażółć gęślą jaźń (szybko), proszę – 20 % „tak”!"),
        ("vi", "Con mèo của bạn tên là gì? Nó không ăn cơm [cười]."),
        ("fr", "Où est l'eau ? C'est à 5 km d'ici…"),
        ("ru", "Ёлка стоит 1 000 рублей, не так ли?"),
        ("zh", "北京有多少人？2024年。"),
        ("ja", "東京の人口は何人ですか。"),
    ],
)
def test_the_words_of_other_languages_are_the_same_and_letters_where_there_are_no_blanks(
    language: str, text: str
) -> None:
    assert normalizer_of(language)(text) == BasicTextNormalizer(split_letters=language in ("zh", "ja"))(text)


def test_marks_that_stand_for_vowels_are_kept() -> None:
    assert normalizer_of("hi")("नमस्ते, दुनिया!").split() == ["नमस्ते", "दुनिया"]
    assert BasicTextNormalizer()("नमस्ते, दुनिया!").split() != ["नमस्ते", "दुनिया"]
