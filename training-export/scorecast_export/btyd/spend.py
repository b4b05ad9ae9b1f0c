"""What a purchase is worth: Gamma-Gamma."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import gammaln

from scorecast_export.btyd.numeric import FitError, maximise


@dataclass(frozen=True)
class GammaGamma:
    """A purchase's value varies around a customer's own mean, and those means over customers.

    Fader and Hardie, "The Gamma-Gamma Model of Monetary Value" (2013).
    """

    p: float
    q: float
    v: float

    @classmethod
    def fit(cls, frequency: Any, monetary_value: Any, *, penalizer: float = 0.0) -> GammaGamma:  # noqa: ANN401
        """Fit by maximum likelihood to the customers who bought more than once, for something.

        Parameters
        ----------
        frequency, monetary_value : array
            One entry a customer. Those without a repeat purchase, or whose repeat purchases were worth
            nothing, say nothing and are left out.
        penalizer : float
            Times the sum of squared parameters, subtracted from the mean log-likelihood.

        Raises
        ------
        FitError
            If nobody is left, the likelihood has no maximum, or the fitted mean value is infinite (q ≤ 1).
        """
        x, m = np.broadcast_arrays(*(np.asarray(given, np.float64) for given in (frequency, monetary_value)))
        kept = (x > 0) & (m > 0)
        if not kept.any():
            raise FitError("no customer has a repeat purchase of a value above 0")
        x, m = x[kept], m[kept]
        scale = 1 / m.mean()

        def mean_log_likelihood(parameters: np.ndarray) -> float:
            each = cls(*parameters).log_likelihood_each(x, m * scale)
            return float(each.mean() - penalizer * (parameters**2).sum())

        p, q, v = maximise(mean_log_likelihood, ("p", "q", "v"), [[1.0, 2.0, 1.0], [5.0, 4.0, 0.5]])
        if q <= 1:
            raise FitError(f"the mean of the fitted values is infinite: q is {q:.3g}, not above 1")
        return cls(p, q, float(v / scale))

    def log_likelihood_each(self, x: np.ndarray, m: np.ndarray) -> np.ndarray:
        """Of each customer's mean value m over x purchases."""
        p, q, v = self.p, self.q, self.v
        return (
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(v)
            + (p * x - 1) * np.log(m)
            + p * x * np.log(x)
            - (p * x + q) * np.log(x * m + v)
        )

    def log_likelihood(self, frequency: Any, monetary_value: Any) -> float:  # noqa: ANN401
        """The sum over customers with repeat purchases of some value."""
        x, m = np.asarray(frequency, np.float64), np.asarray(monetary_value, np.float64)
        kept = (x > 0) & (m > 0)
        return float(self.log_likelihood_each(x[kept], m[kept]).sum())

    def expected_average_value(self, frequency: Any, monetary_value: Any) -> np.ndarray:  # noqa: ANN401
        """What a purchase is worth on average: between the customer's own mean so far and everybody's."""
        x, m = np.asarray(frequency, np.float64), np.asarray(monetary_value, np.float64)
        own = self.p * x / (self.p * x + self.q - 1)
        everybodys = self.v * self.p / (self.q - 1)
        return np.where(x == 0, everybodys, (1 - own) * everybodys + own * m)

    def parameters(self) -> dict[str, float]:
        """By name."""
        return asdict(self)
