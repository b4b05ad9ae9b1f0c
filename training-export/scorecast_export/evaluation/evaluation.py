"""A model and its baselines on one test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from scorecast_export.train import metrics
from scorecast_export.versions.numbers import six_digits

if TYPE_CHECKING:
    from collections.abc import Mapping

_DECILES = 10
_AUDIENCES = (0.05, 0.1, 0.2, 0.3, 0.5)
_HIGH_LIFT, _LOW_LIFT = 2.0, 0.5
_STEPS = 20
MAIN = {"probability": "auc", "value": "spearman"}
"""What a model and a baseline are compared by, with a paired interval."""


@dataclass(frozen=True)
class Evaluation:
    """Scores of one output on rows that the model has not seen.

    Attributes
    ----------
    output, kind
        What is published; ``probability`` or ``value``.
    actual
        What happened, a number a row.
    score
        What the model published before it happened.
    baselines
        Scores of each baseline by name.
    """

    output: str
    kind: str
    actual: np.ndarray
    score: np.ndarray
    baselines: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a test that no figure can be computed of."""
        missing = int(np.isnan(self.actual).sum())
        if missing:
            raise ValueError(
                f"the test of '{self.output}': {missing} of {len(self.actual)} labels are missing"
            )
        if len(np.unique(self.actual)) < 2:
            what = f"every label is {self.actual[0]:g}" if len(self.actual) else "there is no row"
            raise ValueError(f"the test of '{self.output}' tells nothing: {what}")

    @property
    def metrics(self) -> Mapping[str, metrics.Metric]:
        """Those of the kind."""
        return metrics.PROBABILITY if self.kind == "probability" else metrics.VALUE

    def figures(self) -> dict[str, dict[str, Any]]:
        """Figures with intervals of the model and of each baseline, for the manifest.

        ``model_<metric>_above`` of a baseline is the interval of what the model's main metric is above the
        baseline's, on the same draws: above 0, the model is better.
        """
        found = {"model": metrics.figures(self.metrics, self.actual, self.score, intervals=True)}
        if self.kind == "probability":
            by_chance = round(metrics.calibration_error_by_chance(self.score), 4)
            found["model"]["calibration_error_by_chance"] = by_chance
        main = MAIN[self.kind]
        for name, score in self.baselines.items():
            found[name] = metrics.figures(self.metrics, self.actual, score, intervals=True)
            above = metrics.paired_interval(self.metrics[main], self.actual, self.score, score)
            found[name][f"model_{main}_above"] = above
        return found

    def deciles(self, score: np.ndarray | None = None) -> list[dict[str, float]]:
        """Ten groups of customers, those of the highest scores first.

        Each with `customers`, mean `score`, mean `actual`, `lift` (its mean over everybody's) and `gain` (the
        share of all that happened, up to and with it).
        """
        score = self.score if score is None else score
        groups = np.array_split(np.argsort(-score, kind="stable"), min(_DECILES, len(score)))
        everybody, total = self.actual.mean(), self.actual.sum()
        gained, found = 0.0, []
        for group in groups:
            mean = self.actual[group].mean()
            gained += self.actual[group].sum()
            found.append(
                {
                    "customers": len(group),
                    "score": float(score[group].mean()),
                    "actual": float(mean),
                    "lift": float(mean / everybody) if everybody else 0.0,
                    "gain": float(gained / total) if total else 0.0,
                }
            )
        return found

    def gains(self, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The share of customers, best first, and the share of all that happened among them; 21 points."""
        order = np.argsort(-score, kind="stable")
        cut = np.round(np.linspace(0, len(order), _STEPS + 1)).astype(int)
        total = np.concatenate([[0.0], np.cumsum(self.actual[order])])
        return cut / len(order), total[cut] / (total[-1] or 1.0)

    def audiences(self) -> list[dict[str, float]]:
        """What an audience of the highest scores would hold, by its size."""
        order = np.argsort(-self.score, kind="stable")
        found = []
        for share in _AUDIENCES:
            chosen = order[: max(1, round(share * len(order)))]
            found.append(
                {
                    "share": share,
                    "customers": len(chosen),
                    "from": six_digits(self.score[chosen[-1]]),
                    "actual": float(self.actual[chosen].mean()),
                    "lift": float(self.actual[chosen].mean() / (self.actual.mean() or 1.0)),
                    "gain": float(self.actual[chosen].sum() / (self.actual.sum() or 1.0)),
                }
            )
        return found

    def suggested_bands(self) -> dict[str, float]:
        """Bands by lift, as `export` takes them: the share of customers below each.

        `high` are the first deciles of at least twice what everybody has; `low` the last ones of
        at most half of it; `medium` what is between.
        """
        lifts = [group["lift"] for group in self.deciles()]
        high = next((place for place, lift in enumerate(lifts) if lift < _HIGH_LIFT), len(lifts))
        low = next((place for place, lift in enumerate(lifts[::-1]) if lift > _LOW_LIFT), 0)
        found = {"low": 0.0} if low else {}
        if low + high < len(lifts):
            found["medium"] = round(low / len(lifts), 4)
        if high:
            found["high"] = round(1 - high / len(lifts), 4)
        return found
