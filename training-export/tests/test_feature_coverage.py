"""What the streams and definitions under test visit: a corner that nobody visits is not tested."""

from __future__ import annotations

import numpy as np
import pytest

import hostile
import random_features
from feature_sets import every_kind
from reference.events import DAY_MS
from reference.features import View
from reference.kinds import KINDS, _category_weights, evaluate

FIXED = every_kind(hostile.PRODUCTS, hostile.TOP, hostile.DEEP, hostile.WHOLE, "s1")
RANDOM = [f for seed in random_features.SEEDS for f in random_features.drawn(seed)]

# The table of the contract: each kind with the keys that are its own.
CONTRACT = {
    "count": {"per"},
    "sum": {"field", "per"},
    "mean": {"field", "per"},
    "min": {"field", "per"},
    "max": {"field", "per"},
    "std": {"field", "per"},
    "distinct": {"field"},
    "days_since_last": {"unless", "per"},
    "days_since_first": {"per"},
    "gap_mean": {"per"},
    "gap_std": {"per"},
    "decayed_count": {"half_life", "per"},
    "decayed_sum": {"half_life", "field", "per"},
    "ratio": {"of", "to"},
    "rate": {"per"},
    "frequency": set(),
    "recency": set(),
    "T": set(),
    "monetary_value": {"field"},
    "affinity": {"vocabulary", "level", "half_life"},
    "top_category": {"vocabulary", "level", "half_life"},
    "product_counts": {"vocabulary", "field", "level", "half_life"},
    "recent_products": {"vocabulary", "length", "field"},
    "recent_ages": {"vocabulary", "length"},
    "attribute": {"path", "encoding", "values"},
    "time_share": {"hours", "weekdays", "timezone"},
    "sessions": {"gap"},
    "bucket": {"of", "edges"},
    "expression": {"expression"},
}
OVER_EVENTS = set(CONTRACT) - {"ratio", "bucket", "expression", "attribute"}


@pytest.mark.parametrize("kind", CONTRACT)
def test_kind_is_under_test_with_each_of_its_keys(kind):
    assert kind in KINDS
    under_test = [f for f in [*FIXED, *RANDOM] if f.kind == kind]
    keys = {key for f in under_test for key in f.options}
    wanted = CONTRACT[kind] | ({"event", "window", "ago"} if kind in OVER_EVENTS else set())
    assert wanted <= keys
    assert kind not in OVER_EVENTS or any(f.where for f in under_test)
    if "per" in wanted and kind != "days_since_last":
        assert {f.options.get("per", "event") for f in under_test} == {"event", "order", "day"}
    if kind == "attribute":
        encodings = {f.options.get("encoding", "number") for f in under_test}
        assert encodings == {"number", "one_hot", "ordinal"}


def test_streams_visit_the_edges_of_windows_to_the_millisecond():
    logs = hostile.logs(120, 1)
    ages = {at - event.time for at in hostile.INSTANTS for log in logs.values() for event in log}
    for edge in (0, DAY_MS // 2, 7 * DAY_MS, 30 * DAY_MS, 60 * DAY_MS, 90 * DAY_MS, 180 * DAY_MS):
        assert {edge - 1, edge, edge + 1} <= ages, edge


def test_streams_visit_the_corners_of_values():
    definitions = {f.name: f for f in FIXED}
    seen = {"tie": 0, "no repeats": 0, "edge of a bucket": 0, "stopped": 0, "expression": 0, "empty": 0}
    for log in hostile.logs(120, 1).values():
        for at in hostile.INSTANTS:
            view = View.of(log, at)
            if not view.events:
                continue
            found = evaluate(FIXED, view)
            weights = _category_weights(definitions["favourite"], view)
            seen["tie"] += max(weights) > 0 and weights.count(max(weights)) > 1
            seen["no repeats"] += found["frequency"] == 0 and found["monetary_value"] == 0
            seen["edge of a bucket"] += found["last_purchase"] in (1, 7, 30)
            seen["stopped"] += np.isnan(found["cart_open"]) and any(
                event.type == "add_to_cart" for event in view.events
            )
            seen["expression"] += np.isnan(found["inverse"])
            seen["empty"] += np.isnan(found["frequency"])
    assert all(seen.values()), seen
