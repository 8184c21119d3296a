"""The vocabulary of a language model that says sound tokens: prompts to ids, and ids to the names of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from sayso.manifests.dataset.contract import SOUND_END
from sayso.manifests.errors import in_one_line
from sayso.stages.speech.protocols import SpeechModelError
from sayso.stages.speech.voices.speechless.prompts import SPEAK
from sayso.stages.speech.voices.speechless.sound_names import SOUND

# What a Llama 3 ends with where it does not end with the sound.
_OTHER_ENDS = ("<|eot_id|>", "<|end_of_text|>", "<|eom_id|>")


class Vocabulary:
    """The tokens of a tokenizer.json. Raises SpeechModelError where it cannot be read, or has no sound tokens."""

    def __init__(self, path: Path) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises no class of its own
            raise SpeechModelError(f"{path} is no vocabulary that can be read: {in_one_line(error)}") from error
        ids = self._tokenizer.get_vocab(with_added_tokens=True)
        for name in (SPEAK, SOUND_END):
            if name not in ids:
                raise SpeechModelError(f"{path} has no token {name}, so it is of no model that says sound tokens")
        self._names = {number: name for name, number in ids.items()}
        self.highest = max(self._names)
        """The highest id of a token."""
        self.codes = frozenset(int(found[1]) for name in ids if (found := SOUND.fullmatch(name)))
        """The codes that it has a sound token for."""
        self.ends = [ids[name] for name in (SOUND_END, *_OTHER_ENDS) if name in ids]
        """Ids that nothing comes after."""

    def encode(self, prompt: str) -> list[int]:
        """The ids of a prompt, behind the beginning that the file says every text has."""
        ids: list[int] = self._tokenizer.encode(prompt).ids
        return ids

    def names(self, ids: Sequence[int]) -> list[str]:
        """The names of what was said, up to the first end and with it."""
        end = next((place + 1 for place, number in enumerate(ids) if number in self.ends), len(ids))
        return [self._names.get(number, f"token {number}") for number in ids[:end]]
