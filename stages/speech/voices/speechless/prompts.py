"""The prompt that asks the model to say a text: what it was trained on, in the chat form of Llama 3."""

from __future__ import annotations

from sayso.stages.speech.protocols import SynthesisError

# More than anybody says in the 30 s that sound tokens are made for, by far; no token is less than a byte.
LONGEST_TEXT = 2000
LONGEST_PROMPT = LONGEST_TEXT + 16
"""In tokens, with those around the text."""

SPEAK = "<|reserved_special_token_69|>"
_BEFORE = f"<|start_header_id|>user<|end_header_id|>\n\n{SPEAK}"
_BEHIND = "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"


def prompt_of(text: str) -> str:
    """The prompt, without the token that begins every text, which the vocabulary puts before it.

    Raises SynthesisError where there is nothing to say, far too much, or what would be read as a token of the model.
    """
    if not text.strip():
        raise SynthesisError("there is no text to say")
    if "<|" in text:
        raise SynthesisError("the text holds '<|', with which the model's own tokens begin")
    if (size := len(text.encode())) > LONGEST_TEXT:
        raise SynthesisError(f"the text has {size} bytes, and no text of more than {LONGEST_TEXT} is said at once")
    return f"{_BEFORE}{text}{_BEHIND}"
