"""Labelled pairs of a household and an item, from the engine's tables of candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import xgboost as xgb

TEXTS = ["customer_id", "list", "item"]
HORIZON = pd.Timedelta(days=30)

_BATCH = 200_000


@dataclass(frozen=True)
class Bought:
    """What households bought, an item an order once: product types for `items`, categories for `discover`."""

    items: pd.DataFrame
    discover: pd.DataFrame

    def wanted(self, at: pd.Timestamp, end: pd.Timestamp) -> dict[str, dict[str, set[str]]]:
        """By list and household what it bought next, as far as it is known by `end`.

        `items` are those of the first order after `at` with any of them; `discover` those that the household
        bought in the 30 days after it and never before, if the 30 days are over by `end`. Only households
        that bought something before, and only where there is anything.
        """
        found = {"items": _next_order(self.items, at, end), "discover": {}}
        if at + HORIZON <= end:
            found["discover"] = _never_before(self.discover, at)
        return found


def _next_order(bought: pd.DataFrame, at: pd.Timestamp, end: pd.Timestamp) -> dict[str, set[str]]:
    known = set(bought.loc[bought["time"] <= at, "customer_id"])
    later = bought[(bought["time"] > at) & (bought["time"] <= end) & bought["customer_id"].isin(known)]
    first = later.sort_values(["time", "order_id"], kind="stable").drop_duplicates("customer_id")["order_id"]
    return later[later["order_id"].isin(first)].groupby("customer_id")["item"].agg(set).to_dict()


def _never_before(bought: pd.DataFrame, at: pd.Timestamp) -> dict[str, set[str]]:
    had = bought[bought["time"] <= at].groupby("customer_id")["item"].agg(set).to_dict()
    later = bought[(bought["time"] > at) & (bought["time"] <= at + HORIZON)]
    found = later.groupby("customer_id")["item"].agg(set).to_dict()
    new = {customer: items - had[customer] for customer, items in found.items() if customer in had}
    return {customer: items for customer, items in new.items() if items}


def batches(table: Path) -> Iterator[pd.DataFrame]:
    """The engine's table, some rows at a time; texts are categories."""
    for batch in pq.ParquetFile(table).iter_batches(_BATCH):
        encoded = pa.table(
            {
                name: batch[name].dictionary_encode() if name in TEXTS else batch[name]
                for name in batch.schema.names
            }
        )
        yield encoded.to_pandas()


def labelled(
    table: Path,
    bought: Bought,
    end: pd.Timestamp,
    *,
    without: Mapping[str, bool],
    share: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Pairs to learn from: all that were bought, and a share of the others; `label` is 1 or 0.

    Parameters
    ----------
    table : Path
        The engine's.
    end : Timestamp
        Nothing after it is known.
    without : mapping of str to bool
        Which households are left out.
    share : float
        Of the pairs that were not bought.
    """
    wanted: dict[pd.Timestamp, dict[str, dict[str, set[str]]]] = {}
    parts = []
    for batch in batches(table):
        rows = batch[~batch["customer_id"].map(without).astype(bool)]
        for at, some in rows.groupby("at", sort=True):
            if at not in wanted:
                wanted[at] = bought.wanted(at, end)
            label = labels(some, wanted[at])
            kept = (label == 1) | ((label == 0) & (rng.random(len(some)) < share))
            parts.append(some[kept].assign(label=label[kept]).astype(dict.fromkeys(TEXTS, object)))
    return pd.concat(parts, ignore_index=True)


def labels(rows: pd.DataFrame, wanted: Mapping[str, Mapping[str, set[str]]]) -> np.ndarray:
    """1 for what was bought, 0 for what was not, NaN where nothing is known of the household's list."""
    found = np.full(len(rows), np.nan, np.float32)
    keys = zip(rows["customer_id"], rows["list"], rows["item"], strict=True)
    for i, (customer, which, item) in enumerate(keys):
        of = wanted[which].get(customer)
        if of is not None:
            found[i] = item in of
    return found


def groups(rows: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows, one list of one household at one instant beside each other, and the list's number."""
    number = rows.groupby(["at", "customer_id", "list"], sort=True).ngroup().to_numpy()
    order = np.argsort(number, kind="stable")
    return rows.iloc[order].reset_index(drop=True), number[order]


def ranked(
    rows: pd.DataFrame, score: np.ndarray, customers: Sequence[str], which: str
) -> list[list[tuple[str, float]]]:
    """Each customer's items of a list with their scores, best first, of equals what stands first."""
    of = rows["list"].to_numpy() == which
    some = pd.DataFrame(
        {
            "customer": rows["customer_id"].to_numpy()[of],
            "item": rows["item"].to_numpy()[of],
            "score": score[of],
        }
    ).sort_values("score", ascending=False, kind="stable")
    found = {
        customer: list(zip(group["item"], group["score"], strict=True))
        for customer, group in some.groupby("customer", observed=True, sort=False)
    }
    return [found.get(customer, []) for customer in customers]


def predict(booster: xgb.Booster, rows: pd.DataFrame) -> np.ndarray:
    """What the booster says of each row."""
    import xgboost as xgb

    names = booster.feature_names
    return booster.predict(xgb.DMatrix(rows[names].to_numpy(np.float32), feature_names=names))
