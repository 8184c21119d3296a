"""The dataset's card: what it says to the Hub and to those who look before they load."""

from xml.etree import ElementTree

import pytest
import yaml
from markdown_it import MarkdownIt

from sayso.manifests.dataset.file_list import PublishedFile
from sayso.manifests.reports.funnel import Loss, StageFlow
from sayso.stages.compose.compose import Compose, compose
from sayso.stages.publish.card import card_text
from sayso.stages.publish.card_content import CardContent, SourceLine
from sayso.stages.publish.config import Card
from sayso.stages.publish.pictures import pictures
from sayso.stages.publish.summarize import summarize
from sayso.stages.rows.mixture import Mixture
from sayso.stages.speech.voices.hibari.config import Hibari
from sayso.stages.speech.voices.whisperspeech.config import WhisperSpeech
from sayso.stages.synthesize.augment import Augment, Noise, Room
from tests.published_dataset import spoken_rows
from tests.sound_formats import MERGED_FORMAT, SOUND_FORMAT

FLOW = StageFlow(
    stage="screen",
    shards=1,
    shards_done=1,
    rows_in=12,
    rows_out=10,
    losses=(Loss(filter="spoken_length", reason="too_long", rows=2),),
    sources=(),
    seconds=1.0,
)


def file(name, config, split, rows):
    return PublishedFile(name=name, config=config, split=split, rows=rows, bytes=1, sha256="")


def content(**changed):
    rows = compose(spoken_rows(10), Compose(), SOUND_FORMAT, 0)
    given = {
        "name": "small",
        "card": Card(title="Small <talk>", repository="org/small"),
        "mixture": Mixture(shares={"instruction": 0.5, "transcription": 0.3, "text": 0.2}),
        "transcription": "prompt",
        "summary": summarize({"train": rows.head(8), "test": rows.tail(2)}),
        "files": [
            file("data/train-00000-of-00001.parquet", "default", "train", 8),
            file("data/test-00000-of-00001.parquet", "default", "test", 2),
            file("ichigo/train-00000-of-00001.parquet", "ichigo", "train", 7),
        ],
        "sources": [
            SourceLine(name="web", license="Apache-2.0", rows=9, published=6),
            SourceLine(name="books", license="CC-BY-4.0", rows=3, published=4),
            SourceLine(name="left out", license="MIT", rows=1, published=0),
        ],
        "flows": [FLOW],
        "voices": (Hibari(name="heart"),),
        "sound": SOUND_FORMAT,
        "tokenizer": "whispervq (sha256 0123)",
        "engines": {"hibari-tts": "0.2.1"},
        "augment": None,
    }
    return CardContent(**(given | changed))


def card(**changed):
    """The card's metadata and its text."""
    _, front, text = card_text(content(**changed)).decode().split("---\n", 2)
    return yaml.safe_load(front), text


def test_the_hub_learns_of_licences_languages_sizes_and_configs():
    front, _ = card()
    assert front["license"] == ["apache-2.0", "cc-by-4.0"]
    assert front["language"] == ["en"]
    assert front["size_categories"] == ["n<1K"]
    assert [config["config_name"] for config in front["configs"]] == ["default", "ichigo"]
    assert front["configs"][0]["data_files"] == [
        {"split": "train", "path": "data/train-*.parquet"},
        {"split": "test", "path": "data/test-*.parquet"},
    ]


@pytest.mark.parametrize("license", ["My own", None])
def test_a_licence_that_the_hub_has_no_name_for_is_other(license):
    front, text = card(sources=[SourceLine(name="web", license=license, rows=1, published=1)])
    assert front["license"] == ["other"]
    assert f"| web | {license or 'not stated'} | 1 | 1 | 100% |" in text


def test_what_was_asked_of_each_kind_stands_beside_what_came_out():
    _, text = card()
    assert "| kind | asked for | train | test | share |" in text
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| instruction | ")]
    (_, asked, train, test, share) = rows[0]
    assert (asked, int(train) + int(test), share) == ("50.0%", 2, "20.00% |")


def test_a_kind_that_was_asked_for_and_is_not_there_has_a_line():
    _, text = card(summary=summarize({"train": compose(spoken_rows(1), Compose(), SOUND_FORMAT, 0)}))
    assert "| transcription | 30.0% | 0 | 0 | 0.00% |" in text


def test_how_a_transcription_is_asked_for_is_told_where_there_is_one():
    assert "by one of the eight prompts that Ichigo's trainer knows" in card()[1]
    _, text = card(transcription="token")
    assert "by the reserved token `<|reserved_special_token_69|>`" in text
    instruction = summarize({"train": compose(spoken_rows(1), Compose(), SOUND_FORMAT, 0)})
    assert "A transcription is asked for" not in card(summary=instruction)[1]


