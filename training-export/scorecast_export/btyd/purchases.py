"""How customers buy and stop buying: BG/NBD and Pareto/NBD."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import betaln, gammaln

from scorecast_export.btyd.numeric import FitError, gauss_series, maximise

_HALF = 0.5
_TINY = 1e-300
_CHUNK = 20_000
_DEPTH = 45.0
_NODES, _WEIGHTS = (
    x / 2 + shift for x, shift in zip(np.polynomial.legendre.leggauss(64), (0.5, 0), strict=True)
)


def _histories(frequency: Any, recency: Any, T: Any) -> tuple[np.ndarray, ...]:  # noqa: ANN401 - array-likes
    """The three as arrays of one shape, checked: what can be no customer is named."""
    x, t_x, T = np.broadcast_arrays(*(np.asarray(given, np.float64) for given in (frequency, recency, T)))
    for wrong, why in (
        (~(np.isfinite(x) & np.isfinite(t_x) & np.isfinite(T)), "has a missing number"),
        (x < 0, "has a negative frequency"),
        ((t_x < 0) | (t_x > T), "has a recency outside 0 to T"),
        ((x == 0) & (t_x > 0), "has no repeat purchase but a recency"),
    ):
        if wrong.any():
            at = int(np.argmax(wrong))
            raise FitError(
                f"{int(wrong.sum())} of {x.size} customers cannot be: row {at} {why} (frequency "
                f"{x.ravel()[at]:g}, recency {t_x.ravel()[at]:g}, T {T.ravel()[at]:g})"
            )
    return x, t_x, T


@dataclass(frozen=True)
class _Purchases:
    """What both have in common: the likelihood is of customers who share none of their parameters."""

    kind: ClassVar[str]

    @classmethod
    def fit(
        cls,
        frequency: Any,  # noqa: ANN401 - array-likes
        recency: Any,  # noqa: ANN401
        T: Any,  # noqa: ANN401
        *,
        penalizer: float = 0.0,
    ) -> Self:
        """Fit by maximum likelihood.

        Parameters
        ----------
        frequency, recency, T : array
            One entry a customer; the unit of time is free.
        penalizer : float
            Times the sum of squared parameters (the time scaled so that the longest T is 1), subtracted from
            the mean log-likelihood. For small samples and customers who hardly differ.

        Raises
        ------
        FitError
            If an entry can be no customer, or the likelihood has no maximum.
        """
        x, t_x, T = (given.ravel() for given in _histories(frequency, recency, T))
        if not x.any():
            raise FitError("no customer has bought twice: nothing tells when customers stop")
        scale = 1 / T.max()
        # Customers of one history count once, with their number as weight.
        rows, weights = np.unique(np.column_stack([x, t_x * scale, T * scale]), axis=0, return_counts=True)

        def mean_log_likelihood(parameters: np.ndarray) -> float:
            each = cls(*parameters).log_likelihood_each(*rows.T)
            return float(weights @ each / len(x) - penalizer * (parameters**2).sum())

        names = tuple(field.name for field in fields(cls))
        found = dict(zip(names, maximise(mean_log_likelihood, names, cls._starts()), strict=True))
        return cls(
            **{name: float(value / scale) if name in cls._times() else value for name, value in found.items()}
        )

    @classmethod
    def _times(cls) -> tuple[str, ...]:
        raise NotImplementedError

    @classmethod
    def _starts(cls) -> list[list[float]]:
        return [[_HALF] * 4, [1.0, 0.1, 1.0, 1.0]]

    def log_likelihood_each(self, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Of each customer."""
        raise NotImplementedError

    def log_odds_stopped(self, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Of having stopped, against buying still."""
        raise NotImplementedError

    def log_likelihood(self, frequency: Any, recency: Any, T: Any) -> float:  # noqa: ANN401
        """The sum over customers."""
        return float(self.log_likelihood_each(*_histories(frequency, recency, T)).sum())

    def p_alive(self, frequency: Any, recency: Any, T: Any) -> np.ndarray:  # noqa: ANN401
        """The probability that the customer still buys."""
        return self._alive(*_histories(frequency, recency, T))

    def _alive(self, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(self.log_odds_stopped(x, t_x, T)))

    def parameters(self) -> dict[str, float]:
        """By name."""
        return asdict(self)


@dataclass(frozen=True)
class BetaGeo(_Purchases):
    """BG/NBD: Poisson purchases, the rate Gamma(r, alpha); after each one stops with a Beta(a, b) chance.

    Fader, Hardie and Lee, "Counting Your Customers the Easy Way", Marketing Science 24 (2005).
    """

    r: float
    alpha: float
    a: float
    b: float

    kind: ClassVar[str] = "bg_nbd"

    @classmethod
    def _times(cls) -> tuple[str, ...]:
        return ("alpha",)

    def log_likelihood_each(self, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Of each customer."""
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        buying = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
        alive = -(r + x) * np.log(alpha + T)
        return buying + alive + np.logaddexp(0, self.log_odds_stopped(x, t_x, T))

    def log_odds_stopped(self, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Of having stopped, against buying still; who has no repeat purchase cannot have."""
        stopped = np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
        odds = stopped + (self.r + x) * np.log((self.alpha + T) / (self.alpha + t_x))
        return np.where(x == 0, -np.inf, odds)

    def expected_purchases(self, horizon: float, frequency: Any, recency: Any, T: Any) -> np.ndarray:  # noqa: ANN401
        """How often the customer buys within the coming `horizon`.

        Equation 10 of the paper, by Euler's transformation: its factors leave the range of numbers for large
        x.
        """
        x, t_x, T = _histories(frequency, recency, T)
        c = self.a + self.b + x - 1
        z = horizon / (self.alpha + T + horizon)
        series = gauss_series(self.a + self.b - 1 - self.r, self.a - 1, c, z)
        kept = np.exp((self.a - 1) * np.log1p(-z)) * series
        return c / (self.a - 1) * (1 - kept) * self._alive(x, t_x, T)


@dataclass(frozen=True)
class Pareto(_Purchases):
    """Pareto/NBD: Poisson purchases, the rate Gamma(r, alpha), until a rate of stopping, Gamma(s, beta).

    Schmittlein, Morrison and Colombo, "Counting Your Customers", Management Science 33 (1987); Fader and
    Hardie, "A Note on Deriving the Pareto/NBD Model and Related Expressions" (2005).
    """

    r: float
    alpha: float
    s: float
    beta: float

    kind: ClassVar[str] = "pareto_nbd"

    @classmethod
    def _times(cls) -> tuple[str, ...]:
        return ("alpha", "beta")

    def log_likelihood_each(self, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Of each customer."""
        r, alpha, s, beta = self.r, self.alpha, self.s, self.beta
        buying = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
        alive = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
        return buying + alive + np.logaddexp(0, self.log_odds_stopped(x, t_x, T))

    def log_odds_stopped(self, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Of having stopped, against buying still."""
        x, t_x, T = np.broadcast_arrays(x, t_x, T)
        found = [
            self._log_odds(*(part.ravel()[start : start + _CHUNK] for part in (x, t_x, T)))
            for start in range(0, x.size, _CHUNK)
        ]
        return np.concatenate([*found, []]).reshape(x.shape)

    def _log_odds(self, x: np.ndarray, t_x: np.ndarray, T: np.ndarray) -> np.ndarray:
        """The log of s ∫ ((alpha+T)/(alpha+t))^(r+x) ((beta+T)/(beta+t))^s dt/(beta+t) from t_x to T.

        By Gauss and Legendre over u = log((m+T)/(m+t)), m the smaller of alpha and beta, where the integrand
        has no singularity nearer than π. Its logarithm is concave, so what is 45 / its last slope before the
        end does not count.
        """
        m = min(self.alpha, self.beta)
        end = np.log((m + T) / (m + t_x))
        slope = (
            (self.r + x) * (m + t_x) / (self.alpha + t_x) + (self.s + 1) * (m + t_x) / (self.beta + t_x) - 1
        )
        width = np.minimum(end, _DEPTH / np.maximum(slope, _TINY))
        u = end[:, None] - width[:, None] * _NODES
        passed = np.expm1(-u) * (m + T[:, None])
        grown = [-np.log1p(passed / (time + T[:, None])) for time in (self.alpha, self.beta)]
        each = (self.r + x[:, None]) * grown[0] + (self.s + 1) * grown[1] - u
        highest = each.max(axis=1)
        with np.errstate(divide="ignore"):
            summed = highest + np.log(np.exp(each - highest[:, None]) @ _WEIGHTS * width)
        return np.log(self.s) + summed + np.log((m + T) / (self.beta + T))

    def expected_purchases(self, horizon: float, frequency: Any, recency: Any, T: Any) -> np.ndarray:  # noqa: ANN401
        """How often the customer buys within the coming `horizon`."""
        x, t_x, T = _histories(frequency, recency, T)
        left = np.log((self.beta + T) / (self.beta + T + horizon))
        time = -left if self.s == 1 else -np.expm1(left * (self.s - 1)) / (self.s - 1)
        return (self.r + x) * (self.beta + T) / (self.alpha + T) * time * self._alive(x, t_x, T)
