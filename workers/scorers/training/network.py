"""The network that is tuned: lower layers fixed as the encoder ships them, upper layers copied."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import BertConfig, BertModel
from transformers.models.bert.modeling_bert import BertLayer

from workers.scorers.training.corpus import HEADS
from workers.scorers.training.export_encoder import BLOCK, LAYERS, WIDTH, State
from workers.scorers.training.export_encoder import HEADS as ATTENTION_HEADS
from workers.scorers.training.quantise import quantise_rows

INNER = 1536
POOLED = 3 * WIDTH
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
    """Encoder layers, mean + max + first-token pooling, one linear output per head."""

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
            # Each text is seen about once: dropout inside would only slow the learning.
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

    def layers(self) -> Mapping[int, BertLayer]:
        """The tuned layers by their number."""
        return {n: self.bert.encoder.layer[n] for n in range(self.fixed_layers, LAYERS)}

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Logits (texts, heads)."""
        allowed = mask[:, None, None, :].bool()
        if bool(mask.all()):
            allowed = None
        with torch.no_grad():
            hidden = self.bert.embeddings(input_ids=ids)
            for layer in self.bert.encoder.layer[: self.fixed_layers]:
                hidden = _first(layer(hidden, attention_mask=allowed))
        for layer in self.bert.encoder.layer[self.fixed_layers :]:
            hidden = _first(layer(hidden, attention_mask=allowed))
        return self.heads(self.dropout(pooled(hidden, mask)))


def pooled(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean and maximum over the tokens, and the first token, side by side."""
    weights = mask[:, :, None].to(hidden.dtype)
    mean = (hidden * weights).sum(1) / weights.sum(1)
    highest = hidden.masked_fill(weights == 0, -1e4).max(1).values
    return torch.cat([mean, highest, hidden[:, 0]], dim=1)


def _first(output: object) -> torch.Tensor:
    """The hidden states of a layer's output, which some versions wrap in a tuple."""
    return output[0] if isinstance(output, tuple) else output  # type: ignore[return-value]
