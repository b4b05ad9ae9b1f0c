"""What a model of trees reads its answers from: XGBoost's own `pred_contribs` (SHAP values)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Contributions = Callable[["pd.DataFrame"], np.ndarray]
"""Of rows: a column each feature column, in the units of the margin, without the bias."""

_ROWS = 2000
_SHOWN = 20
_GROUPS = 5


@dataclass(frozen=True)
class Importance:
    """A column's part in the answers.

    Attributes
    ----------
    column
        Its name.
    size
        The mean of the contributions' sizes.
    missing
        Their mean where the column is missing; NaN if it never is.
    by_value
        The mean contribution in (at most) five groups of rows, from the lowest values to the highest.
    """

    column: str
    size: float
    missing: float
    by_value: list[float]


def importances(rows: pd.DataFrame, contributions: Contributions) -> list[Importance]:
    """The twenty columns that matter most, over at most 2,000 rows; groups' means, no row."""
    chosen = rows.iloc[np.unique(np.linspace(0, len(rows) - 1, min(_ROWS, len(rows))).astype(int))]
    parts = np.asarray(contributions(chosen), np.float64)
    found = [
        _importance(name, chosen[name].to_numpy(np.float64), parts[:, place])
        for place, name in enumerate(chosen.columns)
    ]
    found.sort(key=lambda each: (-each.size, each.column))
    return [each for each in found if each.size > 0][:_SHOWN]


def _importance(column: str, values: np.ndarray, part: np.ndarray) -> Importance:
    missing = np.isnan(values)
    present, some = values[~missing], part[~missing]
    # Rows of one value stay in one group.
    edges = (
        np.unique(np.quantile(present, np.linspace(0, 1, _GROUPS + 1)[1:-1])) if len(present) else np.empty(0)
    )
    group = np.searchsorted(edges, present, side="left")
    means = [float(some[group == g].mean()) for g in range(len(edges) + 1) if (group == g).any()]
    return Importance(
        column, float(np.abs(part).mean()), float(part[missing].mean()) if missing.any() else np.nan, means
    )
