"""A trained model of each library becomes a version that has passed the service's own gate."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import lightgbm as lgb
import numpy as np
import onnx
import pandas as pd
import pytest
import xgboost as xgb
import yaml
from skl2onnx import to_onnx
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import launcher
import scorecast_export as sx
from scorecast_export.data.files import write_records
from scorecast_export.data.synthetic import synthetic_events
from scorecast_export.labels import label_of

pytestmark = pytest.mark.skipif(launcher.absent() is not None, reason=str(launcher.absent()))

DEFINITIONS = """\
features:
  - {name: days_since_purchase, kind: days_since_last, event: purchase}
  - {name: orders_90d, kind: count, event: purchase, per: order, window: 90d}
  - {name: spend_90d, kind: sum, field: value, event: purchase, window: 90d}
  - {name: taste, kind: affinity, half_life: 30d, vocabulary: [grocery, produce, meat]}
  - {name: gap, kind: gap_mean, event: purchase, per: day, window: 90d}
  - {name: last_product, kind: last_value, field: product_id, event: purchase}  # no model reads a text
"""
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def events(tmp_path_factory):
    file = tmp_path_factory.mktemp("events") / "events.ndjson"
    write_records(synthetic_events(400, NOW), file)
    return file


@pytest.fixture(scope="module")
def frame(events):
    at = sx.weekly("2026-02-01", "2026-04-26")
    return sx.features(events, DEFINITIONS, at=at, label=sx.purchases_within("7d"), data_until=NOW)


@pytest.fixture(scope="module")
def parts(frame):
    return frame.split("2026-04-19")


@pytest.fixture(scope="module")
def spend(events):
    at = sx.weekly("2026-02-01", "2026-03-01")
    return sx.features(events, DEFINITIONS, at=at, label=sx.spend_within("30d"), data_until=NOW)


def read(folder) -> dict:
    return yaml.safe_load((folder / "model.yaml").read_text())


def published(folder, name) -> np.ndarray:
    lines = [json.loads(line) for line in (folder / "golden.ndjson").read_text().splitlines()]
    return np.array([line["scores"][name] for line in lines])


def test_xgboost_booster_in_three_lines(tmp_path, parts):
    train, test = parts
    model = xgb.train({"objective": "binary:logistic", "nthread": 1}, xgb.DMatrix(train.X, train.y), 20)
    folder = sx.export(model, train, name="comeback", out=tmp_path, test=test)
    assert folder == tmp_path / "comeback" / "1"
    manifest = read(folder)
    (output,) = manifest["outputs"]
    assert (output["name"], output["kind"], output["horizon"]) == ("p_purchase_7d", "probability", "7d")
    assert manifest["inputs"][0]["features"] == [
        "days_since_purchase",
        "orders_90d",
        "spend_90d",
        "taste",
        "gap",
    ]
    assert DEFINITIONS.rstrip() in (folder / "model.yaml").read_text()
    figures = manifest["training"]["metrics"]
    assert 0.6 < figures["model"]["auc"] <= 1
    assert len(figures["rfm_logistic"]["model_auc_above"]) == 2
    page = (folder / "report.html").read_text()
    assert "days_since_purchase" in page and page.count("<svg") == 4
    assert "report.html" in (folder / "SHA256SUMS").read_text()
    assert "[report.html](report.html)" in (folder / "MODEL_CARD.md").read_text()
    assert output["fallback"] == pytest.approx(train.y.mean(), rel=1e-5)
    assert len(set(published(folder, "p_purchase_7d"))) > 5
    assert [path.name for path in (tmp_path / "comeback").iterdir()] == ["1"]


def test_xgboost_wrapper_stopped_early_and_calibrated(tmp_path, parts):
    train, test = parts
    fitted, later = train.split("2026-03-29")
    model = xgb.XGBClassifier(n_estimators=200, early_stopping_rounds=5, n_jobs=1, learning_rate=0.5)
    model.fit(fitted.X, fitted.y, eval_set=[(later.X, later.y)], verbose=False)
    assert model.best_iteration < 190
    folder = sx.export(
        model, fitted, name="comeback", out=tmp_path, horizon="7d", calibrate_on=later, test=test
    )
    assert read(folder)["outputs"][0]["calibration"]["method"] == "platt"
    raw = [json.loads(line) for line in (folder / "golden.ndjson").read_text().splitlines()]
    assert any(abs(line["raw"]["p_purchase_7d"] - line["scores"]["p_purchase_7d"]) > 1e-3 for line in raw)


def test_lightgbm_classifier_and_booster(tmp_path, parts):
    train, _ = parts
    model = lgb.LGBMClassifier(n_estimators=15, num_leaves=7, verbose=-1, n_jobs=1).fit(train.X, train.y)
    first = sx.export(model, train, name="comeback", out=tmp_path)
    second = sx.export(model.booster_, train, name="comeback", out=tmp_path, output="p_back_7d")
    assert [first.name, second.name] == ["1", "2"]
    np.testing.assert_array_equal(published(first, "p_purchase_7d"), published(second, "p_back_7d"))
    assert read(first)["runtime"] == "onnx"


def test_scikit_learn_pipeline(tmp_path, parts):
    train, test = parts
    model = make_pipeline(SimpleImputer(), StandardScaler(), LogisticRegression()).fit(train.X, train.y)
    folder = sx.export(model, train, name="comeback", out=tmp_path, test=test, limits=["Made-up customers."])
    assert read(folder)["outputs"][0]["column"] == 1
    assert "- Made-up customers." in (folder / "MODEL_CARD.md").read_text()


def test_scikit_learn_regression(tmp_path, spend):
    forest = RandomForestRegressor(n_estimators=5, max_depth=4, random_state=1)
    model = make_pipeline(SimpleImputer(), forest).fit(spend.X, spend.y)
    folder = sx.export(model, spend, name="clv", out=tmp_path)
    (output,) = read(folder)["outputs"]
    assert (output["name"], output["kind"], output["range"]) == ("clv_30d", "value", [0.0, None])


def test_onnx_file(tmp_path, parts):
    train, _ = parts
    model = make_pipeline(SimpleImputer(), LogisticRegression()).fit(train.X.to_numpy(), train.y)
    graph = to_onnx(model, train.X.to_numpy(np.float32)[:1], options={"zipmap": False}, target_opset=15)
    onnx.save(graph, tmp_path / "model.onnx")
    folder = sx.export(tmp_path / "model.onnx", train, name="comeback", out=tmp_path / "models")
    (output,) = read(folder)["outputs"]
    assert (output["tensor"], output["column"], output["kind"]) == ("probabilities", 1, "probability")


def test_version_that_the_gate_refuses_leaves_nothing(tmp_path, parts):
    train, _ = parts
    model = xgb.train({"objective": "binary:logistic", "nthread": 1}, xgb.DMatrix(train.X, train.y), 5)
    with pytest.raises(sx.GateError, match="customer_id") as refused:
        sx.export(model, train, name="comeback", out=tmp_path, output="customer_id")
    assert not refused.value.report["passed"]
    assert list((tmp_path / "comeback").iterdir()) == []


def test_manifest_says_label_parameters_and_reasons(tmp_path, parts):
    train, _ = parts
    model = xgb.XGBClassifier(n_estimators=6, max_depth=2, n_jobs=1, random_state=7).fit(train.X, train.y)
    own = {"gap": "comes every {value} {value:day|days}"}
    manifest = read(sx.export(model, train, name="comeback", out=tmp_path, reasons=own))
    assert manifest["training"]["label"] == {"label": "purchases_within", "horizon": "7d"}
    again = label_of(manifest["training"]["label"])
    assert replace(again, of=None) == replace(train.label, of=None)
    parameters = {"rounds": 6, "objective": "binary:logistic", "max_depth": 2, "seed": 7}
    assert manifest["training"]["parameters"] == parameters
    assert manifest["reasons"] == {
        "days_since_purchase": "last bought {value} {value:day|days} ago",
        "orders_90d": "ordered {value} {value:time|times} in 90 days",
        "spend_90d": "spent {value} in 90 days",
        "taste": "{percent} of recent purchases are from {word}",
        **own,
    }
    with pytest.raises(sx.ExportError, match=r"reasons names \['gaps'\]"):
        sx.export(model, train, name="comeback", out=tmp_path, reasons={"gaps": "x"})
    with pytest.raises(sx.GateError, match=r"model\.yaml:\d+:\d+: there is no placeholder '\{days\}'"):
        sx.export(model, train, name="comeback", out=tmp_path, reasons={"gap": "every {days}"})


def _fitted(frame: sx.TrainingFrame, columns: list[str]) -> xgb.Booster:
    matrix = xgb.DMatrix(frame.X[columns], frame.y)
    return xgb.train({"objective": "binary:logistic", "nthread": 1}, matrix, 2)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (lambda names: names[1:], r"the model does not know \['days_since_purchase'\]"),
        (lambda names: names[::-1], "another order: column 0 is 'gap' for the model"),
    ],
)
def test_model_of_other_columns_is_refused(tmp_path, parts, chosen, message):
    train, _ = parts
    with pytest.raises(sx.ExportError, match=message):
        sx.export(_fitted(train, chosen(train.columns)), train, name="comeback", out=tmp_path)


def test_frame_that_lacks_a_column_is_refused(tmp_path, parts):
    train, _ = parts
    model = _fitted(train, train.columns)
    fewer = replace(train, table=train.table.drop(columns="gap"))
    with pytest.raises(sx.ExportError, match=r"other columns than the frame has: the frame lacks \['gap'\]$"):
        sx.export(model, fewer, name="comeback", out=tmp_path)


def test_vocabulary_that_is_too_large_is_refused_with_its_place(events, tmp_path):
    words = "\n".join(f"p-{i}" for i in range(100_001))
    (tmp_path / "products.txt").write_text(words)
    (tmp_path / "features.yaml").write_text(
        "features:\n  - {name: bought, kind: product_counts, vocabulary: products.txt}\n"
    )
    too_many = r"features\.yaml:2:\d+: .*1 to 100000 words, this one has 100001"
    with pytest.raises(sx.EngineError, match=too_many):
        sx.features(events, tmp_path / "features.yaml", at="2026-04-01")


def test_model_of_too_many_columns_without_names_is_refused(tmp_path, parts):
    train, _ = parts
    wide = np.zeros((10, 9), np.float32)
    model = lgb.train({"verbose": -1, "objective": "binary"}, lgb.Dataset(wide, np.arange(10) % 2), 1)
    with pytest.raises(sx.ExportError, match="takes 9 columns, the frame has 7"):
        sx.export(model, train, name="comeback", out=tmp_path)


def test_label_of_one_class_and_missing_label_are_refused(tmp_path, parts):
    train, _ = parts
    model = _fitted(train, train.columns)
    with pytest.raises(sx.ExportError, match="every label is 1"):
        sx.export(model, train.where(train.y == 1), name="comeback", out=tmp_path)
    table = train.table.assign(label=np.where(np.arange(len(train)) < 3, np.nan, train.y))
    broken = sx.TrainingFrame(table, train.definitions, train.files, train.label)
    with pytest.raises(sx.ExportError, match=f"3 of {len(train)} labels are missing"):
        sx.export(model, broken, name="comeback", out=tmp_path)


def test_test_that_begins_before_the_labels_were_known_is_refused(tmp_path, frame):
    early = frame.where(frame.table["at"] < pd.Timestamp("2026-04-19", tz="UTC"))
    late = frame.where(frame.table["at"] >= pd.Timestamp("2026-04-12", tz="UTC"))
    with pytest.raises(sx.LeakageError, match=r"test begins at 2026-04-12.*until 2026-04-19"):
        sx.export(_fitted(early, frame.columns), early, name="comeback", out=tmp_path, test=late)


def test_what_is_no_model_is_refused(tmp_path, parts):
    with pytest.raises(sx.ExportError, match=r"builtins\.dict cannot be exported"):
        sx.export({}, parts[0], name="comeback", out=tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(sx.ExportError, match="no ONNX model"):
        sx.export(tmp_path / "model.onnx", parts[0], name="comeback", out=tmp_path)
    with pytest.raises(sx.ExportError, match="DummyClassifier cannot be converted to ONNX"):
        sx.export(DummyClassifier().fit(parts[0].X, parts[0].y), parts[0], name="comeback", out=tmp_path)
    with pytest.raises(sx.ExportError, match="LogisticRegression is not fitted"):
        sx.export(LogisticRegression(), parts[0], name="comeback", out=tmp_path)
