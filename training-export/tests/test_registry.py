"""Models come from MLflow and Triton's repositories, and versions go to MLflow."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import lightgbm as lgb
import mlflow
import mlflow.lightgbm
import mlflow.onnx
import mlflow.sklearn
import mlflow.xgboost
import numpy as np
import onnx
import pytest
import xgboost as xgb
import yaml
from skl2onnx import to_onnx
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import launcher
import scorecast_export as sx
from scorecast_export.__main__ import main
from scorecast_export.data.files import write_records
from scorecast_export.data.synthetic import synthetic_events
from scorecast_export.registry.pbtxt import PbtxtError, parse

pytestmark = pytest.mark.filterwarnings("ignore:.*:UserWarning:mlflow")

NAMES = ["orders", "spend", "gap"]
DEFINITIONS = """\
features:
  - {name: orders, kind: count, event: purchase, per: order}
  - {name: spend, kind: sum, field: value, event: purchase, window: 90d}
  - {name: gap, kind: gap_mean, event: purchase, per: day}
"""
NEEDS = {"pip_requirements": ["numpy"]}  # MLflow would find them out by running the model elsewhere

rng = np.random.default_rng(3)
ROWS = np.where(rng.random((300, 3)) < 0.1, np.nan, rng.random((300, 3)) * [40, 900, 30]).astype(np.float32)
LABEL = (np.nan_to_num(ROWS) @ [1.0, 0.05, -1.0] > 30).astype(int)


@pytest.fixture(scope="module")
def booster() -> xgb.Booster:
    data = xgb.DMatrix(ROWS, LABEL, feature_names=NAMES)
    return xgb.train({"objective": "binary:logistic", "max_depth": 3, "nthread": 1}, data, 8)


@pytest.fixture(scope="module")
def pipeline():
    return make_pipeline(SimpleImputer(), LogisticRegression(max_iter=1000)).fit(ROWS, LABEL)


@pytest.fixture(scope="module")
def graph(pipeline) -> onnx.ModelProto:
    return to_onnx(pipeline, ROWS[:1], options={"zipmap": False}, target_opset={"": 18, "ai.onnx.ml": 3})


@pytest.fixture
def tracking(tmp_path, monkeypatch) -> str:
    """MLflow's own store, in files."""
    monkeypatch.setenv("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # databases are not in mlflow-skinny
    return (tmp_path / "mlruns").as_uri()


@pytest.fixture
def events(tmp_path) -> Path:
    file = tmp_path / "events.ndjson"
    write_records(synthetic_events(60, datetime(2026, 6, 1, tzinfo=UTC)), file)
    return file


def predicted(booster: xgb.Booster) -> np.ndarray:
    return booster.predict(xgb.DMatrix(ROWS, feature_names=booster.feature_names))


def in_run(tracking: str, log) -> str:
    """Run something within a run, and return the run's id."""
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(tracking)
    try:
        with mlflow.start_run() as run:
            log()
        return run.info.run_id
    finally:
        mlflow.set_tracking_uri(before)


def test_models_of_every_flavor_come_back_from_their_runs(tracking, booster, pipeline, graph):
    wrapper = xgb.XGBClassifier(n_estimators=5, n_jobs=1).fit(ROWS, LABEL)
    trees = lgb.train({"objective": "binary", "verbose": -1, "num_threads": 1}, lgb.Dataset(ROWS, LABEL), 5)

    run = in_run(tracking, lambda: mlflow.xgboost.log_model(booster, name="model", **NEEDS))
    np.testing.assert_array_equal(predicted(sx.from_mlflow(run, tracking_uri=tracking)), predicted(booster))
    run = in_run(tracking, lambda: mlflow.xgboost.log_model(wrapper, name="wrapped", **NEEDS))
    got = sx.from_mlflow(f"runs:/{run}/wrapped", tracking_uri=tracking)
    np.testing.assert_array_equal(got.predict(xgb.DMatrix(ROWS)), wrapper.predict_proba(ROWS)[:, 1])
    run = in_run(tracking, lambda: mlflow.lightgbm.log_model(trees, name="model", **NEEDS))
    np.testing.assert_array_equal(
        sx.from_mlflow(run, tracking_uri=tracking).predict(ROWS), trees.predict(ROWS)
    )
    run = in_run(tracking, lambda: mlflow.onnx.log_model(graph, name="model", **NEEDS))
    assert sx.from_mlflow(run, tracking_uri=tracking).graph == graph.graph

    log = {"name": "model", "serialization_format": "cloudpickle", **NEEDS}
    run = in_run(tracking, lambda: mlflow.sklearn.log_model(pipeline, **log))
    with pytest.raises(sx.ExportError, match=r"pickle, which can run any code.*--trust-pickle"):
        sx.from_mlflow(run, tracking_uri=tracking)
    got = sx.from_mlflow(run, tracking_uri=tracking, trust_pickle=True)
    np.testing.assert_array_equal(got.predict_proba(ROWS), pipeline.predict_proba(ROWS))
    assert mlflow.get_tracking_uri() != tracking


def test_folder_of_a_model_needs_no_run(tmp_path, booster):
    mlflow.xgboost.save_model(booster, tmp_path / "saved", **NEEDS)
    np.testing.assert_array_equal(predicted(sx.from_mlflow(tmp_path / "saved")), predicted(booster))


def test_what_mlflow_does_not_have_or_cannot_be_exported_is_named(tmp_path, tracking):
    with pytest.raises(sx.ExportError, match="is no MLflow model: it has no file MLmodel"):
        sx.from_mlflow(tmp_path)
    with pytest.raises(sx.ExportError, match=f"MLflow has no model at runs:/{'0' * 32}/model"):
        sx.from_mlflow("0" * 32, tracking_uri=tracking)
    (tmp_path / "MLmodel").write_text("flavors: {python_function: {}, prophet: {}}")
    with pytest.raises(sx.ExportError, match=r"flavors \['prophet', 'python_function'\] cannot be exported"):
        sx.from_mlflow(tmp_path)
    (tmp_path / "MLmodel").write_text("flavors: {xgboost: {data: model.ubj}}")
    with pytest.raises(sx.ExportError, match=r"there is no file .*model\.ubj"):
        sx.from_mlflow(tmp_path)
    (tmp_path / "model.ubj").write_bytes(b"no trees")
    with pytest.raises(sx.ExportError, match=r"model\.ubj cannot be opened by xgboost"):
        sx.from_mlflow(tmp_path)


def test_pbtxt():
    text = """
    # the model
    name: "a\\"b" max_batch_size: 8 input [ { name: 'x' data_type: TYPE_FP32 dims: [ -1, 3 ] } ]
    parameters { key: "model_type" value: { string_value: "xgboost_json" } }
    parameters < key: "threshold" value { string_value: "0.5" } >; dynamic_batching {}
    rate: 0.5, on: true
    """
    found = parse(text)
    assert found["name"] == ['a"b']
    assert found["input"] == [{"name": ["x"], "data_type": ["TYPE_FP32"], "dims": [-1, 3]}]
    assert [p["key"] for p in found["parameters"]] == [["model_type"], ["threshold"]]
    assert (found["dynamic_batching"], found["rate"], found["on"]) == ([{}], [0.5], [True])


@pytest.mark.parametrize(
    "text", ["name", "name:", "a {", "a: [1 2]", "a: [", '"a": 1', "a: }", 'a: "x', "\n\na: @", "}"]
)
def test_pbtxt_that_is_none_is_refused(text):
    with pytest.raises(PbtxtError, match="line "):
        parse(text)


def triton(folder: Path, config: str = "", version: str = "1") -> Path:
    (folder / version).mkdir(parents=True)
    if config:
        (folder / "config.pbtxt").write_text(config)
    return folder / version


FIL = 'backend: "fil"\nparameters { key: "model_type" value { string_value: "%s" } }'


def test_triton_models_of_both_backends(tmp_path, booster, graph):
    booster.save_model(triton(tmp_path / "json", FIL % "xgboost_json") / "xgboost.json")
    np.testing.assert_allclose(predicted(sx.from_triton(tmp_path / "json")), predicted(booster), rtol=1e-6)
    trees = lgb.train({"objective": "binary", "verbose": -1, "num_threads": 1}, lgb.Dataset(ROWS, LABEL), 5)
    trees.save_model(triton(tmp_path / "lgb", FIL % "lightgbm") / "model.txt")
    np.testing.assert_array_equal(sx.from_triton(tmp_path / "lgb").predict(ROWS), trees.predict(ROWS))
    onnx.save(graph, triton(tmp_path / "plain") / "model.onnx")
    assert sx.from_triton(tmp_path / "plain").graph == graph.graph
    named = 'platform: "onnxruntime_onnx" default_model_filename: "mine.onnx"'
    (tmp_path / "named" / "2").mkdir(parents=True)
    (tmp_path / "named" / "10").mkdir()
    (tmp_path / "named" / "config.pbtxt").write_text(named)
    onnx.save(graph, tmp_path / "named" / "10" / "mine.onnx")
    assert sx.from_triton(tmp_path / "named").graph == graph.graph
    with pytest.raises(sx.ExportError, match=r"there is no file .*2/mine\.onnx"):
        sx.from_triton(tmp_path / "named", version=2)
    with pytest.raises(sx.ExportError, match="has no version 3; it has 2, 10"):
        sx.from_triton(tmp_path / "named", version=3)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ('platform: "pytorch_libtorch"', "the backend 'pytorch' cannot be imported"),
        (FIL % "treelite_checkpoint", "type 'treelite_checkpoint' cannot be imported"),
        ("backend: {", r"config\.pbtxt: line 1: expected the name of a field"),
    ],
)
def test_triton_models_that_cannot_be_are_named(tmp_path, config, message):
    triton(tmp_path, config)
    with pytest.raises(sx.ExportError, match=message):
        sx.from_triton(tmp_path)


