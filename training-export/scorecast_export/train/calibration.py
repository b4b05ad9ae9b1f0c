"""Platt's calibration: from a margin to a probability that holds on customers training did not see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scorecast_export.versions.numbers import six_digits

_STEPS = 100
_CLOSE = 1e-12
_RIDGE = 1e-9


@dataclass(frozen=True)
class Platt:
    """``p = 1 / (1 + exp(a·margin + b))``."""

    a: float
    b: float

    def __call__(self, margin: np.ndarray) -> np.ndarray:
        """Probabilities of margins, in double."""
        return 1 / (1 + np.exp(self.a * np.asarray(margin, np.float64) + self.b))

    def to_manifest(self) -> dict[str, object]:
        """As a manifest's ``calibration``."""
        return {"method": "platt", "a": self.a, "b": self.b}


def fit_platt(margin: np.ndarray, happened: np.ndarray) -> Platt:
    """Fit by Newton's method, with Platt's targets, which keep a perfectly separable sample finite.

    Parameters
    ----------
    margin : array
        Log-odds predicted for customers that the model was not trained on.
    happened : array
        Whether it happened, 0 or 1.
    """
    yes, no = happened.sum(), len(happened) - happened.sum()
    target = np.where(happened > 0, (yes + 1) / (yes + 2), 1 / (no + 2))
    design = np.column_stack([margin, np.ones(len(margin))]).astype(np.float64)
    weights = np.zeros(2)
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (target - p)
        curvature = (design * (p * (1 - p))[:, None]).T @ design + _RIDGE * np.eye(2)
        step = np.linalg.solve(curvature, slope)
        weights += step
        if np.abs(step).max() < _CLOSE:
            break
    return Platt(six_digits(-weights[0]), six_digits(-weights[1]))
