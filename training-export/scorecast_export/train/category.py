"""`category`: from which of twenty categories a household will buy in the next 30 days.

One XGBoost model answers for all of them at once, with a tree for each category in each round.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml

from scorecast_export.data.download import NOTICE
from scorecast_export.evaluation.baselines import rfm_logistic
from scorecast_export.evaluation.evaluation import Evaluation
from scorecast_export.train import metrics
from scorecast_export.train.boosting import Recipe, grow, margins, matrix, unseen_margins
from scorecast_export.train.calibration import Platt, fit_platt
from scorecast_export.train.journey import DEFINITIONS, day, held_out
from scorecast_export.train.trees import EVERYONE, libraries, only_features
from scorecast_export.versions.manifest import score_output
from scorecast_export.versions.numbers import six_digits
from scorecast_export.versions.version import Answers, Version, feature_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xgboost as xgb

    from scorecast_export.train.journey import Journey

RECIPE = Recipe(
    32,
    {
        "objective": "binary:logistic",
        "max_depth": 3,
        "eta": 0.18,
        "min_child_weight": 20,
        "subsample": 0.8,
        "colsample_bytree": 0.5,
    },
)

_TEST = day("2017-11-01")
_HORIZON = pd.Timedelta(days=30)
_STEP = pd.Timedelta(days=10)
_INSTANTS = 12
_LEVEL = 2
_FEWEST, _MOST = 0.1, 0.4
_MONTHS = 3
_VOCABULARY = "categories.txt"
_DESCRIPTION = "From which of twenty categories will a customer buy in the next 30 days?"


def categories() -> list[str]:
    """The paths of the twenty, in the order of the outputs."""
    text = (DEFINITIONS / _VOCABULARY).read_text(encoding="utf-8")
    return [line.partition("\t")[0] for line in text.splitlines()]


def output_of(category: str) -> str:
    """What is published for a category.

    >>> output_of("grocery/ice-cream-milk-sherbts")
    'p_ice_cream_milk_sherbts_30d'
    """
    return f"p_{short(category)}_30d"


def short(category: str) -> str:
    """The category's own name, as names of outputs and figures have it."""
    return category.rpartition("/")[2].replace("-", "_")


def paths(purchases: pd.DataFrame) -> pd.Series:
    """The category of each purchase at the second level of its path; none where the path is shorter."""
    levels = purchases["category"].str.split("/")
    return levels.str[:_LEVEL].str.join("/").where(levels.str.len() >= _LEVEL)


def bought_after(
    purchases: pd.DataFrame, customers: Sequence[str], at: pd.Timestamp, chosen: Sequence[str]
) -> np.ndarray:
    """A row for each customer, a column for each category: 1 if bought from in the 30 days after `at`.

    Parameters
    ----------
    purchases : DataFrame
        `customer_id`, `time`, and `path` as `paths` gives it.
    """
    time = purchases["time"]
    later = purchases[(time > at) & (time <= at + _HORIZON)]
    found = np.zeros((len(customers), len(chosen)), np.float64)
    row = pd.Index(customers).get_indexer(later["customer_id"])
    column = pd.Index(chosen).get_indexer(later["path"])
    inside = (row >= 0) & (column >= 0)
    found[row[inside], column[inside]] = 1
    return found


def monthly_shares(purchases: pd.DataFrame, before: pd.Timestamp) -> pd.Series:
    """By category, the mean share of all households that bought from it in each of three times 30 days."""
    households = purchases["customer_id"].nunique()
    parts = []
    for month in range(_MONTHS):
        end = before - month * _HORIZON
        some = purchases[(purchases["time"] > end - _HORIZON) & (purchases["time"] <= end)]
        parts.append(some.groupby("path")["customer_id"].nunique() / households)
    return pd.concat(parts, axis=1).fillna(0.0).mean(axis=1).sort_values(ascending=False, kind="stable")


