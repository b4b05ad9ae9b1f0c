"""From training to the running service's REST answer, for a model of each library that `export` takes.

One service serves them all. What it answers is held to what the libraries themselves say of the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest
import tritonclient.http as triton
import xgboost as xgb
import yaml
from onnx import TensorProto, helper, numpy_helper
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import scorecast_export as sx
from client import Client
from conftest import serve
from scorecast_export.data.files import write_records
from scorecast_export.data.synthetic import synthetic_customers

DEFINITIONS = """\
features:
  - {name: days_since_purchase, kind: days_since_last, event: purchase}
  - {name: orders_90d, kind: count, event: purchase, per: order, window: 90d}
  - {name: spend_90d, kind: sum, field: value, event: purchase, window: 90d}
  - {name: taste, kind: affinity, half_life: 30d, vocabulary: [grocery, produce, meat]}
  - {name: gap, kind: gap_mean, event: purchase, per: day, window: 90d}
"""
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SENT = datetime(2026, 5, 29, 12, 30, tzinfo=UTC)
CUSTOMERS, ASKED = 900, 60
GOLDEN_ROWS = 10_000
XGBOOST, ONNX = 1e-6, 1e-5
ROUNDED = 6e-7  # half of the sixth digit of a probability, and a little


@dataclass
class Kind:
    """A model of one library, trained, and what the library says of rows: raw, and as it is published."""

    model: Any
    raw: Callable[[pd.DataFrame], np.ndarray]
    tolerance: float
    tensor: str
    column: int = 0
    published: Callable[[pd.DataFrame], np.ndarray] | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Remembering(sx.FeatureEngine):
    """The service's engine, which computes the same question once: all models read the same features."""

    answers: dict[Any, pd.DataFrame] = field(default_factory=dict)

    def table(self, events, definitions, instants, *, as_known=False) -> pd.DataFrame:
        files = list(events)
        key = (*(file.read_bytes() for file in files), definitions.read_text(), *instants, as_known)
        if key not in self.answers:
            self.answers[key] = super().table(files, definitions, instants, as_known=as_known)
        return self.answers[key].copy()


@pytest.fixture(scope="module")
def engine() -> Remembering:
    found = sx.FeatureEngine.found()
    return Remembering(found.launcher, found.java_options)


@pytest.fixture(scope="module")
def logs() -> dict[str, list[dict[str, Any]]]:
    return dict(synthetic_customers(CUSTOMERS, NOW))


@pytest.fixture(scope="module")
def events(logs, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("events") / "events.ndjson"
    write_records((event for log in logs.values() for event in log), file)
    return file


@pytest.fixture(scope="module")
def frame(events, engine) -> sx.TrainingFrame:
    at = sx.weekly("2026-02-01", "2026-05-24")
    label = sx.purchases_within("7d")
    return sx.features(events, DEFINITIONS, at=at, label=label, data_until=NOW, engine=engine)


def booster(train: sx.TrainingFrame) -> Kind:
    data = xgb.DMatrix(train.X, train.y)
    model = xgb.train({"objective": "binary:logistic", "max_depth": 4, "nthread": 1}, data, 40)
    return Kind(model, lambda rows: model.predict(xgb.DMatrix(rows)), XGBOOST, "prediction")


def wrapper(train: sx.TrainingFrame) -> Kind:
    fitted, later = train.split("2026-04-12")
    model = xgb.XGBClassifier(n_estimators=300, early_stopping_rounds=5, n_jobs=1, learning_rate=0.4)
    model.fit(fitted.X, fitted.y, eval_set=[(later.X, later.y)], verbose=False)
    assert model.best_iteration < 290
    return Kind(
        model,
        lambda rows: model.predict_proba(rows)[:, 1],
        XGBOOST,
        "prediction",
        published=lambda rows: model.predict(rows, output_margin=True),
        more={"calibrate_on": later, "frame": fitted},
    )


def lightgbm(train: sx.TrainingFrame) -> Kind:
    model = lgb.LGBMClassifier(n_estimators=40, num_leaves=15, verbose=-1, n_jobs=1).fit(train.X, train.y)
    return Kind(model, lambda rows: model.predict_proba(rows)[:, 1], ONNX, "probabilities", 1)


def pipeline(train: sx.TrainingFrame) -> Kind:
    model = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()).fit(train.X, train.y)
    return Kind(model, lambda rows: model.predict_proba(rows)[:, 1], ONNX, "probabilities", 1)


