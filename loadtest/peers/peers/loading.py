"""Puts customers into both sides: through the REST interface into ours, into Redis for the peer."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import orjson
import redis

from peers.customers import Customers
from peers.features import features
from peers.keys import PROFILE, VECTOR
from peers.processes import ComparisonError

_AT_ONCE = 1_000


def load_ours(url: str, customers: Customers) -> None:
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


def load_peer(url: str, customers: Customers, now: int) -> None:
    """Store each customer's events, as they would be appended, and the features of `now`."""
    with redis.from_url(url) as store:
        pipeline = store.pipeline(transaction=False)
        for number, (customer, events) in enumerate(customers.items(), start=1):
            pipeline.set(PROFILE + customer, b"".join(orjson.dumps(event) + b"," for event in events))
            pipeline.set(VECTOR + customer, features(list(events), now).tobytes())
            if number % 500 == 0:
                pipeline.execute()
        pipeline.execute()
