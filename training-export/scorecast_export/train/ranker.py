"""`next-product` as candidates and a learned ranker: two lists, what to buy again and what to discover.

Items of the one are product types, of the other categories that the household never bought. The engine finds
the candidates and computes what is known of each pair; XGBoost learns to rank them.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xgboost as xgb
import yaml

from scorecast_export.data.download import NOTICE
from scorecast_export.evaluation.lists import CUTS, by_length
from scorecast_export.train import metrics
from scorecast_export.train.baskets import item_file, ndcg, of_goods, recall
from scorecast_export.train.boosting import Recipe
from scorecast_export.train.item_facts import (
    cosines,
    facts_file,
    item_facts,
    neighbours,
    neighbours_file,
    per_order,
    sets,
)
from scorecast_export.train.journey import DEFINITIONS, day, held_out
from scorecast_export.train.pair_rows import (
    HORIZON,
    TEXTS,
    Bought,
    batches,
    groups,
    labelled,
    predict,
    ranked,
)
from scorecast_export.train.trees import libraries
from scorecast_export.versions.numbers import six_digits
from scorecast_export.versions.version import Answers, Version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scorecast_export.train.journey import Journey

RECIPE = Recipe(
    80,
    {
        "objective": "rank:ndcg",
        "max_depth": 5,
        "eta": 0.1,
        "min_child_weight": 20,
        "subsample": 0.8,
        "colsample_bytree": 0.6,
    },
)

_TEST = day("2017-11-01")
_BLOCK = pd.Timedelta(days=28)
_HALF = pd.Timedelta(days=14)
_BLOCKS = 3
_NOT_BOUGHT = 0.25  # the share of such pairs that is learned from
_TYPES = 1000
_FEWEST_HOUSEHOLDS = 5
_NEIGHBOURS = {"items": 30, "discover": 100}
_LEVELS = {"items": 3, "discover": 2}
_FILES = {"items": ("items.txt", "item"), "discover": ("categories.txt", "category")}
_SHOWN = 10
_GOLDEN = 30
_DESCRIPTION = (
    "Which product types will be in a customer's next basket, and which categories are new to discover?"
)


@dataclass(frozen=True)
class Items:
    """The vocabularies of both lists, and all that was bought of them."""

    names: dict[str, list[str]]
    bought: dict[str, pd.DataFrame]

    @classmethod
    def of(cls, goods: pd.DataFrame, learned: pd.DataFrame) -> Items:
        """The 1,000 product types that most households learned from bought; categories of five or more."""
        names, bought = {}, {}
        for which, level in _LEVELS.items():
            households = per_order(learned, level).groupby("item")["customer_id"].nunique().sort_index()
            most = households.nlargest(_TYPES) if which == "items" else households
            names[which] = sorted(most[most >= _FEWEST_HOUSEHOLDS].index)
            every = per_order(goods, level)
            bought[which] = every[every["item"].isin(set(names[which]))]
        return cls(names, bought)

    def files(self, learned: set[str], at: pd.Timestamp) -> dict[str, str]:
        """The files that the definitions name, from what some households had bought by an instant."""
        found = {}
        for which, (vocabulary, prefix) in _FILES.items():
            names = self.names[which]
            bought = self.bought[which]
            bought = bought[bought["customer_id"].isin(learned)]
            found[vocabulary] = item_file(names)
            found[f"{prefix}-facts.tsv"] = facts_file(item_facts(bought, names, at))
            near = neighbours(bought, names, at, _NEIGHBOURS[which])
            found[f"{prefix}-neighbours.txt"] = neighbours_file(near)
        return found

    def households(self, which: str, at: pd.Timestamp) -> dict[str, int]:
        """How many households had bought each item of a list."""
        bought = self.bought[which]
        found = bought[bought["time"] <= at].groupby("item")["customer_id"].nunique()
        return {item: int(found.get(item, 0)) for item in self.names[which]}

    def popular(self, which: str, at: pd.Timestamp) -> list[str]:
        """A list's items by how many households had bought them."""
        households = self.households(which, at)
        return sorted(self.names[which], key=lambda item: (-households[item], item))


@dataclass(frozen=True)
class Ranker:
    """The booster as its own library runs it."""

    booster: xgb.Booster

    def __call__(self, rows: pd.DataFrame) -> Answers:
        """Answers for each customer, in the order in which they first stand in the rows."""
        customers = list(pd.unique(rows["customer_id"]))
        score = predict(self.booster, rows)
        lists = {which: ranked(rows, score, customers, which) for which in _LEVELS}
        raw = {
            which: [[[item, float(x)] for item, x in found[:_GOLDEN]] for found in of]
            for which, of in lists.items()
        }
        published = {
            which: [[[item, six_digits(x)] for item, x in found[:_SHOWN]] for found in of]
            for which, of in raw.items()
        }
        return Answers(raw, published)


