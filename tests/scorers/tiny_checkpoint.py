"""Tiny checkpoints in Detoxify's own format, with random weights: real files, built in a second."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

# Models this small gain nothing from threads, and on a busy machine threads wait for each other.
torch.set_num_threads(1)

CORPUS = [
    "Thank you, that was a fair and careful summary of the council meeting.",
    "You are an idiot and everybody in this town knows it.",
    "The new bus lanes help nobody but the people who drew them.",
    "Caife, arán agus ceol: what a lovely Saturday in Galway!",
    "ok fine no yes why who the a of to in is it",
]
CLASSES = {
    6: ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"],
    7: [
        "toxicity",
        "severe_toxicity",
        "obscene",
        "identity_attack",
        "insult",
        "threat",
        "sexual_explicit",
    ],
}
HEADS = {6: 6, 7: 16}
SIZE = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
}
MAX_TOKENS = 48


def write_tiny_checkpoint(folder: Path, architecture: str, classes: int, *, seed: int = 7) -> Path:
    """Write `<folder>/model.ckpt` and `<folder>/hf/`; returns the checkpoint's path."""
    hub = folder / "hf"
    hub.mkdir(parents=True)
    tokenizer = _word_pieces() if architecture == "Bert" else _other_pieces(architecture)
    tokenizer.save(str(hub / "tokenizer.json"))
    _write_vocabulary(architecture, tokenizer, hub)
    config = _config(architecture, tokenizer)
    config.num_labels = HEADS[classes]
    torch.manual_seed(seed)
    model = getattr(transformers, f"{architecture}ForSequenceClassification")(config)
    torch.nn.init.normal_(_head(model).weight, std=1.5)
    config.save_pretrained(str(hub))
    (hub / "tokenizer_config.json").write_text(
        json.dumps({"model_max_length": MAX_TOKENS, **_special(architecture)}), encoding="utf-8"
    )
    arch = {
        "num_classes": HEADS[classes],
        "model_type": str(hub),
        "model_name": f"{architecture}ForSequenceClassification",
        "tokenizer_name": f"{architecture}Tokenizer",
    }
    training = {"arch": {"args": arch}, "dataset": {"args": {"classes": CLASSES[classes]}}}
    checkpoint = folder / "model.ckpt"
    torch.save({"state_dict": model.state_dict(), "config": training}, checkpoint)
    return checkpoint


def _head(model: Any) -> Any:
    classifier = model.classifier
    return getattr(classifier, "out_proj", classifier)


def _config(architecture: str, tokenizer: Tokenizer) -> Any:
    # RoBERTa counts positions from its padding index, so two positions are never used.
    offset = 2 if "oberta" in architecture.lower() else 0
    extra = {"embedding_size": 16} if architecture == "Albert" else {}
    return getattr(transformers, f"{architecture}Config")(
        vocab_size=tokenizer.get_vocab_size(),
        max_position_embeddings=MAX_TOKENS + offset,
        pad_token_id=tokenizer.token_to_id(_special(architecture)["pad_token"]),
        **SIZE,
        **extra,
    )


def _special(architecture: str) -> dict[str, str]:
    if "oberta" in architecture.lower():
        return {
            "bos_token": "<s>",
            "eos_token": "</s>",
            "cls_token": "<s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "mask_token": "<mask>",
        }
    unknown = "[UNK]" if architecture == "Bert" else "<unk>"
    pad = "[PAD]" if architecture == "Bert" else "<pad>"
    return {
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "pad_token": pad,
        "unk_token": unknown,
        "mask_token": "[MASK]",
    }


def _word_pieces() -> Tokenizer:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        CORPUS, trainers.WordPieceTrainer(vocab_size=150, special_tokens=special)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(t, tokenizer.token_to_id(t)) for t in ("[CLS]", "[SEP]")],
    )
    return tokenizer


def _other_pieces(architecture: str) -> Tokenizer:
    special = list(dict.fromkeys(_special(architecture).values()))
    if architecture == "Roberta":
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer: Any = trainers.BpeTrainer(
            vocab_size=400,
            special_tokens=special,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        )
        tokenizer.train_from_iterator(CORPUS, trainer)
        ids = tokenizer.get_vocab()
        tokenizer.post_processor = processors.RobertaProcessing(
            ("</s>", ids["</s>"]), ("<s>", ids["<s>"])
        )
        return tokenizer
    if architecture == "XLMRoberta":
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator(
        CORPUS,
        trainers.UnigramTrainer(vocab_size=200, special_tokens=special, unk_token="<unk>"),
    )
    first, last = ("<s>", "</s>") if architecture == "XLMRoberta" else ("[CLS]", "[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}",
        special_tokens=[(t, tokenizer.token_to_id(t)) for t in (first, last)],
    )
    return tokenizer


def _write_vocabulary(architecture: str, tokenizer: Tokenizer, hub: Path) -> None:
    """The vocabulary as a file of its own, where the base model's folder has one beside it."""
    if architecture == "Bert":
        words = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
        (hub / "vocab.txt").write_text("\n".join(word for word, _ in words), encoding="utf-8")
    if architecture == "Roberta":
        tokenizer.model.save(str(hub))
