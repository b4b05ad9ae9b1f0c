"""What training finds out about items: how popular, how often bought again, how alike; as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

_RECENT = pd.Timedelta(days=90)
_LATEST = pd.Timedelta(days=28)
_DIGITS = 5


def per_order(purchases: pd.DataFrame, level: int) -> pd.DataFrame:
    """The lines of each order by the first `level` parts of the category, one a part: `item` is the path."""
    item = purchases["category"].str.split("/").str[:level].str.join("/")
    whole = purchases["category"].str.count("/") >= level - 1
    lines = purchases[["customer_id", "time", "order_id"]].assign(item=item)[whole]
    return lines.drop_duplicates(["customer_id", "order_id", "item"])


def item_facts(bought: pd.DataFrame, items: Sequence[str], at: pd.Timestamp) -> pd.DataFrame:
    """Figures of each item as of an instant, in the items' order.

    Parameters
    ----------
    bought : DataFrame
        As `per_order` gives it; what is later than `at` is not looked at.

    Returns
    -------
    DataFrame
        ``popularity`` and ``popularity_28d``, shares of the households active in 90 and 28 days that bought
        it; ``per_buyer``, orders with it of those who ever bought it; ``repeaters``, the share of them with
        two or more; ``usual_gap``, the median of the days between those.
    """
    before = bought[bought["time"] <= at].sort_values(["customer_id", "item", "time"], kind="stable")
    found = pd.DataFrame(index=pd.Index(items, name="item"))
    for name, span in (("popularity", _RECENT), ("popularity_28d", _LATEST)):
        recent = before[before["time"] > at - span]
        active = max(1, recent["customer_id"].nunique())
        found[name] = recent.groupby("item")["customer_id"].nunique() / active
    times = before.groupby(["item", "customer_id"]).size()
    found["per_buyer"] = times.groupby("item").mean()
    found["repeaters"] = (times > 1).groupby("item").mean()
    gap = before.groupby(["customer_id", "item"])["time"].diff().dt.total_seconds() / 86_400
    found["usual_gap"] = gap.groupby(before["item"]).median()
    shares = ["popularity", "popularity_28d"]
    return found.fillna(dict.fromkeys(shares, 0.0)).round(_DIGITS)


def neighbours(
    bought: pd.DataFrame, items: Sequence[str], at: pd.Timestamp, most: int, ridge: float = 1000.0
) -> list[list[tuple[int, float]]]:
    """For each item those whose purchase says most of its neighbours', the greatest weights first.

    The weights are those of EASE (Steck 2019): the ridge regression of each item on all others over the sets
    of items that households bought by `at`. Unlike cosines they leave out what two share through a third.

    Returns
    -------
    list of list of (int, float)
        For each item, what buying it adds to others: their places from 0, and the weight, which may be
        negative.
    """
    held = sets(bought, items, at).astype(np.float64)
    inverse = np.linalg.inv(held.T @ held + ridge * np.eye(len(items)))
    weights = -inverse / np.diag(inverse)[None, :]
    np.fill_diagonal(weights, 0.0)
    found = []
    for row in weights:
        best = np.argsort(-np.abs(row), kind="stable")[:most]
        found.append([(int(other), float(f"{row[other]:.4g}")) for other in best if row[other] != 0])
    return found


def cosines(bought: pd.DataFrame, items: Sequence[str], at: pd.Timestamp) -> np.ndarray:
    """The cosine between the sets of households that bought two items by `at`, zeros on the diagonal."""
    held = sets(bought, items, at)
    together = held.T @ held
    size = np.sqrt(np.maximum(1, np.diag(together)))
    np.fill_diagonal(together, 0)
    return together / size[:, None] / size[None, :]


def sets(bought: pd.DataFrame, items: Sequence[str], at: pd.Timestamp) -> np.ndarray:
    """A row of 0 and 1 for each household, in the order of their ids: which items it bought by `at`."""
    before = bought[(bought["time"] <= at) & bought["item"].isin(items)]
    column = before["item"].map({item: i for i, item in enumerate(items)}).to_numpy()
    row, households = pd.factorize(before["customer_id"], sort=True)
    held = np.zeros((len(households), len(items)), np.float32)
    held[row, column] = 1
    return held


def facts_file(facts: pd.DataFrame) -> str:
    """Tab-separated, with a heading; an empty cell is a missing number."""
    return facts.to_csv(sep="\t", index=False, lineterminator="\n")


def neighbours_file(found: Sequence[Sequence[tuple[int, float]]]) -> str:
    """A line for each item: places from 1, and similarities."""
    return "".join(" ".join(f"{i + 1}:{similarity:g}" for i, similarity in row) + "\n" for row in found)
