"""`next-product` as a sequence model: the product types of a customer's next basket.

A row is a household at an instant; its label is the first basket after it. Items are product types, named by
their category path.
"""

from __future__ import annotations

import platform
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pyarrow.parquet as pq

from scorecast_export.data.download import NOTICE
from scorecast_export.train import metrics
from scorecast_export.train.baskets import (
    item_file,
    ndcg,
    next_baskets,
    of_goods,
    personal_frequency,
    popularity,
    recall,
    vocabulary,
)
from scorecast_export.train.journey import DEFINITIONS, day, held_out
from scorecast_export.train.sequence import Inputs, Schedule, fit
from scorecast_export.train.sequence_onnx import COUNTS, to_onnx
from scorecast_export.versions.numbers import six_digits
from scorecast_export.versions.version import Answers, Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scorecast_export.train.journey import Journey

SCHEDULE = Schedule()

_TEST = day("2017-11-01")
_INSTANTS = [_TEST - pd.Timedelta(weeks=back) for back in range(27, 1, -1)]
_LENGTH = 30
_TOP = 30
_SHOWN = 10
_BATCH = 2_000
_DESCRIPTION = "Which product types will be in a customer's next basket?"


@dataclass(frozen=True)
class ListModel:
    """The ONNX model as its own runtime runs it."""

    model: bytes
    items: list[str]

    def __call__(self, rows: pd.DataFrame) -> Answers:
        """Answers as the library and the service give them: pairs of item and score, best first."""
        return self.answers(to_inputs(rows, len(self.items)))

    def answers(self, inputs: Inputs) -> Answers:
        """The same for tensors."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(self.model, options, providers=["CPUExecutionProvider"])
        raw, published = [], []
        for i in range(len(inputs)):  # one at a time, as a request is: kernels differ by the size of a batch
            recent, ages, counts = inputs.take(np.array([i]))
            feed = {"recent": recent, "ages": ages}
            feed |= {name: np.ascontiguousarray(counts[..., k]) for k, name in enumerate(COUNTS)}
            places, scores = (tensor[0] for tensor in session.run(["top_items", "top_scores"], feed))
            named = [self.items[place - 1] for place in places]
            raw.append([[item, float(score)] for item, score in zip(named, scores, strict=True)])
            published.append([[item, six_digits(score)] for item, score in raw[-1][:_SHOWN]])
        return Answers({"items": raw}, {"items": published})

    def lists(self, inputs: Inputs) -> list[list[str]]:
        """Items by rank."""
        return [[item for item, _ in ranked] for ranked in self.answers(inputs).raw["items"]]


def to_inputs(rows: pd.DataFrame, items: int) -> Inputs:
    """The engine's columns as tensors."""

    def block(name: str, width: int, dtype: type) -> np.ndarray:
        return rows[[f"{name}_{i}" for i in range(width)]].to_numpy(dtype)

    counts = np.empty((len(rows), items, len(COUNTS)), np.float32)
    for k, name in enumerate(COUNTS):
        counts[..., k] = block(name, items, np.float32)
    return Inputs(block("recent", _LENGTH, np.int64), block("ages", _LENGTH, np.float32), counts)


@dataclass(frozen=True)
class Rows:
    """Labelled rows: their keys and labels, their narrow features, and the tensors of all of them."""

    labels: pd.DataFrame
    narrow: pd.DataFrame
    inputs: Inputs

    def take(self, chosen: np.ndarray) -> Rows:
        """Some of the rows."""
        labels, narrow = (table[chosen].reset_index(drop=True) for table in (self.labels, self.narrow))
        return Rows(labels, narrow, Inputs(*self.inputs.take(chosen)))


