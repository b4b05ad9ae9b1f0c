"""`tune`: settings of trees by Optuna, on folds in the order of time.

Each fold is an instant: what was known by then is learned from, and the rows of the instant are foretold. A
shuffled fold would let a model learn from a customer's later week what it is asked about the earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scorecast_export.frame import LeakageError
from scorecast_export.train import metrics
from scorecast_export.train.boosting import Recipe, grow, matrix

if TYPE_CHECKING:
    from collections.abc import Iterator

    import optuna
    import xgboost as xgb

    from scorecast_export.frame import TrainingFrame

SPACE: Mapping[str, tuple[float, float]] = {
    "rounds": (50, 400),
    "max_depth": (2, 6),
    "eta": (0.02, 0.2),
    "min_child_weight": (1, 50),
    "subsample": (0.5, 1.0),
    "colsample_bytree": (0.2, 1.0),
    "reg_lambda": (0.1, 20.0),
}
"""What is tried by default: from, to."""

_WHOLE = {"rounds", "max_depth", "max_leaves"}
_ON_A_LOG_SCALE = {"eta", "min_child_weight", "reg_lambda", "reg_alpha"}
_GREATER_IS_BETTER = {"auc", "pr_auc", "spearman", "gini"}
_OBJECTIVES = {"probability": "binary:logistic", "value": "reg:tweedie"}
_METRICS = {"probability": "log_loss", "value": "spearman"}


@dataclass(frozen=True)
class Tuned:
    """What `tune` found.

    Attributes
    ----------
    settings
        The best ones, by name: rounds and XGBoost's parameters.
    objective
        XGBoost's, which they were tried with.
    metric, figure
        What they were judged by, and its mean over the folds.
    trials
        A row for each trial: the settings, ``figure``, and ``fold_0``… for each fold's own figure.
    """

    settings: dict[str, float]
    objective: str
    metric: str
    figure: float
    trials: pd.DataFrame

    @property
    def recipe(self) -> Recipe:
        """The settings as the trainers of this package take them."""
        return Recipe(0, {"objective": self.objective}).changed(self.settings)

    def grow(self, frame: TrainingFrame) -> xgb.Booster:
        """Train on all rows of a frame with the settings; `export` takes the booster."""
        return grow(frame.X, frame.y.astype(np.float64), self.recipe)


def tune(
    frame: TrainingFrame,
    *,
    trials: int = 30,
    folds: int = 3,
    seed: int = 1,
    metric: str | None = None,
    objective: str | None = None,
    space: Mapping[str, tuple[float, float]] = SPACE,
    settings: Mapping[str, float] | None = None,
) -> Tuned:
    """Search the settings of XGBoost's trees; the same seed finds the same ones.

    Parameters
    ----------
    frame : TrainingFrame
        Labelled rows of several instants, none of them of the test that the model is to be judged by.
    trials : int
        How many settings are tried.
    folds : int
        How many instants, the latest ones, are foretold in each trial.
    seed : int
        Of the search; the trees have their own.
    metric : str, optional
        For a probability ``log_loss`` (the default), ``auc``, ``pr_auc`` or ``brier``; for a value
        ``spearman`` (the default), ``gini`` or ``mae``.
    objective : str, optional
        XGBoost's; ``binary:logistic``, or for a value ``reg:tweedie``.
    space : mapping of str to (number, number)
        What is tried of each setting, from and to; `SPACE` by default.
    settings : mapping, optional
        Others that stay as they are given.

    Raises
    ------
    LeakageError
        If the frame has too few instants for the folds.
    ValueError
        If the metric or a fold's labels cannot judge a model.
    ImportError
        If Optuna is not installed: ``pip install 'scorecast-export[tune]'``.
    """
    optuna = _optuna()
    kind = frame.label.kind if frame.label is not None else "probability"
    of = metrics.PROBABILITY if kind == "probability" else metrics.VALUE
    metric = metric or _METRICS[kind]
    if metric not in of:
        raise ValueError(f"no metric '{metric}' of a {kind}; there are: {', '.join(of)}")
    objective = objective or _OBJECTIVES[kind]
    parts = list(time_folds(frame, folds))

    def figures(trial: optuna.Trial) -> float:
        recipe = Recipe(0, {"objective": objective}).changed({**(settings or {}), **_drawn(trial, space)})
        found = []
        for number, (known, asked) in enumerate(parts):
            booster = grow(known.X, known.y.astype(np.float64), recipe)
            found.append(of[metric](asked.y.astype(np.float64), booster.predict(matrix(asked.X))))
            trial.set_user_attr(f"fold_{number}", found[-1])
        return float(np.mean(found))

    study = optuna.create_study(
        direction="maximize" if metric in _GREATER_IS_BETTER else "minimize",
        sampler=optuna.samplers.TPESampler(seed=seed),
    )
    study.optimize(figures, n_trials=trials)
    rows = [{**t.params, "figure": t.value, **t.user_attrs} for t in study.trials]
    best = {**(settings or {}), **study.best_params}
    return Tuned(best, objective, metric, float(study.best_value), pd.DataFrame(rows))


def time_folds(frame: TrainingFrame, folds: int) -> Iterator[tuple[TrainingFrame, TrainingFrame]]:
    """For each of the latest instants: rows whose label was known by then, and the rows of the instant."""
    if "until" not in frame.table:
        raise ValueError("this frame has no label: name one in features(…, label=…)")
    instants = sorted(frame.table["at"].unique())
    usable = [at for at in instants if (frame.table["until"] <= at).any()]
    if not 0 < folds <= len(usable):
        raise LeakageError(
            f"{folds} folds in time need as many instants at which an earlier row's label was known; of the "
            f"frame's {len(instants)} instants {len(usable)} are such: take more, or farther apart"
        )
    for at in usable[-folds:]:
        known = frame.where(frame.table["until"] <= at)
        asked = frame.where(frame.table["at"] == at)
        for rows, what in ((known, "learned from"), (asked, "foretold")):
            if len(np.unique(rows.y)) < 2:
                raise ValueError(f"the fold at {at:%Y-%m-%d}: all labels {what} are {rows.y[0]:g}")
        yield known, asked


def _drawn(trial: optuna.Trial, space: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    found: dict[str, Any] = {}
    for name, (low, high) in space.items():
        log = name in _ON_A_LOG_SCALE
        if name in _WHOLE:
            found[name] = trial.suggest_int(name, int(low), int(high))
        else:
            found[name] = trial.suggest_float(name, low, high, log=log)
    return found


def _optuna() -> Any:  # noqa: ANN401 - the module
    try:
        import optuna
    except ImportError as problem:
        raise ImportError("tune needs Optuna: pip install 'scorecast-export[tune]'") from problem
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
