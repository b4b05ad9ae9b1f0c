"""``./scorecast features`` held against the reference, every cell of every kind."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import complete_journey
import event_files
import hostile
import launcher
import polars_reference
import random_features
from feature_sets import every_kind
from reference.compare import Table, differences, expected_table, read_table
from reference.events import DAY_MS, Event, millis, rfc3339
from reference.features import Feature, feature_file

pytestmark = pytest.mark.skipif(launcher.absent() is not None, reason=str(launcher.absent()))

ALL_HOUSEHOLDS = os.environ.get("SCORECAST_ALL_HOUSEHOLDS") == "1"
MORE_SEEDS = range(100, 100 + int(os.environ.get("SCORECAST_SEEDS", "0")))
HOSTILE_KINDS = every_kind(hostile.PRODUCTS, hostile.TOP, hostile.DEEP, hostile.WHOLE, "s1")
REAL_INSTANTS = [millis(f"2017-{day}Z") for day in ("04-01T00:00:00", "08-15T17:45:30", "12-31T23:59:59")]


def features(
    files: Sequence[Path], definitions: Sequence[Feature], instants: Sequence[int], out: Path, *flags: str
) -> Table:
    """Run the command and read the table it writes."""
    yaml = out.with_suffix(".yaml")
    yaml.write_text(feature_file(definitions), encoding="utf-8")
    at = ",".join(rfc3339(instant) for instant in instants)
    done = launcher.run("features", "--events", *files, "--features", yaml, "--at", at, *flags, "--out", out)
    assert done.returncode == 0, done.stderr
    return read_table(out)[1]


def assert_same(definitions: Sequence[Feature], expected: Table, got: Table) -> None:
    """Fail with the cells that differ (customer, instant, feature, expected, got), counted by feature."""
    found = differences(definitions, expected, got)
    by_feature = Counter(line.split(" (")[0].rsplit(" ", 1)[-1] for line in found)
    assert not found, f"{len(found)} cells differ {dict(by_feature)}:\n" + "\n".join(found[:40])


def in_delivery_order(logs: Mapping[str, Sequence[Event]]) -> list[Event]:
    """Interleave customers' logs, each in its own order."""
    longest = max(map(len, logs.values()))
    return [log[i] for i in range(longest) for log in logs.values() if i < len(log)]


@pytest.mark.parametrize(
    ("seed", "source", "target"),
    [
        (1, "events.ndjson", "features.parquet"),
        (2, "events.csv.gz", "features.csv"),
        (3, "events.parquet", "features.csv"),
    ],
)
def test_every_kind_hostile_streams_equal_reference(tmp_path, seed, source, target):
    logs = hostile.logs(120, seed)
    files = [event_files.write(in_delivery_order(logs), tmp_path / source)]
    got = features(files, HOSTILE_KINDS, hostile.INSTANTS, tmp_path / target)
    assert_same(HOSTILE_KINDS, expected_table(HOSTILE_KINDS, logs, hostile.INSTANTS), got)


@pytest.mark.parametrize("seed", [*random_features.SEEDS, *MORE_SEEDS])
def test_random_definitions_over_random_streams_equal_reference(tmp_path, seed):
    known = seed % 3 == 1
    rng = np.random.default_rng(seed)
    at = random_features.instants(rng, 4)
    logs = random_features.logs(rng, 60, at)
    if known:
        lags = [0, 1, 60_000, 3 * DAY_MS, 400 * DAY_MS]
        logs = {
            name: [replace(event, arrival=event.time + int(rng.choice(lags))) for event in log]
            for name, log in logs.items()
        }
    definitions = random_features.drawn(seed)
    files = [event_files.write(in_delivery_order(logs), tmp_path / "events.ndjson")]
    flags = ["--as-known"] if known else []
    got = features(files, definitions, at, tmp_path / "out.parquet", *flags)
    assert_same(definitions, expected_table(definitions, logs, at, as_known=known), got)


def test_every_kind_as_known_leaves_out_what_arrived_later(tmp_path):
    def late(event: Event, i: int) -> Event:
        return replace(event, arrival=event.time + (0, 1, DAY_MS, 40 * DAY_MS)[i % 4])

    logs = {
        name: [late(event, i) for i, event in enumerate(log)] for name, log in hostile.logs(60, 4).items()
    }
    files = [event_files.write(in_delivery_order(logs), tmp_path / "events.ndjson.gz")]
    got = features(files, HOSTILE_KINDS, hostile.INSTANTS, tmp_path / "known.parquet", "--as-known")
    assert_same(HOSTILE_KINDS, expected_table(HOSTILE_KINDS, logs, hostile.INSTANTS, as_known=True), got)


def test_several_files_first_delivery_counts(tmp_path):
    first = Event("same", "c", "purchase", hostile.INSTANTS[0], value=1.0)
    files = [
        event_files.write([first], tmp_path / "a.ndjson"),
        event_files.write([replace(first, value=2.0)], tmp_path / "b.csv"),
    ]
    got = features(files, HOSTILE_KINDS, hostile.INSTANTS[:1], tmp_path / "out.csv")
    assert_same(HOSTILE_KINDS, expected_table(HOSTILE_KINDS, {"c": [first]}, hostile.INSTANTS[:1]), got)


def test_every_kind_real_households_equal_reference(tmp_path):
    frame = complete_journey.events(None if ALL_HOUSEHOLDS else 20)
    frame.write_parquet(tmp_path / "events.parquet")
    definitions = real_kinds(frame)
    got = features([tmp_path / "events.parquet"], definitions, REAL_INSTANTS, tmp_path / "out.parquet")
    assert_same(definitions, expected_table(definitions, complete_journey.logs_of(frame), REAL_INSTANTS), got)


def test_plain_kinds_real_households_equal_polars(tmp_path):
    frame = complete_journey.events(None if ALL_HOUSEHOLDS else 300)
    frame.write_parquet(tmp_path / "events.parquet")
    definitions = polars_reference.DEFINITIONS
    got = features([tmp_path / "events.parquet"], definitions, REAL_INSTANTS, tmp_path / "out.parquet")
    assert_same(definitions, polars_reference.table(frame, REAL_INSTANTS), got)


def real_kinds(frame: pl.DataFrame) -> list[Feature]:
    """Return every kind, over vocabularies of what these households bought most."""
    bought = frame.filter(pl.col("type") == "purchase")

    def most(column: pl.Expr, n: int) -> list[str]:
        counted = (
            bought.select(word=column)
            .drop_nulls()
            .group_by("word")
            .len()
            .sort("len", "word", descending=True)
        )
        return counted.head(n)["word"].to_list()

    path = pl.col("category").str.split("/")
    second = most(path.list.slice(0, 2).list.join("/"), 20)
    store = most(pl.col("attributes").str.json_path_match("$.store"), 1)[0]
    products, paths = most(pl.col("product_id"), 30), most(pl.col("category"), 20)
    return every_kind(products, most(path.list.get(0), 12), second, paths, store)