@dataclass(frozen=True)
class Split:
    """Rows with `customer_id`, `at` and features; labels with a column for each category.

    Attributes
    ----------
    rows, labels
        Of all households: before the test, and each label known when it begins.
    learned
        Which of them are of households that are not held out.
    test, actual
        Of all households, later.
    held
        Which rows of `test` are of households held out.
    rfm, rfm_test
        For each category the recency, frequency and monetary value in it, of `rows` and of `test`.
    shares
        By category, the share of households that buy from it in a month, before the test.
    """

    rows: pd.DataFrame
    labels: np.ndarray
    learned: np.ndarray
    test: pd.DataFrame
    actual: np.ndarray
    held: np.ndarray
    rfm: pd.DataFrame
    rfm_test: pd.DataFrame
    shares: dict[str, float]


def split(journey: Journey, test: pd.Timestamp = _TEST) -> Split:
    """Twelve instants ten days apart whose 30 days were over at the test, and the test."""
    chosen = categories()
    instants = [test - _HORIZON - back * _STEP for back in reversed(range(_INSTANTS))]
    purchases = journey.of_type("purchase")
    purchases = purchases.assign(path=paths(purchases))[["customer_id", "time", "path"]]
    table = journey.features(DEFINITIONS / "category.yaml", [*instants, test])
    table = table[table["days_since_purchase"].notna()].reset_index(drop=True)
    with tempfile.TemporaryDirectory(prefix="scorecast-") as name:
        file = Path(name) / "rfm.yaml"
        file.write_text(rfm_definitions(chosen), encoding="utf-8")
        rfm = journey.features(file, [*instants, test])
    rfm = table[["customer_id", "at"]].merge(rfm, on=["customer_id", "at"], validate="one_to_one")
    labels = np.empty((len(table), len(chosen)))
    for at, rows in table.groupby("at").indices.items():
        labels[rows] = bought_after(purchases, table["customer_id"].to_numpy()[rows], at, chosen)
    tested = (table["at"] == test).to_numpy()
    held = held_out(table["customer_id"]).to_numpy()
    shares = monthly_shares(purchases, test)
    return Split(
        rows=table[~tested].reset_index(drop=True),
        labels=labels[~tested],
        learned=~held[~tested],
        test=table[tested].reset_index(drop=True),
        actual=labels[tested],
        held=held[tested],
        rfm=rfm[~tested].reset_index(drop=True),
        rfm_test=rfm[tested].reset_index(drop=True),
        shares={category: round(float(shares[category]), 4) for category in chosen},
    )


def rfm_definitions(chosen: Sequence[str]) -> str:
    """A feature file of recency, orders and spend in each category; the baseline's, no model reads them."""
    features = []
    for category in chosen:
        common = {"event": "purchase", "where": f'category.under("{category}")'}
        name = short(category)
        features += [
            {"name": f"{name}_days", "kind": "days_since_last", **common},
            {"name": f"{name}_orders", "kind": "count", "per": "order", "window": "90d", **common},
            {"name": f"{name}_spend", "kind": "sum", "field": "value", "window": "90d", **common},
        ]
    return yaml.safe_dump({"features": features}, sort_keys=False)


@dataclass(frozen=True)
class CategoryModel:
    """A booster with a number for each category, and what makes probabilities of them."""

    booster: xgb.Booster
    outputs: list[str]
    calibrations: list[Platt]

    def __call__(self, rows: pd.DataFrame) -> Answers:
        """Answers as the library and the service give them."""
        features = only_features(rows)
        raw = self.booster.predict(matrix(features))
        margin = margins(self.booster, features)
        calibrated = [line(margin[:, i]) for i, line in enumerate(self.calibrations)]
        published = [np.array([six_digits(p) for p in column]) for column in calibrated]
        return Answers(
            {name: raw[:, i] for i, name in enumerate(self.outputs)},
            dict(zip(self.outputs, published, strict=True)),
        )

    def scores(self, rows: pd.DataFrame) -> np.ndarray:
        """What is published, a column for each category."""
        published = self(rows).published
        return np.column_stack([published[name] for name in self.outputs])


