"""The same customers for both sides: through the REST interface into ours, as lists of events into the peer's Redis."""

from __future__ import annotations

import http.client
import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import redis

from peers import shop
from peers.features import features
from peers.keys import PROFILE, VECTOR
from peers.processes import ComparisonError


_SEED = 11
_DAYS = 400
_SHARE_WITH_ENOUGH = 0.55
_AT_ONCE = 1_000


def make(count: int, events_each: int, now: int) -> dict[str, list[dict]]:
    """Customers by id, each with the latest events, which end at `now` (epoch milliseconds)."""
    end = datetime.fromtimestamp(now / 1000, UTC)
    made = shop.events(int(count / _SHARE_WITH_ENOUGH), seed=_SEED, end=end, days=_DAYS)
    latest = shop.last_events(made, events_each)
    if latest["customer_id"].nunique() < count:
        raise ComparisonError(f"only {latest['customer_id'].nunique()} made-up customers have {events_each} events")
    customers: dict[str, list[dict]] = {}
    for event in _records(latest.head(count * events_each)):
        customers.setdefault(event.pop("customer_id"), []).append(event)
    return customers


def _records(table: pd.DataFrame) -> Iterator[dict]:
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


def load_ours(url: str, customers: dict[str, list[dict]]) -> None:
    """Send all events through ``POST /v1/events``."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    batch: list[dict] = []
    for customer, events in customers.items():
        batch += [{"customer_id": customer, **event} for event in events]
        if len(batch) >= _AT_ONCE - 100:
            _post(connection, batch)
            batch = []
    if batch:
        _post(connection, batch)
    connection.close()


def _post(connection: http.client.HTTPConnection, events: list[dict]) -> None:
    connection.request("POST", "/v1/events", orjson.dumps(events), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    body = answer.read()
    told = json.loads(body)
    if answer.status != 202 or told["rejected"]:
        raise ComparisonError(f"events were not accepted: {answer.status} {body[:300]!r}")


def load_peer(url: str, customers: dict[str, list[dict]], now: int) -> None:
    """Store each customer's events, as they would be appended, and the features of `now`."""
    with redis.from_url(url) as store:
        pipeline = store.pipeline(transaction=False)
        for number, (customer, events) in enumerate(customers.items(), start=1):
            pipeline.set(PROFILE + customer, b"".join(orjson.dumps(event) + b"," for event in events))
            pipeline.set(VECTOR + customer, features(list(events), now).astype(np.float32).tobytes())
            if number % 500 == 0:
                pipeline.execute()
        pipeline.execute()


def repeated(customers: dict[str, list[dict]], count: int) -> dict[str, list[dict]]:
    """So many customers: each past again and again under other ids."""
    found = {}
    while len(found) < count:
        turn = len(found) // len(customers)
        for customer, events in customers.items():
            if len(found) == count:
                break
            found[f"{customer}.{turn}" if turn else customer] = events
    return found


def write_parquet(customers: dict[str, list[dict]], file: Path) -> None:
    """Write all events as one file, as ``./scorecast load`` takes it."""
    names = (*shop.COLUMNS[:-1],)
    columns: dict[str, list] = {name: [] for name in names}
    for customer, events in customers.items():
        for event in events:
            for name in names:
                columns[name].append(customer if name == "customer_id" else event.get(name))
    table = pa.table({name: pa.array(values, _TYPES.get(name, pa.string())) for name, values in columns.items()})
    pq.write_table(table, file)


_TYPES = {"time": pa.timestamp("ms", tz="UTC"), "value": pa.float64(), "quantity": pa.int64()}
