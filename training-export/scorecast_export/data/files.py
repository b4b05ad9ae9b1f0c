"""Writes events for ``./scorecast load`` and ``./scorecast features``: NDJSON (gzip by suffix) or Parquet."""

from __future__ import annotations

import gzip
import json
from typing import IO, TYPE_CHECKING, Any

from scorecast_export.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

_CHUNK = 20_000


def write_frame(events: pd.DataFrame, path: Path) -> None:
    """Write a frame of events (columns of `journey.COLUMNS`); ``.parquet`` or NDJSON by the file's name."""
    table = _table(events)
    if path.name.endswith(".parquet"):
        import pyarrow.parquet as pq

        partial = _partial(path)
        pq.write_table(table, partial)
        partial.replace(path)
    else:
        batches = table.to_batches(max_chunksize=_CHUNK)
        _write(progress(map(_ndjson, batches), f"writing {path.name}", len(batches)), path)


def write_records(records: Iterable[dict[str, Any]], path: Path) -> None:
    """Write events (the API's JSON objects) as NDJSON, gzipped if the name ends in ``.gz``."""
    _write((json.dumps(r, ensure_ascii=False, separators=(",", ":")) + "\n" for r in records), path)


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Read NDJSON as `write_records` wrote it."""
    with (
        gzip.open(path, "rt", encoding="utf-8") if _is_zipped(path) else path.open(encoding="utf-8") as lines
    ):
        for line in lines:
            yield json.loads(line)


def _table(events: pd.DataFrame) -> pa.Table:
    import pyarrow as pa

    types = {"time": pa.timestamp("ms", tz="UTC"), "value": pa.float64(), "quantity": pa.float64()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in events.columns])
    # `from_pandas` turns NaN into null.
    return pa.Table.from_pandas(events, schema=schema, preserve_index=False)


def _ndjson(batch: pa.RecordBatch) -> str:
    """Lines of JSON, made a column at a time: a dict an event costs twenty times as much."""
    import pyarrow as pa
    import pyarrow.compute as pc

    pieces = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        key = f',"{name}":'
        if name == "time":
            values = pc.binary_join_element_wise('"', pc.strftime(column, "%Y-%m-%dT%H:%M:%S"), 'Z"', "")
            # Arrow prints milliseconds as a fraction of the second; ours have none.
            values = pc.replace_substring(values, ".000Z", "Z")
        elif name == "attributes" or not pa.types.is_string(column.type):
            values = pc.cast(column, pa.string())
        else:
            escaped = pc.replace_substring(pc.replace_substring(column, "\\", "\\\\"), '"', '\\"')
            values = pc.binary_join_element_wise('"', escaped, '"', "")
        piece = pc.binary_join_element_wise(key, values, "")
        pieces.append(pc.fill_null(piece, ""))
    fields = pc.binary_join_element_wise(*pieces, "")
    # Each piece begins with a comma: the first of a line gives way to the brace.
    lines = pc.binary_join_element_wise("{", pc.utf8_slice_codeunits(fields, 1), "}\n", "")
    return "".join(lines.to_pylist())


def _write(texts: Iterable[str], path: Path) -> None:
    """Write a file that appears when it is whole."""
    partial = _partial(path)
    with partial.open("wb") as file:
        out: IO[bytes] = file
        if _is_zipped(path):
            # No name and no time in the header: the same events give the same bytes.
            out = gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=5, mtime=0)
        with out:
            for text in texts:
                out.write(text.encode())
    partial.replace(path)


def _is_zipped(path: Path) -> bool:
    return path.name.endswith(".gz")


def _partial(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(path.name + ".part")