def grow_categories(rows: pd.DataFrame, labels: np.ndarray, recipe: Recipe) -> CategoryModel:
    """Train, and calibrate each category on margins of households that each of five folds had not seen."""
    features = only_features(rows)
    unseen = unseen_margins(features, labels, rows["customer_id"], recipe)
    lines = [fit_platt(unseen[:, i], labels[:, i]) for i in range(labels.shape[1])]
    return CategoryModel(grow(features, labels, recipe), [output_of(c) for c in categories()], lines)


def baseline(data: Split) -> np.ndarray:
    """Logistic regression on recency, frequency and monetary value in the category, a column for each."""
    known, asked = data.rfm[data.learned], data.rfm_test
    found = []
    for i, category in enumerate(categories()):
        columns = [f"{short(category)}_{part}" for part in ("days", "orders", "spend")]
        found.append(rfm_logistic(known, data.labels[data.learned][:, i], asked, columns))
    return np.column_stack(found)


def evaluate(
    data: Split, score: np.ndarray, beside: np.ndarray, everyone: np.ndarray
) -> tuple[list[Evaluation], dict[str, Any]]:
    """What the report draws of each category, and the figures of the manifest.

    Parameters
    ----------
    score, beside : array
        Of the test, a column for each category: the model's and the baseline's.
    everyone : array
        The same of a model that learned from the households held out as well, and is not shipped; its
        probabilities are not calibrated.
    """
    actual, held = data.actual, data.held
    counts = metrics.drawn_counts(len(actual))
    drawn = {
        name: np.column_stack(
            [metrics.auc_of_draws(actual[:, i], scores[:, i], counts) for i in range(actual.shape[1])]
        )
        for name, scores in {"model": score, "rfm": beside, "everyone": everyone}.items()
    }
    alone = metrics.drawn_counts(int(held.sum()))
    drawn_alone = np.column_stack(
        [metrics.auc_of_draws(actual[held, i], score[held, i], alone) for i in range(actual.shape[1])]
    )
    found: dict[str, Any] = {
        "model": _mean_figures(actual, score, drawn["model"]),
        "model_households_held_out": _mean_figures(actual[held], score[held], drawn_alone),
        "learned_from_all_households": _mean_figures(actual, everyone, drawn["everyone"]),
        "category_rfm_logistic": {
            **_mean_figures(actual, beside, drawn["rfm"]),
            "model_auc_above": metrics.middle((drawn["model"] - drawn["rfm"]).mean(axis=1)),
        },
    }
    evaluations = []
    for i, category in enumerate(categories()):
        name, other = short(category), f"{short(category)}_rfm_logistic"
        evaluation = Evaluation(
            output_of(category), "probability", actual[:, i], score[:, i], {other: beside[:, i]}
        )
        found[name] = {
            **metrics.of_probability(actual[:, i], score[:, i]),
            "auc_95": metrics.middle(drawn["model"][:, i]),
            "calibration_error_by_chance": round(metrics.calibration_error_by_chance(score[:, i]), 4),
        }
        found[other] = {
            **metrics.of_probability(actual[:, i], beside[:, i]),
            "auc_95": metrics.middle(drawn["rfm"][:, i]),
            "model_auc_above": metrics.middle(drawn["model"][:, i] - drawn["rfm"][:, i]),
        }
        evaluations.append(evaluation)
    return evaluations, found


def _mean_figures(actual: np.ndarray, score: np.ndarray, drawn: np.ndarray) -> dict[str, Any]:
    """Means over the categories, and the interval of the mean AUC over draws of households."""
    each = [metrics.of_probability(actual[:, i], score[:, i]) for i in range(actual.shape[1])]
    means = {name: round(float(np.mean([figures[name] for figures in each])), 4) for name in each[0]}
    return {**means, "auc_95": metrics.middle(drawn.mean(axis=1))}