def grow_ranker(rows: pd.DataFrame, names: Sequence[str], recipe: Recipe, threads: int = 1) -> xgb.Booster:
    """Train on pairs with `label`, each list of a household at an instant a group."""
    rows, number = groups(rows)
    data = xgb.DMatrix(
        rows[list(names)].to_numpy(np.float32),
        label=rows["label"].to_numpy(),
        qid=number.astype(np.uint32),
        feature_names=list(names),
    )
    parameters = {"seed": 1, "tree_method": "hist", "nthread": threads, **recipe.parameters}
    return xgb.train(parameters, data, num_boost_round=recipe.rounds)


@dataclass(frozen=True)
class Setting:
    """Everything that is known at a test: what can be learned from, and the candidates to be ranked then."""

    items: Items
    train: pd.DataFrame
    test: pd.DataFrame
    files: dict[str, str]
    at: pd.Timestamp


def prepare(journey: Journey, test: pd.Timestamp, blocks: int) -> Setting:
    """Pairs of four-week blocks before a test, two instants in each, and of the test.

    What a block's files say of items is as of the block's beginning, as a version's is as of its training.
    """
    purchases = journey.of_type("purchase")
    goods = of_goods(purchases)
    out = {customer: bool(held) for customer, held in _held(goods["customer_id"].unique())}
    before = goods[goods["time"] <= test]
    items = Items.of(goods, before[~before["customer_id"].map(out)])
    learned = {customer for customer, held in out.items() if not held}
    rng = np.random.default_rng(1)
    parts = []
    with tempfile.TemporaryDirectory(prefix="scorecast-") as name:
        folder = Path(name)
        for block in range(blocks, 0, -1):
            start = test - block * _BLOCK - _HALF
            table = _pairs(journey, folder, items.files(learned, start), [start + _HALF, start + _BLOCK])
            bought = Bought(**items.bought)
            parts.append(labelled(table, bought, test, without=out, share=_NOT_BOUGHT, rng=rng))
        files = items.files(learned, test)
        tested = pd.concat(batches(_pairs(journey, folder, files, [test])), ignore_index=True)
    learned_from = pd.concat(parts, ignore_index=True) if parts else tested.iloc[:0]
    return Setting(items, learned_from, tested, files, test)


def _held(customers: Sequence[str]) -> list[tuple[str, bool]]:
    return list(zip(customers, held_out(customers), strict=True))


