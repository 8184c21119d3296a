"""torchtune makes messages of the conversations: the user's without a loss, the assistant's with one."""

from importlib.metadata import version

from expected import done, same, splits
from torchtune.datasets import chat_dataset


class Messages:
    """In the place of a model's tokenizer: a token for each message, which it remembers."""

    def __call__(self, sample, inference=False):
        self.last = sample["messages"]
        return {"tokens": list(range(len(self.last))), "mask": [one.masked for one in self.last]}


count, messages = 0, Messages()
for folder, rows in splits("conversations"):
    read = chat_dataset(
        messages,
        source="json",
        data_files=f"{folder}/*.jsonl",
        conversation_column="conversations",
        conversation_style="openai",
        split="train",
    )
    same(len(read), len(rows))
    for number, row in enumerate(rows):
        labels = list(read[number]["labels"])
        same(
            [(one.role, one.text_content) for one in messages.last],
            [*map(tuple, map(dict.values, row["conversations"]))],
        )
        # 1, 3, … are those of the assistant; -100 stands for no loss.
        same(labels, [place if place % 2 else -100 for place in range(len(labels))])
        count += 1
done(f"torchtune {version('torchtune')}", count)
