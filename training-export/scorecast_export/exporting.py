"""`export`: from a trained model and the frame it was trained on to a version that the service takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scorecast_export.adapters import Trained, adapt
from scorecast_export.btyd.customer_base import CustomerBase
from scorecast_export.btyd.version import customer_base_version
from scorecast_export.engine import FeatureEngine
from scorecast_export.errors import ExportError, LeakageError
from scorecast_export.evaluation.baselines import baselines_of
from scorecast_export.evaluation.evaluation import Evaluation
from scorecast_export.train.calibration import Platt, fit_platt
from scorecast_export.versions.manifest import score_output
from scorecast_export.versions.numbers import six_digits
from scorecast_export.versions.version import Answers, Version, write_version

if TYPE_CHECKING:
    from scorecast_export.frame import TrainingFrame

_BANDS = {
    "probability": {"low": 0.0, "medium": 0.6, "high": 0.85},
    "value": {"low": 0.0, "middle": 0.4, "high": 0.75, "top": 0.9},
}
_EDGE = 1e-7


@dataclass(frozen=True)
class _Published:
    """The model with its calibration, as the golden examples are answered."""

    trained: Trained
    output: str
    low: float | None
    platt: Platt | None

    def __call__(self, rows: pd.DataFrame) -> Answers:
        raw = self.trained.raw(rows).astype(np.float64)
        score = raw if self.platt is None else self.platt(_margins(self.trained, rows))
        high = 1.0 if self.trained.kind == "probability" else np.inf
        low = -np.inf if self.low is None else self.low
        published = np.array([six_digits(x) for x in np.clip(score, low, high)])
        return Answers({self.output: raw}, {self.output: published})


def _margins(trained: Trained, rows: pd.DataFrame) -> np.ndarray:
    """Log-odds: XGBoost's own, else of the raw answer."""
    if trained.margins is not None:
        return trained.margins(rows)
    p = np.clip(trained.raw(rows).astype(np.float64), _EDGE, 1 - _EDGE)
    return np.log(p / (1 - p))


