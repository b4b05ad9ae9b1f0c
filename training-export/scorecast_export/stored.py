"""Training sets that do not fit into memory: a Parquet file, written and read some rows at a time."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from scorecast_export.engine import FeatureEngine
from scorecast_export.event_log import last_time
from scorecast_export.frame import (
    KEYS,
    Definitions,
    Events,
    TrainingFrame,
    event_files,
    instants_of,
    label_features,
    labels_in,
    read_definitions,
    refuse_unknown,
)
from scorecast_export.instants import DaysBefore, instant
from scorecast_export.progress import say

if TYPE_CHECKING:
    from scorecast_export.labels import Label

_ROWS = 50_000
_SHARES = 10_000


@dataclass(frozen=True)
class StoredFrame:
    """A training set in a file, with the definitions it was computed from.

    Attributes
    ----------
    path
        The Parquet file: the columns of `TrainingFrame.table`, sorted by customer, then instant.
    definitions, files, label
        As of a `TrainingFrame`.
    """

    path: Path
    definitions: str
    files: Mapping[str, str]
    label: Label | None = None

    def __len__(self) -> int:
        return pq.ParquetFile(self.path).metadata.num_rows

    def batches(self, rows: int = _ROWS) -> Iterator[TrainingFrame]:
        """The rows as frames of at most so many, in order: for XGBoost's ``DataIter``, or figures."""
        for batch in pq.ParquetFile(self.path).iter_batches(rows):
            yield self._frame(batch.to_pandas())

    def read(
        self,
        *,
        known_by: str | datetime | None = None,
        since: str | datetime | None = None,
        share: float = 1.0,
    ) -> TrainingFrame:
        """Some of the rows in memory, as `export` takes them.

        Parameters
        ----------
        known_by : instant, optional
            Only rows whose label was known by then: to learn from.
        since : instant, optional
            Only instants from then on: to test on.
        share : float
            Of the customers, always the same ones: whole customers, by a hash of the id.
        """
        parts = []
        for batch in pq.ParquetFile(self.path).iter_batches(_ROWS):
            kept = np.ones(len(batch), bool)
            if known_by is not None:
                kept &= (batch["until"].to_pandas() <= _moment(known_by)).to_numpy()
            if since is not None:
                kept &= (batch["at"].to_pandas() >= _moment(since)).to_numpy()
            if share < 1:
                kept &= [_is_in(customer, share) for customer in batch["customer_id"].to_pylist()]
            if kept.any():
                parts.append(batch.filter(pa.array(kept)))
        schema = pq.read_schema(self.path)
        table = pa.Table.from_batches(parts, schema) if parts else schema.empty_table()
        return self._frame(table.to_pandas())

    def _frame(self, table: pd.DataFrame) -> TrainingFrame:
        return TrainingFrame(table, self.definitions, self.files, self.label)


def _moment(at: str | datetime) -> pd.Timestamp:
    return pd.Timestamp(instant(at))


def _is_in(customer: str, share: float) -> bool:
    return zlib.crc32(customer.encode()) % _SHARES < share * _SHARES


def write_features(
    out: str | Path,
    events: Events,
    definitions: Definitions,
    *,
    at: Sequence[datetime] | datetime | str,
    label: Label | None = None,
    data_until: str | datetime | None = None,
    as_known: bool = False,
    engine: FeatureEngine | None = None,
) -> StoredFrame:
    """Compute a training set as `features` does, but into a Parquet file, in bounded memory.

    The engine sorts events on disk where they do not fit, and rows are joined with their labels some at a
    time. The rows are those of `features`, sorted by customer first.

    Parameters
    ----------
    out : path
        The file to write.
    events, definitions, at, label, data_until, as_known, engine
        As of `features`. Labels that begin at an event (``after=``), baskets and `days_before` are read from
        all events at once: they need `features`.

    Raises
    ------
    ValueError
        If the label or the instants are of those.
    LeakageError
        If the label looks past the end of the data.
    EngineError
        If the engine refuses the events or the definitions.
    """
    if (
        isinstance(at, DaysBefore)
        or (label is not None and label.definition is None)
        or (label is not None and label.kind == "basket")
    ):
        raise ValueError(
            "days_before, labels with after= and baskets are read from all events at once: use features(…)"
        )
    engine = engine or FeatureEngine.found()
    text, files = read_definitions(definitions)
    stored = StoredFrame(Path(out), text, files, label)
    instants = instants_of(at, None)
    with tempfile.TemporaryDirectory(prefix=".features-", dir=stored.path.absolute().parent) as name:
        folder = Path(name)
        paths = event_files(events, folder)
        if label is not None:
            end = last_time(paths) if data_until is None else pd.Timestamp(instant(data_until))
            refuse_unknown(label, instants, end)
        features = folder / "features.parquet"
        say(f"computing features as of {len(instants)} instants")
        frame = TrainingFrame(pd.DataFrame(), text, files, label)
        engine.write(paths, frame.write(folder), instants, features, as_known=as_known)
        if label is None:
            features.replace(stored.path)
            return stored
        say("computing labels")
        file, asked = label_features(label, instants, folder)
        engine.write(paths, file, asked, folder / "labels.parquet")
        joined = folder / "joined.parquet"
        _join(features, _Labels(folder / "labels.parquet", label, instants), joined)
        joined.replace(stored.path)
    return stored


def _join(features: Path, labels: _Labels, out: Path) -> None:
    writer = None
    file = pq.ParquetFile(features)
    try:
        for batch in file.iter_batches(_ROWS):
            rows = batch.to_pandas()
            known = labels.up_to(rows["customer_id"].iloc[-1], set(rows["customer_id"]))
            rest = [column for column in rows.columns if column not in KEYS]
            rows = rows.merge(known, on=["customer_id", "at"], validate="one_to_one")[[*KEYS, *rest]]
            table = pa.Table.from_pandas(rows, preserve_index=False)
            if writer is None:
                writer = pq.ParquetWriter(out, table.schema)
            writer.write_table(table.cast(writer.schema))
    finally:
        if writer is not None:
            writer.close()


class _Labels:
    """Labels of customers in the order of the features' table: the engine writes both by customer."""

    def __init__(self, table: Path, label: Label, instants: Sequence[datetime]) -> None:
        self.label, self.instants = label, instants
        self.batches = pq.ParquetFile(table).iter_batches(_ROWS)
        self.waiting = pd.DataFrame()

    def up_to(self, last: str, customers: set[str]) -> pd.DataFrame:
        """Those of some customers, read until the last of them is complete."""
        while not self._is_complete(last):
            batch = next(self.batches, None)
            if batch is None:
                break
            self.waiting = pd.concat([self.waiting, batch.to_pandas()], ignore_index=True)
        found = self.waiting[self.waiting["customer_id"].isin(customers)]
        # What stands before the last customer is done with; the last one may go on in the next rows.
        at = int(np.argmax(self.waiting["customer_id"].to_numpy() == last))
        self.waiting = self.waiting.iloc[at:]
        return labels_in(found, self.label, self.instants)

    def _is_complete(self, last: str) -> bool:
        """Whether a customer who follows the last one has been read."""
        if self.waiting.empty:
            return False
        customers = self.waiting["customer_id"]
        return bool((customers == last).any()) and customers.iloc[-1] != last
