"""The features of the peers in ``loadtest/peers`` are those of the engine, or a comparison is of two jobs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

import launcher

sys.path.append(str(launcher.ROOT / "loadtest" / "peers"))

from peers import audience_job, customers
from peers.features import WIDTH, features

DEFINITIONS = launcher.ROOT / "loadtest" / "peers" / "peers" / "definitions" / "features.yaml"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
EVENTS_EACH = 40

pytestmark = pytest.mark.skipif(launcher.absent() is not None, reason=str(launcher.absent()))


@pytest.fixture(scope="module")
def made() -> customers.Customers:
    return customers.make(300, EVENTS_EACH, int(NOW.timestamp() * 1000))


@pytest.fixture(scope="module")
def file(made: customers.Customers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("peers") / "events.parquet"
    customers.write_parquet(made, path)
    return path


@pytest.fixture(scope="module", params=[timedelta(), timedelta(days=11, hours=7), timedelta(days=-40)])
def engine(request: pytest.FixtureRequest, file: Path) -> tuple[int, pd.DataFrame]:
    """An instant, also one that events come after, and the engine's table."""
    at = NOW + request.param
    out = file.parent / f"{at:%Y%m%dT%H}.parquet"
    text = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    done = launcher.run("features", "--events", file, "--features", DEFINITIONS, "--at", text, "--out", out)
    assert done.returncode == 0, done.stderr
    table = pd.read_parquet(out).set_index("customer_id").drop(columns="at")
    assert table.shape[1] == WIDTH
    return int(at.timestamp() * 1000), table


def assert_same(expected: pd.DataFrame, found: np.ndarray) -> None:
    """Fail with the features that differ by more than a few of float32's last bits."""
    wanted = expected.to_numpy(np.float32)
    same = np.isclose(wanted, found, rtol=1e-6, atol=1e-6, equal_nan=True)
    assert same.all(), dict(zip(expected.columns, (~same).sum(axis=0), strict=True))
    assert np.isnan(wanted).any(axis=0).sum() > 3, "some are missing of some customers"
    # Days after the last event nobody has anything in the last seven.
    assert (np.nanstd(wanted, axis=0) > 0).sum() >= WIDTH - 3, "hardly any is the same for everybody"


def test_service_computes_the_same(made: customers.Customers, engine: tuple[int, pd.DataFrame]) -> None:
    now, expected = engine
    assert_same(expected, np.array([features(list(made[name]), now) for name in expected.index]))


def test_script_computes_the_same(file: Path, engine: tuple[int, pd.DataFrame]) -> None:
    now, expected = engine
    table = audience_job.features(audience_job.from_file(file), now)
    assert set(table["customer_id"]) == set(expected.index)
    rows = pl.DataFrame({"customer_id": list(expected.index)}).join(table, on="customer_id", how="left")
    assert_same(expected, rows.drop("customer_id", "profile_events").to_numpy())