def train(journey: Journey, recipe: Recipe = RECIPE) -> Version:
    """Train, test at 2017-11-01, and describe the version."""
    data = split(journey)
    outside = {c: share for c, share in data.shares.items() if not _FEWEST <= share <= _MOST}
    if outside:
        raise ValueError(f"not bought by 10 to 40 % of the households a month: {outside}")
    learned = data.rows[data.learned]
    model = grow_categories(learned, data.labels[data.learned], recipe)
    everyone = grow(only_features(data.rows), data.labels, recipe)
    score, beside = model.scores(data.test), baseline(data)
    evaluations, figures = evaluate(data, score, beside, everyone.predict(matrix(only_features(data.test))))
    text = (DEFINITIONS / "category.yaml").read_text(encoding="utf-8")
    at, published = learned["at"], model(learned).published
    training = {
        "rows": len(learned),
        "customers": int(learned["customer_id"].nunique()),
        "instants": [f"{at.min():%Y-%m-%d}", f"{at.max():%Y-%m-%d}"],
        "tested_at": f"{_TEST:%Y-%m-%d}",
        "tested_rows": len(data.test),
        "tested_rows_held_out": int(data.held.sum()),
        "share_of_households_a_month": {short(c): share for c, share in data.shares.items()},
        "parameters": recipe.to_manifest(),
        "libraries": libraries(),
        "metrics": figures,
        "tested": _tested(data, figures),
        "limits": [
            "The day of the year is nothing that it knows: what only sells at Christmas it has not seen.",
            "Categories as one grocer orders them, at the second level of their paths; others are not asked.",
            "The probabilities are of each category alone: they do not add up, and one basket holds several.",
        ],
    }
    outputs = []
    for i, name in enumerate(model.outputs):
        described = score_output(
            name,
            "probability",
            scores=published[name],
            bands={"low": 0.0},
            fallback=float(data.labels[data.learned][:, i].mean()),
            calibration=model.calibrations[i].to_manifest(),
        )
        # Twenty bands and percentiles would be most of an answer.
        left = {key: value for key, value in described.items() if key not in ("bands", "percentiles")}
        outputs.append({**left, "column": i})
    return Version(
        name="category",
        task="category",
        description=_DESCRIPTION,
        runtime="xgboost",
        file="model.ubj",
        model=bytes(model.booster.save_raw("ubj")),
        definitions=text,
        inputs=[{"name": "features", "features": feature_names(text)}],
        data=NOTICE,
        outputs=outputs,
        training=training,
        predict=model,
        rows=only_features(learned),
        scores=published,
        files={_VOCABULARY: (DEFINITIONS / _VOCABULARY).read_text(encoding="utf-8")},
        evaluations=evaluations,
    )


def _tested(data: Split, figures: dict[str, Any]) -> str:
    above = {short(c): figures[f"{short(c)}_rfm_logistic"]["model_auc_above"] for c in categories()}
    sure = sum(low > 0 for low, _ in above.values())
    higher = sum(figures[short(c)]["auc"] > figures[f"{short(c)}_rfm_logistic"]["auc"] for c in categories())
    errors = [figures[short(c)]["calibration_error"] for c in categories()]
    close = sum(error <= 0.02 for error in errors)
    return (
        f"Tested at 2017-11-01 on {len(data.test):,} households, on what they bought in the next 30 days; "
        "learned from labels known by then, without the fifth of the households that is held out. The rows "
        "without a category's name are means over the twenty. `category_rfm_logistic` is a logistic "
        "regression for each category on the days since it was bought, orders with it and spend on it in 90 "
        f"days: the model's AUC is higher for {higher} of {len(above)} categories, for {sure} of them with "
        f"95 % confidence. The calibration error is at most 0.02 for {close} of {len(above)} (the largest is "
        f"{max(errors)}); `calibration_error_by_chance` is what right probabilities would have on so few. "
        f"Intervals are bootstrap over households.{EVERYONE}"
    )
