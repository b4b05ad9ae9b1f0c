"""A network that says which items the next basket holds: what was bought before, and in which order.

The logit of an item is the sum of

- its bias: how popular it is;
- the repeat head: a small network over how often the customer bought it, ever and lately (decayed counts),
  the same for all items but for a factor of each item's own, for some things are bought again, others not;
- the sequence head: a GRU over the latest items and their ages, times the item's embedding.

It is trained in JAX; `sequence_onnx` writes the same function as an ONNX graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from scorecast_export.progress import progress

Parameters = dict[str, Any]

_EMBEDDING = 32
_HIDDEN = 48
_REPEAT = 12
AGE_SCALE = 5.0
"""Divides the logarithm of an age in days: a year becomes about 1."""


@dataclass(frozen=True)
class Inputs:
    """Rows as the feature engine wrote them.

    Attributes
    ----------
    recent
        ``[n, length]`` indices of the latest items, from 1, left-padded with 0.
    ages
        ``[n, length]`` their ages in days.
    counts
        ``[n, items, 3]`` how often each item was bought: ever, with a half-life of 60 and of 14 days.
    """

    recent: np.ndarray
    ages: np.ndarray
    counts: np.ndarray

    def __len__(self) -> int:
        return len(self.recent)

    @classmethod
    def empty(cls, rows: int, length: int, items: int) -> Inputs:
        """Room for rows."""
        return cls(
            np.zeros((rows, length), np.int64),
            np.zeros((rows, length), np.float32),
            np.zeros((rows, items, 3), np.float32),
        )

    def put(self, rows: np.ndarray, values: Inputs) -> None:
        """Fill some rows."""
        self.recent[rows], self.ages[rows], self.counts[rows] = values.recent, values.ages, values.counts

    def take(self, rows: np.ndarray | slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Some rows."""
        return self.recent[rows], self.ages[rows], self.counts[rows]


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to train."""

    epochs: int = 8
    batch: int = 256
    rate: float = 3e-3
    weight_decay: float = 1e-4
    dropout: float = 0.3
    seed: int = 1


def initial(items: int, popularity: np.ndarray, seed: int) -> Parameters:
    """Random parameters; biases are the log-odds of an item's share of baskets."""
    keys = iter(jax.random.split(jax.random.key(seed), 16))

    def normal(*shape: int, scale: float) -> jax.Array:
        return scale * jax.random.normal(next(keys), shape, jnp.float32)

    share = np.clip(popularity, 1e-4, 0.5)
    return {
        "bias": jnp.asarray(np.log(share / (1 - share)), jnp.float32),
        "items": normal(items + 1, _EMBEDDING, scale=0.1),
        "gru": {
            "input": normal(3 * _HIDDEN, _EMBEDDING + 1, scale=_EMBEDDING**-0.5),
            "hidden": normal(3 * _HIDDEN, _HIDDEN, scale=_HIDDEN**-0.5),
            "input_bias": jnp.zeros(3 * _HIDDEN),
            "hidden_bias": jnp.zeros(3 * _HIDDEN),
        },
        "out": normal(_HIDDEN, _EMBEDDING, scale=0.1),
        "repeat": {
            "w1": normal(3, _REPEAT, scale=0.5),
            "b1": jnp.zeros(_REPEAT),
            "w2": normal(_REPEAT, 1, scale=0.3),
            "factor": jnp.zeros(items),
        },
    }


def logits(
    parameters: Parameters, recent: jax.Array, ages: jax.Array, counts: jax.Array, keep: jax.Array
) -> jax.Array:
    """Log-odds ``[n, items]`` of being in the next basket.

    Parameters
    ----------
    parameters
        As `initial` and `fit` return them.
    recent, ages, counts
        As in `Inputs`.
    keep
        ``[n, hidden]`` or 1: what dropout leaves of the sequence's last state, scaled.
    """
    repeat, table = parameters["repeat"], parameters["items"]
    hidden = jax.nn.relu(jnp.log1p(counts) @ repeat["w1"] + repeat["b1"])
    nothing = jax.nn.relu(repeat["b1"]) @ repeat["w2"]
    # What was never bought gets 0 here, whatever the network's own constant is.
    again = ((hidden @ repeat["w2"])[..., 0] - nothing) * (1 + repeat["factor"])
    age = jnp.log1p(jnp.maximum(ages, 0))[..., None] / AGE_SCALE
    steps = jnp.concatenate([table[recent], age], axis=-1) * (recent > 0)[..., None]
    state = _gru(parameters["gru"], steps) * keep
    return parameters["bias"] + again + (state @ parameters["out"]) @ table[1:].T


def _gru(gru: Parameters, steps: jax.Array) -> jax.Array:
    """Last state, with ONNX's gates: update, reset, hidden, and `linear_before_reset`."""

    def step(state: jax.Array, x: jax.Array) -> tuple[jax.Array, None]:
        from_input = jnp.split(x @ gru["input"].T + gru["input_bias"], 3, axis=-1)
        from_state = jnp.split(state @ gru["hidden"].T + gru["hidden_bias"], 3, axis=-1)
        update = jax.nn.sigmoid(from_input[0] + from_state[0])
        reset = jax.nn.sigmoid(from_input[1] + from_state[1])
        new = jnp.tanh(from_input[2] + reset * from_state[2])
        return (1 - update) * new + update * state, None

    start = jnp.zeros((steps.shape[0], gru["hidden"].shape[1]))
    return jax.lax.scan(step, start, jnp.swapaxes(steps, 0, 1))[0]


def fit(inputs: Inputs, baskets: np.ndarray, schedule: Schedule) -> Parameters:
    """Train on what the next baskets held.

    Parameters
    ----------
    inputs
        Rows to learn from.
    baskets
        ``[n, items]`` booleans: what the next basket held.
    schedule
        How; the same seed gives the same parameters on the same machine.
    """
    parameters = initial(baskets.shape[1], baskets.mean(axis=0), schedule.seed)
    batches = len(inputs) // schedule.batch
    rates = optax.cosine_decay_schedule(schedule.rate, schedule.epochs * batches)
    optimizer = optax.adamw(rates, weight_decay=schedule.weight_decay)
    state = optimizer.init(parameters)

    def loss(parameters: Parameters, rows: Any, wanted: jax.Array, key: jax.Array) -> jax.Array:  # noqa: ANN401
        kept = jax.random.bernoulli(key, 1 - schedule.dropout, (wanted.shape[0], _HIDDEN))
        found = logits(parameters, *rows, kept / (1 - schedule.dropout))
        return optax.sigmoid_binary_cross_entropy(found, wanted).sum(axis=1).mean()

    @jax.jit
    def step(parameters: Parameters, state: Any, rows: Any, wanted: jax.Array, key: jax.Array) -> Any:  # noqa: ANN401
        slope = jax.grad(loss)(parameters, rows, wanted, key)
        change, state = optimizer.update(slope, state, parameters)
        return optax.apply_updates(parameters, change), state

    rng = np.random.default_rng(schedule.seed)
    order = np.concatenate(
        [rng.permutation(len(inputs))[: batches * schedule.batch] for _ in range(schedule.epochs)]
    )
    keys = jax.random.split(jax.random.key(schedule.seed + 1), schedule.epochs * batches)
    todo = zip(order.reshape(-1, schedule.batch), keys, strict=True)
    for rows, key in progress(todo, "training next-product", len(keys)):
        parameters, state = step(parameters, state, inputs.take(rows), baskets[rows].astype(np.float32), key)
    return jax.tree.map(np.asarray, parameters)