def test_folder_that_is_of_no_triton_model_is_named(tmp_path):
    with pytest.raises(sx.ExportError, match="no model of a Triton repository"):
        sx.from_triton(tmp_path / "nowhere")


needs_service = pytest.mark.skipif(launcher.absent() is not None, reason=str(launcher.absent()))


@needs_service
def test_version_goes_to_mlflow_and_comes_back_with_the_same_scores(
    tmp_path, tracking, booster, events, capsys
):
    booster.save_model(triton(tmp_path / "shop", FIL % "xgboost_ubj") / "xgboost.ubj")
    (tmp_path / "features.yaml").write_text(DEFINITIONS)
    options = ["--features", str(tmp_path / "features.yaml"), "--events", str(events), "--at", "2026-05-01"]
    options += ["--name", "comeback", "--horizon", "7d", "--models", str(tmp_path / "models")]
    assert main(["import", str(tmp_path / "shop"), *options]) == 0
    first = Path(capsys.readouterr().out.strip())
    assert first == tmp_path / "models" / "comeback" / "1"

    where = ["--tracking-uri", tracking]
    assert main(["to-mlflow", str(first), *where, "--experiment", "shop", "--register", "comeback"]) == 0
    run = capsys.readouterr().out.strip().splitlines()[-1]
    client = mlflow.MlflowClient(tracking)
    logged = client.get_run(run)
    assert logged.data.tags["scorecast.version"] == "1"
    assert [v.version for v in client.search_model_versions("name='comeback'")] == [1]
    kept = client.download_artifacts(run, "scorecast", str(tmp_path))
    assert sorted(f.name for f in Path(kept).iterdir()) == sorted(f.name for f in first.iterdir())

    for source in (run, "models:/comeback/1"):
        assert main(["import", source, *where, *options]) == 0
    again = capsys.readouterr().out.split()
    golden = [(Path(folder) / "golden.ndjson").read_text() for folder in (first, *again)]
    assert golden[0] == golden[1] == golden[2]
    assert json.loads(golden[0].splitlines()[0])["raw"]["comeback_7d"] > 0


@needs_service
def test_figures_and_parameters_of_a_shipped_version_are_logged(tracking):
    shipped = launcher.ROOT / "models" / "propensity" / "1"
    training = yaml.safe_load((shipped / "model.yaml").read_text(encoding="utf-8"))["training"]
    run = mlflow.MlflowClient(tracking).get_run(sx.to_mlflow(shipped, tracking_uri=tracking))
    assert run.data.metrics["auc"] == training["metrics"]["model"]["auc"]
    assert run.data.metrics["rfm_logistic_auc"] == training["metrics"]["rfm_logistic"]["auc"]
    assert run.data.params["max_depth"] == str(training["parameters"]["max_depth"])


def test_folder_that_is_no_version_is_not_logged(tmp_path, capsys):
    assert main(["to-mlflow", str(tmp_path)]) == 1
    assert "is no version of a model" in capsys.readouterr().err
    shutil.rmtree(tmp_path / "mlruns", ignore_errors=True)
