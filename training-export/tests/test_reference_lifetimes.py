"""The reference against lifetimes, the library whose words it uses, on households of the Complete Journey."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

import complete_journey
from reference.events import DAY_MS, Event, millis
from reference.features import View, feature
from reference.kinds import evaluate

WORDS = ("frequency", "recency", "T", "monetary_value")
DEFINITIONS = [feature(word, word) for word in WORDS]


def lifetimes_summary(purchases: pd.DataFrame, instant: int) -> pd.DataFrame:
    """Return what lifetimes makes of the purchases up to an instant."""
    utils = pytest.importorskip("lifetimes.utils")
    seen = purchases[purchases["time"] <= instant].assign(day=lambda f: pd.to_datetime(f["time"], unit="ms"))
    end = pd.to_datetime(instant, unit="ms")
    return utils.summary_data_from_transaction_data(
        seen, "customer_id", "day", monetary_value_col="value", observation_period_end=end
    )


@pytest.mark.parametrize("instant", ["2017-05-01T00:00:00Z", "2017-12-31T23:59:59Z"])
def test_reference_real_households_equals_lifetimes(instant):
    frame = complete_journey.events(60).filter(pl.col("type") == "purchase")
    summary = lifetimes_summary(frame.select("customer_id", "time", "value").to_pandas(), millis(instant))
    assert len(summary) > 50
    for (customer,), lines in frame.group_by("customer_id"):
        log = [
            Event(r["id"], customer, "purchase", r["time"], value=r["value"])
            for r in lines.iter_rows(named=True)
        ]
        got = evaluate(DEFINITIONS, View.of(log, millis(instant)))
        if customer in summary.index:
            assert [got[word] for word in WORDS] == pytest.approx(list(summary.loc[customer, list(WORDS)]))


def test_reference_one_purchase_day_has_no_monetary_value():
    log = [Event(str(i), "c", "purchase", 3 * DAY_MS + i, value=5.0) for i in range(3)]
    got = evaluate(DEFINITIONS, View.of(log, 5 * DAY_MS))
    frame = pd.DataFrame({"customer_id": "c", "time": [event.time for event in log], "value": 5.0})
    assert list(lifetimes_summary(frame, 5 * DAY_MS).loc["c", list(WORDS)]) == [got[word] for word in WORDS]
