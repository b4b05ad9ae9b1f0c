"""`propensity`: whether a household that is mailed a campaign redeems a coupon within 30 days.

A row is a mailing, its features as of the midnight before it. It is tested on campaign 18, and trained on the
campaigns whose 30 days were over when campaign 18 was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scorecast_export.train.boosting import Recipe
from scorecast_export.train.journey import DEFINITIONS
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

OUTPUT = "p_redeem_30d"
RECIPE = Recipe(
    250,
    {
        "objective": "binary:logistic",
        "max_depth": 4,
        "eta": 0.03,
        "min_child_weight": 10,
        "subsample": 0.7,
        "colsample_bytree": 0.4,
        "reg_lambda": 5.0,
    },
)

_TEST_CAMPAIGN = "18"
_HORIZON = pd.Timedelta(days=30)
_DESCRIPTION = "Will a customer who is mailed a campaign now redeem a coupon within 30 days?"


def labelled_mailings(mailings: pd.DataFrame, redemptions: pd.DataFrame) -> pd.DataFrame:
    """Mailings, each with the midnight before it as `at`; `label` says whether a coupon was redeemed.

    Parameters
    ----------
    mailings, redemptions : DataFrame
        `customer_id`, `campaign` and `time`.
    """
    rows = mailings.assign(at=mailings["time"].dt.floor("D"), row=np.arange(len(mailings)))
    later = rows.merge(redemptions[["customer_id", "time"]], on="customer_id", suffixes=("", "_redeemed"))
    after = later["time_redeemed"] - later["time"]
    redeemed = later.loc[(after > pd.Timedelta(0)) & (after <= _HORIZON), "row"]
    rows["label"] = rows["row"].isin(redeemed).astype(float)
    return rows.drop(columns=["time", "row"])


def split(journey: Journey) -> Split:
    """Mailings before campaign 18 to learn from, and those of campaign 18."""
    rows = labelled_mailings(journey.mailings(), journey.redemptions())
    features = journey.features(DEFINITIONS / "propensity.yaml", list(rows["at"]))
    rows = rows.merge(features, on=["customer_id", "at"], validate="many_to_one")
    tested = rows["campaign"] == _TEST_CAMPAIGN
    sent = rows.loc[tested, "at"].min()
    known = (rows["at"] + _HORIZON <= sent) & ~tested
    rows = rows.drop(columns="campaign")
    return Split(rows[known], rows[tested])


def train(journey: Journey, recipe: Recipe = RECIPE) -> Version:
    """Train, test on campaign 18, and describe the version."""
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
            f"Tested on the {len(actual):,} households that were mailed campaign 18 on 2017-10-30, "
            f"{actual.mean():.1%} of whom redeemed a coupon within 30 days; trained on mailings whose 30 "
            "days were over by then, without the fifth of the households that is held out. Intervals are "
            f"bootstrap over households.{EVERYONE if everyone is not None else ''}"
        ),
        "limits": [
            "A household that is not mailed redeems less than this says: it was trained on mailed ones only.",
            "One grocer, one year, mailings on paper.",
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
        definitions=DEFINITIONS / "propensity.yaml",
        output=output,
        training=training,
        description=_DESCRIPTION,
        evaluation=evaluation,
    )
