"""Event files as customers bring them: NDJSON, CSV and Parquet, gzipped or not."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from reference.events import Event, rfc3339

TEXTS = ("id", "customer_id", "type", "product_id", "category", "order_id", "session_id", "source")


def write(events: Sequence[Event], path: Path) -> Path:
    """Write events as the name says: ``.ndjson``, ``.csv`` or ``.parquet``, with ``.gz`` or without."""
    name = path.name.removesuffix(".gz")
    if name.endswith(".parquet"):
        _parquet(events, path)
        return path
    text = _ndjson(events) if name.endswith(".ndjson") else _csv(events)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def _ndjson(events: Sequence[Event]) -> str:
    """Write lines whose times come in each of the forms that the contract allows."""
    lines = []
    for i, event in enumerate(events):
        record = event.to_json()
        if i % 3 == 1:
            record["time"] = event.time
        elif i % 3 == 2:
            record["time"] = rfc3339(event.time + 2 * 3_600_000).replace("Z", "+02:00")
        if event.arrival is not None:
            record["arrival"] = rfc3339(event.arrival)
        lines.append(json.dumps(record, ensure_ascii=i % 2 == 0))
    return "\n".join(lines) + "\n"


def _csv(events: Sequence[Event]) -> str:
    out = io.StringIO()
    rows = [_flat(event) for event in events]
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, "time": rfc3339(row["time"])})
    return out.getvalue()


def _parquet(events: Sequence[Event], path: Path) -> None:
    rows = [_flat(event) for event in events]
    columns: dict[str, pa.Array] = {name: pa.array([row[name] for row in rows]) for name in rows[0]}
    columns["time"] = pa.array([row["time"] for row in rows], pa.timestamp("ms", "UTC"))
    parquet.write_table(pa.table(columns), path)


def _flat(event: Event) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(event, name) for name in TEXTS}
    row["time"] = event.time
    for name in ("value", "quantity"):
        number = getattr(event, name)
        row[name] = None if math.isnan(number) else number
    row["attributes"] = json.dumps(event.attributes) if event.attributes else None
    return row
