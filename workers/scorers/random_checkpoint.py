"""A Detoxify checkpoint of the true shape with random weights, for measuring speed offline.

Speed does not depend on what the weights are; scores do, so nothing may be concluded from them.
Needs torch and transformers.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from transformers import BertConfig, BertForSequenceClassification

CLASSES = ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate")
MAX_TOKENS = 512
BASE_LAYERS, BASE_HIDDEN, HEAD_SIZE = 12, 768, 64
# A head this wide spreads the scores over 0-1, so that differences between routes can show.
HEAD_DEVIATION = 0.2


def write_random_checkpoint(
    checkpoint: Path,
    hub_folder: Path,
    tokenizer_file: Path,
    *,
    seed: int,
    layers: int = BASE_LAYERS,
    hidden: int = BASE_HIDDEN,
) -> None:
    """Write `checkpoint` in Detoxify's format and the base model's files in `hub_folder`.

    The model is a BERT of that many layers and hidden units (a multiple of 64; BERT-base unless
    told) with the vocabulary of `tokenizer_file` (tokenizers JSON). The checkpoint names
    `hub_folder` as its base model, so that Detoxify finds it without a network.
    """
    vocabulary = json.loads(tokenizer_file.read_text(encoding="utf-8"))
    words = sorted(vocabulary["model"]["vocab"].items(), key=lambda item: item[1])
    torch.manual_seed(seed)
    names = dict(enumerate(CLASSES))
    config = BertConfig(
        vocab_size=len(words),
        num_hidden_layers=layers,
        hidden_size=hidden,
        num_attention_heads=hidden // HEAD_SIZE,
        intermediate_size=4 * hidden,
        num_labels=len(CLASSES),
        id2label=names,
        label2id={name: index for index, name in names.items()},
    )
    model = BertForSequenceClassification(config)
    torch.nn.init.normal_(model.classifier.weight, std=HEAD_DEVIATION)
    hub_folder.mkdir(parents=True, exist_ok=True)
    config.architectures = [type(model).__name__]
    config.save_pretrained(str(hub_folder))
    (hub_folder / "vocab.txt").write_text("\n".join(word for word, _ in words), encoding="utf-8")
    whole = {**vocabulary, "padding": None, "truncation": None}
    (hub_folder / "tokenizer.json").write_text(json.dumps(whole), encoding="utf-8")
    settings = {
        "tokenizer_class": "BertTokenizer",
        "model_max_length": MAX_TOKENS,
        "do_lower_case": True,
    }
    (hub_folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    arch = {
        "num_classes": len(CLASSES),
        "model_type": str(hub_folder),
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer",
    }
    training = {"arch": {"args": arch}, "dataset": {"args": {"classes": list(CLASSES)}}}
    torch.save({"state_dict": model.state_dict(), "config": training}, checkpoint)
