"""The peer of the audience job: polars, xgboost and onnxruntime over everybody at once, into a CSV.

``python -m peers.audience_job --models DIR --at MILLISECONDS --out FILE (--events FILE.parquet | --redis URL)``
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from peers.features import DAY, HALF_LIFE
from peers.keys import PROFILE
from peers.scoring import CART_OPEN, ORDERS_90D, Models, Output

_AT_ONCE = 1_000
_THREADS = 2
_EVENT = pl.Struct(
    {
        "type": pl.String,
        "time": pl.Int64,
        "product_id": pl.String,
        "category": pl.String,
        "value": pl.Float64,
        "order_id": pl.String,
        "session_id": pl.String,
    }
)


def from_redis(url: str) -> pl.DataFrame:
    """Every customer's events, a row each."""
    import redis

    with redis.from_url(url) as store:
        keys = list(store.scan_iter(PROFILE + "*", count=_AT_ONCE))
        logs: list[bytes | None] = []
        for start in range(0, len(keys), _AT_ONCE):
            logs += store.mget(keys[start : start + _AT_ONCE])
    customers = [key[len(PROFILE) :].decode() for key in keys]
    texts = ["[" + log[:-1].decode() + "]" if log else "[]" for log in logs]
    table = pl.DataFrame({"customer_id": customers, "events": texts})
    table = table.with_columns(pl.col("events").str.json_decode(pl.List(_EVENT)))
    return table.explode("events").unnest("events")


def from_file(path: Path) -> pl.DataFrame:
    """The same from Parquet."""
    columns = ["customer_id", *(field.name for field in _EVENT.fields)]
    return pl.read_parquet(path, columns=columns).with_columns(pl.col("time").cast(pl.Int64))


