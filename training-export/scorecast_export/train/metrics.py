"""Figures that models and baselines are compared by, and how sure they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

if TYPE_CHECKING:
    from collections.abc import Callable

_DRAWS = 1000


def spearman(actual: np.ndarray, score: np.ndarray) -> float:
    """Rank correlation, equal values having their mean rank."""
    return float(np.corrcoef(_ranks(actual), _ranks(score))[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def normalized_gini(actual: np.ndarray, score: np.ndarray) -> float:
    """How much of the actual value the score finds first: 1 as by the actual order, 0 as by chance."""
    return _gini(actual, score) / _gini(actual, actual)


def _gini(actual: np.ndarray, by: np.ndarray) -> float:
    """Area between the diagonal and the Lorenz curve of `actual` in ascending order of `by`.

    Customers of equal score stand for their mean, so that the order of rows does not count.
    """
    _, place, counts = np.unique(by, return_inverse=True, return_counts=True)
    mean = np.bincount(place, weights=actual) / counts
    curve = np.cumsum(np.repeat(mean, counts)) / actual.sum()
    return float(0.5 - curve.mean() + 0.5 / len(actual))


def mean_absolute_error(actual: np.ndarray, score: np.ndarray) -> float:
    """Mean distance, in the units of both."""
    return float(np.abs(actual - score).mean())


def of_probability(actual: np.ndarray, score: np.ndarray) -> dict[str, float]:
    """AUC, area under precision and recall, Brier score."""
    return {
        "auc": round(float(roc_auc_score(actual, score)), 4),
        "pr_auc": round(float(average_precision_score(actual, score)), 4),
        "brier": round(float(brier_score_loss(actual, np.clip(score, 0, 1))), 4),
    }


def of_value(actual: np.ndarray, score: np.ndarray) -> dict[str, float]:
    """Spearman, normalised Gini, mean absolute error."""
    return {
        "spearman": round(spearman(actual, score), 4),
        "gini": round(normalized_gini(actual, score), 4),
        "mae": round(mean_absolute_error(actual, score), 2),
    }


def auc(actual: np.ndarray, score: np.ndarray) -> float:
    """Area under the ROC curve."""
    return float(roc_auc_score(actual, score))


def interval(
    metric: Callable[[np.ndarray, np.ndarray], float], actual: np.ndarray, score: np.ndarray, seed: int = 1
) -> list[float]:
    """The middle 95 % of the metric over 1,000 bootstrap draws of the rows, one row a customer."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(_DRAWS):
        drawn = rng.integers(0, len(actual), len(actual))
        if len(np.unique(actual[drawn])) > 1:
            found.append(metric(actual[drawn], score[drawn]))
    return [round(float(q), 4) for q in np.percentile(found, [2.5, 97.5])]


def mean_interval(values: np.ndarray, seed: int = 1) -> list[float]:
    """The same interval for the mean of one figure a customer."""
    rng = np.random.default_rng(seed)
    found = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(_DRAWS)]
    return [round(float(q), 4) for q in np.percentile(found, [2.5, 97.5])]