def test_counts_are_told_as_rows():
    _, text = card(mixture=Mixture(counts={"instruction": 1_200}))
    assert "| instruction | 1,200 rows |" in text


def test_the_card_tells_the_funnel_the_voices_and_how_to_load():
    _, text = card()
    assert "# Small &lt;talk&gt;" in text
    assert 'load_dataset("org/small", split="train")' in text
    assert "| screen | 12 | 10 | too_long 2 |" in text
    assert "| heart | hibari | heart | en | – | Apache-2.0 | 6 |" in text
    assert "- hibari-tts: 0.2.1" in text
    assert "Inaudible rows are random tokens" in text


def test_the_card_tells_what_the_sound_tokens_are_like():
    front, text = card()
    assert "whispervq" in front["tags"]
    assert "of speech as WhisperVQ sound tokens (25 a second" in text
    assert "Sound tokens: whispervq (sha256 0123), codes 0 to 511." in text
    front, text = card(sound=MERGED_FORMAT.model_copy(update={"name": "Merged <b>VQ", "tokens_per_second": 12.5}))
    assert "merged-b-vq" in front["tags"]
    assert "of speech as Merged &lt;b&gt;VQ sound tokens (12.5 a second" in text
    assert "codes 0 to 2560 without 2048." in text


def test_the_card_tells_what_was_done_to_the_speech():
    _, text = card(augment=Augment(noise=Noise(snr_db=(10, 30), probability=0.5), room=Room(rt60=(0.2, 0.6))))
    assert "- pink noise, 10 to 30 dB below the speech: 50% of the rows" in text
    assert "- a made-up room, 60 dB down after 0.2 to 0.6 s, direct sound 3 dB over the rest: 100% of the rows" in text
    assert "gain" not in text
    assert "has heard no recorded noise, no real room and no hesitation." in text
    assert "has heard neither noise nor hesitation." in card()[1]


def test_the_card_tells_under_which_licence_and_with_whose_consent_a_voice_speaks():
    consent = "The speaker, a member of the team, agreed to training on <her> voice."
    anna = {"engine": "whisperspeech", "speaker": "/home/me/anna.npy"}
    licensed = WhisperSpeech(name="anna", license="CC0-1.0", language="pl", accent="Silesian", consent=consent, **anna)
    _, text = card(voices=(licensed, WhisperSpeech(name="jan", **anna)))
    assert "| anna | whisperspeech | anna.npy | pl | Silesian | CC0-1.0 | 0 |" in text
    assert "| jan | whisperspeech | anna.npy | en | – | not stated | 0 |" in text
    assert "- anna: The speaker, a member of the team, agreed to training on &lt;her&gt; voice." in text
    assert "- jan: " not in text


def test_every_picture_of_the_card_is_there_and_can_be_drawn():
    _, text = card()
    drawn = pictures(content())
    assert {name for name in drawn if f"({name})" in text} == {"funnel.svg", "lengths.svg", "errors.svg"}
    for picture in drawn.values():
        assert ElementTree.fromstring(picture).tag.endswith("svg")


def test_names_licences_and_reasons_are_shown_as_text():
    hostile = "**b** [x](https://evil.example) ![y](z.png) `c` | d <img src=q> https://evil.example"
    flow = FLOW.model_copy(update={"losses": (Loss(filter="spoken_length", reason=hostile, rows=2),), "stage": hostile})
    voice = Hibari(name=hostile, license=hostile, accent=hostile, consent=hostile)
    _, text = card(
        card=Card(title=hostile, repository='"```\n[x](y)'),
        sources=[SourceLine(name=hostile, license=hostile, rows=1, published=1)],
        flows=[flow],
        voices=(voice,),
        tokenizer=hostile,
        engines={hostile: hostile},
    )
    reader = MarkdownIt("commonmark").enable("table")
    blocks = reader.parse(text)
    found = [each for block in blocks for each in block.children or []]
    assert {each.type for each in found} <= {"text", "html_inline", "image", "code_inline"}
    assert {each.attrs["src"] for each in found if each.type == "image"} == {"funnel.svg", "lengths.svg", "errors.svg"}
    assert {each.content for each in found if each.type == "html_inline"} == {"<!-- -->"}
    assert {each.content for each in found if each.type == "code_inline"} == {
        "conversations",
        "spoken",
        "transcript",
        "wer",
        "cer",
        "ichigo",
    }
    # The title, source and licence, stage and reason, voice, accent and licence, twice in consent, engine, tokenizer.
    assert "".join(each.content for each in found if each.type == "text").count("**b** [x](https:") >= 11
    assert 'load_dataset("\\"```\\n[x](y)", split="train")' in text
