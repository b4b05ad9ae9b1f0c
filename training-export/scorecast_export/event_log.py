"""Event files as a table of what labels need, with the meanings that the service gives to events.

Labels that begin at an event, or look for the next basket, are no features at a fixed instant: they are read
from this table. It means what the profile log means: of a repeated id the first counts, and a retraction
takes effect from its own time on.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scorecast_export.instants import MOMENT, DaysBefore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_TEXTS = ("id", "customer_id", "type", "product_id", "category", "order_id")
_ROWS = 1_000_000
_COLUMNS = (*_TEXTS, "time", "value", "attributes")


@dataclass(frozen=True)
class EventLog:
    """Events in order of time.

    Attributes
    ----------
    table
        `customer_id`, `type`, `time`, `product_id`, `category`, `order_id`, `value` and `retracted`: from
        when on the event never happened (NaT for most).
    """

    table: pd.DataFrame

    @classmethod
    def read(cls, files: Sequence[Path]) -> EventLog:
        """Read files in the order of their delivery."""
        frames = [_read(file) for file in files]
        events = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
        events = events.drop_duplicates(["customer_id", "id"], keep="first")
        retractions = events[events["type"] == "retract"]
        named = retractions.assign(id=[_named(text) for text in retractions["attributes"]])
        since = named.groupby(["customer_id", "id"])["time"].min().rename("retracted")
        events = events.drop(columns="attributes").merge(
            since, how="left", left_on=["customer_id", "id"], right_index=True
        )
        events = events.sort_values(["customer_id", "time", "id"], kind="stable", ignore_index=True)
        return cls(events)

    def of_type(self, *types: str) -> pd.DataFrame:
        """Events of some types, whether retracted or not."""
        return self.table[self.table["type"].isin(types)]

    def midnights(self, before: DaysBefore) -> list[datetime]:
        """The midnights before events of a type."""
        days = (self.of_type(before.event)["time"] - MOMENT).dt.floor("D").drop_duplicates().sort_values()
        return [day.to_pydatetime() for day in days]


def last_time(files: Sequence[Path]) -> pd.Timestamp:
    """The time of the last event in files; of Parquet files some rows at a time."""
    return max(_last(file) for file in files)


def _last(file: Path) -> pd.Timestamp:
    if not file.name.endswith(".parquet"):
        return _read(file, ("time",))["time"].max()
    import pyarrow.parquet as pq

    batches = pq.ParquetFile(file).iter_batches(_ROWS, columns=["time"])
    return max(_times(batch.to_pandas()["time"]).max() for batch in batches if len(batch))


def _named(attributes: Any) -> str | None:  # noqa: ANN401 - text, mapping or nothing
    found = json.loads(attributes) if isinstance(attributes, str) else attributes
    return found.get("event_id") if isinstance(found, dict) else None


def _read(file: Path, columns: Sequence[str] = _COLUMNS) -> pd.DataFrame:
    name = file.name.removesuffix(".gz")
    if name.endswith(".parquet"):
        import pyarrow.parquet as pq

        known = [column for column in columns if column in pq.read_schema(file).names]
        events = pd.read_parquet(file, columns=known)
    elif name.endswith(".csv"):
        events = pd.read_csv(file, usecols=lambda column: column in columns, dtype=dict.fromkeys(_TEXTS, str))
    else:
        events = pd.DataFrame.from_records(_records(file), columns=list(columns))
    events = events.reindex(columns=list(columns))
    return events.assign(time=_times(events["time"]))


def _records(file: Path) -> list[dict[str, Any]]:
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    text = content.decode()
    if text.lstrip().startswith("["):
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _times(column: pd.Series) -> pd.Series:
    """Milliseconds since 1970 or RFC 3339, also mixed, as UTC."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column.dt.tz_convert("UTC").astype("datetime64[ms, UTC]")
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column.dt.tz_localize("UTC").astype("datetime64[ms, UTC]")
    number = pd.to_numeric(column, errors="coerce")
    found = pd.to_datetime(number, unit="ms", utc=True)
    texts = number.isna().to_numpy(np.bool_)
    if texts.any():
        found = found.where(~texts, pd.to_datetime(column.where(texts), format="ISO8601", utc=True))
    return found.astype("datetime64[ms, UTC]")
