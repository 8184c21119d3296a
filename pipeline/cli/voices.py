"""The commands for banks of voices."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sayso.pipeline.cli.app import DebugOption, JsonOption, ModelsOption, app, print_json
from sayso.pipeline.cli.console import Console
from sayso.pipeline.cli.errors import clear_errors

# What the speakers of WhisperSpeech's own voices were made with.
ENCODER = "speechbrain/spkrec-ecapa-voxceleb:embedding_model.ckpt"

voices = typer.Typer(help="Keep voices in a file of their own, a bank that recipes choose from.", no_args_is_help=True)
app.add_typer(voices, name="voices")


@voices.command(
    epilog="Example:  sayso voices add anna --recording anna.wav --bank voices.yaml --license CC0-1.0 "
    '--consent "Anna agreed in writing to speech made with her voice being published."'
)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="what the published rows call it, and its .npy file")],
    recording: Annotated[
        Path, typer.Option(metavar="FILE", help="WAV, FLAC, OGG or MP3 of one person speaking; its first 30 s are used")
    ],
    bank: Annotated[Path, typer.Option(metavar="FILE", help="the YAML file of the bank, made if it is not there")],
    license: Annotated[str, typer.Option(metavar="TEXT", help="SPDX name or a sentence; goes on the dataset's card")],
    consent: Annotated[str, typer.Option(metavar="TEXT", help="who agreed to what, in a sentence; goes on the card")],
    language: Annotated[
        str | None, typer.Option(metavar="CODE", help="ISO 639-1, for the card; what is spoken is up to the models")
    ] = None,
    accent: Annotated[str | None, typer.Option(metavar="TEXT", help="such as Scottish, for the card")] = None,
    encoder: Annotated[
        str, typer.Option(metavar="FILE", help="ECAPA-TDNN: a file, or a Hub file OWNER/NAME:FILE")
    ] = ENCODER,
    models: ModelsOption = None,
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Make a WhisperSpeech voice of a person's recording: its speaker beside a bank, and an entry in the bank."""
    with clear_errors(debug):
        from sayso.pipeline.submitted_job import lasting
        from sayso.pipeline.voices.new_voice import add_voice
        from sayso.stages.speech.weights.folder import look_in

        if models is not None:
            look_in(models)
        given = {"license": license, "consent": consent, "language": language, "accent": accent}
        told = {key: text for key, text in given.items() if text is not None}
        added = add_voice(lasting(bank), name, told, recording, encoder)
        if as_json:
            print_json(added)
            return
        out = Console(highlight=False, soft_wrap=True)
        out.print(f"added {added.name} to {added.bank}: {added.speaker}, of {added.seconds:.1f} s", markup=False)
        out.print(f"{added.recording}: sha256 {added.recording_sha256}", markup=False)
        out.print(f"{added.encoder}: sha256 {added.encoder_sha256}", markup=False)


@voices.command("list", epilog="Example:  sayso voices list voices.yaml")
def list_voices(
    bank: Annotated[Path, typer.Argument(metavar="BANK", help="the YAML file of a bank")],
    as_json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """The voices of a bank, and what is known of them."""
    with clear_errors(debug):
        from sayso.pipeline.cli.tables import voice_table
        from sayso.pipeline.voices.voice_bank import read_bank
        from sayso.stages.speech.voices.any_voice import VOICES

        found = [VOICES.validate(entry) for entry in read_bank(bank).values()]
        if as_json:
            print_json(found)
            return
        Console().print(voice_table(found))