def _labelled(
    journey: Journey, files: Mapping[str, str], labels: pd.DataFrame, items: int, folder: Path
) -> Rows:
    """The labels of customers who had a history by then, with their features, in the labels' order.

    The engine's table is wide (three numbers an item) and has more rows than labels: it is read in batches.
    """
    definitions = folder / "next-product.yaml"
    definitions.write_text((DEFINITIONS / definitions.name).read_text(encoding="utf-8"), encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    table = folder / "features.parquet"
    journey.engine.write([journey.file], definitions, sorted(set(labels["at"])), table)
    known = pq.read_table(table, columns=["customer_id", "at"]).to_pandas()
    labels = labels.merge(known, on=["customer_id", "at"], validate="one_to_one")
    place = pd.Series(np.arange(len(labels)), index=pd.MultiIndex.from_frame(labels[["customer_id", "at"]]))
    inputs = Inputs.empty(len(labels), _LENGTH, items)
    narrow = []
    for batch in pq.ParquetFile(table).iter_batches(_BATCH):
        some = batch.to_pandas()
        at = place.reindex(pd.MultiIndex.from_frame(some[["customer_id", "at"]])).to_numpy()
        some, at = some[~np.isnan(at)], at[~np.isnan(at)].astype(np.int64)
        inputs.put(at, to_inputs(some, items))
        narrow.append(some[[name for name in some if not name.startswith("bought")]].set_index(at))
    found = pd.concat(narrow).sort_index()
    return Rows(labels, found.drop(columns=["customer_id", "at"]), inputs)


def train(journey: Journey) -> Version:
    """Train, test at 2017-11-01, and describe the version."""
    purchases = of_goods(journey.of_type("purchase"))
    learned = purchases[~held_out(purchases["customer_id"]).to_numpy() & (purchases["time"] <= _TEST)]
    items = vocabulary(learned)
    files = {"items.txt": item_file(items)}
    labels = [next_baskets(learned, at, before=_TEST) for at in _INSTANTS]
    labels += [next_baskets(purchases, _TEST, before=day("2018-01-02"))]
    with tempfile.TemporaryDirectory(prefix="scorecast-") as folder:
        every = _labelled(journey, files, pd.concat(labels, ignore_index=True), len(items), Path(folder))
    is_test = (every.labels["at"] == _TEST).to_numpy()
    tested = every.take(is_test)
    rows = every.labels[~is_test]  # the first ones: a slice of the tensors copies nothing
    inputs = Inputs(*every.inputs.take(slice(len(rows))))
    place = {item: i for i, item in enumerate(items)}
    held = np.zeros((len(rows), len(items)), bool)
    for i, basket in enumerate(rows["items"]):
        held[i, [place[item] for item in basket if item in place]] = True
    parameters = fit(inputs, held, SCHEDULE)
    model = ListModel(to_onnx(parameters, _LENGTH, _TOP), items)
    popular = popularity(learned, _TEST)
    training = {
        "rows": len(rows),
        "customers": int(rows["customer_id"].nunique()),
        "instants": [f"{_INSTANTS[0]:%Y-%m-%d}", f"{_INSTANTS[-1]:%Y-%m-%d}"],
        "tested_at": f"{_TEST:%Y-%m-%d}",
        "tested_rows": len(tested.labels),
        "tested_rows_held_out": int(held_out(tested.labels["customer_id"]).sum()),
        "items": len(items),
        "parameters": vars(SCHEDULE),
        "libraries": {
            "python": platform.python_version(),
            "jax": jax.__version__,
            "onnx": onnx.__version__,
            "onnxruntime": onnxruntime.__version__,
        },
        "metrics": _metrics(tested, model, personal_frequency(purchases, _TEST), popular),
        "tested": (
            f"Tested on the first basket after 2017-11-01 of {len(tested.labels):,} households, over all "
            "product types but fuel, coupons and services, also types that the model does not know; trained "
            "on baskets before, without the fifth of the households that is held out. `recall_10_95` is a "
            "bootstrap interval over households."
        ),
        "limits": [
            "It knows the product types that most households buy, no others, and no single product.",
            "Most of what it says is what the customer buys anyway: it is a list to buy again from.",
        ],
    }
    in_vocabulary = [item for item in popular if item in place]
    output = {
        "name": "items",
        "kind": "items",
        "tensor": "top_items",
        "scores": "top_scores",
        "vocabulary": "items.txt",
        "top": _SHOWN,
        "fallback": in_vocabulary[:_SHOWN],
    }
    return Version(
        name="next-product",
        task="next-product",
        description=_DESCRIPTION,
        runtime="onnx",
        file="model.onnx",
        model=model.model,
        definitions=(DEFINITIONS / "next-product.yaml").read_text(encoding="utf-8"),
        data=NOTICE,
        inputs=[{"name": name, "features": [name]} for name in ("recent", "ages", *COUNTS)],
        outputs=[output],
        training=training,
        predict=model,
        rows=every.narrow[~is_test],
        scores={},
        tolerance=1e-5,
        files=files,
    )


def _metrics(
    tested: Rows, model: ListModel, personal: Mapping[str, list[str]], popular: list[str]
) -> dict[str, Any]:
    """Figures of the model and of both baselines, over all households and over those held out."""
    customers, baskets = list(tested.labels["customer_id"]), list(tested.labels["items"])
    lists = {
        "model": model.lists(tested.inputs),
        "personal_frequency": [personal.get(customer, []) for customer in customers],
        "popularity": [popular] * len(customers),
    }
    held = held_out(customers).to_numpy()
    found: dict[str, Any] = {}
    for name, ranked in lists.items():
        share, gain = recall(baskets, ranked), ndcg(baskets, ranked)
        found[name] = {**_means(share, gain), "recall_10_95": metrics.mean_interval(share)}
        found[f"{name}_households_held_out"] = _means(share[held], gain[held])
    return found


def _means(share: np.ndarray, gain: np.ndarray) -> dict[str, float]:
    return {"recall_10": round(float(share.mean()), 4), "ndcg_10": round(float(gain.mean()), 4)}
