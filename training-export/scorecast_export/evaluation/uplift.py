"""How much more happens to those whom a model of uplift would treat: Qini curve, its area, intervals.

Every customer counts with the inverse of how likely the treatment they had was, so that a treatment that was
not given at random can be judged as far as its reasons are among the features.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scorecast_export.evaluation.svg import COLOURS, Chart, Series
from scorecast_export.train import metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

_POINTS = 20


@dataclass(frozen=True)
class UpliftTest:
    """Customers whom a model has not seen, some treated, some not.

    Attributes
    ----------
    output
        What is published.
    score
        The uplift that the model foretold.
    happened
        1 or 0: the outcome.
    treated
        Who was treated.
    chance
        How likely each was to be treated, above 0 and below 1.
    """

    output: str
    score: np.ndarray
    happened: np.ndarray
    treated: np.ndarray
    chance: np.ndarray

    def curve(self) -> tuple[np.ndarray, np.ndarray]:
        """Shares of the customers, best first, and what treating only them adds for each customer of all.

        At 0 nothing; at 1 the effect of treating everybody.
        """
        gained = self._gained(np.ones((1, len(self.score))))[0]
        return np.linspace(0, 1, len(gained)), gained

    def _gained(self, counts: np.ndarray) -> np.ndarray:
        """A curve for each line of `counts`, which says how often each customer is drawn."""
        order = np.argsort(-self.score, kind="stable")
        drawn = counts[:, order]
        treated, happened = self.treated[order].astype(bool), self.happened[order]
        yes = drawn * np.where(treated, 1 / self.chance[order], 0.0)
        no = drawn * np.where(treated, 0.0, 1 / (1 - self.chance[order]))
        rates = []
        for weight in (yes, no):
            total = np.cumsum(weight, axis=1)
            rates.append(np.cumsum(weight * happened, axis=1) / np.where(total > 0, total, np.nan))
        size = np.cumsum(drawn, axis=1) / drawn.sum(axis=1, keepdims=True)
        effect = np.nan_to_num(rates[0] - rates[1]) * size
        return np.concatenate([np.zeros((len(effect), 1)), effect], axis=1)

    def figures(self, baselines: Mapping[str, np.ndarray] | None = None) -> dict[str, dict[str, Any]]:
        """``effect`` of treating everybody, ``auuc`` and ``qini`` with intervals, for the manifest.

        ``qini`` is the area between the curve and the straight line of treating at random: 0 is chance.
        """
        counts = metrics.drawn_counts(len(self.score))
        found = {}
        drawn_model = None
        for name, score in {"model": self.score, **(baselines or {})}.items():
            test = UpliftTest(self.output, score, self.happened, self.treated, self.chance)
            whole, drawn = test._areas(np.ones((1, len(score)))), test._areas(counts)
            found[name] = {key: round(float(whole[key][0]), 5) for key in ("effect", "auuc", "qini")} | {
                f"{key}_95": _middle(drawn[key]) for key in ("effect", "auuc", "qini")
            }
            if name == "model":
                drawn_model = drawn
            else:
                found[name]["model_qini_above"] = _middle(drawn_model["qini"] - drawn["qini"])
        return found

    def _areas(self, counts: np.ndarray) -> dict[str, np.ndarray]:
        gained = self._gained(counts)
        area = (gained[:, 1:] + gained[:, :-1]).mean(axis=1) / 2
        return {"effect": gained[:, -1], "auuc": area, "qini": area - gained[:, -1] / 2}

    def chart(self) -> Chart:
        """The Qini curve beside treating at random."""
        share, gained = self.curve()
        places = np.round(np.linspace(0, len(share) - 1, _POINTS + 1)).astype(int)
        return Chart(
            "Qini curve",
            "share of the customers treated, best first",
            "outcomes added for each customer of all",
            [
                Series("model", share[places], gained[places]),
                Series("at random", [0, 1], [0, gained[-1]], "dashes", COLOURS[2]),
            ],
        )


def _middle(found: np.ndarray) -> list[float]:
    return [round(float(q), 5) for q in np.nanpercentile(found, [2.5, 97.5])]


def beats_random(figures: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the model's Qini is above 0 with 95 % confidence."""
    return figures["model"]["qini_95"][0] > 0
