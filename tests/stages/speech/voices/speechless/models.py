"""Small language models with random weights in the layout that Speechless is published in.

The first number of what the layers work with is a large constant, so the head's weights for it are what each token
begins with: what is no sound is hardly ever said, and some rows come to an end.
"""

import json
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM

CODES = 64
# In the order of the released vocabulary: what Llama 3 has, then what sound needs.
LLAMA = ["<|begin_of_text|>", "<|end_of_text|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>",
         *(f"<|reserved_special_token_{n}|>" for n in range(68, 71))]  # fmt: skip
DURATIONS = [f"<|duration_{n:02d}|>" for n in range(2, 8)]


def micro_speechless(folder: Path, codes: int = CODES, seed: int = 3, head_width: int = 8) -> Path:
    """A folder with the model's config.json, generation_config.json and safetensors, and the vocabulary's two files."""
    sounds = ["<|sound_start|>", "<|sound_end|>", *(f"<|sound_{n:04d}|>" for n in range(codes + 1))]
    tokenizer = _tokenizer([*LLAMA, *sounds, *DURATIONS])
    ids = tokenizer.get_vocab()
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(ids), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=head_width,
        max_position_embeddings=4096, tie_word_embeddings=False, initializer_range=0.2,
        bos_token_id=ids["<|begin_of_text|>"], eos_token_id=ids["<|end_of_text|>"],
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        nn.init.normal_(model.lm_head.weight, std=1.0)
        nn.init.normal_(model.model.embed_tokens.weight, std=1.5)
        model.model.embed_tokens.weight[:, 0] = 8
        first = model.lm_head.weight[:, 0]
        first[:] = -9
        first[[ids[name] for name in sounds[2:]]] = 0
        first[[ids[name] for name in DURATIONS]] = -0.4
        first[ids["<|sound_end|>"]] = 0.4
        first[ids["<|sound_start|>"]] = -3
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "PreTrainedTokenizerFast"}))
    return folder


def _tokenizer(names: list[str]) -> Tokenizer:
    """Bytes as tokens, and these; every text begins as one of Llama 3 does."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({letter: number for number, letter in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = {*LLAMA, "<|sound_start|>", "<|sound_end|>"}
    tokenizer.add_tokens([AddedToken(name, normalized=False, special=name in special) for name in names])
    begin = "<|begin_of_text|>"
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A", pair=f"{begin} $A {begin} $B", special_tokens=[(begin, tokenizer.token_to_id(begin))]
    )
    return tokenizer
