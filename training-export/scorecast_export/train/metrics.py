"""Figures that models and baselines are compared by, and how sure they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    Metric = Callable[[np.ndarray, np.ndarray], float]

_DRAWS = 1000
_BINS = 10
_CHANCES = 200
_EDGE = 1e-15


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


def auc(actual: np.ndarray, score: np.ndarray) -> float:
    """Area under the ROC curve: how often who it happened to has the higher score, a tie counting half."""
    yes = actual > 0
    count = int(yes.sum())
    return float((_ranks(score)[yes].sum() - count * (count + 1) / 2) / (count * (len(actual) - count)))


def pr_auc(actual: np.ndarray, score: np.ndarray) -> float:
    """Average precision: the mean, over those to whom it happened, of the precision down to them."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.diff(score[order]) != 0, True)
    found = np.cumsum(actual[order])[last]
    precision = found / (np.flatnonzero(last) + 1)
    return float(np.diff(found, prepend=0) @ precision / found[-1])


def brier(actual: np.ndarray, score: np.ndarray) -> float:
    """Mean squared distance of the probability from what happened."""
    return float(np.mean((np.clip(score, 0, 1) - actual) ** 2))


def log_loss(actual: np.ndarray, score: np.ndarray) -> float:
    """Mean surprise, in nats."""
    p = np.clip(score, _EDGE, 1 - _EDGE)
    return float(-np.mean(actual * np.log(p) + (1 - actual) * np.log1p(-p)))


def calibration_curve(actual: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ten groups of customers by score: how many, their mean score, the share it happened to."""
    groups = np.array_split(np.argsort(score, kind="stable"), min(_BINS, len(score)))
    size = np.array([len(group) for group in groups])
    return size, _means(score, groups), _means(actual, groups)


def _means(values: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    return np.array([values[group].mean() for group in groups])


def calibration_error(actual: np.ndarray, score: np.ndarray) -> float:
    """Mean distance, over the groups of the calibration curve, of the mean score from what happened."""
    size, said, happened = calibration_curve(actual, score)
    return float(size @ np.abs(said - happened) / size.sum())


def calibration_error_by_chance(score: np.ndarray, seed: int = 1) -> float:
    """The calibration error that right probabilities would have on so few customers, on average."""
    rng = np.random.default_rng(seed)
    p = np.clip(score, 0, 1)
    drawn = [calibration_error((rng.random(len(p)) < p).astype(float), p) for _ in range(_CHANCES)]
    return float(np.mean(drawn))


PROBABILITY: Mapping[str, Metric] = {
    "auc": auc,
    "pr_auc": pr_auc,
    "brier": brier,
    "log_loss": log_loss,
    "calibration_error": calibration_error,
}
VALUE: Mapping[str, Metric] = {"spearman": spearman, "gini": normalized_gini, "mae": mean_absolute_error}

_DIGITS = {"mae": 2}


def figures(
    of: Mapping[str, Metric], actual: np.ndarray, score: np.ndarray, *, intervals: bool = False
) -> dict[str, Any]:
    """Each metric, rounded; with `intervals` also ``<metric>_95``, all from the same draws of the rows."""
    found: dict[str, Any] = {name: _rounded(name, metric(actual, score)) for name, metric in of.items()}
    if intervals:
        drawn = [(actual[rows], score[rows]) for rows in _draws(actual)]
        for name, metric in of.items():
            found[f"{name}_95"] = _middle(name, [metric(*some) for some in drawn])
    return found


def _draws(actual: np.ndarray, seed: int = 1) -> Iterator[np.ndarray]:
    """A thousand bootstrap draws of the rows, those in which nothing varies left out."""
    rng = np.random.default_rng(seed)
    for _ in range(_DRAWS):
        rows = rng.integers(0, len(actual), len(actual))
        if actual[rows].min() < actual[rows].max():
            yield rows


def _rounded(name: str, figure: float) -> float:
    return round(float(figure), _DIGITS.get(name, 4))


def _middle(name: str, found: list[float]) -> list[float]:
    return [_rounded(name, q) for q in np.percentile(found, [2.5, 97.5])]


def paired_interval(
    metric: Metric, actual: np.ndarray, score: np.ndarray, baseline: np.ndarray, seed: int = 1
) -> list[float]:
    """The middle 95 % of what the metric of the score is above that of a baseline, on the same draws."""
    found = [
        metric(actual[rows], score[rows]) - metric(actual[rows], baseline[rows])
        for rows in _draws(actual, seed)
    ]
    return [round(float(q), 4) for q in np.percentile(found, [2.5, 97.5])]


def drawn_counts(rows: int, seed: int = 1) -> np.ndarray:
    """A thousand bootstrap draws as how often each row is drawn: a line each, for `auc_of_draws`."""
    rng = np.random.default_rng(seed)
    drawn = (rng.integers(0, rows, rows) for _ in range(_DRAWS))
    return np.stack([np.bincount(some, minlength=rows) for some in drawn]).astype(np.float64)


def auc_of_draws(actual: np.ndarray, score: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The AUC of each draw, as `auc` has it, from one sort of the scores; NaN where nothing varies."""
    order = np.argsort(score, kind="stable")
    begins = np.flatnonzero(np.append(True, np.diff(score[order]) != 0))
    happened = actual[order] > 0
    drawn = counts[:, order]
    yes = np.add.reduceat(drawn * happened, begins, axis=1)
    no = np.add.reduceat(drawn * ~happened, begins, axis=1)
    below = np.cumsum(no, axis=1) - no / 2
    pairs = yes.sum(axis=1) * no.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (yes * below).sum(axis=1) / pairs


def middle(found: np.ndarray) -> list[float]:
    """The middle 95 % of figures of draws."""
    return [round(float(q), 4) for q in np.nanpercentile(found, [2.5, 97.5])]


def of_probability(actual: np.ndarray, score: np.ndarray) -> dict[str, float]:
    """AUC, area under precision and recall, Brier score, log loss, calibration error."""
    return figures(PROBABILITY, actual, score)


def of_value(actual: np.ndarray, score: np.ndarray) -> dict[str, float]:
    """Spearman, normalised Gini, mean absolute error."""
    return figures(VALUE, actual, score)


def interval(metric: Metric, actual: np.ndarray, score: np.ndarray, seed: int = 1) -> list[float]:
    """The middle 95 % of the metric over 1,000 bootstrap draws of the rows, one row a customer."""
    found = [metric(actual[rows], score[rows]) for rows in _draws(actual, seed)]
    return [round(float(q), 4) for q in np.percentile(found, [2.5, 97.5])]


def mean_interval(values: np.ndarray, seed: int = 1) -> list[float]:
    """The same interval for the mean of one figure a customer."""
    rng = np.random.default_rng(seed)
    found = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(_DRAWS)]
    return [round(float(q), 4) for q in np.percentile(found, [2.5, 97.5])]


