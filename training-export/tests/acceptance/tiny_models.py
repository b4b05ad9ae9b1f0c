"""A model repository made for the tests: small XGBoost models, an ONNX list, and the policy of the design.

Small enough to be known in full: the tests compute every score again, from the reference's features and the
library's own ``predict``.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import json
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import xgboost as xgb
import yaml
from onnx import TensorProto, helper

from reference.compare import columns_of
from reference.events import Event, millis, rfc3339
from reference.features import Feature, View, feature
from reference.kinds import evaluate

AT = millis("2026-06-01T00:00:00Z")
PRODUCTS = ["p-milk", "p-bread", "p-tea", "p-soap", "p-saw", "p-ball"]
CATEGORIES = ["grocery/dairy", "grocery/bread", "grocery/tea", "home/care", "garden/tools", "toys/games"]
TITLES = ["Oat milk", "Rye bread", "Grüner Tee", "Soap", "Hand saw", "Ball"]
BOUGHT = {"event": "purchase"}

PROPENSITY = [
    feature("recency_days", "days_since_last", **BOUGHT),
    feature("purchases_30d", "count", **BOUGHT, window="30d"),
    feature("opens_30d", "count", event="email_open", window="30d"),
    feature("spend_90d", "sum", field="value", **BOUGHT, window="90d"),
    feature("tier", "attribute", path="loyalty.tier", encoding="one_hot", values=["gold", "silver"]),
]
VALUE = [
    feature("spend_90d", "sum", field="value", **BOUGHT, window="90d"),
    feature("warm", "decayed_count", **BOUGHT, half_life="30d"),
    feature("recency_days", "days_since_first", **BOUGHT),  # the same name with another meaning, on purpose
]
NEXT = [feature("bought", "product_counts", vocabulary=PRODUCTS, half_life="30d")]

BANDS = {
    "p_redeem_30d": [("low", 0.0), ("medium", 0.3), ("high", 0.6)],
    "clv_90d": [("low", 0), ("top", 100)],
}
PERCENTILES = {
    "p_redeem_30d": [round(i / 100, 2) for i in range(1, 100)],
    "clv_90d": [2.5 * i for i in range(1, 100)],
}
FALLBACKS = {"p_redeem_30d": 0.12, "clv_90d": 40.0}
POPULAR = ["p-milk", "p-bread", "p-tea"]

POLICY = """\
schema: 1
features:
  - {name: days_since_purchase, kind: days_since_last, event: purchase}
  - {name: frequency, kind: frequency}
  - {name: opens_30d, kind: count, event: email_open, window: 30d}
  - {name: clicks_30d, kind: count, event: email_click, window: 30d}
  - {name: cart_open, kind: days_since_last, event: add_to_cart, unless: purchase}
  - {name: last_category, kind: last_value, field: category, event: purchase}
attributes: {loyalty.tier: string}
scores:
  - name: engagement
    points: [{when: opens_30d > 2, add: 10}, {when: clicks_30d > 0, add: 20}]
segments:
  - {name: loyal, when: frequency >= 4}
  - {name: loyal/high-value, when: clv_90d > 100}
  - {name: abandoned-cart, when: cart_open >= 1 && cart_open < 14}
  - {name: gold, when: loyalty.tier == "gold"}
decisions:
  - {name: win-back-cart, when: '"abandoned-cart" in segments'}
  - {name: premium-offer, when: days_since_purchase < 7 && engagement >= 20}
  - {name: recent, when: days_since_purchase < 7}
  - {name: standard}
