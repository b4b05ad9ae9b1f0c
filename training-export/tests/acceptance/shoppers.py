"""Made-up customers whose every score can be computed again."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence
from typing import Any

from client import Client
from reference.events import DAY_MS, Event, rfc3339
from tiny_models import CATEGORIES, PRODUCTS

_numbers = itertools.count()


def now() -> int:
    """Return the present in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def fresh(prefix: str = "shopper") -> str:
    """Return a customer id that no other test uses."""
    return f"{prefix}-{next(_numbers)}"


def shopper(customer: str, until: int) -> list[Event]:
    """Return purchases and opens in the sixty days before an instant, others for each customer."""
    seed = sum(customer.encode())
    events = []
    for i in range(4 + seed % 5):
        which = (seed + i * i) % len(PRODUCTS)
        bought = {
            "product_id": PRODUCTS[which],
            "category": CATEGORIES[which],
            "value": seed % 17 + 3 * i + 0.49,
        }
        time = until - (1 + (seed * 7 + i * 11) % 60) * DAY_MS - i
        events.append(Event(f"{customer}#{i}", customer, "purchase", time, **bought))
    events += [
        Event(f"{customer}#open{i}", customer, "email_open", until - (2 + i) * DAY_MS)
        for i in range(seed % 5)
    ]
    return events


def load(service: Client, log: Sequence[Event]) -> None:
    """Post a log."""
    service.send(*(event.to_json() for event in log))


def at(instant: int) -> dict[str, Any]:
    """Return the query that asks as of an instant."""
    return {"at": rfc3339(instant)}


def leaves(value: Any) -> list[Any]:
    """Return all scalars inside a JSON value."""
    if isinstance(value, Mapping):
        return [leaf for part in value.values() for leaf in leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [value]
