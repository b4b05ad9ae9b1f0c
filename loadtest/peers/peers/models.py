"""The models of the comparison: two forests, a small network, four rules; each through the service's gate."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import onnx
import scorecast_export as sx
import xgboost as xgb
from onnx import TensorProto, helper, numpy_helper
from scorecast_export.versions.folder import new_version
from sklearn.neural_network import MLPClassifier

from peers import shop

DEFINITIONS = Path(__file__).parent / "definitions"
_FEATURES = DEFINITIONS / "features.yaml"
_CUSTOMERS = 10_000
_SEED = 7
_END = datetime(2026, 6, 1, tzinfo=UTC)
_DAYS = 500
_INSTANTS = ("2025-09-01", "2025-12-01", "2026-03-01")
_TREES = {
    "n_estimators": 300,
    "max_depth": 6,
    "learning_rate": 0.05,
    "subsample": 0.8,
    "tree_method": "hist",
    "random_state": 1,
    "n_jobs": 1,  # The same file every time.
}
_HIDDEN = (64, 32)
_FARTHEST = 5.0


def make(out: Path) -> None:
    """Write the repository of models: nothing there but whole versions that have passed the gate.

    Parameters
    ----------
    out : Path
        A folder that is not there yet; it appears when everything is in it.
    """
    if out.exists():
        raise SystemExit(f"{out} is there already; remove it, or name another folder with --out")
    out.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".models-", dir=out.parent))
    try:
        _write(staging)
        staging.chmod(0o755)
        staging.rename(out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(models: Path) -> None:
    events = shop.events(_CUSTOMERS, seed=_SEED, end=_END, days=_DAYS)

    def frame(label: sx.Label) -> sx.TrainingFrame:
        return sx.features(events, _FEATURES, at=_INSTANTS, label=label, data_until=_END)

    buys = frame(sx.purchases_within("30d"))
    forest = xgb.XGBClassifier(objective="binary:logistic", **_TREES).fit(buys.X, buys.y)
    sx.export(forest, buys, name="purchase", out=models)

    spends = frame(sx.spend_within("90d"))
    forest = xgb.XGBRegressor(objective="reg:tweedie", tweedie_variance_power=1.5, **_TREES)
    sx.export(forest.fit(spends.X, spends.y), spends, name="value", out=models)

    drinks = frame(sx.purchases_category_within("grocery/soft-drinks", "30d"))
    sx.export(_network(drinks), drinks, name="soft-drinks", out=models)

    with new_version(models, "policy") as folder:
        shutil.copy(DEFINITIONS / "policy.yaml", folder / "policy.yaml")


def _network(frame: sx.TrainingFrame) -> onnx.ModelProto:
    """Forty inputs, 64 and 32 neurons, one probability; missing numbers are the mean, and far ones are cut off."""
    rows = frame.X.to_numpy(np.float64)
    mean = np.nanmean(rows, axis=0)
    spread = np.nanstd(rows, axis=0)
    filled = np.where(np.isnan(rows), mean, rows)
    scaled = ((filled - mean) / spread).clip(-_FARTHEST, _FARTHEST)
    network = MLPClassifier(_HIDDEN, max_iter=12, batch_size=256, alpha=1e-3, random_state=1)
    with_warning = _fit(network, scaled, frame.y)
    return _graph(with_warning, mean, spread)


def _fit(network: MLPClassifier, rows: np.ndarray, labels: np.ndarray) -> MLPClassifier:
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # Twelve rounds are what it is given.
        return network.fit(rows, labels)


def _graph(network: MLPClassifier, mean: np.ndarray, spread: np.ndarray) -> onnx.ModelProto:
    numbers: dict[str, np.ndarray] = {
        "mean": mean,
        "spread": spread,
        "low": np.array(-_FARTHEST),
        "high": np.array(_FARTHEST),
    }
    nodes = [
        helper.make_node("IsNaN", ["features"], ["missing"]),
        helper.make_node("Where", ["missing", "mean", "features"], ["filled"]),
        helper.make_node("Sub", ["filled", "mean"], ["centred"]),
        helper.make_node("Div", ["centred", "spread"], ["scaled"]),
        helper.make_node("Clip", ["scaled", "low", "high"], ["layer0"]),
    ]
    last = len(network.coefs_) - 1
    for i, (weights, bias) in enumerate(zip(network.coefs_, network.intercepts_, strict=True)):
        numbers |= {f"w{i}": weights, f"b{i}": bias}
        nodes.append(helper.make_node("Gemm", [f"layer{i}", f"w{i}", f"b{i}"], [f"sum{i}"]))
        is_last = i == last
        name = "probability" if is_last else f"layer{i + 1}"
        nodes.append(helper.make_node("Sigmoid" if is_last else "Relu", [f"sum{i}"], [name]))
    graph = helper.make_graph(
        nodes,
        "mlp",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, len(mean)])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, [None, 1])],
        [numpy_helper.from_array(np.asarray(v, np.float32), name) for name, v in numbers.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    return model
