"""Gauss's hypergeometric function, for arguments where no terms cancel, and fitting by maximum likelihood."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize

_MOST_TERMS = 1_000_000
_TINY = 1e-300
_CLOSE = 1e-16
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
        going = np.abs(term) > _CLOSE / 10 * np.abs(total[left]) * (1 - np.abs(ratio))
        if not going.any():
            break
        left, term = left[going], term[going]
    return total


def gauss_fraction(b: np.ndarray, c: np.ndarray, z: np.ndarray) -> np.ndarray:
    """₂F₁(1, b; c; z) by Gauss's continued fraction (DLMF 15.7.1), for 0 ≤ z < 1 and c > b > 0.

    Evaluated by Lentz's method. A hundred steps do where the series would need 10,000 terms.
    """
    b, c, z = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in (b, c, z)))
    value = np.ones(b.shape)
    upper, lower = np.ones(b.shape), np.zeros(b.shape)
    for n in range(1, _MOST_TERMS):
        k, odd = divmod(n, 2)
        if odd:
            coefficient = (b + k) * (c - 1 + k) / ((c + 2 * k - 1) * (c + 2 * k)) if k else b / c
        else:
            coefficient = k * (c - b - 1 + k) / ((c + 2 * k - 2) * (c + 2 * k - 1))
        step = -coefficient * z
        lower = 1 + step * lower
        lower = 1 / np.where(lower == 0, _TINY, lower)
        upper = 1 + step / upper
        upper = np.where(upper == 0, _TINY, upper)
        value = value * upper * lower
        if np.abs(upper * lower - 1).max(initial=0) < _CLOSE * 10:
            break
    return 1 / value


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
    exact = {"xatol": 1e-9, "fatol": 1e-13, "maxiter": 4000}
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
