"""Axolotl puts conversations through a chat template; each sound token is one word, and only answers have labels."""

from importlib.metadata import version

import datasets
from axolotl.prompt_strategies.chat_template import ChatTemplatePrompter, ChatTemplateStrategy
from expected import FOLDER, done, same, splits
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast

TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
SOUND = ["<|sound_start|>", "<|sound_end|>", *(f"<|sound_{code:04d}|>" for code in range(512))]


def tokenizer_of(rows):
    """A tokenizer whose vocabulary is the words of these rows, and each sound token."""
    words = {word for row in rows for one in row["conversations"] for word in one["content"].split()}
    plain = sorted(word for word in words if "<|" not in word)
    prompts = sorted({word for text in words for word in text.split("<|sound_start|>")[:1] if word})
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(["<unk>", *plain, *prompts]))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", eos_token="<|end|>")
    fast.add_tokens([*SOUND, "<|user|>", "<|assistant|>"], special_tokens=True)
    return fast


count = 0
for folder, rows in splits("conversations"):
    tokenizer = tokenizer_of(rows)
    prompter = ChatTemplatePrompter(tokenizer, TEMPLATE, max_length=8192, field_messages="conversations")
    strategy = ChatTemplateStrategy(
        prompter, tokenizer, train_on_inputs=False, sequence_len=8192, roles_to_train=["assistant"]
    )
    read = datasets.load_dataset(
        "json", data_files=f"{folder}/*.jsonl", split="train", cache_dir=str(FOLDER / "axolotl-cache")
    )
    for sample, row in zip(read, rows, strict=True):
        made = strategy.tokenize_prompt(sample)
        sounds = [
            number for number in made["input_ids"] if tokenizer.convert_ids_to_tokens(number).startswith("<|sound_0")
        ]
        codes = [int(tokenizer.convert_ids_to_tokens(number)[8:12]) for number in sounds]
        same(codes, row["sound_tokens"])
        learnt = tokenizer.decode([label for label in made["labels"] if label != -100])
        answers = " ".join(one["content"] for one in row["conversations"] if one["role"] == "assistant")
        same(learnt.replace("<|end|>", " ").split(), answers.split())
        count += 1
done(f"axolotl {version('axolotl')}", count)