def ranking(
    held: Sequence[Collection[str]],
    ranked: Sequence[Sequence[str]],
    *,
    counts: Mapping[str, int],
    at: Sequence[int] = (5, 10, 20),
) -> dict[str, np.ndarray | float]:
    """Figures of ranked lists, by name: an array over customers, or one number where it is of all lists.

    Parameters
    ----------
    held : sequence of collection
        What each customer's basket held; none is empty.
    ranked : sequence of sequence
        The list of each, best first.
    counts : mapping of str to int
        How many customers bought each item before the test: coverage is the share of these items that is in
        any list, novelty the mean surprise (in bits) of finding a customer who bought the listed item.
    at : sequence of int
        Lengths that lists are cut to.

    Returns
    -------
    dict
        ``recall_k``, ``precision_k``, ``mrr_k``, ``ndcg_k``, ``coverage_k`` and ``novelty_k`` for each k.
    """
    found: dict[str, np.ndarray | float] = {}
    everybody = max(counts.values(), default=1)
    for k in at:
        hits = np.zeros((len(held), k))
        surprise, shown = [], set()
        for i, (basket, items) in enumerate(zip(held, ranked, strict=True)):
            top = list(items[:k])
            hits[i, : len(top)] = [item in basket for item in top]
            surprise += [np.log2(everybody / max(1, counts.get(item, 0))) for item in top]
            shown.update(top)
        size = np.array([len(basket) for basket in held])
        gain = 1 / np.log2(np.arange(2, k + 2))
        best = np.cumsum(gain)[np.minimum(size, k) - 1]
        first = np.where(hits.any(axis=1), 1 / (hits.argmax(axis=1) + 1), 0.0)
        found |= {
            f"recall_{k}": hits.sum(axis=1) / size,
            f"precision_{k}": hits.mean(axis=1),
            f"mrr_{k}": first,
            f"ndcg_{k}": hits @ gain / best,
            f"coverage_{k}": len(shown & counts.keys()) / max(1, len(counts)),
            f"novelty_{k}": float(np.mean(surprise)) if surprise else 0.0,
        }
    return found
