"""The reference itself, against cases computed by hand: what the engine is held to must be believed."""

from __future__ import annotations

import math

import pytest

from reference.events import Event, millis
from reference.features import View, feature
from reference.kinds import evaluate
from reference.where import compare, is_missing, under

AT = millis("2026-03-31T12:00:00Z")


def event(id: str, time: str, type: str = "purchase", **fields) -> Event:
    return Event(id, "c", type, millis(f"2026-{time}Z"), **fields)


def value(log, kind, at=AT, where=None, **options):
    definition = feature("f", kind, where, **options)
    return evaluate([definition], View.of(log, at))["f"]


ORDERS = [
    event("1", "03-01T10:00:00", order_id="a", value=10.0, quantity=1, product_id="p", category="g/d/milk"),
    event("2", "03-01T10:00:00", order_id="a", value=5.0, product_id="q", category="g/d/oat"),
    event("3", "03-11T10:00:00", order_id="b", value=20.0, product_id="p", category="g/b"),
    event("4", "03-13T10:00:00", "return", order_id="b", value=20.0, product_id="p", category="g/b"),
    event("5", "03-31T12:00:00", order_id="c", value=7.5, product_id="r", category="x/y/z"),
]


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("count", {}, 3),
        ("count", {"per": "order"}, 2),
        ("count", {"per": "day"}, 3),
        ("count", {"event": "return"}, 1),
        ("count", {"event": ["purchase", "return"]}, 5),
        ("sum", {"field": "value"}, 22.5),
        ("sum", {"field": "quantity"}, 1),
        ("mean", {"field": "value"}, 42.5 / 4),
        ("mean", {"field": "value", "per": "order"}, 22.5 / 3),
        ("min", {"field": "value", "per": "order"}, 0),
        ("max", {"field": "value"}, 20),
        ("std", {"field": "quantity"}, math.nan),
        ("distinct", {"field": "order_id"}, 3),
        ("days_since_last", {}, 0),
        ("days_since_first", {}, 30 + 2 / 24),
        ("gap_mean", {"per": "order"}, (10 + 20 + 2 / 24) / 2),
        ("gap_mean", {"per": "day"}, 15),
        ("gap_std", {"per": "day"}, math.sqrt(50)),
        ("frequency", {}, 2),
        ("recency", {}, 30),
        ("T", {}, 30),
        ("monetary_value", {}, (20 + 7.5) / 2),
        ("rate", {}, 3 / (30 + 2 / 24)),
        ("rate", {"window": "10d"}, 0.1),
        ("top_category", {"vocabulary": ["x", "g"]}, 2),
        ("top_category", {"vocabulary": ["g/b", "x/y"]}, 2),
        ("affinity", {"vocabulary": ["g", "x"]}, [2 / 3, 1 / 3]),
        ("affinity", {"vocabulary": ["g/b", "g/d"]}, [0, 1]),
        ("product_counts", {"vocabulary": ["p", "q", "none"]}, [1, 1, 0]),
        ("product_counts", {"vocabulary": ["g/b", "g/d"], "field": "category", "level": 2}, [0, 2]),
        ("recent_products", {"vocabulary": ["p", "r"], "length": 4}, [0, 1, 1, 2]),
        ("recent_products", {"vocabulary": ["p", "r"], "length": 2}, [1, 2]),
        ("recent_ages", {"vocabulary": ["r"], "length": 2}, [0, 0]),
        ("decayed_count", {"half_life": "10d", "where": compare("product_id", "==", "r")}, 1),
    ],
)
def test_kind_orders_with_a_return(kind, options, expected):
    got = value(ORDERS, kind, **{"event": "purchase"} | options)
    assert got == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("count", {}, 0),
        ("sum", {"field": "value"}, 0),
        ("mean", {"field": "value"}, math.nan),
        ("min", {"field": "value"}, math.nan),
        ("std", {"field": "value"}, math.nan),
        ("distinct", {"field": "value"}, 0),
        ("days_since_last", {}, math.nan),
        ("gap_mean", {}, math.nan),
        ("decayed_count", {"half_life": "1d"}, 0),
        ("rate", {}, 0),
        ("frequency", {}, math.nan),
        ("monetary_value", {}, math.nan),
        ("affinity", {"vocabulary": ["g"]}, [0]),
        ("top_category", {"vocabulary": ["g"]}, 0),
        ("product_counts", {"vocabulary": ["p"]}, [0]),
        ("recent_products", {"vocabulary": ["p"], "length": 2}, [0, 0]),
        ("attribute", {"path": "a"}, math.nan),
        ("attribute", {"path": "a", "encoding": "one_hot", "values": ["x"]}, [0]),
        ("time_share", {"hours": [18, 23]}, math.nan),
        ("sessions", {}, 0),
    ],
)
def test_kind_of_nothing(kind, options, expected):
    assert value([event("1", "04-01T00:00:00")], kind, **options) == pytest.approx(expected, nan_ok=True)


