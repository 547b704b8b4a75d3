"""A Llama in numpy, written from its papers and not from the converter: what the converted models are held against.

Attention: https://arxiv.org/abs/1706.03762, grouped: https://arxiv.org/abs/2305.13245, positions:
https://arxiv.org/abs/2104.09864, norm: https://arxiv.org/abs/1910.07467, gate: https://arxiv.org/abs/2002.05202.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(kw_only=True)
class Layer:
    """The weights of a layer, each as output × input, and biases by the names of their weights."""

    attention_norm: np.ndarray
    q: np.ndarray
    k: np.ndarray
    v: np.ndarray
    o: np.ndarray
    ffn_norm: np.ndarray
    gate: np.ndarray
    up: np.ndarray
    down: np.ndarray
    biases: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass(kw_only=True)
class Llama:
    """A whole model. halves: the dimensions of a head turn in two halves, as Hugging Face stores them, not in pairs."""

    embeddings: np.ndarray
    layers: list[Layer]
    norm: np.ndarray
    projection: np.ndarray
    heads: int
    heads_kv: int
    epsilon: float
    base: float
    halves: bool
    scaling: dict[str, Any] = field(default_factory=dict)

    def logits(self, ids: list[int]) -> np.ndarray:
        """Return the logits after each token: tokens × vocabulary."""
        x = self.embeddings[ids].astype(np.float32)
        for layer in self.layers:
            x = x + self._attention(layer, self._normed(x, layer.attention_norm))
            h = self._normed(x, layer.ffn_norm)
            gate = h @ layer.gate.T + layer.biases.get("gate", 0)
            h = gate / (1 + np.exp(-gate)) * (h @ layer.up.T + layer.biases.get("up", 0))
            x = x + h @ layer.down.T + layer.biases.get("down", 0)
        return self._normed(x, self.norm) @ self.projection.T

    def greedy(self, ids: list[int], count: int) -> list[int]:
        """Return the likeliest next tokens, one after the other."""
        ids = list(ids)
        for _ in range(count):
            ids.append(int(self.logits(ids)[-1].argmax()))
        return ids[-count:]

    def _attention(self, layer: Layer, x: np.ndarray) -> np.ndarray:
        count = len(x)
        q, k, v = (
            (x @ weight.T + layer.biases.get(name, 0)).reshape(count, heads, -1).transpose(1, 0, 2)
            for name, weight, heads in (
                ("q", layer.q, self.heads),
                ("k", layer.k, self.heads_kv),
                ("v", layer.v, self.heads_kv),
            )
        )
        q, k = self._turned(q), self._turned(k)
        k, v = (np.repeat(one, self.heads // self.heads_kv, axis=0) for one in (k, v))
        scores = q @ k.transpose(0, 2, 1) / np.sqrt(np.float32(q.shape[-1]))
        scores = np.where(np.tril(np.ones((count, count), bool)), scores, -np.inf)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ v
        return mixed.transpose(1, 0, 2).reshape(count, -1) @ layer.o.T + layer.biases.get("o", 0)

    def _turned(self, x: np.ndarray) -> np.ndarray:
        size = x.shape[-1]
        turn = np.exp(1j * np.outer(np.arange(x.shape[1]), self._frequencies(size)))
        if self.halves:
            turned = (x[..., : size // 2] + 1j * x[..., size // 2 :]) * turn
            return np.concatenate([turned.real, turned.imag], axis=-1).astype(np.float32)
        turned = (x[..., 0::2] + 1j * x[..., 1::2]) * turn
        return np.stack([turned.real, turned.imag], axis=-1).reshape(x.shape).astype(np.float32)

    def _frequencies(self, size: int) -> np.ndarray:
        plain = self.base ** (-np.arange(0, size, 2) / size)
        kind = self.scaling.get("rope_type", self.scaling.get("type"))
        if kind is None:
            return plain
        slow = plain / self.scaling["factor"]
        if kind == "linear":
            return slow
        # https://arxiv.org/abs/2407.21783 scales what turns less than `low` times within the length it was trained on,
        # leaves what turns more than `high` times, and goes from one to the other in between.
        low, high = self.scaling["low_freq_factor"], self.scaling["high_freq_factor"]
        turns = self.scaling["original_max_position_embeddings"] * plain / (2 * np.pi)
        share = np.clip((turns - low) / (high - low), 0, 1)
        return (1 - share) * slow + share * plain

    def _normed(self, x: np.ndarray, gamma: np.ndarray) -> np.ndarray:
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.epsilon) * gamma
