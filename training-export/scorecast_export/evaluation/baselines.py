"""Scores that anybody could have without a model, from the same features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

if TYPE_CHECKING:
    import pandas as pd

    from scorecast_export.frame import TrainingFrame

_NEVER_DAYS = 365.0


def baselines_of(
    frame: TrainingFrame, test: TrainingFrame, kind: str, horizon: str | None
) -> dict[str, np.ndarray]:
    """Those that the frame's own features allow, as scores of the test.

    Parameters
    ----------
    frame, test : TrainingFrame
        To learn from, and to score.
    kind : str
        ``probability``: logistic regression on recency, frequency and monetary value. ``value``: what was
        spent in the horizon just past.
    horizon : str, optional
        Of the label.
    """
    if kind == "value":
        spend = _first(frame, "sum", horizon, field="value")
        return {f"{spend}_so_far": np.nan_to_num(test.X[spend].to_numpy(np.float64))} if spend else {}
    columns = rfm_columns(frame, horizon)
    if not columns or len(np.unique(frame.y)) < 2:
        return {}
    return {"rfm_logistic": rfm_logistic(frame.X, frame.y.astype(np.float64), test.X, columns)}


def rfm_columns(frame: TrainingFrame, horizon: str | None) -> list[str]:
    """Recency, frequency and monetary value, as features of the horizon if there are; none if one lacks."""
    recency = _first(frame, "days_since_last")
    orders = _first(frame, "count", horizon)
    spend = _first(frame, "sum", horizon, field="value")
    return [] if recency is None or orders is None or spend is None else [recency, orders, spend]


def _first(frame: TrainingFrame, kind: str, window: str | None = None, **options: str) -> str | None:
    """The first feature of a kind over all purchases, of the window if there is one."""
    found = [
        feature
        for feature in yaml.safe_load(frame.definitions)["features"]
        if feature["kind"] == kind
        and feature.get("event") == "purchase"
        and not {"where", "ago", "unless"} & feature.keys()
        and all(feature.get(name) == wanted for name, wanted in options.items())
    ]
    found.sort(key=lambda feature: feature.get("window") != window)
    return found[0]["name"] if found else None


def rfm_logistic(
    known: pd.DataFrame, label: np.ndarray, asked: pd.DataFrame, columns: list[str]
) -> np.ndarray:
    """Logistic regression on recency, frequency and monetary value (`columns`, in this order) of the asked.

    On their logarithms, as such sums are skewed; who never bought counts as a year ago.
    """
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(_logarithms(known, columns), label)
    return model.predict_proba(_logarithms(asked, columns))[:, 1]


def _logarithms(rows: pd.DataFrame, columns: list[str]) -> np.ndarray:
    filled = rows[columns].fillna({columns[0]: _NEVER_DAYS}).fillna(0.0)
    return np.log1p(filled.to_numpy(np.float64).clip(0))