def _pairs(journey: Journey, folder: Path, files: dict[str, str], instants: Sequence[pd.Timestamp]) -> Path:
    definitions = folder / "features.yaml"
    definitions.write_text(_definitions(), encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    table = folder / "pairs.parquet"
    journey.engine.write([journey.file], definitions, instants, table)
    return table


def _definitions() -> str:
    return (DEFINITIONS / "next-product.ranker.yaml").read_text(encoding="utf-8")


def columns() -> list[str]:
    """What the model reads: the features of the pair, then those of the customer."""
    declared = yaml.safe_load(_definitions())
    return [feature["name"] for feature in (*declared["pairs"], *declared["features"])]


def evaluate(setting: Setting, score: np.ndarray) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures of the ranker and of its baselines over all households, and the paired differences.

    Returns
    -------
    tuple of dict
        ``metrics`` and ``by_length`` of the manifest.
    """
    found: dict[str, Any] = {}
    lengths: dict[str, Any] = {"cuts": list(CUTS)}
    wanted = Bought(**setting.items.bought).wanted(setting.at, setting.at + 366 * HORIZON)
    for which, baselines in (("items", _item_baselines), ("discover", _discover_baselines)):
        of = wanted[which]
        customers = sorted(of)
        held = held_out(customers).to_numpy()
        lists = {"": [[i for i, _ in found] for found in ranked(setting.test, score, customers, which)]}
        lists |= baselines(setting, customers)
        baskets = [of[customer] for customer in customers]
        named = {name or "model": lists[name] for name in lists}
        lengths[which] = by_length(baskets, named, setting.items.households(which, setting.at))
        figures = {name: (recall(baskets, lists[name]), ndcg(baskets, lists[name])) for name in lists}
        prefix = "" if which == "items" else "discover_"
        share, gain = figures[""]
        for name, (other_share, other_gain) in figures.items():
            row = {
                "customers": len(customers),
                "recall_10": _mean(other_share),
                "ndcg_10": _mean(other_gain),
                "recall_10_95": metrics.mean_interval(other_share),
            }
            if name:
                row["model_recall_10_above_95"] = metrics.mean_interval(share - other_share)
                row["model_ndcg_10_above_95"] = metrics.mean_interval(gain - other_gain)
            found[f"{prefix}{name or 'model'}"] = row
        found[f"{prefix}model_households_held_out"] = {
            "customers": int(held.sum()),
            "recall_10": _mean(share[held]),
            "ndcg_10": _mean(gain[held]),
            "recall_10_95": metrics.mean_interval(share[held]),
        }
    return found, lengths


def _mean(values: np.ndarray) -> float:
    return round(float(values.mean()), 4)


def _item_baselines(setting: Setting, customers: Sequence[str]) -> dict[str, list[list[str]]]:
    """Most often bought first, by orders, of equals the most popular; and what is popular."""
    bought = setting.items.bought["items"]
    before = bought[bought["time"] <= setting.at]
    counts = before.groupby(["customer_id", "item"]).size().rename("times").reset_index()
    counts["popular"] = counts["item"].map(before["item"].value_counts())
    ordered = counts.sort_values(
        ["customer_id", "times", "popular", "item"], ascending=[True, False, False, True]
    )
    own = ordered.groupby("customer_id")["item"].agg(list).to_dict()
    return {
        "personal_frequency": [own[customer] for customer in customers],
        "popularity": [setting.items.popular("items", setting.at)] * len(customers),
    }


def _discover_baselines(setting: Setting, customers: Sequence[str]) -> dict[str, list[list[str]]]:
    """What is popular, and what is like what the household has, by the cosine; both without what it has."""
    names, bought = setting.items.names["discover"], setting.items.bought["discover"]
    households = sorted(bought.loc[bought["time"] <= setting.at, "customer_id"].unique())
    row = {customer: i for i, customer in enumerate(households)}
    held = sets(bought, names, setting.at)[[row[customer] for customer in customers]]
    popular = setting.items.popular("discover", setting.at)
    alike = np.where(held > 0, -1.0, held @ cosines(bought, names, setting.at))
    had = [{names[i] for i in np.flatnonzero(of)} for of in held]
    return {
        "popularity": [[item for item in popular if item not in of] for of in had],
        "item_to_item": [[names[i] for i in np.argsort(-of, kind="stable")[: CUTS[-1]]] for of in alike],
    }


def figures_again(journey: Journey, booster: xgb.Booster) -> tuple[dict[str, Any], dict[str, Any]]:
    """``metrics`` and ``by_length`` of a booster that was trained before, on the same test."""
    setting = prepare(journey, _TEST, 0)
    return evaluate(setting, predict(booster, setting.test))


def train(journey: Journey) -> Version:
    """Train, test at 2017-11-01, and describe the version."""
    setting = prepare(journey, _TEST, _BLOCKS)
    names = columns()
    model = Ranker(grow_ranker(setting.train, names, RECIPE))
    found, lengths = evaluate(setting, predict(model.booster, setting.test))
    at = setting.train["at"]
    training = {
        "rows": len(setting.train),
        "customers": int(setting.train["customer_id"].nunique()),
        "instants": [f"{at.min():%Y-%m-%d}", f"{at.max():%Y-%m-%d}"],
        "tested_at": f"{_TEST:%Y-%m-%d}",
        "items": {which: len(items) for which, items in setting.items.names.items()},
        "parameters": RECIPE.to_manifest(),
        "libraries": libraries(),
        "metrics": found,
        "by_length": lengths,
        "tested": _tested(found),
        "limits": [
            "It knows product types and categories that households of one grocer bought, no single product.",
            "Its scores put items in order; they are no probabilities.",
            "What is popular is as of its training: seasons that it has not seen come as a surprise.",
        ],
    }
    outputs = [
        {
            "name": which,
            "kind": "items",
            "top": _SHOWN,
            "fallback": setting.items.popular(which, _TEST)[:_SHOWN],
        }
        for which in _LEVELS
    ]
    return Version(
        name="next-product",
        task="next-product",
        description=_DESCRIPTION,
        runtime="xgboost",
        file="model.ubj",
        model=bytes(model.booster.save_raw("ubj")),
        definitions=_definitions(),
        data=NOTICE,
        inputs=[{"name": "pairs", "features": names}],
        outputs=outputs,
        training=training,
        predict=model,
        rows=setting.train.drop(columns=[*TEXTS, "at", "label"]),
        scores={},
        tolerance=1e-5,
        files=setting.files,
        ranks_pairs=True,
    )


def _tested(found: dict[str, Any]) -> str:
    beaten = {
        "personal frequency": found["personal_frequency"]["model_recall_10_above_95"][0] > 0,
        "popularity of new categories": found["discover_popularity"]["model_recall_10_above_95"][0] > 0,
        "item-to-item": found["discover_item_to_item"]["model_recall_10_above_95"][0] > 0,
    }
    parts = [
        f"{'Beats' if won else 'DOES NOT BEAT'} {name} in recall@10 with 95 % confidence."
        for name, won in beaten.items()
    ]
    new = found["discover_model"]["customers"]
    return (
        f"Tested once, at 2017-11-01. `items`: the first order after it with any of {_TYPES:,} types, of "
        f"{found['model']['customers']:,} households. `discover`: categories that a household never bought "
        f"before and bought in the next 30 days, of {new:,} households with any. Fuel, coupons and services "
        "are no items. Learned from labels known by then, without the fifth of the households that is held "
        "out. `recall_10_95` is a bootstrap interval over households, `model_…_above_95` that of the paired "
        "difference of the model. " + " ".join(parts)
    )
