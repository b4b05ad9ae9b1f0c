"""From labelled rows to a version of an XGBoost model, the same way for each of them."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import xgboost as xgb

from scorecast_export.data.download import NOTICE
from scorecast_export.errors import ExportError
from scorecast_export.evaluation.baselines import rfm_logistic
from scorecast_export.evaluation.evaluation import Evaluation
from scorecast_export.train import metrics
from scorecast_export.train.boosting import Recipe, grow, margins, matrix, unseen_margins
from scorecast_export.train.calibration import Platt, fit_platt
from scorecast_export.train.journey import held_out
from scorecast_export.versions.numbers import six_digits
from scorecast_export.versions.version import Answers, Version, feature_names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

EVERYONE = (
    " `learned_from_all_households` is the same with the held-out fifth in training too; it is not shipped."
)
"""What the figures' third row is, for `tested`."""

_NO_FEATURES = ["customer_id", "at", "label"]
_RFM = ["days_since_purchase", "orders_90d", "spend_90d"]


class Labelled:
    """Rows to learn from (`train`) and later ones (`test`): `customer_id`, `at`, `label`, features."""

    train: pd.DataFrame
    test: pd.DataFrame

    @property
    def label(self) -> np.ndarray:
        """Labels of the rows to learn from."""
        return self.train["label"].to_numpy(np.float64)

    @property
    def actual(self) -> np.ndarray:
        """Labels of the test."""
        return self.test["label"].to_numpy(np.float64)

    def facts(self) -> dict[str, Any]:
        """Rows, customers and instants, for the manifest."""
        at = self.train["at"]
        return {
            "rows": len(self.train),
            "customers": int(self.train["customer_id"].nunique()),
            "instants": [f"{at.min():%Y-%m-%d}", f"{at.max():%Y-%m-%d}"],
            "tested_at": f"{self.test['at'].max():%Y-%m-%d}",
            "tested_rows": len(self.test),
        }


@dataclass(frozen=True)
class Split(Labelled):
    """Rows with `customer_id`, `at`, features and `label`.

    Attributes
    ----------
    known
        Of all customers, every label known before the test begins.
    test
        Of all customers, later.
    """

    known: pd.DataFrame
    test: pd.DataFrame

    @cached_property
    def train(self) -> pd.DataFrame:
        """What a shipped version learns from: the known rows of customers that are not held out."""
        return self.known[~held_out(self.known["customer_id"]).to_numpy()]

    @cached_property
    def held(self) -> np.ndarray:
        """Which rows of `test` are of customers held out."""
        return held_out(self.test["customer_id"]).to_numpy()

    def facts(self) -> dict[str, Any]:
        """The same with the rows of the test that are of customers held out."""
        return {**super().facts(), "tested_rows_held_out": int(self.held.sum())}


