"""Golden examples and samples: customers made up, their features computed by the engine that serves.

No row of real data may be in a published folder, and the expected features must come from the one place that
computes features; so the customers are `synthetic`, and `./scorecast features` is run over them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scorecast_export.data.files import write_records
from scorecast_export.data.synthetic import synthetic_customers
from scorecast_export.versions.numbers import shortest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from scorecast_export.engine import FeatureEngine

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)

_GOLDEN, _GOLDEN_EVENTS = 24, 60
_SAMPLE, _SAMPLE_EVENTS = 200, 12
_SEED = 20260601


@dataclass(frozen=True)
class MadeUp:
    """A made-up customer: the id and the events in order of time, as the API takes them."""

    customer: str
    events: list[dict[str, Any]]


def golden_customers() -> list[MadeUp]:
    """The customers of `golden.ndjson`: few, with histories long enough for every feature to have a value."""
    return made_up(_GOLDEN, _GOLDEN_EVENTS)


def sample_customers() -> list[MadeUp]:
    """The customers of `sample.ndjson`: many, with short histories, to warm a version up and time it."""
    return made_up(_SAMPLE, _SAMPLE_EVENTS)


def made_up(count: int, longest: int) -> list[MadeUp]:
    """Make customers up, each with at most the `longest` latest events besides what they told of themselves.

    Ids repeat the customer nowhere and no source is named, which keeps folders small; customers without an
    event before `AT`, whom nothing can be said about, are passed over.
    """
    found = []
    for customer, events in synthetic_customers(2 * count, AT, _SEED, prefix="made-up"):
        kept = [e for e in events if e["type"] == "attributes"]
        kept += [e for e in events if e["type"] != "attributes"][-longest:]
        kept.sort(key=lambda event: event["time"])
        slim = [_slim(event, number) for number, event in enumerate(kept)]
        if slim:
            found.append(MadeUp(customer, slim))
        if len(found) == count:
            break
    return found


def _slim(event: Mapping[str, Any], number: int) -> dict[str, Any]:
    left_out = ("id", "customer_id", "source")
    return {"id": f"{number:03}", **{key: value for key, value in event.items() if key not in left_out}}


def compute_features(
    customers: Sequence[MadeUp], engine: FeatureEngine, definitions: Path, folder: Path
) -> pd.DataFrame:
    """Compute the customers' features as of `AT`, in their order, by `customer_id`.

    A row each, or one for each candidate where the definitions are of pairs.

    Parameters
    ----------
    customers : sequence of MadeUp
        Each has an event before `AT`.
    engine : FeatureEngine
        The service's own.
    definitions : Path
        The feature file.
    folder : Path
        For the events on their way.
    """
    events = folder / "made-up.ndjson"
    write_records(_addressed(customers), events)
    table = engine.table([events], definitions, [AT]).set_index("customer_id")
    return table.loc[[made.customer for made in customers]].drop(columns="at")


def _addressed(customers: Sequence[MadeUp]) -> Iterator[dict[str, Any]]:
    for made in customers:
        for event in made.events:
            yield {**event, "id": f"{made.customer}-{event['id']}", "customer_id": made.customer}


def by_feature(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """A row of the engine's table as values by feature: a vector's columns become one list."""
    found: dict[str, Any] = {}
    for name in names:
        if name in row:
            found[name] = shortest(row[name])
        else:
            width = next(i for i in range(len(row) + 1) if f"{name}_{i}" not in row)
            found[name] = [shortest(row[f"{name}_{i}"]) for i in range(width)]
    return found


def line(made: MadeUp, **more: object) -> str:
    """A line of `golden.ndjson` or `sample.ndjson`."""
    at = AT.strftime("%Y-%m-%dT%H:%M:%SZ")
    content = {"customer_id": made.customer, "at": at, "events": made.events, **more}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
