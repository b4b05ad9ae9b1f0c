"""`clv`: what a customer will spend in the next 90 days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scorecast_export.train import metrics
from scorecast_export.train.boosting import Recipe
from scorecast_export.train.journey import DEFINITIONS, day, weekly
from scorecast_export.train.trees import (
    EVERYONE,
    Split,
    TreeModel,
    evaluate,
    libraries,
    train_value,
    tree_version,
)
from scorecast_export.versions.manifest import score_output

if TYPE_CHECKING:
    from scorecast_export.train.journey import Journey
    from scorecast_export.versions.version import Version

OUTPUT = "clv_90d"
RECIPE = Recipe(
    250,
    {
        "objective": "reg:tweedie",
        "tweedie_variance_power": 1.3,
        "max_depth": 4,
        "eta": 0.03,
        "min_child_weight": 10,
        "subsample": 0.7,
        "colsample_bytree": 0.5,
        "reg_lambda": 5.0,
    },
)

_TEST = day("2017-10-01")
_WEEKS = 5
_HORIZON = pd.Timedelta(days=90)
_DESCRIPTION = "What will a customer who has bought before spend in the next 90 days?"


def labelled_customers(purchases: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The customers who have bought by an instant; `label` is what they spend in the 90 days after it."""
    time = purchases["time"]
    known = np.sort(purchases.loc[time <= at, "customer_id"].unique())
    after = purchases[(time > at) & (time <= at + _HORIZON)]
    spent = after.groupby("customer_id")["value"].sum().reindex(known).fillna(0.0)
    return pd.DataFrame({"customer_id": known, "at": at, "label": spent.to_numpy()})


def split(journey: Journey) -> Split:
    """Five weekly instants whose 90 days were over at the test, and the test."""
    instants = [*weekly(_TEST - _HORIZON, _WEEKS), _TEST]
    purchases = journey.of_type("purchase")
    rows = pd.concat([labelled_customers(purchases, at) for at in instants], ignore_index=True)
    features = journey.features(DEFINITIONS / "clv.yaml", instants)
    rows = rows.merge(features, on=["customer_id", "at"], validate="one_to_one")
    tested = rows["at"] == _TEST
    return Split(rows[~tested], rows[tested])


def train(journey: Journey, recipe: Recipe = RECIPE) -> Version:
    """Train, test at 2017-10-01, and describe the version."""
    data = split(journey)
    everyone = train_value(data.known, OUTPUT, recipe).scores(data.test)
    return described(data, train_value(data.train, OUTPUT, recipe), recipe, everyone)


def described(data: Split, model: TreeModel, recipe: Recipe, everyone: np.ndarray | None = None) -> Version:
    """The version of a model that is trained: its test, its figures, its outputs.

    `everyone` is what it would score had it learned from the held-out fifth too; None if unknown.
    """
    score, actual, held = model.scores(data.test), data.actual, data.held
    before = data.test["spend_90d"].to_numpy(np.float64)
    baseline = "spend_of_the_last_90_days"
    evaluation, figures = evaluate(
        data, OUTPUT, "value", score, everyone=everyone, baselines={baseline: before}
    )
    figures[f"{baseline}_households_held_out"] = metrics.of_value(actual[held], before[held])
    training = {
        **data.facts(),
        "parameters": recipe.to_manifest(),
        "libraries": libraries(),
        "metrics": figures,
        "tested": (
            f"Tested at 2017-10-01 on the {len(actual):,} households that had bought before, who spent "
            f"{actual.mean():.2f} on average in the next 90 days ({score.mean():.2f} predicted); trained on "
            "weeks whose 90 days were over by then, without the fifth of the households that is held out. "
            f"Intervals are bootstrap over households.{EVERYONE if everyone is not None else ''}"
        ),
        "limits": [
            "It is an expectation: what one customer spends scatters widely around it (see the mean error).",
            "One grocer, one year: it has seen no second spring.",
        ],
    }
    output = score_output(
        OUTPUT,
        "value",
        scores=model.scores(data.train),
        bands={"low": 0.0, "middle": 0.4, "high": 0.75, "top": 0.9},
        fallback=float(np.median(model.scores(data.train))),
    )
    return tree_version(
        model,
        data,
        definitions=DEFINITIONS / "clv.yaml",
        output=output,
        training=training,
        description=_DESCRIPTION,
        evaluation=evaluation,
    )
