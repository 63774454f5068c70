"""Detoxify's own checkpoint format, loaded offline and strictly. Needs torch and transformers."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers

from workers.scorers.scorer_errors import CorruptModel, MissingModel

HUB_FOLDER = "hf"
CLASS_NAMES = {
    "toxic": "toxicity",
    "severe_toxic": "severe_toxicity",
    "identity_hate": "identity_attack",
}
ARCHITECTURES = (
    "BertForSequenceClassification",
    "RobertaForSequenceClassification",
    "XLMRobertaForSequenceClassification",
    "AlbertForSequenceClassification",
)
VOCABULARIES = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "spiece.model",
    "sentencepiece.bpe.model",
)
# Buffers that old transformers releases stored and new ones compute.
COMPUTED_BUFFERS = ("embeddings.position_ids", "embeddings.token_type_ids")
# RoBERTa counts positions from its padding index + 1, so two of them are never reached.
POSITION_OFFSET = {"roberta": 2, "xlm-roberta": 2}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded classifier, its tokenizer, its class names and its longest input in tokens."""

    model: torch.nn.Module
    tokenizer: Any
    labels: tuple[str, ...]
    max_tokens: int


def load_checkpoint(checkpoint: Path, hub_folder: Path) -> Checkpoint:
    """Load a checkpoint with the base model's config and tokenizer files, all from disk.

    The caller has verified the files' sha256. Nothing but tensors and plain values is
    unpickled, and every weight must be there: Detoxify itself would fill a missing head with
    random numbers. Raises MissingModel or CorruptModel.
    """
    loaded = _unpickle(checkpoint)
    arch, labels = _training_config(checkpoint, loaded)
    model = _build(checkpoint, arch, hub_folder)
    _fill(checkpoint, model, loaded["state_dict"])
    if len(labels) > model.config.num_labels:
        raise CorruptModel(f"{checkpoint} names {len(labels)} classes, its head has fewer.")
    tokenizer = _tokenizer(arch["tokenizer_name"], hub_folder)
    return Checkpoint(model.eval(), tokenizer, labels, _max_tokens(tokenizer, model.config))


def _unpickle(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise MissingModel(f"Model file {path} is missing.")
    try:
        with warnings.catch_warnings():
            # An odd pickle protocol ends in the error below, or is read in full.
            warnings.simplefilter("ignore")
            loaded = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError) as error:
        raise CorruptModel(
            f"{path} is not a checkpoint of tensors and plain values: {error}"
        ) from error
    if not isinstance(loaded, dict) or not {"state_dict", "config"} <= loaded.keys():
        raise CorruptModel(f"{path} lacks `state_dict` or `config`.")
    return loaded


def _training_config(
    path: Path, loaded: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    try:
        arch = dict(loaded["config"]["arch"]["args"])
        classes = list(loaded["config"]["dataset"]["args"]["classes"])
        arch["model_name"], arch["tokenizer_name"], arch["num_classes"]
    except (KeyError, TypeError) as error:
        raise CorruptModel(f"{path}: its training config lacks {error}.") from error
    if arch["model_name"] not in ARCHITECTURES:
        raise CorruptModel(f"{path}: architecture {arch['model_name']!r} is not one of Detoxify's.")
    return arch, tuple(CLASS_NAMES.get(name, name) for name in classes)


def _build(path: Path, arch: Mapping[str, Any], hub_folder: Path) -> Any:
    config_file = hub_folder / "config.json"
    if not config_file.is_file():
        raise MissingModel(f"Model file {config_file} is missing.")
    model_class = getattr(transformers, arch["model_name"])
    config = model_class.config_class.from_json_file(str(config_file))
    config.num_labels = int(arch["num_classes"])
    # The plain attention is the one that exports to ONNX with any batch and length.
    config._attn_implementation = "eager"
    return model_class(config)


def _fill(path: Path, model: Any, state: Mapping[str, torch.Tensor]) -> None:
    weights = {k: v for k, v in state.items() if not k.endswith(COMPUTED_BUFFERS)}
    try:
        model.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        raise CorruptModel(
            f"{path} does not hold exactly the weights of {type(model).__name__}: {error}"
        ) from error


def _tokenizer(class_name: str, hub_folder: Path) -> Any:
    # transformers would make an empty tokenizer where there is no vocabulary, and say nothing.
    if not any((hub_folder / name).is_file() for name in VOCABULARIES):
        raise MissingModel(f"{hub_folder} holds none of {', '.join(VOCABULARIES)}.")
    try:
        return getattr(transformers, class_name).from_pretrained(
            str(hub_folder), local_files_only=True
        )
    except (OSError, ValueError, AttributeError) as error:
        raise MissingModel(f"No {class_name} can be read from {hub_folder}: {error}") from error


def _max_tokens(tokenizer: Any, config: Any) -> int:
    positions = config.max_position_embeddings - POSITION_OFFSET.get(config.model_type, 0)
    return int(min(positions, tokenizer.model_max_length))
