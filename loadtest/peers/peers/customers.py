"""The same made-up customers for both sides."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from peers import shop
from peers.processes import ComparisonError

Customers = dict[str, list[dict[str, Any]]]
"""Each one's events as ``POST /v1/events`` takes them, but for `customer_id`, times in epoch milliseconds."""

_SEED = 11
_DAYS = 400
_SHARE_WITH_ENOUGH = 0.55
_TYPES = {"time": pa.timestamp("ms", tz="UTC"), "value": pa.float64(), "quantity": pa.int64()}


def make(count: int, events_each: int, now: int) -> Customers:
    """Customers by id, each with the latest events, which end at `now` (epoch milliseconds)."""
    end = datetime.fromtimestamp(now / 1000, UTC)
    made = shop.events(int(count / _SHARE_WITH_ENOUGH), seed=_SEED, end=end, days=_DAYS)
    latest = shop.last_events(made, events_each)
    if latest["customer_id"].nunique() < count:
        raise ComparisonError(
            f"only {latest['customer_id'].nunique()} made-up customers have {events_each} events"
        )
    customers: Customers = {}
    for event in _records(latest.head(count * events_each)):
        customers.setdefault(event.pop("customer_id"), []).append(event)
    return customers


def _records(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for record in table.to_dict("records"):
        event = {
            name: value
            for name, value in record.items()
            if value is not None and not (isinstance(value, float) and math.isnan(value))
        }
        if "attributes" in event:
            event["attributes"] = json.loads(event["attributes"])
        if "quantity" in event:
            event["quantity"] = int(event["quantity"])
        yield event


def repeated(customers: Customers, count: int) -> Customers:
    """So many customers: each past again and again under other ids."""
    found = {}
    while len(found) < count:
        turn = len(found) // len(customers)
        for customer, events in customers.items():
            if len(found) == count:
                break
            found[f"{customer}.{turn}" if turn else customer] = events
    return found


def write_parquet(customers: Customers, file: Path) -> None:
    """Write all events as one file, as ``./scorecast load`` takes it."""
    names = (*shop.COLUMNS[:-1],)
    columns: dict[str, list] = {name: [] for name in names}
    for customer, events in customers.items():
        for event in events:
            for name in names:
                columns[name].append(customer if name == "customer_id" else event.get(name))
    table = pa.table(
        {name: pa.array(values, _TYPES.get(name, pa.string())) for name, values in columns.items()}
    )
    pq.write_table(table, file)