def export(
    model: Any,  # noqa: ANN401 - of any library
    frame: TrainingFrame,
    *,
    name: str,
    out: str | Path = "models",
    horizon: str | None = None,
    output: str | None = None,
    kind: str | None = None,
    test: TrainingFrame | None = None,
    calibrate_on: TrainingFrame | None = None,
    description: str | None = None,
    bands: Mapping[str, float] | None = None,
    fallback: float | None = None,
    column: int | None = None,
    tensor: str | None = None,
    inputs: Mapping[str, Sequence[str]] | None = None,
    limits: Sequence[str] = (),
    parameters: Mapping[str, Any] | None = None,
    reasons: Mapping[str, str] | None = None,
    engine: FeatureEngine | None = None,
) -> Path:
    """Write the next version of a model, put it through the service's gate, and rename it into place.

    Parameters
    ----------
    model
        An XGBoost or LightGBM booster or wrapper, a fitted scikit-learn estimator or pipeline, an ONNX model
        (its path, bytes, or what ``onnx.load`` returns), or a `CustomerBase`.
    frame : TrainingFrame
        What it was trained on: its definitions become the version's, its rows the reference.
    name : str
        The model's name: a folder in `out`.
    out : path
        The model repository.
    horizon, output, kind : str, optional
        Those of the frame's label: ``30d``, ``p_redeem_30d``, ``probability`` or ``value``.
    test : TrainingFrame, optional
        Later rows that the model has not seen; its figures go into the manifest and the model card.
    calibrate_on : TrainingFrame, optional
        Rows that the model has not seen, to fit Platt's calibration on; not those of `test`.
    description : str, optional
        What the model answers; the label's question by default.
    bands : mapping of str to float, optional
        The share of training rows below each band, lowest first, beginning with 0.
    fallback : float, optional
        Published for a customer whom the model cannot score; the mean label (of a value: the median score).
    column, tensor : optional
        Which number, and for ONNX which output, is published, where it cannot be told.
    inputs : mapping of str to list of str, optional
        For an ONNX file with several inputs: the columns of each.
    limits : sequence of str
        Where the version must not be relied on, for its card.
    parameters : mapping, optional
        How it was trained, for the manifest: XGBoost's parameters and the number of ``rounds``. Of XGBoost's
        wrappers they are known; ``scorecast train --candidate`` grows trees by them again.
    reasons : mapping of str to str, optional
        Words for features' values, by feature, in place of those that their definitions give:
        ``"bought {value} {value:time|times} in 30 days"``.
    engine : FeatureEngine, optional
        Found by itself.

    Returns
    -------
    Path
        The version's folder.

    Raises
    ------
    ExportError
        If the model does not fit the frame: other columns, another order, a label that teaches nothing.
    LeakageError
        If the test begins before the labels that were trained on were known.
    GateError
        If the service would refuse the version; nothing is left in the repository.
    """
    engine = engine or FeatureEngine.found()
    label = frame.label
    horizon = horizon or (label.horizon if label else None)
    if isinstance(model, CustomerBase):
        if horizon is None:
            raise ExportError("a customer base needs a horizon to expect purchases in: horizon='90d'")
        _check_after(frame, test)
        version = customer_base_version(
            model,
            frame,
            name=name,
            horizon=horizon,
            output=output,
            test=test,
            description=description,
            bands=bands,
            fallback=fallback,
            limits=limits,
        )
        version = replace(version, reasons=_own_reasons(reasons, frame))
        return write_version(Path(out), version, engine)
    trained = adapt(model, frame.X, kind=kind, column=column, tensor=tensor, inputs=inputs)
    output = output or _output_name(frame, name, horizon)
    _check_label(frame, trained.kind)
    check_times(frame, test)
    check_times(frame, calibrate_on, "calibrate_on")
    known = "label" in frame.table
    bounded = trained.kind == "probability" or (known and frame.y.min() >= 0)
    published = _Published(trained, output, 0.0 if bounded else None, _calibration(trained, calibrate_on))
    scores = published(frame.X).published[output]
    if fallback is None:
        is_mean = known and trained.kind == "probability"
        fallback = float(np.mean(frame.y)) if is_mean else float(np.median(scores))
    described = score_output(
        output,
        trained.kind,
        scores=scores,
        bands=bands or _BANDS[trained.kind],
        fallback=fallback,
        calibration=published.platt.to_manifest() if published.platt else None,
        horizon=horizon,
        floor=published.low,
    )
    described |= {"column": trained.column} | ({"tensor": trained.tensor} if trained.tensor else {})
    evaluations = _evaluations(frame, test, published, horizon)
    version = Version(
        name=name,
        task=name,
        description=description or (label.question if label else name),
        runtime=trained.runtime,
        file=trained.file,
        model=trained.content,
        definitions=frame.definitions,
        inputs=[
            {"name": tensor, "features": _features(frame, columns)}
            for tensor, columns in trained.inputs.items()
        ],
        outputs=[described],
        training=_facts(
            frame, test, trained, evaluations, limits=limits, parameters=parameters or trained.parameters
        ),
        predict=published,
        rows=frame.X,
        scores={output: scores},
        tolerance=trained.tolerance,
        files=dict(frame.files),
        evaluations=evaluations,
        contributions=trained.contributions,
        reasons=_own_reasons(reasons, frame),
    )
    return write_version(Path(out), version, engine)


def _own_reasons(reasons: Mapping[str, str] | None, frame: TrainingFrame) -> Mapping[str, str] | None:
    unknown = [name for name in reasons or () if name not in frame.widths]
    if unknown:
        raise ExportError(f"reasons names {unknown}, which are no features of the frame")
    return reasons


def _output_name(frame: TrainingFrame, name: str, horizon: str | None) -> str:
    if frame.label is not None and frame.label.horizon == horizon:
        return frame.label.output
    plain = re.sub(r"[^a-z0-9]+", "_", name)
    return f"{plain}_{horizon}" if horizon else plain