respond: {last_category: last_category}
"""


class Oracle:
    """Computes again what the service must answer from the tiny repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._boosters = {
            "propensity": _booster("binary:logistic", 6),
            "clv": _booster("reg:squarederror", 3),
        }
        self._xgboost("propensity", "p_redeem_30d", "probability", PROPENSITY, [0, 1])
        self._xgboost("clv", "clv_90d", "value", VALUE, None)
        self._onnx()
        _finish(folder / "policy/1", {"policy.yaml": POLICY})

    def features(self, definitions: Sequence[Feature], log: Sequence[Event], at: int) -> dict[str, Any]:
        """Return the features as the ``features`` call shows them."""
        return evaluate(definitions, View.of(log, at))

    def score(self, output: str, log: Sequence[Event], at: int) -> float:
        """Return the published score: six significant digits."""
        definitions = PROPENSITY if output == "p_redeem_30d" else VALUE
        return float(f"{self._predict(output, definitions, log, at):.6g}")

    def band(self, output: str, score: float) -> str:
        """Return the last band that begins at or below the score."""
        return [name for name, start in BANDS[output] if start <= score][-1]

    def percentile(self, output: str, score: float) -> int:
        """Return the number of cut points at or below the score."""
        return bisect.bisect_right(PERCENTILES[output], score)

    def items(self, log: Sequence[Event], at: int, top: int) -> list[tuple[str, float]]:
        """Return the products most bought, weighed."""
        weights = self.features(NEXT, log, at)["bought"]
        ranked = sorted(range(len(PRODUCTS)), key=lambda i: (-np.float32(weights[i]), i))
        return [(PRODUCTS[i], weights[i]) for i in ranked[:top]]

    def _predict(self, output: str, definitions: Sequence[Feature], log: Sequence[Event], at: int) -> float:
        values = self.features(definitions, log, at)
        row = [number for d in definitions for _, number in columns_of(d, values[d.name])]
        booster = self._boosters["propensity" if output == "p_redeem_30d" else "clv"]
        return float(booster.predict(xgb.DMatrix(np.array([row], dtype=np.float32)))[0])

    def _xgboost(self, model: str, output: str, kind: str, definitions: list[Feature], span: Any) -> None:
        described: dict[str, Any] = {
            "name": output,
            "kind": kind,
            "horizon": output.rpartition("_")[2],
            "column": 0,
            "bands": [{"name": name, "from": start} for name, start in BANDS[output]],
            "percentiles": PERCENTILES[output],
            "fallback": FALLBACKS[output],
        }
        if span is not None:
            described["range"] = span
        manifest = _manifest(model, "xgboost", "model.ubj", definitions, [described])
        manifest["inputs"] = [{"name": "features", "features": [d.name for d in definitions]}]

        def expected(log: list[Event]) -> dict[str, Any]:
            raw = self._predict(output, definitions, log, AT)
            return {"raw": {output: raw}, "scores": {output: float(f"{raw:.6g}")}}

        scores = [self._predict(output, definitions, log, AT) for log in sample_logs()]
        folder = self.folder / model / "1"
        folder.mkdir(parents=True)
        self._boosters[model].save_model(folder / "model.ubj")
        self._write(folder, manifest, definitions, expected, {output: _statistics(scores)})

    def _onnx(self) -> None:
        manifest = _manifest("next-product", "onnx", "model.onnx", NEXT, [_ITEMS])
        manifest["inputs"] = [{"name": "bought", "features": ["bought"]}]

        def expected(log: list[Event]) -> dict[str, Any]:
            items = self.items(log, AT, 4)
            raw = [[PRODUCTS.index(id) + 1, float(np.float32(score))] for id, score in items]
            return {"raw": {"items": raw}, "scores": {"items": [[id, float(f"{x:.6g}")] for id, x in items]}}

        folder = self.folder / "next-product/1"
        folder.mkdir(parents=True)
        onnx.save(_top_list(), folder / "model.onnx")
        lines = ["\t".join(line) for line in zip(PRODUCTS, CATEGORIES, TITLES, strict=True)]
        (folder / "products.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._write(folder, manifest, NEXT, expected, {})

    def _write(
        self,
        folder: Path,
        manifest: dict[str, Any],
        definitions: list[Feature],
        expected: Any,
        scores: dict[str, Any],
    ) -> None:
        logs = sample_logs()
        golden = [
            {
                "customer_id": log[0].customer_id,
                "at": rfc3339(AT),
                "events": [event.to_json() for event in log],
                "features": {n: _nan_as_none(v) for n, v in self.features(definitions, log, AT).items()},
                **expected(log),
            }
            for log in logs[:8]
        ]
        sample = [{"customer_id": log[0].customer_id, "events": [e.to_json() for e in log]} for log in logs]
        columns: dict[str, list[float]] = {}
        for log in logs:
            values = self.features(definitions, log, AT)
            for d in definitions:
                for name, number in columns_of(d, values[d.name]):
                    columns.setdefault(name, []).append(number)
        statistics = {name: _statistics(values) for name, values in columns.items()}
        _finish(
            folder,
            {
                "model.yaml": yaml.safe_dump(manifest, sort_keys=False),
                "golden.ndjson": "".join(json.dumps(line) + "\n" for line in golden),
                "sample.ndjson": "".join(json.dumps(line) + "\n" for line in sample),
                "reference.json": json.dumps({"features": statistics, "scores": scores}),
                "MODEL_CARD.md": "# Made by a test\n\nTrained on nothing.\n",
            },
        )


_ITEMS = {
    "name": "items",
    "kind": "items",
    "tensor": "top_items",
    "scores": "top_scores",
    "vocabulary": "products.txt",
    "top": 3,
    "fallback": POPULAR,
}


def _manifest(name: str, runtime: str, file: str, definitions: list[Feature], outputs: Any) -> dict[str, Any]:
    return {
        "schema": 1,
        "name": name,
        "task": name,
        "description": "Made by a test.",
        "runtime": runtime,
        "file": file,
        "features": [d.to_yaml() for d in definitions],
        "outputs": outputs,
        "training": {"rows": 500},
        "tolerance": 1e-6,
    }


def _booster(objective: str, columns: int) -> xgb.Booster:
    rng = np.random.default_rng(7)
    rows = np.column_stack(
        [rng.integers(0, 40, (600, 3)).astype(float), *(rng.random(600) * 120 for _ in range(columns - 3))]
    )
    rows[rng.random(rows.shape) < 0.15] = np.nan
    signal = np.nan_to_num(rows) @ np.linspace(0.2, 1.0, columns)
    target = signal > np.median(signal) if objective == "binary:logistic" else signal
    settings = {"objective": objective, "max_depth": 3, "eta": 0.2, "seed": 7, "nthread": 1}
    return xgb.train(settings, xgb.DMatrix(rows.astype(np.float32), target), num_boost_round=25)


def _top_list() -> onnx.ModelProto:
    """Return a graph that ranks the counts it is given: ids from 1, counts, whether there are any, titles."""
    nodes = [
        helper.make_node("TopK", ["bought", "k"], ["top_scores", "positions"], axis=1),
        helper.make_node("Add", ["positions", "one"], ["top_items"]),
        helper.make_node("Greater", ["top_scores", "nothing"], ["top_bought"]),
        helper.make_node(
            "LabelEncoder",
            ["top_items"],
            ["top_titles"],
            domain="ai.onnx.ml",
            keys_int64s=list(range(1, len(TITLES) + 1)),
            values_strings=TITLES,
        ),
    ]
    constants = [
        helper.make_tensor("k", TensorProto.INT64, [1], [4]),
        helper.make_tensor("one", TensorProto.INT64, [1], [1]),
        helper.make_tensor("nothing", TensorProto.FLOAT, [1], [0]),
    ]
    graph = helper.make_graph(
        nodes,
        "top",
        [helper.make_tensor_value_info("bought", TensorProto.FLOAT, ["n", len(PRODUCTS)])],
        [
            helper.make_tensor_value_info("top_titles", TensorProto.STRING, ["n", 4]),
            helper.make_tensor_value_info("top_items", TensorProto.INT64, ["n", 4]),
            helper.make_tensor_value_info("top_scores", TensorProto.FLOAT, ["n", 4]),
            helper.make_tensor_value_info("top_bought", TensorProto.BOOL, ["n", 4]),
        ],
        constants,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def slow_list(folder: Path) -> None:
    """Give a version of the list a long detour: the same answers, 84 megaflop of work a row more."""
    model = onnx.load(folder / "model.onnx")
    width, steps = 1024, 40
    rng = np.random.default_rng(3)
    weights = {
        "wide": rng.random((len(PRODUCTS), width)),
        "square": rng.random((width, width)) / width,
        "narrow": np.zeros((width, len(PRODUCTS))),
    }
    names = [f"detour_{i}" for i in range(steps + 1)]
    detour = [helper.make_node("MatMul", ["bought", "wide"], [names[0]])]
    detour += [
        helper.make_node("MatMul", [before, "square"], [after]) for before, after in itertools.pairwise(names)
    ]
    detour.append(helper.make_node("MatMul", [names[-1], "narrow"], ["nothing_more"]))
    detour.append(helper.make_node("Add", ["bought", "nothing_more"], ["counts"]))
    graph = model.graph
    graph.node[0].input[0] = "counts"
    nodes = [*detour, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    graph.initializer.extend(
        onnx.numpy_helper.from_array(array.astype(np.float32), name) for name, array in weights.items()
    )
    onnx.save(model, folder / "model.onnx")
    (folder / "SHA256SUMS").unlink()
    _finish(folder, {})


def sample_logs() -> list[list[Event]]:
    rng = random.Random(11)
    return [[_event(f"g-{c}", i, rng) for i in range(rng.randrange(1, 20))] for c in range(40)]


def _event(customer: str, number: int, rng: random.Random) -> Event:
    id, time = f"{customer}-{number}", AT - rng.randrange(0, 120 * 86_400) * 1000
    type = rng.choice(["purchase", "purchase", "email_open", "attributes"])
    if type == "attributes":
        return Event(
            id, customer, type, time, attributes={"loyalty": {"tier": rng.choice(["gold", "silver"])}}
        )
    if type == "email_open":
        return Event(id, customer, type, time)
    which = rng.randrange(len(PRODUCTS))
    value = rng.randrange(1, 4000) / 100
    return Event(
        id, customer, type, time, product_id=PRODUCTS[which], category=CATEGORIES[which], value=value
    )


def _statistics(values: Sequence[float]) -> dict[str, Any]:
    present = np.array([x for x in values if not math.isnan(x)])
    return {
        "count": len(values),
        "missing": len(values) - len(present),
        "mean": float(present.mean()),
        "std": float(present.std()),
        "min": float(present.min()),
        "max": float(present.max()),
        "quantiles": [float(q) for q in np.percentile(present, range(0, 101, 5))],
    }


def _nan_as_none(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _finish(folder: Path, files: dict[str, str]) -> None:
    """Write files, and ``SHA256SUMS`` of everything in the folder last."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    sums = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in sorted(folder.iterdir())]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
