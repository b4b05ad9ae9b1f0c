"""`churn`: whether a customer who bought in the last 60 days buys nothing in the next 28."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scorecast_export.train.boosting import Recipe
from scorecast_export.train.journey import DEFINITIONS, day, weekly
from scorecast_export.train.trees import (
    EVERYONE,
    Split,
    TreeModel,
    evaluate,
    libraries,
    rfm,
    train_probability,
    tree_version,
)
from scorecast_export.versions.manifest import score_output

if TYPE_CHECKING:
    from scorecast_export.train.journey import Journey
    from scorecast_export.versions.version import Version

OUTPUT = "p_lapse_28d"
RECIPE = Recipe(
    300,
    {
        "objective": "binary:logistic",
        "max_depth": 3,
        "eta": 0.03,
        "min_child_weight": 20,
        "subsample": 0.7,
        "colsample_bytree": 0.5,
    },
)

_TEST = day("2017-11-01")
_WEEKS = 16
_HORIZON = pd.Timedelta(days=28)
_ACTIVE = pd.Timedelta(days=60)
_DESCRIPTION = "Will a customer who bought in the last 60 days buy nothing in the next 28 days?"


def labelled_customers(purchases: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The customers active at an instant; `label` is 1 for who buys nothing in the 28 days after it."""
    time = purchases["time"]
    active = purchases.loc[(time > at - _ACTIVE) & (time <= at), "customer_id"].unique()
    stayed = purchases.loc[(time > at) & (time <= at + _HORIZON), "customer_id"].unique()
    lapsed = ~np.isin(active, stayed)
    return pd.DataFrame({"customer_id": active, "at": at, "label": lapsed.astype(float)})


def split(journey: Journey) -> Split:
    """Sixteen weekly instants whose 28 days were over at the test, and the test."""
    instants = [*weekly(_TEST - _HORIZON, _WEEKS), _TEST]
    purchases = journey.of_type("purchase")
    rows = pd.concat([labelled_customers(purchases, at) for at in instants], ignore_index=True)
    features = journey.features(DEFINITIONS / "churn.yaml", instants)
    rows = rows.merge(features, on=["customer_id", "at"], validate="one_to_one")
    tested = rows["at"] == _TEST
    return Split(rows[~tested], rows[tested])


def train(journey: Journey, recipe: Recipe = RECIPE) -> Version:
    """Train, test at 2017-11-01, and describe the version."""
    data = split(journey)
    everyone = train_probability(data.known, OUTPUT, recipe).scores(data.test)
    return described(data, train_probability(data.train, OUTPUT, recipe), recipe, everyone)


def described(data: Split, model: TreeModel, recipe: Recipe, everyone: np.ndarray | None = None) -> Version:
    """The version of a model that is trained: its test, its figures, its outputs.

    `everyone` is what it would score had it learned from the held-out fifth too; None if unknown.
    """
    actual = data.actual
    evaluation, figures = evaluate(
        data,
        OUTPUT,
        "probability",
        model.scores(data.test),
        everyone=everyone,
        baselines={"rfm_logistic": rfm(data)},
    )
    training = {
        **data.facts(),
        "parameters": recipe.to_manifest(),
        "libraries": libraries(),
        "metrics": figures,
        "tested": (
            f"Tested at 2017-11-01 on the {len(actual):,} households that had bought in the 60 days "
            f"before, {actual.mean():.1%} of whom bought nothing in the next 28 days; trained on weeks whose "
            "28 days were over by then, without the fifth of the households that is held out. Intervals are "
            f"bootstrap over households.{EVERYONE if everyone is not None else ''}"
        ),
        "limits": [
            "It says little about customers who have not bought for 60 days: none was in its training.",
            "One grocer, one year; the households were chosen because they shop often.",
        ],
    }
    output = score_output(
        OUTPUT,
        "probability",
        scores=model.scores(data.train),
        bands={"low": 0.0, "medium": 0.6, "high": 0.85},
        fallback=data.label.mean(),
        calibration=model.calibration.to_manifest() if model.calibration else None,
    )
    return tree_version(
        model,
        data,
        definitions=DEFINITIONS / "churn.yaml",
        output=output,
        training=training,
        description=_DESCRIPTION,
        evaluation=evaluation,
    )
