"""Trained models of each library as the service runs them: a file, and what the library says of rows."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scorecast_export.errors import ExportError

if TYPE_CHECKING:
    import pandas as pd

Rows = Callable[["pd.DataFrame"], np.ndarray]

_OPSET = 18
_ML_OPSET = 3
_XGBOOST_NUMBERS = ("reg:", "count:", "survival:", "rank:", "binary:logitraw")
_ONNX_TOLERANCE = 1e-5
_NO_PARAMETERS = {"n_jobs", "verbosity", "device", "validate_parameters", "enable_categorical"}


@dataclass(frozen=True)
class Trained:
    """A model, ready to be put into a version.

    Attributes
    ----------
    runtime, file, content
        As the manifest names them, and the file's bytes.
    kind
        ``probability`` or ``value``.
    column, tensor
        Which number of the model's answer is published.
    predict
        What the library's own ``predict`` answers: ``[n, k]``, or ``[n]``.
    margins
        XGBoost's log-odds, for Platt's calibration; none where there are none.
    contributions
        XGBoost's own, of each column to the margin; none of other libraries or of several answers a row.
    inputs
        Tensors by name with the columns of each.
    parameters
        How an XGBoost wrapper's trees were grown; none of other models, which do not keep it.
    libraries
        Versions of what trained.
    tolerance
        How near the service's answers must come.
    """

    runtime: str
    file: str
    content: bytes
    kind: str
    predict: Rows
    inputs: Mapping[str, Sequence[str]]
    column: int = 0
    tensor: str | None = None
    margins: Rows | None = None
    contributions: Rows | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    tolerance: float = 1e-6

    def raw(self, rows: pd.DataFrame) -> np.ndarray:
        """The number that is published, before calibration."""
        answer = np.asarray(self.predict(rows))
        return answer if answer.ndim == 1 else answer[:, self.column]


def adapt(
    model: Any,  # noqa: ANN401 - of any library
    rows: pd.DataFrame,
    *,
    kind: str | None = None,
    column: int | None = None,
    tensor: str | None = None,
    inputs: Mapping[str, Sequence[str]] | None = None,
) -> Trained:
    """Find out what a model is and how to write it.

    Parameters
    ----------
    model
        An XGBoost booster or wrapper, a LightGBM booster or wrapper, a fitted scikit-learn estimator, or an
        ONNX model: its path, its bytes, or what ``onnx.load`` returns.
    rows : DataFrame
        The features it was trained on, in their order.
    kind, column, tensor, inputs
        What is not to be found out.

    Raises
    ------
    ExportError
        If the model is of no such kind, or was fitted on other columns.
    """
    library = type(model).__module__.partition(".")[0]
    given = {"kind": kind, "column": column}
    if library == "xgboost":
        return _xgboost(model, rows, **given)
    if library == "lightgbm":
        return _lightgbm(model, rows, **given)
    if isinstance(model, bytes | str | Path) or library == "onnx":
        return _onnx_file(model, rows, tensor=tensor, inputs=inputs, **given)
    if hasattr(model, "predict") and hasattr(model, "get_params"):
        return _sklearn(model, rows, **given)
    raise ExportError(
        f"a {type(model).__module__}.{type(model).__qualname__} cannot be exported; expected a model of "
        "XGBoost, LightGBM or scikit-learn, or an ONNX file"
    )


def _xgboost(model: Any, rows: pd.DataFrame, kind: str | None, column: int | None) -> Trained:  # noqa: ANN401
    import json

    import xgboost as xgb

    booster = model if isinstance(model, xgb.Booster) else model.get_booster()
    best = booster.attributes().get("best_iteration")
    booster = booster[: int(best) + 1] if best is not None else booster.copy()
    names = list(rows.columns)
    if booster.feature_names is None or (
        # XGBoost's own names where it was given an array.
        booster.feature_names == [f"f{i}" for i in range(booster.num_features())]
    ):
        _same_width(booster.num_features(), names)
        booster.feature_names = names
    _same_columns(booster.feature_names, names)
    booster.feature_types = None
    objective = json.loads(booster.save_config())["learner"]["objective"]["name"]

    def predict(some: pd.DataFrame, *, margin: bool = False) -> np.ndarray:
        matrix = xgb.DMatrix(some.to_numpy(np.float32), feature_names=names)
        return booster.predict(matrix, output_margin=margin)

    def contributions(some: pd.DataFrame) -> np.ndarray:
        matrix = xgb.DMatrix(some.to_numpy(np.float32), feature_names=names, nthread=1)
        return booster.predict(matrix, pred_contribs=True)[:, :-1]

    width = 1 if (shape := predict(rows.head(2)).shape)[1:] == () else shape[1]
    number = objective.startswith(_XGBOOST_NUMBERS)
    return Trained(
        "xgboost",
        "model.ubj",
        bytes(booster.save_raw("ubj")),
        kind or ("value" if number else "probability"),
        predict,
        {"features": names},
        column=_column(column, width),
        margins=None if number or width > 1 else lambda some: predict(some, margin=True),
        contributions=contributions if width == 1 else None,
        parameters={} if isinstance(model, xgb.Booster) else _parameters(model, booster),
        libraries=_versions("xgboost-cpu", "xgboost"),
    )


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and np.isnan(value)


def _parameters(wrapper: Any, booster: Any) -> dict[str, Any]:  # noqa: ANN401 - XGBoost's
    """What `xgb.train` would have to be given to grow the same trees."""
    found = {
        "seed" if name == "random_state" else name: value
        for name, value in wrapper.get_xgb_params().items()
        if isinstance(value, str | int | float) and name not in _NO_PARAMETERS and not _is_nan(value)
    }
    return {"rounds": booster.num_boosted_rounds(), **found}


def _lightgbm(model: Any, rows: pd.DataFrame, kind: str | None, column: int | None) -> Trained:  # noqa: ANN401
    import lightgbm as lgb
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    names = list(rows.columns)
    booster = model if isinstance(model, lgb.Booster) else model.booster_
    fitted = booster.feature_name()
    if fitted == [f"Column_{i}" for i in range(len(fitted))]:
        _same_width(len(fitted), names)
    else:
        _same_columns(fitted, [name.replace(" ", "_") for name in names])
    if booster.best_iteration and booster.best_iteration > 0:
        booster = lgb.Booster(model_str=booster.model_to_string(num_iteration=booster.best_iteration))
    graph = convert_lightgbm(
        booster,
        initial_types=[("features", FloatTensorType([None, len(names)]))],
        zipmap=False,
        target_opset=15,
    )
    objective = booster.dump_model(num_iteration=1)["objective"].split()[0]
    is_class = objective in ("binary", "multiclass", "multiclassova", "cross_entropy")

    def predict(some: pd.DataFrame) -> np.ndarray:
        answer = booster.predict(some.to_numpy(np.float32))
        return np.column_stack([1 - answer, answer]) if objective == "binary" else answer

    libraries = _versions("lightgbm", "onnxmltools", "onnxruntime")
    return _converted(graph, rows, predict, is_class=is_class, kind=kind, column=column, libraries=libraries)


def _sklearn(model: Any, rows: pd.DataFrame, kind: str | None, column: int | None) -> Trained:  # noqa: ANN401
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn.base import is_classifier
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    names = list(rows.columns)
    try:
        check_is_fitted(model)
    except NotFittedError:
        raise ExportError(f"the {type(model).__name__} is not fitted") from None
    fitted = getattr(model, "feature_names_in_", None)
    if fitted is not None:
        _same_columns(list(fitted), names)
    else:
        _same_width(model.n_features_in_, names)
    is_class = is_classifier(model)
    try:
        graph = to_onnx(
            model,
            initial_types=[("features", FloatTensorType([None, len(names)]))],
            options={id(model): {"zipmap": False}} if is_class else None,
            target_opset={"": _OPSET, "ai.onnx.ml": _ML_OPSET},
        )
    except Exception as problem:  # whatever a converter of one of a hundred estimators raises
        first = str(problem).partition("\n")[0][:300]
        raise ExportError(
            f"the {type(model).__name__} cannot be converted to ONNX by skl2onnx: {first}"
        ) from problem

    def predict(some: pd.DataFrame) -> np.ndarray:
        given = some.astype(np.float32) if fitted is not None else some.to_numpy(np.float32)
        return (
            model.predict_proba(given)
            if is_class
            else np.asarray(model.predict(given)).reshape(len(some), -1)
        )

    libraries = _versions("scikit-learn", "skl2onnx", "onnxruntime")
    return _converted(graph, rows, predict, is_class=is_class, kind=kind, column=column, libraries=libraries)


def _converted(
    graph: Any,  # noqa: ANN401 - an ONNX model
    rows: pd.DataFrame,
    predict: Rows,
    *,
    is_class: bool,
    kind: str | None,
    column: int | None,
    libraries: Mapping[str, str],
) -> Trained:
    """A model whose ONNX graph answers as the library does: checked on the rows it was trained on."""
    content = graph.SerializeToString()
    tensor = graph.graph.output[1 if is_class else 0].name
    run = _runner(content, {"features": list(rows.columns)}, tensor)
    some = rows.head(2_000)
    wanted, found = np.asarray(predict(some), np.float64), np.asarray(run(some), np.float64)
    wanted, found = wanted.reshape(len(some), -1), found.reshape(len(some), -1)
    off = np.abs(found - wanted) / np.maximum(1.0, np.abs(wanted))
    if found.shape != wanted.shape or off.max() > _ONNX_TOLERANCE:
        worst = off.max() if found.shape == wanted.shape else float("nan")
        raise ExportError(
            f"the ONNX graph does not answer as the model does: off by {worst:.2g} on the training rows, "
            f"of which {(off.max(axis=1) > _ONNX_TOLERANCE).mean():.1%} differ"
        )
    width = found.shape[1]
    return Trained(
        "onnx",
        "model.onnx",
        content,
        kind or ("probability" if is_class else "value"),
        lambda some: run(some).reshape(len(some), -1),
        {"features": list(rows.columns)},
        column=_column(column, width, likely=1 if is_class and width == 2 else 0),
        tensor=tensor,
        libraries=libraries,
        tolerance=_ONNX_TOLERANCE,
    )


def _onnx_file(
    model: Any,  # noqa: ANN401 - path, bytes or model
    rows: pd.DataFrame,
    *,
    kind: str | None,
    column: int | None,
    tensor: str | None,
    inputs: Mapping[str, Sequence[str]] | None,
) -> Trained:
    import onnx
    import onnxruntime

    if isinstance(model, str | Path):
        model = Path(model).read_bytes()
    content = model if isinstance(model, bytes) else model.SerializeToString()
    try:
        graph = onnx.load_model_from_string(content)
        session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    except Exception as problem:
        raise ExportError(f"no ONNX model that ONNX Runtime can open: {problem}") from problem
    names = list(rows.columns)
    tensors = [tensor_in.name for tensor_in in session.get_inputs()]
    if inputs is None:
        inputs = (
            {tensors[0]: names} if len(tensors) == 1 else {name: _columns(name, names) for name in tensors}
        )
    unknown = [name for name in inputs if name not in tensors] + [t for t in tensors if t not in inputs]
    if unknown:
        raise ExportError(f"the model's inputs are {tensors}; 'inputs' has {sorted(inputs)}")
    for tensor_in in session.get_inputs():
        width = tensor_in.shape[-1] if len(tensor_in.shape) > 1 else 1
        if isinstance(width, int):
            _same_width(width, inputs[tensor_in.name], f"the input '{tensor_in.name}'")
    outputs = [output.name for output in session.get_outputs()]
    if tensor is None:
        tensor = next((name for name in outputs if "prob" in name.lower()), outputs[0])
    elif tensor not in outputs:
        raise ExportError(f"the model has no output '{tensor}'; it has {outputs}")
    run = _runner(content, inputs, tensor)
    answer = run(rows.head(2))
    width = int(np.prod(answer.shape[1:])) if answer.ndim > 1 else 1
    is_class = "prob" in tensor.lower() or any(
        node.op_type in ("Sigmoid", "Softmax") for node in graph.graph.node
    )
    return Trained(
        "onnx",
        "model.onnx",
        content,
        kind or ("probability" if is_class else "value"),
        lambda some: run(some).reshape(len(some), -1),
        inputs,
        column=_column(column, width, likely=1 if width == 2 else 0),
        tensor=tensor,
        libraries=_versions("onnx", "onnxruntime"),
        tolerance=_ONNX_TOLERANCE,
    )


def _columns(tensor: str, names: Sequence[str]) -> list[str]:
    """The columns of the feature that a tensor is named after."""
    found = [name for name in names if name == tensor or name.rpartition("_")[0] == tensor]
    if not found:
        raise ExportError(
            f"no feature is named as the input '{tensor}'; say inputs={{'{tensor}': [columns]}}"
        )
    return found


def _runner(content: bytes, inputs: Mapping[str, Sequence[str]], tensor: str) -> Rows:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    types = {given.name: _NUMPY.get(given.type, np.float32) for given in session.get_inputs()}

    def run(rows: pd.DataFrame) -> np.ndarray:
        feed = {}
        for name, columns in inputs.items():
            values = rows[list(columns)].to_numpy(np.float32)
            kind = types[name]
            feed[name] = (
                np.nan_to_num(values).astype(kind) if np.issubdtype(kind, np.integer) else values.astype(kind)
            )
        return np.asarray(session.run([tensor], feed)[0])

    return run


_NUMPY = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
}


def _same_columns(fitted: Sequence[str], names: Sequence[str]) -> None:
    fitted, names = list(fitted), list(names)
    if fitted == names:
        return
    missing = [name for name in fitted if name not in names]
    more = [name for name in names if name not in fitted]
    if missing or more:
        raise ExportError(
            "the model was fitted on other columns than the frame has: "
            + "; ".join(
                text
                for text in (
                    f"the frame lacks {missing[:5]}" if missing else "",
                    f"the model does not know {more[:5]}" if more else "",
                )
                if text
            )
        )
    first = next(i for i, (a, b) in enumerate(zip(fitted, names, strict=True)) if a != b)
    raise ExportError(
        f"the model was fitted on the same columns in another order: column {first} is '{fitted[first]}' for "
        f"the model and '{names[first]}' in the frame"
    )


def _same_width(fitted: int, names: Sequence[str], who: str = "the model") -> None:
    if fitted != len(names):
        raise ExportError(f"{who} takes {fitted} columns, the frame has {len(names)}")


def _column(asked: int | None, width: int, likely: int = 0) -> int:
    if asked is None:
        if width > 2:
            raise ExportError(
                f"the model answers {width} numbers a row: say which is published, column=0 to {width - 1}"
            )
        return likely
    if not 0 <= asked < width:
        raise ExportError(f"there is no column {asked}: the model answers {width} numbers a row, from 0")
    return asked


def _versions(*packages: str) -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package.removesuffix("-cpu")] = version(package)
        except ModuleNotFoundError:
            continue
    return found
