"""A second reference, in polars over all customers at once: plain features as analysts write them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from reference.compare import Table
from reference.events import DAY_MS
from reference.features import Feature, feature

PURCHASE = {"event": "purchase"}

DEFINITIONS: list[Feature] = [
    feature("purchases_30d", "count", **PURCHASE, window="30d"),
    feature("orders_90d", "count", **PURCHASE, window="90d", per="order"),
    feature("days", "count", **PURCHASE, per="day"),
    feature("spend_90d", "sum", field="value", **PURCHASE, window="90d"),
    feature("spend_year_ago", "sum", field="value", **PURCHASE, window="60d", ago="30d"),
    feature("mean_line", "mean", field="value", **PURCHASE),
    feature("std_line_90d", "std", field="value", **PURCHASE, window="90d"),
    feature("largest_order", "max", field="value", **PURCHASE, per="order"),
    feature("products", "distinct", field="product_id", **PURCHASE),
    feature("last_purchase", "days_since_last", **PURCHASE),
    feature("first_purchase", "days_since_first", **PURCHASE),
    feature("gap_days", "gap_mean", **PURCHASE, per="day"),
    feature("gap_days_spread", "gap_std", **PURCHASE, per="day"),
    feature("warm", "decayed_count", **PURCHASE, half_life="30d"),
    feature("warm_spend", "decayed_sum", field="value", **PURCHASE, half_life="10d", window="180d"),
    feature("mailings", "count", event="campaign_send"),
    feature("stores", "distinct", field="attributes.store", **PURCHASE),
]


def compute(events: pl.DataFrame, instant: int) -> pl.DataFrame:
    """Return a row for each customer with an event at or before the instant, columns as in ``DEFINITIONS``.

    Parameters
    ----------
    events
        Distinct events, no returns, no retractions; ``time`` in epoch milliseconds, ``attributes`` JSON text.
    """
    seen = events.filter(pl.col("time") <= instant)
    age = (instant - pl.col("time")) / DAY_MS
    bought = pl.col("type") == "purchase"

    def within(days: float, ago: float = 0) -> pl.Expr:
        return bought & (age >= ago) & (age < ago + days)

    value = pl.col("value")
    plain = seen.group_by("customer_id").agg(
        purchases_30d=within(30).sum(),
        orders_90d=pl.col("order_id").filter(within(90)).n_unique(),
        spend_90d=value.filter(within(90)).sum(),
        spend_year_ago=value.filter(within(60, ago=30)).sum(),
        mean_line=value.filter(bought).mean(),
        std_line_90d=value.filter(within(90)).std(),
        products=pl.col("product_id").filter(bought).drop_nulls().n_unique(),
        last_purchase=age.filter(bought).min(),
        first_purchase=age.filter(bought).max(),
        warm=(0.5 ** (age / 30)).filter(bought).sum(),
        warm_spend=(value * 0.5 ** (age / 10)).filter(within(180)).sum(),
        mailings=(pl.col("type") == "campaign_send").sum(),
        stores=pl.col("attributes").str.json_path_match("$.store").filter(bought).drop_nulls().n_unique(),
    )
    purchases = seen.filter(bought)
    orders = purchases.group_by("customer_id", "order_id").agg(value.sum())
    largest = orders.group_by("customer_id").agg(largest_order=value.max())
    days = purchases.select("customer_id", day=pl.col("time") // DAY_MS).unique().sort("customer_id", "day")
    gap = pl.col("day").diff()
    by_day = days.group_by("customer_id").agg(days=pl.len(), gap_days=gap.mean(), gap_days_spread=gap.std())
    return plain.join(largest, on="customer_id", how="left").join(by_day, on="customer_id", how="left")


def table(events: pl.DataFrame, instants: Sequence[int]) -> Table:
    """Return the rows of all instants, keyed as in ``compare``: a count of nothing is 0, else NaN."""
    of_nothing = {d.name: 0.0 if d.kind == "count" else math.nan for d in DEFINITIONS}
    rows: Table = {}
    for instant in instants:
        for row in compute(events, instant).iter_rows(named=True):
            key = row["customer_id"], instant
            rows[key] = {name: zero if row[name] is None else row[name] for name, zero in of_nothing.items()}
    return rows