def test_window_edges_are_open_at_the_start_and_closed_at_the_end():
    log = [event("1", "03-30T12:00:00"), event("2", "03-30T12:00:00.001"), event("3", "03-31T12:00:00")]
    assert value(log, "count", window="1d") == 2
    assert value(log, "count", ago="1d") == 1
    assert value(log, "count", window="24h", ago="1d") == 1


def test_repeated_id_first_in_the_log_counts_even_if_later_than_the_instant():
    log = [event("1", "04-01T00:00:00"), event("1", "03-01T00:00:00")]
    assert value(log, "count", event="purchase") == 0


def test_retraction_is_not_seen_before_its_own_time():
    log = [
        event("r", "03-20T00:00:00", "retract", attributes={"event_id": "1"}),
        event("1", "03-10T00:00:00"),
        event("2", "03-11T00:00:00"),
    ]
    assert value(log, "count", event="purchase") == 1
    assert value(log, "count", event="purchase", at=millis("2026-03-19T00:00:00Z")) == 2


def test_unless_is_nan_once_the_other_follows_the_last():
    log = [event("1", "03-10T12:00:00", "add_to_cart"), event("2", "03-09T12:00:00")]
    assert value(log, "days_since_last", event="add_to_cart", unless="purchase") == 21
    later = [*log, event("3", "03-11T00:00:00")]
    assert math.isnan(value(later, "days_since_last", event="add_to_cart", unless="purchase"))
    again = [*later, event("4", "03-12T12:00:00", "add_to_cart")]
    assert value(again, "days_since_last", event="add_to_cart", unless="purchase") == 19


def test_where_is_three_valued():
    log = [
        event("1", "03-01T00:00:00", value=5.0, category="a/b"),
        event("2", "03-02T00:00:00", category="a/bc"),
    ]
    assert value(log, "count", where=compare("value", ">", 3)) == 1
    assert value(log, "count", where=~compare("value", ">", 3)) == 0
    assert value(log, "count", where=is_missing("value")) == 1
    assert value(log, "count", where=under("category", "a/b")) == 1
    assert value(log, "count", where=compare("value", ">", 3) | under("category", "a")) == 2


def test_attributes_merge_by_leaf_and_null_deletes():
    log = [
        event("1", "03-01T00:00:00", "attributes", attributes={"a": {"x": 1, "y": "old"}, "n": 7}),
        event("3", "03-03T00:00:00", "attributes", attributes={"a": {"y": "new"}, "n": None}),
        event("2", "03-02T00:00:00", "attributes", attributes={"a": {"y": "late"}, "b": True}),
    ]
    assert View.of(log, AT).attributes == {"a": {"x": 1, "y": "new"}, "b": True}
    assert View.of(log, AT, source_priority=["crm"]).attributes["a"]["y"] == "new"
    crm = Event("0", "c", "attributes", log[0].time, source="crm", attributes={"a": "none"})
    assert View.of([*log, crm], AT, source_priority=["crm"]).attributes == {"a": "none", "b": True}
    assert View.of([*log, crm], AT).attributes == {"a": {"x": 1, "y": "new"}, "b": True}


def test_time_share_follows_summer_time():
    log = [event("1", "03-29T00:30:00"), event("2", "03-29T01:30:00")]  # 01:30 and 03:30 in Berlin that night
    assert value(log, "time_share", hours=[3, 3], timezone="Europe/Berlin") == 0.5
    assert value(log, "time_share", weekdays=["sun"], timezone="America/New_York") == 0.0


def test_sessions_by_id_or_by_gap():
    log = [
        event("1", "03-01T00:00:00", "view", session_id="s"),
        event("2", "03-01T00:30:00", "view", session_id="s"),
        event("3", "03-01T01:00:00.001", "view"),
    ]
    assert value(log, "sessions") == 1
    assert value(log, "sessions", gap="30m") == 2


def test_bucket_ratio_and_expression_read_other_features():
    two = feature("two", "count", event="purchase", where=compare("value", "<", 8))
    definitions = [
        two,
        feature("all", "count", event="purchase"),
        feature("none", "count", event="view"),
        feature("share", "ratio", of="two", to="all"),
        feature("undefined", "ratio", of="all", to="none"),
        feature("box", "bucket", of="all", edges=[1, 3, 5]),
        feature("box_of_nan", "bucket", of="undefined", edges=[1]),
        feature("sum_of_both", "expression", compute=lambda v: v["two"] + v["all"]),
    ]
    values = evaluate(definitions, View.of(ORDERS, AT))
    assert values["share"] == pytest.approx(2 / 3)
    assert math.isnan(values["undefined"]) and math.isnan(values["box_of_nan"])
    assert values["box"] == 2
    assert values["sum_of_both"] == 5
