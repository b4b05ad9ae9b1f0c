"""Holding a table that the engine wrote against the reference, cell by cell."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pyarrow import parquet

from .events import Event, millis, rfc3339
from .features import Feature, View
from .kinds import Value, evaluate

# Equal after rounding to float, but for kinds that weigh or divide.
DECAY = {"decayed_count", "decayed_sum", "affinity", "product_counts"}
QUOTIENTS = {
    "ratio",
    "expression",
    "mean",
    "rate",
    "std",
    "gap_mean",
    "gap_std",
    "time_share",
    "monetary_value",
}
RELATIVE = DECAY | QUOTIENTS
LARGEST_FLOAT = float(np.finfo(np.float32).max)

Row = dict[str, float]
Table = dict[tuple[str, int], Row]


def columns_of(definition: Feature, value: Value) -> list[tuple[str, float]]:
    """Return the (column, number) pairs of a feature: a vector takes ``name_0``, ``name_1``…"""
    if isinstance(value, list):
        return [(f"{definition.name}_{i}", number) for i, number in enumerate(value)]
    return [(definition.name, value)]


def expected_table(
    definitions: Sequence[Feature],
    logs: Mapping[str, Sequence[Event]],
    instants: Sequence[int],
    as_known: bool = False,
) -> Table:
    """Return what ``features`` must write: a row for each customer with an event at or before an instant."""
    table: Table = {}
    for customer, log in logs.items():
        for instant in instants:
            view = View.of(log, instant, as_known)
            if view.events:
                values = evaluate(definitions, view)
                pairs = [pair for d in definitions for pair in columns_of(d, values[d.name])]
                table[customer, instant] = dict(pairs)
    return table


def read_table(path: Path) -> tuple[list[str], Table]:
    """Read a file that ``features`` wrote: its columns, and its rows by (customer, instant)."""
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as lines:
            header, *rows = csv.reader(lines)
    else:
        frame = parquet.read_table(path)
        header, rows = (
            frame.column_names,
            list(zip(*(column.to_pylist() for column in frame.columns), strict=True)),
        )
    table: Table = {}
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        key = str(cells.pop("customer_id")), _instant(cells.pop("at"))
        assert key not in table, f"two rows of {key}"
        table[key] = {name: math.nan if cell in (None, "") else float(cell) for name, cell in cells.items()}
    return header, table


def differences(definitions: Sequence[Feature], expected: Table, got: Table) -> list[str]:
    """Return a line for each cell or row that differs: customer, instant, feature, expected and got."""
    found = [f"{_who(key)}: no row, expected one" for key in expected.keys() - got.keys()]
    found += [f"{_who(key)}: a row, expected none" for key in got.keys() - expected.keys()]
    kinds = {d.name: d.kind for d in definitions}
    for key in sorted(expected.keys() & got.keys()):
        for column, wanted in expected[key].items():
            kind = kinds.get(column) or kinds[column.rpartition("_")[0]]
            actual = got[key].get(column, "no column")
            if actual == "no column" or not same(kind, wanted, actual):
                found.append(f"{_who(key)} {column} ({kind}): expected {wanted!r}, got {actual!r}")
    return found


def same(kind: str, wanted: float, actual: float) -> bool:
    """Whether two numbers agree: NaN only with NaN, else equal as floats or within 1e-6 for some kinds.

    What no float can hold is not finite once it is rounded, and so it is NaN.
    """
    if abs(wanted) > LARGEST_FLOAT:
        wanted = math.nan
    if math.isnan(wanted) or math.isnan(actual):
        return math.isnan(wanted) and math.isnan(actual)
    if np.float32(wanted) == np.float32(actual):
        return True
    return kind in RELATIVE and math.isclose(wanted, actual, rel_tol=1e-6, abs_tol=1e-9)


def _instant(cell: Any) -> int:
    if isinstance(cell, int):
        return cell
    return millis(cell) if isinstance(cell, str) else round(cell.timestamp() * 1000)


def _who(key: tuple[str, int]) -> str:
    return f"customer {key[0]} at {rfc3339(key[1])}"
