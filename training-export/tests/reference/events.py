"""Events, and what of them can be seen from an instant."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

DAY_MS = 86_400_000
BOOKKEEPING = frozenset({"attributes", "consent", "retract"})


@dataclass(frozen=True)
class Event:
    """One event of one customer; times are epoch milliseconds and a missing number is NaN."""

    id: str
    customer_id: str
    type: str
    time: int
    arrival: int | None = None
    product_id: str | None = None
    category: str | None = None
    value: float = math.nan
    quantity: float = math.nan
    order_id: str | None = None
    session_id: str | None = None
    source: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def to_json(self) -> dict[str, Any]:
        """Return the event as the contract writes it: absent fields left out."""
        record: dict[str, Any] = {
            "id": self.id,
            "customer_id": self.customer_id,
            "type": self.type,
            "time": rfc3339(self.time),
        }
        for name in ("product_id", "category", "order_id", "session_id", "source"):
            if getattr(self, name) is not None:
                record[name] = getattr(self, name)
        for name in ("value", "quantity"):
            if not math.isnan(getattr(self, name)):
                record[name] = getattr(self, name)
        if self.attributes:
            record["attributes"] = dict(self.attributes)
        return record


def rfc3339(time: int) -> str:
    """Return epoch milliseconds as RFC 3339 in UTC."""
    seconds, millis = divmod(time, 1000)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{millis:03d}Z" if millis else f"{text}Z"


def millis(text: str) -> int:
    """Return an RFC 3339 instant as epoch milliseconds, exactly."""
    moment = datetime.fromisoformat(text)
    return int(moment.replace(microsecond=0).timestamp()) * 1000 + moment.microsecond // 1000


def seen_from(log: Iterable[Event], instant: int, as_known: bool = False) -> list[Event]:
    """Return the events of one customer's log that a reader at an instant may see, in order of (time, id).

    Of a repeated id the first in the log counts, whatever the instant. Then events after the instant (and, as
    known, those that arrived after it) are left out, and last what the remaining retractions name.
    """
    first_of_id: dict[str, Event] = {}
    for event in log:
        first_of_id.setdefault(event.id, event)
    visible = [event for event in first_of_id.values() if event.time <= instant]
    if as_known:
        visible = [event for event in visible if event.arrival is not None and event.arrival <= instant]
    retracted = {event.attributes.get("event_id") for event in visible if event.type == "retract"}
    visible = [event for event in visible if event.id not in retracted]
    return sorted(visible, key=lambda event: (event.time, event.id.encode()))
