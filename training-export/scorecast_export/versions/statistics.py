"""`reference.json`: how features and scores were distributed in training, to hold later days against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scorecast_export.versions.numbers import six_digits

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_QUANTILES = np.arange(0, 101, 5)


def describe(values: np.ndarray) -> dict[str, Any]:
    """Count, missing, mean, std, min, max and the 0, 5 … 100 % quantiles of numbers; NaN is missing.

    Of nothing but missing numbers there is no more to say than how many they are.
    """
    present = values[~np.isnan(values)].astype(np.float64)
    found: dict[str, Any] = {"count": len(values), "missing": len(values) - len(present)}
    if len(present):
        found |= {
            "mean": six_digits(present.mean()),
            "std": six_digits(present.std()),
            "min": six_digits(present.min()),
            "max": six_digits(present.max()),
            "quantiles": [six_digits(q) for q in np.percentile(present, _QUANTILES)],
        }
    return found


def reference(
    features: pd.DataFrame, scores: Mapping[str, np.ndarray], sample: Mapping[str, np.ndarray] | None = None
) -> dict[str, Any]:
    """The content of `reference.json`.

    Parameters
    ----------
    features : DataFrame
        The rows that were trained on, a column each feature (a vector's as ``name_0``…).
    scores : mapping of str to array
        What the version publishes for those rows, by output.
    sample : mapping of str to array
        What it publishes for `sample.ndjson`; the service holds its own scores of it against this.
    """
    found = {
        "features": {name: describe(features[name].to_numpy(np.float32)) for name in features.columns},
        "scores": {name: describe(np.asarray(values, np.float64)) for name, values in scores.items()},
    }
    if sample:
        found["sample"] = {name: describe(np.asarray(values, np.float64)) for name, values in sample.items()}
    return found