def only_features(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns that the model reads, in their order."""
    return rows.drop(columns=[name for name in _NO_FEATURES if name in rows.columns])


@dataclass(frozen=True)
class TreeModel:
    """A booster, what calibrates it, and the name and range of what it publishes."""

    booster: xgb.Booster
    output: str
    calibration: Platt | None
    high: float

    @classmethod
    def stored(cls, folder: Path, manifest: Mapping[str, Any]) -> TreeModel:
        """The model of a version's folder.

        Raises
        ------
        ExportError
            If it is not of XGBoost, or publishes anything but one number, calibrated by Platt or not at all.
        """
        outputs = manifest["outputs"]
        calibration = outputs[0].get("calibration") or {"method": "none"}
        if (
            manifest["runtime"] != "xgboost"
            or "candidates" in manifest
            or len(outputs) != 1
            or outputs[0]["kind"] not in ("probability", "value")
            or calibration["method"] not in ("none", "platt")
            or outputs[0].get("column", 0) != 0
        ):
            raise ExportError(
                f"{folder}: only an XGBoost model of one number, calibrated by Platt or not at all, can be "
                "trained and tested again"
            )
        return cls(
            xgb.Booster(model_file=str(folder / manifest["file"])),
            outputs[0]["name"],
            Platt(calibration["a"], calibration["b"]) if calibration["method"] == "platt" else None,
            1.0 if outputs[0]["kind"] == "probability" else np.inf,
        )

    def __call__(self, rows: pd.DataFrame) -> Answers:
        """Answers as the library and the service give them."""
        features = only_features(rows)
        raw = self.booster.predict(matrix(features))
        score = raw if self.calibration is None else self.calibration(margins(self.booster, features))
        published = np.array([six_digits(x) for x in np.clip(np.asarray(score, np.float64), 0.0, self.high)])
        return Answers({self.output: raw}, {self.output: published})

    def contributions(self, rows: pd.DataFrame) -> np.ndarray:
        """What each column adds to the margin."""
        return self.booster.predict(matrix(only_features(rows)), pred_contribs=True)[:, :-1]

    def scores(self, rows: pd.DataFrame) -> np.ndarray:
        """What is published."""
        return self(rows).published[self.output]


def train_probability(known: pd.DataFrame, output: str, recipe: Recipe) -> TreeModel:
    """Train a classifier and calibrate it on margins of customers that each fold had not seen."""
    rows, label = only_features(known), known["label"].to_numpy(np.float64)
    unseen = unseen_margins(rows, label, known["customer_id"], recipe)
    return TreeModel(grow(rows, label, recipe), output, fit_platt(unseen, label), 1.0)


def train_value(known: pd.DataFrame, output: str, recipe: Recipe) -> TreeModel:
    """Train a regression of an amount that is never negative."""
    label = known["label"].to_numpy(np.float64)
    return TreeModel(grow(only_features(known), label, recipe), output, None, np.inf)


def evaluate(
    split: Split,
    output: str,
    kind: str,
    score: np.ndarray,
    *,
    everyone: np.ndarray | None,
    baselines: Mapping[str, np.ndarray],
) -> tuple[Evaluation, dict[str, Any]]:
    """The test of a model and its baselines: what the report draws, and the figures of the manifest.

    Figures are of all customers of the test and of those held out alone; and of `everyone`, the scores of the
    same model had it learned from the customers held out as well, which is not shipped; None if unknown.
    """
    whole = Evaluation(output, kind, split.actual, score, baselines)
    held = split.held
    alone = metrics.figures(whole.metrics, split.actual[held], score[held], intervals=True)
    figures = whole.figures()
    model = figures.pop("model")
    first = {"model": model, "model_households_held_out": alone}
    if everyone is not None:
        learned = metrics.figures(whole.metrics, split.actual, everyone, intervals=True)
        first["learned_from_all_households"] = learned
    return whole, {**first, **figures}


def rfm(split: Split) -> np.ndarray:
    """The baseline of a probability: logistic regression on recency, frequency and monetary value."""
    return rfm_logistic(split.train, split.label, split.test, _RFM)


def tree_version(
    model: TreeModel,
    split: Split,
    *,
    definitions: Path,
    output: dict[str, Any],
    training: dict[str, Any],
    description: str,
    evaluation: Evaluation,
) -> Version:
    """The version of a tree model, named after its feature file."""
    name, text = definitions.stem, definitions.read_text(encoding="utf-8")
    return Version(
        name=name,
        task=name,
        description=description,
        runtime="xgboost",
        file="model.ubj",
        model=bytes(model.booster.save_raw("ubj")),
        definitions=text,
        inputs=[{"name": "features", "features": feature_names(text)}],
        data=NOTICE,
        outputs=[output],
        training=training,
        predict=model,
        rows=only_features(split.train),
        scores={output["name"]: model.scores(split.train)},
        evaluations=[evaluation],
        contributions=model.contributions,
    )


def libraries() -> dict[str, str]:
    """Versions of what trained."""
    return {"python": platform.python_version(), "xgboost": xgb.__version__, "numpy": np.__version__}