def network(train: sx.TrainingFrame) -> Kind:
    """A small network as PyTorch or Keras would write it: missing numbers to 0, two layers, a sigmoid."""
    rng = np.random.default_rng(5)
    width = len(train.columns)
    scale = np.nan_to_num(train.X).std(axis=0) + 1
    weights = {
        "zero": np.zeros(1, np.float32),
        "w1": (rng.normal(size=(width, 8)) / scale[:, None]).astype(np.float32),
        "b1": rng.normal(size=8).astype(np.float32),
        "w2": rng.normal(size=(8, 1)).astype(np.float32),
        "b2": np.full(1, -0.2, np.float32),
    }
    nodes = [
        helper.make_node("IsNaN", ["rows"], ["missing"]),
        helper.make_node("Where", ["missing", "zero", "rows"], ["filled"]),
        helper.make_node("Gemm", ["filled", "w1", "b1"], ["h"]),
        helper.make_node("Tanh", ["h"], ["t"]),
        helper.make_node("Gemm", ["t", "w2", "b2"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["p"]),
    ]
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("rows", TensorProto.FLOAT, ["n", width])],
        [helper.make_tensor_value_info("p", TensorProto.FLOAT, ["n", 1])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return Kind(
        model, lambda rows: session.run(["p"], {"rows": rows.to_numpy(np.float32)})[0][:, 0], ONNX, "p"
    )


TRAINERS = {k.__name__: k for k in (booster, wrapper, lightgbm, pipeline, network)}


@pytest.fixture(scope="module")
def kinds(frame) -> dict[str, Kind]:
    train, _ = frame.split("2026-05-24")
    return {name: trainer(train) for name, trainer in TRAINERS.items()}


@pytest.fixture(scope="module")
def served(kinds, frame, engine, tmp_path_factory) -> Iterator[Client]:
    """Each kind exported under a name and an output of its own, and all served by one service."""
    folder = tmp_path_factory.mktemp("kinds")
    train, test = frame.split("2026-05-24")
    for name, kind in kinds.items():
        more = {"frame": train, **kind.more}
        at = sx.export(
            kind.model,
            name=name,
            out=folder / "models",
            output=f"p_{name}_7d",
            test=test,
            engine=engine,
            **more,
        )
        manifest = yaml.safe_load((at / "model.yaml").read_text(encoding="utf-8"))
        (output,) = manifest["outputs"]
        if kind.published is not None:
            margins, platt = kind.published, output["calibration"]
            kind.published = lambda rows, m=margins, c=platt: 1 / (1 + np.exp(c["a"] * m(rows) + c["b"]))
    yield from serve(folder / "models", folder)


@pytest.mark.parametrize("name", TRAINERS)
def test_ten_thousand_golden_rows_are_equal_in_python_and_java(served, kinds, frame, name):
    kind = kinds[name]
    rows = frame.X.head(GOLDEN_ROWS)
    assert len(rows) == GOLDEN_ROWS
    assert rows.isna().any().any()
    client = triton.InferenceServerClient(f"127.0.0.1:{served.port}")
    (described,) = client.get_model_metadata(name)["inputs"]
    tensor = triton.InferInput(described["name"], list(rows.shape), "FP32")
    tensor.set_data_from_numpy(np.ascontiguousarray(rows.to_numpy(np.float32)), binary_data=True)
    answered = client.infer(name, [tensor]).as_numpy(kind.tensor)[:, kind.column]
    expected = np.asarray(kind.raw(rows), np.float64)
    assert len(np.unique(expected)) > 100
    off = np.abs(answered - expected) / np.maximum(1.0, np.abs(expected))
    assert off.max() <= kind.tolerance


def test_rest_answers_what_the_library_says_of_the_customers_events(served, kinds, logs, events, engine):
    asked = [customer for customer, log in logs.items() if log and log[0]["time"] < f"{SENT:%Y-%m-%d}"][
        :ASKED
    ]
    for customer in asked:
        served.send(*logs[customer])
    table = sx.features(events, DEFINITIONS, at=SENT, engine=engine)
    rows = table.where(table.table["customer_id"].isin(asked))
    answers = [served.score(customer, at=SENT.isoformat()) for customer in rows.table["customer_id"]]
    assert len(answers) == ASKED
    assert all(answer["personalized"] and "degraded" not in answer for answer in answers)
    for name, kind in kinds.items():
        got = np.array([answer[f"p_{name}_7d"] for answer in answers])
        expected = np.asarray((kind.published or kind.raw)(rows.X), np.float64)
        assert len(np.unique(expected)) > 10
        np.testing.assert_allclose(got, expected, rtol=0, atol=kind.tolerance + ROUNDED, err_msg=name)
        assert answers[0]["versions"][name] == 1
