"""LLaMA-Factory finds the splits by dataset_info.json, and parts each conversation into prompt and response."""

from importlib.metadata import version

from expected import FOLDER, done, same, splits
from llamafactory.data.loader import _load_single_dataset
from llamafactory.data.parser import get_dataset_list
from llamafactory.hparams import DataArguments, ModelArguments
from transformers import Seq2SeqTrainingArguments

count = 0
data = DataArguments(dataset_dir=str(FOLDER / "conversations"))
model = ModelArguments(model_name_or_path="none", cache_dir=str(FOLDER / "llama-factory-cache"))
training = Seq2SeqTrainingArguments(output_dir=str(FOLDER / "llama-factory"), use_cpu=True)
for folder, rows in splits("conversations"):
    (found,) = get_dataset_list([folder.name], data.dataset_dir)
    read = _load_single_dataset(found, model, data, training)
    by_answer = sorted(read, key=lambda one: str(one["_prompt"] + one["_response"]))
    expected = sorted((row["conversations"] for row in rows), key=str)
    same([one["_prompt"] + one["_response"] for one in by_answer], sorted(expected, key=str))
    same({one["_response"][0]["role"] for one in read}, {"assistant"})
    count += len(read)
done(f"llamafactory {version('llamafactory')}", count)
