"""Gauss's hypergeometric function, and fitting by maximum likelihood."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize

_MOST_TERMS = 1_000_000
_SMALL = 1e-17
_FARTHEST = np.log(1e4)
_NOWHERE = 1e10


class FitError(ValueError):
    """No parameters fit these customers; the message says why."""


class FitWarning(UserWarning):
    """Parameters were found, but some of them at a bound."""


def gauss_series(a: float, b: float, c: np.ndarray, z: np.ndarray) -> np.ndarray:
    """₂F₁(a, b; c; z) by its series, for 0 ≤ z < 1."""
    c, z = np.broadcast_arrays(np.asarray(c, np.float64), np.asarray(z, np.float64))
    total, term = np.ones(c.shape).ravel(), np.ones(c.size)
    c, z, left = c.ravel(), z.ravel(), np.arange(c.size)
    for n in range(_MOST_TERMS):
        ratio = (a + n) * (b + n) / ((c[left] + n) * (n + 1)) * z[left]
        term = term * ratio
        total[left] += term
        # What follows is less than a geometric series of this ratio.
        going = np.abs(term) > _SMALL * np.abs(total[left]) * (1 - np.abs(ratio))
        if not going.any():
            break
        left, term = left[going], term[going]
    return total


def maximise(
    log_likelihood: Callable[[np.ndarray], float], names: tuple[str, ...], starts: list[list[float]]
) -> list[float]:
    """The positive parameters of the greatest mean log-likelihood, tried from each start.

    They are kept within 0.0001 to 10,000. One that stops at such a bound has no best value: nobody stops,
    say, or all customers are alike. The fit is still the best there is, and `FitWarning` says so.

    Raises
    ------
    FitError
        If the likelihood is not finite anywhere near.
    """

    def cost(logarithms: np.ndarray) -> float:
        with np.errstate(all="ignore"):
            found = -log_likelihood(np.exp(logarithms))
        return found if np.isfinite(found) else _NOWHERE

    bounds = [(-_FARTHEST, _FARTHEST)] * len(names)
    tried = [minimize(cost, np.log(start), method="L-BFGS-B", bounds=bounds) for start in starts]
    best = min(tried, key=lambda found: found.fun)
    exact = {"xatol": 1e-7, "fatol": 1e-12, "maxiter": 600}
    best = minimize(cost, best.x, method="Nelder-Mead", bounds=bounds, options=exact)
    if best.fun >= _NOWHERE:
        raise FitError("the likelihood of these customers is not finite for any parameters tried")
    found = dict(zip(names, np.exp(best.x), strict=True))
    at_bound = [name for name, x in zip(names, best.x, strict=True) if abs(x) > _FARTHEST - 0.01]
    if at_bound:
        warnings.warn(
            f"{' and '.join(at_bound)} stopped at a bound "
            f"({', '.join(f'{name} {x:.3g}' for name, x in found.items())}, T in units of the longest): "
            "these customers do not vary as the model supposes, or nobody stops",
            FitWarning,
            stacklevel=4,
        )
    return [float(x) for x in found.values()]
