"""A fitted customer base as a version that the service serves."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from scorecast_export.btyd.customer_base import COLUMNS, CustomerBase
from scorecast_export.errors import ExportError
from scorecast_export.evaluation.evaluation import Evaluation
from scorecast_export.instants import duration
from scorecast_export.versions.manifest import score_output
from scorecast_export.versions.numbers import six_digits
from scorecast_export.versions.version import Answers, Version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from scorecast_export.frame import TrainingFrame

_DAY_SECONDS = 86_400
_ALIVE = "p_alive"
_PURCHASES = "expected_purchases"
_VALUE = "expected_value"
_ALIVE_BANDS = {"low": 0.0, "medium": 0.5, "high": 0.8}
_BANDS = {"low": 0.0, "middle": 0.4, "high": 0.75, "top": 0.9}


@dataclass(frozen=True)
class _Published:
    """The customer base's answers, under the names that they are published by."""

    model: CustomerBase
    days: float
    outputs: Mapping[str, str]

    def __call__(self, rows: pd.DataFrame) -> Answers:
        answer = self.model.predict(rows, self.days)
        raw = {name: answer[tensor].to_numpy() for name, tensor in self.outputs.items()}
        published = {name: np.array([six_digits(x) for x in values]) for name, values in raw.items()}
        return Answers(raw, published)


def customer_base_version(
    model: CustomerBase,
    frame: TrainingFrame,
    *,
    name: str,
    horizon: str,
    output: str | None = None,
    test: TrainingFrame | None = None,
    description: str | None = None,
    bands: Mapping[str, float] | None = None,
    fallback: float | None = None,
    limits: Sequence[str] = (),
) -> Version:
    """Describe the version; the parameters are those of `export`.

    It publishes ``p_alive``, ``expected_purchases_<horizon>`` and, with Gamma-Gamma, `output`
    (``clv_<horizon>`` by default). `bands` and `fallback` are of the last; the others fall back to 0.
    """
    _check_definitions(model, frame)
    days = duration(horizon).total_seconds() / _DAY_SECONDS
    value = output or f"clv_{horizon}"
    outputs = {_ALIVE: _ALIVE, f"{_PURCHASES}_{horizon}": _PURCHASES}
    if model.values is not None:
        outputs[value] = _VALUE
    published = _Published(model, days, outputs)
    scores = published(frame.X).published
    described = []
    for field, tensor in outputs.items():
        is_alive, is_last = tensor == _ALIVE, field == list(outputs)[-1]
        out = score_output(
            field,
            "probability" if is_alive else "value",
            scores=scores[field],
            bands=(bands if is_last else None) or _BANDS,
            fallback=fallback if is_last and fallback is not None else 0.0,
            horizon=None if is_alive else horizon,
        )
        if is_alive:
            out["bands"] = [{"name": band, "from": edge} for band, edge in _ALIVE_BANDS.items()]
        described.append(out | {"tensor": tensor})
    evaluations = _evaluations(published, test, value)
    return Version(
        name=name,
        task=name,
        description=description or _description(model, horizon),
        runtime="btyd",
        file="model.json",
        model=model.to_json(days),
        definitions=frame.definitions,
        inputs=[{"name": "history", "features": model.columns}],
        outputs=described,
        training=_facts(model, frame, test, evaluations, limits),
        predict=published,
        rows=frame.X,
        scores=scores,
        files=dict(frame.files),
        evaluations=evaluations,
    )


def _check_definitions(model: CustomerBase, frame: TrainingFrame) -> None:
    """The features must be what the words mean: in Python and in the service alike."""
    kinds = {feature["name"]: feature["kind"] for feature in yaml.safe_load(frame.definitions)["features"]}
    for column in model.columns:
        if kinds.get(column) != column:
            found = f"it is of kind {kinds[column]}" if column in kinds else "it is not defined"
            raise ExportError(
                f"a customer base reads the feature '{column}' of kind {column}, but {found}; sx.RFM defines "
                f"all of {', '.join(COLUMNS)}"
            )


def _description(model: CustomerBase, horizon: str) -> str:
    spend = "" if model.values is None else ", and what will they spend,"
    return f"Does the customer still buy, how often will they{spend} within {horizon}?"


def _evaluations(published: _Published, test: TrainingFrame | None, value: str) -> list[Evaluation]:
    """What was spent beside what was expected, if the test says it."""
    if test is None or test.label is None or test.label.kind != "value" or value not in published.outputs:
        return []
    score = published(test.X).published[value]
    baselines = {"personal_rate": personal_rate(test.X, published.days)}
    return [Evaluation(value, "value", test.y.astype(np.float64), score, baselines)]


def _facts(
    model: CustomerBase,
    frame: TrainingFrame,
    test: TrainingFrame | None,
    evaluations: Sequence[Evaluation],
    limits: Sequence[str],
) -> dict[str, Any]:
    at = frame.table["at"]
    bought = frame.table["frequency"].notna()
    parameters = {model.purchases.kind: _rounded(model.purchases.parameters())}
    if model.values is not None:
        parameters["gamma_gamma"] = _rounded(model.values.parameters())
    facts: dict[str, Any] = {
        "rows": len(frame),
        "customers": int(frame.table.loc[bought, "customer_id"].nunique()),
        "instants": [f"{at.min():%Y-%m-%d}", f"{at.max():%Y-%m-%d}"],
        "parameters": parameters,
        "libraries": {
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "scipy": version("scipy"),
        },
    }
    if test is None or not evaluations:
        return {**facts, "metrics": {}, "tested": "Not tested at the export.", "limits": list(limits)}
    begins = test.table["at"]
    facts |= {"tested_at": f"{begins.max():%Y-%m-%d}", "tested_rows": len(test)}
    return {
        **facts,
        "metrics": evaluations[0].figures(),
        "tested": (
            f"Tested on what {len(test):,} customers spent from {begins.min():%Y-%m-%d} on; fitted "
            "to what was known by then. `personal_rate` is each customer's own rate and value going on."
        ),
        "limits": list(limits),
    }


def _rounded(parameters: Mapping[str, float]) -> dict[str, float]:
    return {name: six_digits(x) for name, x in parameters.items()}


def personal_rate(rows: pd.DataFrame, days: float) -> np.ndarray:
    """The baseline: repeat purchases a day so far, their mean value and the horizon, multiplied."""
    x, T, m = (rows[name].to_numpy(np.float64) for name in ("frequency", "T", "monetary_value"))
    return np.nan_to_num(x * m * days / np.maximum(T, 1))
