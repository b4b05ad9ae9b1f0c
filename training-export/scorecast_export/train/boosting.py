"""Growing trees, the same ones each time, and margins of customers that were not trained on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import xgboost as xgb

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_FOLDS = 5


@dataclass(frozen=True)
class Recipe:
    """How trees are grown: the number of rounds and XGBoost's parameters."""

    rounds: int
    parameters: dict[str, Any] = field(default_factory=dict)

    def changed(self, settings: Mapping[str, float]) -> Recipe:
        """Make another one: `rounds` and parameters as given, the rest as here."""
        left = {**self.parameters, **settings}
        return Recipe(int(left.pop("rounds", self.rounds)), left)

    def to_manifest(self) -> dict[str, Any]:
        """As facts of training."""
        return {"rounds": self.rounds, **self.parameters}


def grow(
    rows: pd.DataFrame, label: np.ndarray, recipe: Recipe, weight: np.ndarray | None = None
) -> xgb.Booster:
    """Train a booster, on one thread: sums of floats depend on how many add them up."""
    parameters = {"seed": 1, "tree_method": "hist", "nthread": 1, **recipe.parameters}
    data = matrix(rows, label)
    if weight is not None:
        data.set_weight(weight)
    return xgb.train(parameters, data, num_boost_round=recipe.rounds)


def matrix(rows: pd.DataFrame, label: np.ndarray | None = None) -> xgb.DMatrix:
    """Features as XGBoost takes them, NaN for missing; a model file keeps the columns' names and order."""
    return xgb.DMatrix(rows.to_numpy(np.float32), label=label, feature_names=list(rows.columns))


def margins(booster: xgb.Booster, rows: pd.DataFrame) -> np.ndarray:
    """Log-odds, before the link function."""
    return booster.predict(matrix(rows), output_margin=True)


def unseen_margins(
    rows: pd.DataFrame, label: np.ndarray, customers: pd.Series, recipe: Recipe, seed: int = 1
) -> np.ndarray:
    """Margin of each row by a booster that saw nothing of its customer: five folds of whole customers.

    With labels of several columns the margins have as many.
    """
    rng = np.random.default_rng(seed)
    names = np.sort(customers.unique())
    fold_of = dict(zip(names, rng.permutation(len(names)) % _FOLDS, strict=True))
    fold = customers.map(fold_of).to_numpy()
    found = np.empty(label.shape, np.float32)
    for number in range(_FOLDS):
        out = fold == number
        found[out] = margins(grow(rows[~out], label[~out], recipe), rows[out])
    return found