def features(events: pl.DataFrame, now: int) -> pl.DataFrame:
    """`customer_id`, the number of events, then the forty features in their order."""
    events = events.filter(pl.col("time") <= now).sort("customer_id", "time", maintain_order=True)
    key = pl.col("customer_id")
    time = pl.col("time")

    def within(days: int) -> pl.Expr:
        return time > now - days * DAY

    def age(when: pl.Expr) -> pl.Expr:
        return (now - when) / DAY

    warm = 2.0 ** ((time - now) / HALF_LIFE)
    value = pl.col("value")
    bought = events.filter(pl.col("type") == "purchase")
    orders = bought.group_by("customer_id", "order_id", maintain_order=True).agg(value.sum(), time.last())
    by_order = orders.group_by("customer_id").agg(
        *[within(d).sum().alias(f"orders_{d}d") for d in (7, 30, 90, 365)],
        value.mean().alias("basket_mean"),
        value.max().alias("basket_max"),
        warm.sum().alias("warmth"),
    )
    by_line = bought.group_by("customer_id").agg(
        *[within(d).sum().alias(f"lines_{d}d") for d in (30, 90)],
        *[value.filter(within(d)).sum().alias(f"spend_{d}d") for d in (7, 30, 90, 365)],
        value.mean().alias("line_mean"),
        age(time.max()).alias("days_since_purchase"),
        age(time.min()).alias("days_as_customer"),
        (value * warm).sum().alias("warm_spend"),
        pl.col("product_id").n_unique().alias("products"),
        pl.col("category").n_unique().alias("categories"),
        time.max().alias("last_purchase"),
    )
    day = pl.col("day")
    days = (
        bought.with_columns((time // DAY).alias("day"))
        .group_by("customer_id", "day", maintain_order=True)
        .agg(value.sum())
    )
    by_day = days.group_by("customer_id", maintain_order=True).agg(
        day.diff().mean().alias("gap_mean"),
        day.diff().std().alias("gap_std"),
        (pl.len().cast(pl.Int64) - 1).alias("frequency"),
        (day.last() - day.first()).alias("recency"),
        (now // DAY - day.first()).alias("T"),
        value.slice(1).mean().fill_null(0.0).alias("monetary_value"),
    )

    def of(kind: str) -> pl.Expr:
        return pl.col("type") == kind

    def count(kind: str, days: int, name: str) -> pl.Expr:
        return (of(kind) & within(days)).sum().alias(name)

    shown = of("view") | of("purchase")
    is_evening = (time // 3_600_000) % 24 >= 18
    by_event = events.group_by("customer_id", maintain_order=True).agg(
        pl.len().alias("profile_events"),
        *[count("view", d, f"views_{d}d") for d in (7, 30, 90)],
        age(time.filter(of("view")).max()).alias("days_since_view"),
        *[count("add_to_cart", d, f"carts_{d}d") for d in (30, 90)],
        time.filter(of("add_to_cart")).max().alias("last_cart"),
        count("email_send", 90, "sends_90d"),
        *[count("email_open", d, f"opens_{d}d") for d in (30, 90)],
        count("email_click", 90, "clicks_90d"),
        age(time.filter(of("email_open")).max()).alias("days_since_open"),
        pl.col("session_id")
        .filter((of("view") | of("add_to_cart")) & within(30))
        .drop_nulls()
        .n_unique()
        .alias("visits_30d"),
        is_evening.filter(shown).mean().alias("evenings"),
    )
    table = by_event
    for other in (by_order, by_line, by_day):
        table = table.join(other, on=key, how="left")
    is_open = pl.col("last_purchase").is_null() | (pl.col("last_purchase") < pl.col("last_cart"))
    table = table.with_columns(
        pl.when(is_open).then(age(pl.col("last_cart"))).alias("cart_open"),
        pl.when(pl.col("sends_90d") > 0).then(pl.col("opens_90d") / pl.col("sends_90d")).alias("open_rate"),
    )
    return table.select("customer_id", "profile_events", *(_number(name) for name in _ORDER))


def _number(name: str) -> pl.Expr:
    """As float32; counts and sums of nobody's purchases are 0, all else is missing."""
    column = pl.col(name)
    if name.startswith(("orders_", "lines_", "spend_")) or name in _ZERO:
        column = column.fill_null(0)
    return column.cast(pl.Float32).fill_null(float("nan"))


_ZERO = {"warmth", "warm_spend", "products", "categories"}
_ORDER = (
    *("orders_7d", "orders_30d", "orders_90d", "orders_365d", "lines_30d", "lines_90d"),
    *("spend_7d", "spend_30d", "spend_90d", "spend_365d", "basket_mean", "basket_max", "line_mean"),
    *("days_since_purchase", "days_as_customer", "gap_mean", "gap_std", "frequency", "recency", "T"),
    *("monetary_value", "warmth", "warm_spend", "products", "categories"),
    *("views_7d", "views_30d", "views_90d", "days_since_view", "carts_30d", "carts_90d", "cart_open"),
    *("sends_90d", "opens_30d", "opens_90d", "clicks_90d", "days_since_open", "open_rate"),
    *("visits_30d", "evenings"),
)


def scores(models: Models, table: pl.DataFrame, now: int) -> pl.DataFrame:
    """What the audience's file says of each customer."""
    rows = table.select(_ORDER).to_numpy(order="c").astype(np.float32, copy=False)
    purchase, value, drinks = models.raw(rows)
    columns: dict[str, object] = {"customer_id": table["customer_id"], "personalized": True}
    p_purchase = _publish(columns, models.purchase_output, purchase)
    clv = _publish(columns, models.value_output, value)
    p_drinks = _publish(columns, models.drinks_output, drinks)
    is_loyal = (rows[:, ORDERS_90D] >= 3) & (p_purchase > 0.6)
    is_abandoned = (rows[:, CART_OPEN] >= 0.04) & (rows[:, CART_OPEN] < 14)
    names = np.array(["", "loyal", "abandoned-cart", "loyal|abandoned-cart"], dtype=object)
    columns["segments"] = names[is_loyal + 2 * is_abandoned]
    columns["segment"] = np.select([is_abandoned, is_loyal], ["abandoned-cart", "loyal"], "")
    is_offered = (clv > 40) & (p_drinks > 0.1)
    columns["decision"] = np.select([is_abandoned, is_offered], ["finish-your-cart", "offer"], "standard")
    columns["as_of"] = datetime.fromtimestamp(now / 1000, UTC).isoformat()
    columns["profile_events"] = table["profile_events"]
    return pl.DataFrame(columns)


def _publish(columns: dict[str, object], output: Output, raw: np.ndarray) -> np.ndarray:
    score = raw.astype(np.float64)
    if output.floor is not None:
        score = score.clip(min=output.floor)
    size = 10.0 ** (5 - np.floor(np.log10(np.maximum(np.abs(score), 1e-300))))
    score = np.where(score == 0, 0.0, np.round(score * size) / size)
    columns[output.name] = score
    bands = np.array(output.bands, dtype=object)
    columns[output.name + "_band"] = bands[np.searchsorted(output.edges, score, side="right") - 1]
    columns[output.name + "_percentile"] = np.searchsorted(output.cuts, score, side="right")
    return score


def main() -> None:
    """Score everybody."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--at", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--events", type=Path)
    source.add_argument("--redis")
    given = parser.parse_args()
    models = Models(given.models, threads=_THREADS)
    events = from_file(given.events) if given.events else from_redis(given.redis)
    scores(models, features(events, given.at), given.at).write_csv(given.out)


if __name__ == "__main__":
    main()