def _features(frame: TrainingFrame, columns: Sequence[str]) -> list[str]:
    """The features whose columns these are; a vector's all belong together."""
    found: list[str] = []
    width = frame.widths
    rest = list(columns)
    while rest:
        name = next((f for f in width if width[f] == rest[: len(width[f])]), None)
        if name is None:
            raise ExportError(
                f"the columns from '{rest[0]}' on are no whole feature of the definitions; a vector's "
                "columns belong together, in their order"
            )
        found.append(name)
        rest = rest[len(width[name]) :]
    return found


def _check_label(frame: TrainingFrame, kind: str) -> None:
    if not frame.columns:
        raise ExportError("the frame has no features that a model could read")
    if "label" not in frame.table:
        return
    if frame.label is not None and frame.label.kind == "basket":
        raise ExportError("a basket is a list of items; export takes models of one number a customer")
    label = pd.to_numeric(frame.table["label"], errors="coerce")
    if label.isna().any():
        raise ExportError(f"{int(label.isna().sum())} of {len(label)} labels are missing")
    if kind == "probability" and label.nunique() < 2:
        raise ExportError(f"every label is {label.iloc[0]:g}: there is nothing to learn a probability from")


def check_times(frame: TrainingFrame, later: TrainingFrame | None, what: str = "test") -> None:
    """What a model is judged by must begin when all that it learned from was known."""
    if later is None:
        return
    if list(later.columns) != list(frame.columns):
        raise ExportError(f"{what} has other features than the frame that was trained on")
    begins = later.table["at"].min()
    if "until" in frame.table and frame.table["until"].max() > begins:
        raise LeakageError(
            f"{what} begins at {begins:%Y-%m-%d}, but labels that were trained on look ahead until "
            f"{frame.table['until'].max():%Y-%m-%d}: part with frame.split('{begins:%Y-%m-%d}')"
        )


def _check_after(frame: TrainingFrame, test: TrainingFrame | None) -> None:
    """A customer base reads no label: what judges it need only begin when what it was fitted to ended."""
    if test is not None and test.table["at"].min() < frame.table["at"].max():
        raise LeakageError(
            f"test begins at {test.table['at'].min():%Y-%m-%d}, but the customer base was fitted to what was "
            f"known at {frame.table['at'].max():%Y-%m-%d}"
        )


def _calibration(trained: Trained, rows: TrainingFrame | None) -> Platt | None:
    if rows is None:
        return None
    if trained.kind != "probability":
        raise ExportError("only probabilities are calibrated")
    return fit_platt(_margins(trained, rows.X), rows.y.astype(np.float64))


def _evaluations(
    frame: TrainingFrame, test: TrainingFrame | None, published: _Published, horizon: str | None
) -> list[Evaluation]:
    """The test, beside the baselines that the frame's features allow."""
    if test is None:
        return []
    kind = published.trained.kind
    score = published(test.X).published[published.output]
    baselines = baselines_of(frame, test, kind, horizon)
    return [Evaluation(published.output, kind, test.y.astype(np.float64), score, baselines)]


def _facts(
    frame: TrainingFrame,
    test: TrainingFrame | None,
    trained: Trained,
    evaluations: Sequence[Evaluation],
    *,
    limits: Sequence[str],
    parameters: Mapping[str, Any],
) -> dict[str, Any]:
    """What the manifest says of training."""
    at = frame.table["at"]
    facts: dict[str, Any] = {
        "rows": len(frame),
        "customers": int(frame.table["customer_id"].nunique()),
        "instants": [f"{at.min():%Y-%m-%d}", f"{at.max():%Y-%m-%d}"],
        **({"label": frame.label.made_by} if frame.label and frame.label.made_by else {}),
        **({"parameters": dict(parameters)} if parameters else {}),
        "libraries": dict(trained.libraries),
    }
    if test is None:
        return {**facts, "metrics": {}, "tested": "Not tested at the export.", "limits": list(limits)}
    begins = test.table["at"]
    facts |= {"tested_at": f"{begins.max():%Y-%m-%d}", "tested_rows": len(test)}
    tested = (
        f"Tested on {len(test):,} rows from {begins.min():%Y-%m-%d} to {begins.max():%Y-%m-%d}; the labels "
        "that were trained on were known before. Intervals are bootstrap over rows."
    )
    return {**facts, "metrics": evaluations[0].figures(), "tested": tested, "limits": list(limits)}
