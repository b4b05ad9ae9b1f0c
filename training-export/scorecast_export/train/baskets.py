"""Baskets of goods: what is in them, what the next one holds, and how well a list foretells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_ITEMS = 1400
_NO_GOODS = {"automotive", "coupon", "fuel", "miscellaneous", "restaurant", "travel-leisure"}
_SUNDRY = "coupon-misc-items"
_LEVELS = 3
_AT = 10


def of_goods(purchases: pd.DataFrame) -> pd.DataFrame:
    """The lines of things that a list can recommend: no fuel, no coupons, no services, nothing unknown."""
    level = purchases["category"].str.split("/", expand=True).reindex(columns=range(2))
    known = purchases["category"].notna() & ~level[0].isin(_NO_GOODS) & (level[1] != _SUNDRY)
    return purchases[known]


def vocabulary(purchases: pd.DataFrame) -> list[str]:
    """The product types that most households bought, by name."""
    types = purchases[purchases["category"].str.count("/") == _LEVELS - 1]
    households = types.groupby("category")["customer_id"].nunique()
    return sorted(households.sort_index().nlargest(_ITEMS).index)


def item_file(items: Sequence[str]) -> str:
    """The lines of `items.txt`: id, category, title; the id is the category path."""
    return "".join(f"{item}\t{item}\t{title(item)}\n" for item in items)


def title(path: str) -> str:
    """A product type's name for people, from its path.

    >>> title("grocery/fluid-milk-products/fluid-milk-white-only")
    'Fluid milk white only'
    """
    return path.rpartition("/")[2].replace("-", " ").capitalize()


def next_baskets(purchases: pd.DataFrame, at: pd.Timestamp, before: pd.Timestamp) -> pd.DataFrame:
    """`customer_id` and the `items` (a set of paths) of each customer's first basket after `at`.

    Parameters
    ----------
    purchases : DataFrame
        `customer_id`, `time`, `order_id`, `category`.
    at, before : Timestamp
        A basket counts after `at` and before `before`.
    """
    time = purchases["time"]
    later = purchases[(time > at) & (time < before)]
    orders = later.sort_values(["time", "order_id"], kind="stable").drop_duplicates("customer_id")["order_id"]
    first = later[later["order_id"].isin(orders)]
    items = first.groupby("customer_id")["category"].agg(set).rename("items").reset_index()
    return items.assign(at=at)


def recall(baskets: Sequence[set[str]], lists: Sequence[Sequence[str]]) -> np.ndarray:
    """For each basket, the share of its items among the first ten of its list."""
    pairs = zip(baskets, lists, strict=True)
    return np.array([len(held & set(ranked[:_AT])) / len(held) for held, ranked in pairs])


def ndcg(baskets: Sequence[set[str]], lists: Sequence[Sequence[str]]) -> np.ndarray:
    """For each basket, the discounted gain of the first ten of its list, over the best there can be."""
    gains = 1 / np.log2(np.arange(2, _AT + 2))
    found = []
    for held, ranked in zip(baskets, lists, strict=True):
        hit = np.array([item in held for item in ranked[:_AT]], bool)
        found.append(gains[: len(hit)][hit].sum() / gains[: min(len(held), _AT)].sum())
    return np.array(found)


def personal_frequency(purchases: pd.DataFrame, at: pd.Timestamp) -> dict[str, list[str]]:
    """Each customer's product types up to `at`, most often bought first, of equals the most popular."""
    before = purchases[purchases["time"] <= at]
    counts = before.groupby(["customer_id", "category"]).size().rename("times").reset_index()
    counts["popular"] = counts["category"].map(before["category"].value_counts())
    counts = counts.sort_values(
        ["customer_id", "times", "popular", "category"], ascending=[True, False, False, True]
    )
    return counts.groupby("customer_id")["category"].agg(list).to_dict()


def popularity(purchases: pd.DataFrame, at: pd.Timestamp) -> list[str]:
    """Product types by how many households had bought them by `at`."""
    before = purchases[purchases["time"] <= at]
    return list(
        before.groupby("category")["customer_id"].nunique().sort_values(ascending=False, kind="stable").index
    )
