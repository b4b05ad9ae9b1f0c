"""Training sets in three lines: instants, labels, leakage, and frames of either library."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

import event_files
import launcher
import random_features
import scorecast_export as sx
from reference.events import Event, millis
from scorecast_export.event_log import EventLog

pytestmark = pytest.mark.skipif(launcher.absent() is not None, reason=str(launcher.absent()))

DEFINITIONS = [
    {"name": "orders", "kind": "count", "event": "purchase", "per": "order"},
    {"name": "spend_30d", "kind": "sum", "field": "value", "event": "purchase", "window": "30d"},
    {"name": "taste", "kind": "affinity", "vocabulary": ["food", "home"], "half_life": "30d"},
]
FIRST, SECOND = "2020-03-01", "2020-03-15"


def day(number: float) -> int:
    return millis("2020-03-01T00:00:00Z") + round(number * 86_400_000)


def bought(id: str, at: float, customer: str = "a", **fields) -> Event:
    return Event(id, customer, "purchase", day(at), **{"value": 10.0, "category": "food/bread"} | fields)


def happened(id: str, kind: str, at: float, customer: str = "a", **fields) -> Event:
    return Event(id, customer, kind, day(at), **fields)


LONG_AFTER = happened("end", "view", 60, "z")


def labels(tmp_path, events, label, at=FIRST, **more) -> dict[str, object]:
    """The labels at one instant, by customer."""
    file = event_files.write([*events, LONG_AFTER], tmp_path / "events.ndjson")
    frame = sx.features(file, DEFINITIONS, at=at, label=label, **more)
    return dict(zip(frame.table["customer_id"], frame.y, strict=True))


def test_instants():
    assert sx.monthly("2019-12-31", "2020-02-29") == [
        datetime(2019, 12, 31, tzinfo=UTC),
        datetime(2020, 1, 31, tzinfo=UTC),
        datetime(2020, 2, 29, tzinfo=UTC),
    ]
    assert len(sx.weekly("2020-01-01", "2020-01-14")) == 2
    assert sx.daily("2020-01-01T06:00:00Z", "2020-01-02")[-1].hour == 6
    with pytest.raises(ValueError, match="before the first"):
        sx.monthly("2020-02-01", "2020-01-01")


def test_horizon_that_is_none_is_refused():
    with pytest.raises(ValueError, match="'30 days' is no duration"):
        _ = sx.spend_within("30 days").span


def test_label_begins_after_the_instant_and_holds_the_end_of_the_horizon(tmp_path):
    times = {"a": 0, "b": 0.001, "c": 14, "d": 14.001}
    events = [bought(f"{c}0", -1, c) for c in times] + [bought(f"{c}1", at, c) for c, at in times.items()]
    wanted = {"a": 0.0, "b": 1.0, "c": 1.0, "d": 0.0}
    assert labels(tmp_path, events, sx.purchases_within("14d")) == wanted


def test_labels_net_returns_and_respect_retractions_and_repeats(tmp_path):
    events = [
        *(bought(f"{c}0", -1, c) for c in "abcd"),
        bought("a1", 2, "a", value=30.0),
        happened("a2", "return", 3, "a", value=5.0),
        bought("a1", 4, "a", value=99.0),  # the same delivery again
        bought("b1", 2, "b"),
        happened("b2", "retract", 5, "b", attributes={"event_id": "b1"}),
        bought("c1", 2, "c"),
        happened("c2", "retract", 20, "c", attributes={"event_id": "c1"}),  # nobody knows that yet
    ]
    assert labels(tmp_path, events, sx.spend_within("14d")) == {"a": 25.0, "b": 0.0, "c": 10.0, "d": 0.0}
    assert labels(tmp_path, events, sx.purchases_within("14d")) == {"a": 1, "b": 0, "c": 1, "d": 0}


def test_lapse_asks_about_the_active_only(tmp_path):
    events = [
        bought("1", -61, "old"),
        bought("2", -59, "gone"),
        bought("3", -5, "here"),
        bought("4", 3, "here"),
    ]
    assert labels(tmp_path, events, sx.lapses_within("28d")) == {"gone": 1.0, "here": 0.0}
    assert labels(tmp_path, events, sx.lapses_within("28d", active=None))["old"] == 1.0


def test_category_label_looks_below_the_path(tmp_path):
    events = [
        *(bought(f"{c}0", -1, c) for c in "abc"),
        bought("1", 1, "a", category="food/bread/rye"),
        bought("2", 1, "b", category="food/breadcrumbs"),
    ]
    label = sx.purchases_category_within("food/bread", "14d")
    assert labels(tmp_path, events, label) == {"a": 1.0, "b": 0.0, "c": 0.0}
    assert label.output == "p_purchase_bread_14d"


def test_redeems_after_a_mailing_counts_from_the_mailing(tmp_path):
    events = [
        *(bought(f"{c}0", -1, c) for c in "abcd"),
        *(happened(f"{c}1", "campaign_send", 0.25, c) for c in "abc"),
        happened("a2", "coupon_redemption", 10.25, "a"),
        happened("b2", "coupon_redemption", 10.26, "b"),
        happened("c2", "coupon_redemption", 0.2, "c"),  # before the mailing
        happened("d2", "coupon_redemption", 3, "d"),  # never mailed
    ]
    label = sx.redeems_within("10d", after="campaign_send")
    assert labels(tmp_path, events, label) == {"a": 1.0, "b": 0.0, "c": 0.0}
    assert labels(tmp_path, events, label, at=sx.days_before("campaign_send")) == {
        "a": 1.0,
        "b": 0.0,
        "c": 0.0,
    }


def test_after_a_mailing_at_midnight_features_do_not_see_it(tmp_path):
    events = [bought("0", -30), happened("1", "campaign_send", 0), happened("2", "coupon_redemption", 1)]
    file = event_files.write([*events, LONG_AFTER], tmp_path / "events.parquet")
    mailings = [{"name": "mailings", "kind": "count", "event": "campaign_send"}]
    label = sx.redeems_within("10d", after="campaign_send")
    frame = sx.features(file, mailings, at=sx.days_before("campaign_send"), label=label)
    assert frame.table[["mailings", "label"]].to_numpy().tolist() == [[0.0, 1.0]]


def test_next_basket_is_the_first_order_within_the_horizon(tmp_path):
    events = [
        *(bought(f"{c}0", -1, c) for c in "abc"),
        bought("1", 2, "a", order_id="o1", product_id="milk"),
        bought("2", 2.1, "a", order_id="o1", product_id="bread"),
        bought("3", 1.9, "a", order_id="o0", product_id="gone"),
        happened("4", "retract", 3, "a", attributes={"event_id": "3"}),
        bought("5", 15, "b", order_id="o2", product_id="late"),
        bought("6", 1, "c", product_id="alone"),
        bought("7", 1, "c", product_id="other"),
    ]
    assert labels(tmp_path, events, sx.next_basket("14d")) == {"a": ["bread", "milk"], "c": ["alone"]}
    assert labels(tmp_path, events, sx.next_basket("14d", field="category"))["a"] == ["food/bread"]


def test_label_past_the_end_of_the_data_is_refused(tmp_path):
    file = event_files.write([bought("0", -1), bought("1", 13)], tmp_path / "events.csv")
    with pytest.raises(sx.LeakageError, match="14d ahead of 2020-03-01, but the events end at 2020-03-14"):
        sx.features(file, DEFINITIONS, at=FIRST, label=sx.purchases_within("14d"))
    frame = sx.features(
        file, DEFINITIONS, at=FIRST, label=sx.purchases_within("14d"), data_until="2020-03-15"
    )
    assert frame.y.tolist() == [1.0]


def test_label_after_an_event_past_the_end_of_the_data_is_refused(tmp_path):
    events = [bought("0", -1), happened("1", "campaign_send", 9), bought("2", 12)]
    file = event_files.write(events, tmp_path / "events.ndjson.gz")
    label = sx.redeems_within("10d", after="campaign_send")
    with pytest.raises(sx.LeakageError, match="looks ahead until 2020-03-20"):
        sx.features(
            file, DEFINITIONS, at=sx.days_before("campaign_send"), label=label, data_until="2020-03-19"
        )


def test_split_leaves_out_rows_whose_labels_look_into_the_test(tmp_path):
    events = [bought(str(n), n) for n in range(-40, 60, 2)]
    file = event_files.write(events, tmp_path / "events.ndjson")
    frame = sx.features(
        file, DEFINITIONS, at=sx.weekly("2020-02-02", "2020-03-15"), label=sx.purchases_within("14d")
    )
    train, test = frame.split("2020-03-08")
    assert train.table["until"].max() <= pd.Timestamp("2020-03-08", tz="UTC") <= test.table["at"].min()
    assert [len(train), len(test), len(frame)] == [4, 2, 7]
    with pytest.raises(sx.LeakageError, match="no label was known at 2020-02-03"):
        frame.split("2020-02-03")


def test_frames_of_pandas_and_polars_give_what_the_file_gives(tmp_path):
    events = [bought("0", -1, quantity=2.0, attributes={"a": 1}), bought("1", 3), LONG_AFTER]
    rows = [{**e.to_json(), "attributes": dict(e.attributes) or None} for e in events]
    file = event_files.write(events, tmp_path / "events.ndjson")
    frame = pd.DataFrame(rows)
    polars = pl.DataFrame(
        [{**row, "attributes": json.dumps(row["attributes"] or {})} for row in rows]
    ).with_columns(pl.col("time").str.to_datetime(time_zone="UTC"))
    asked = {"at": sx.monthly(FIRST, "2020-04-01"), "label": sx.spend_within("10d")}
    wanted = sx.features(file, DEFINITIONS, **asked)
    for given in (frame, polars):
        pd.testing.assert_frame_equal(sx.features(given, DEFINITIONS, **asked).table, wanted.table)
    assert wanted.to_polars().columns == ["customer_id", "at", "until", "label", *wanted.columns]
    assert wanted.columns == ["orders", "spend_30d", "taste_0", "taste_1"]


def test_frame_carries_definitions_and_their_vocabularies(tmp_path):
    (tmp_path / "words.txt").write_text("milk\nbread\n")
    text = "features:\n  - {name: n, kind: product_counts, vocabulary: words.txt}  # how often\n"
    (tmp_path / "features.yaml").write_text(text)
    file = event_files.write([bought("0", -1, product_id="bread")], tmp_path / "events.ndjson")
    frame = sx.features(file, tmp_path / "features.yaml", at=FIRST)
    assert (frame.definitions, frame.files) == (text, {"words.txt": "milk\nbread\n"})
    assert frame.X.to_numpy().tolist() == [[0.0, 1.0]]
    with pytest.raises(ValueError, match="has no label"):
        _ = frame.y


def test_engine_says_where_definitions_are_wrong(tmp_path):
    file = event_files.write([bought("0", -1)], tmp_path / "events.ndjson")
    with pytest.raises(sx.EngineError, match=r"features.yaml:\d+:\d+: .*cuont.*did you mean 'count'"):
        sx.features(file, [{"name": "n", "kind": "cuont"}], at=FIRST)


def test_event_log_agrees_with_the_engine_over_random_streams(tmp_path):
    rng = np.random.default_rng(21)
    at = random_features.instants(rng, 4)
    logs = random_features.logs(rng, 60, at)
    everybody = [replaced for log in logs.values() for replaced in log]
    file = event_files.write(everybody, tmp_path / "events.parquet")
    instants = [datetime.fromtimestamp(t / 1000, UTC) for t in at]
    frame = sx.features(
        file, DEFINITIONS, at=instants, label=sx.purchases_within("30d"), data_until="2024-01-01"
    )
    seen = EventLog.read([file]).of_type("purchase")
    for _, row in frame.table.iterrows():
        mine = seen[seen["customer_id"] == row["customer_id"]]
        inside = (mine["time"] > row["at"]) & (mine["time"] <= row["until"])
        assert row["label"] == (inside & ~(mine["retracted"] <= row["until"])).any(), row["customer_id"]
    assert 0.1 < frame.y.mean() < 0.9
