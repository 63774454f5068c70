"""The network that is tuned: one encoder that gives both toxicity heads and a sentence vector."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import BertConfig, BertModel
from transformers.models.bert.modeling_bert import BertLayer

from workers.scorers.training.corpus import HEADS
from workers.scorers.training.published_encoder import BLOCK, LAYERS, WIDTH, State
from workers.scorers.training.published_encoder import HEADS as ATTENTION_HEADS
from workers.scorers.training.quantise import quantise_rows

INNER = 1536
# Layers whose pooled tokens the heads read: what is toxic shows earlier than what it is about.
READ_LAYERS = (4, 5, 6)
POOLED = 3 * WIDTH * len(READ_LAYERS)
LONGEST_POSITION = 512
VOCABULARY = 30522
DROPOUT = 0.1


def shipped(state: State) -> dict[str, NDArray[np.float32]]:
    """The weights as the shipped file restores them: what the tuned layers will stand on."""
    return {
        name: quantise_rows(value, BLOCK).restored()
        if value.ndim == 2 and ("dense" in name or "self" in name or "word" in name)
        else value
        for name, value in state.items()
    }


class CompactNetwork(nn.Module):
    """Encoder layers, pooling of the upper ones, one linear output per head, a sentence vector."""

    def __init__(self, state: State, fixed_layers: int, sources: tuple[str, ...]) -> None:
        """Layers below `fixed_layers` stay as shipped; `sources` each get a bias of their own."""
        super().__init__()
        config = BertConfig(
            vocab_size=VOCABULARY,
            hidden_size=WIDTH,
            num_hidden_layers=LAYERS,
            num_attention_heads=ATTENTION_HEADS,
            intermediate_size=INNER,
            max_position_embeddings=LONGEST_POSITION,
            # A text is spelled anew and loses words each time: dropout inside would only slow it.
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        config._attn_implementation = "sdpa"
        self.bert = BertModel(config, add_pooling_layer=False)
        exact = {k: torch.tensor(v) for k, v in state.items()}
        stored = {k: torch.tensor(v) for k, v in shipped(state).items()}
        first_tuned = tuple(f"encoder.layer.{n}." for n in range(fixed_layers, LAYERS))
        mixed = {k: exact[k] if k.startswith(first_tuned) else stored[k] for k in exact}
        known = self.bert.state_dict()
        self.bert.load_state_dict({k: v for k, v in mixed.items() if k in known}, strict=False)
        self.fixed_layers = fixed_layers
        for name, weight in self.bert.named_parameters():
            weight.requires_grad_(name.startswith(first_tuned))
        self.dropout = nn.Dropout(DROPOUT)
        self.heads = nn.Linear(POOLED, len(HEADS))
        self.source_bias = nn.Embedding(len(sources), 1)
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)
        nn.init.zeros_(self.source_bias.weight)

    def continue_from(self, checkpoint: Mapping[str, torch.Tensor]) -> None:
        """Take an earlier run's weights; heads and sets that came after it keep their own start."""
        weights = self.state_dict()
        for name, earlier in checkpoint.items():
            weights[name][: len(earlier)] = earlier
        self.load_state_dict(weights)

    def layers(self) -> Mapping[int, BertLayer]:
        """The tuned layers by their number."""
        return {n: self.bert.encoder.layer[n] for n in range(self.fixed_layers, LAYERS)}

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Logits (texts, heads), sentence vectors (texts, WIDTH), what the fixed layers gave."""
        allowed = attention_of(mask)
        with torch.no_grad():
            hidden = self.bert.embeddings(input_ids=ids)
            for layer in self.bert.encoder.layer[: self.fixed_layers]:
                hidden = first_of(layer(hidden, attention_mask=allowed))
        fixed = hidden
        parts = []
        for number, layer in self.layers().items():
            hidden = first_of(layer(hidden, attention_mask=allowed))
            if number + 1 in READ_LAYERS:
                parts.append(pooled(hidden, mask))
        logits = self.heads(self.dropout(torch.cat(parts, dim=1)))
        return logits, mean_of(hidden, mask), fixed


class Original(nn.Module):
    """The encoder's own upper layers, never changed: what the sentence vector is held to."""

    def __init__(self, network: CompactNetwork) -> None:
        """Copy the upper layers of a network that was not tuned yet."""
        super().__init__()
        self.upper = copy.deepcopy(network.bert.encoder.layer[network.fixed_layers :])
        for weight in self.parameters():
            weight.requires_grad_(False)

    def forward(self, fixed: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Sentence vectors (texts, WIDTH) from what the shared layers gave."""
        allowed = attention_of(mask)
        hidden = fixed
        with torch.no_grad():
            for layer in self.upper:
                hidden = first_of(layer(hidden, attention_mask=allowed))
        return mean_of(hidden, mask)


def attention_of(mask: torch.Tensor) -> torch.Tensor | None:
    """Which tokens may be looked at; None where nothing is padded."""
    return None if bool(mask.all()) else mask[:, None, None, :].bool()


def mean_of(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean of the token vectors that the mask keeps."""
    weights = mask[:, :, None].to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


def pooled(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean and maximum over the tokens, and the first token, side by side."""
    weights = mask[:, :, None].to(hidden.dtype)
    highest = hidden.masked_fill(weights == 0, -1e4).max(1).values
    return torch.cat([mean_of(hidden, mask), highest, hidden[:, 0]], dim=1)


def first_of(output: object) -> torch.Tensor:
    """The hidden states of a layer's output, which some versions wrap in a tuple."""
    return output[0] if isinstance(output, tuple) else output  # type: ignore[return-value]
