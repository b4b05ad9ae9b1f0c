"""Training sets written some rows at a time are those that are computed in memory."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

import event_files
import launcher
import random_features
import scorecast_export as sx
from scorecast_export import stored

pytestmark = pytest.mark.skipif(launcher.absent() is not None, reason=str(launcher.absent()))

DEFINITIONS = """\
features:
  - {name: orders, kind: count, event: purchase, per: order}
  - {name: last, kind: last_value, field: product_id, event: purchase}
  - {name: taste, kind: affinity, vocabulary: words.txt, half_life: 30d}
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stored")
    rng = np.random.default_rng(31)
    at = random_features.instants(rng, 4)
    logs = random_features.logs(rng, 40, at)
    (folder / "features.yaml").write_text(DEFINITIONS)
    (folder / "words.txt").write_text("food\nhome\n")
    file = event_files.write([event for log in logs.values() for event in log], folder / "events.parquet")
    instants = [datetime.fromtimestamp(t / 1000, UTC) for t in at]
    asked = {"events": file, "definitions": folder / "features.yaml", "at": instants}
    return {**asked, "data_until": "2024-01-01"}


@pytest.mark.parametrize(
    "label", [None, sx.purchases_within("30d"), sx.lapses_within("30d", active="60d"), sx.spend_within("45d")]
)
@pytest.mark.parametrize("rows", [3, 50_000])
def test_rows_are_those_of_features(asked, tmp_path, monkeypatch, label, rows):
    wanted = sx.features(**asked, label=label)
    monkeypatch.setattr(stored, "_ROWS", rows)
    found = sx.write_features(tmp_path / "frame.parquet", **asked, label=label)
    assert [file.name for file in tmp_path.iterdir()] == ["frame.parquet"]
    assert len(found) == len(wanted) > 50
    read = found.read()
    table = read.table.sort_values(["at", "customer_id"], kind="stable", ignore_index=True)
    pd.testing.assert_frame_equal(table, wanted.table)
    assert (read.definitions, read.files, read.label) == (wanted.definitions, wanted.files, wanted.label)
    pieces = list(found.batches(9))
    assert max(map(len, pieces)) == 9
    pd.testing.assert_frame_equal(pd.concat([p.table for p in pieces], ignore_index=True), read.table)


def test_reading_some_takes_whole_customers_and_known_labels(asked, tmp_path):
    label = sx.purchases_within("30d")
    whole = sx.features(**asked, label=label)
    found = sx.write_features(tmp_path / "frame.parquet", **asked, label=label)
    begins = asked["at"][2]
    train, test = whole.split(begins)
    assert len(found.read(known_by=begins)) == len(train)
    assert len(found.read(since=begins)) == len(test)
    half = set(found.read(share=0.5).table["customer_id"])
    assert 0.2 < len(half) / whole.table["customer_id"].nunique() < 0.8
    assert found.read(share=0.5).table.equals(found.read(share=0.5).table)
    assert half <= set(found.read(share=0.7).table["customer_id"])
    assert len(found.read(share=0.5)) == whole.table["customer_id"].isin(half).sum()
    assert len(found.read(since="2030-01-01")) == 0


def test_labels_that_need_all_events_and_leaks_are_refused(asked, tmp_path):
    out = tmp_path / "frame.parquet"
    for label in (sx.redeems_within("7d", after="campaign_send"), sx.next_basket("7d")):
        with pytest.raises(ValueError, match=r"use features\(…\)"):
            sx.write_features(out, **asked, label=label)
    with pytest.raises(sx.LeakageError, match="the label looks 9000d ahead"):
        sx.write_features(out, **asked, label=sx.purchases_within("9000d"))
    assert list(tmp_path.iterdir()) == []


def test_events_beyond_memory_are_sorted_on_disk(tmp_path):
    """A hundred thousand events do not fit into an eighth of a small heap; the rows are the same."""
    code = f"""
import numpy as np, pandas as pd, scorecast_export as sx
from pathlib import Path
rng = np.random.default_rng(1)
n = 150_000
start = pd.Timestamp("2026-01-01", tz="UTC")
events = pd.DataFrame({{
    "id": [f"e{{i}}" for i in range(n)],
    "customer_id": [f"customer-{{i}}" for i in rng.integers(0, 20_000, n)],
    "type": "purchase",
    "time": start + pd.to_timedelta(rng.integers(0, 90 * 86400, n), unit="s"),
    "value": rng.integers(1, 9000, n) / 100,
    "order_id": [f"o{{i}}" for i in rng.integers(0, 60_000, n)],
}})
definitions = [
    {{"name": "n", "kind": "count", "per": "order"}},
    {{"name": "s", "kind": "sum", "field": "value"}},
]
engine = sx.FeatureEngine.found()
tables = []
for heap in ("-Xmx96m", "-Xmx1g"):
    out = Path({str(tmp_path)!r}) / f"{{heap}}.parquet"
    small = sx.FeatureEngine(engine.launcher, heap)
    tables.append(sx.write_features(out, events, definitions, at="2026-03-01", engine=small).read().table)
pd.testing.assert_frame_equal(*tables)
assert len(tables[0]) > 19_000
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
