"""Words for features' values come from the definitions, and fit what the service takes."""

from __future__ import annotations

import re

import pytest
import yaml

import feature_sets
from scorecast_export.train.journey import DEFINITIONS
from scorecast_export.versions.reasons import reason_templates

PLACEHOLDER = re.compile(r"\{(value|percent|word|value:[^|:{}]+\|[^|:{}]+)\}")


def words(**definition) -> str | None:
    text = yaml.safe_dump({"features": [{"name": "some_name", **definition}]})
    return reason_templates(text).get("some_name")


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ({"kind": "count", "event": "purchase", "window": "30d"},
         "bought {value} {value:time|times} in 30 days"),
        ({"kind": "count", "event": "purchase", "per": "day", "window": "1d"},
         "bought on {value} {value:day|days} in 1 day"),
        ({"kind": "count", "event": "purchase", "per": "order", "window": "28d", "ago": "28d"},
         "ordered {value} {value:time|times} in the 28 days until 28 days ago"),
        ({"kind": "count", "event": "wish{list}", "window": "12h"},
         "had an event 'wishlist' {value} {value:time|times} in 12 hours"),
        ({"kind": "count", "event": ["view", "add_to_cart"]},
         "had an event (view or add to cart) {value} {value:time|times}"),
        ({"kind": "count"}, "did something {value} {value:time|times}"),
        ({"kind": "sum", "field": "value", "event": "purchase", "window": "90d",
          "where": 'category.under("fuel")'},
         "spent {value} from fuel in 90 days"),
        ({"kind": "sum", "field": "attributes.coupon_discount", "event": "purchase"},
         "coupon discount of purchases {value} in total"),
        ({"kind": "mean", "field": "value", "event": "purchase", "per": "order"},
         "the mean value of an order is {value}"),
        ({"kind": "distinct", "field": "category", "event": "purchase", "window": "90d"},
         "bought {value} different categories in 90 days"),
        ({"kind": "days_since_last", "event": "campaign_send"},
         "was last mailed a campaign {value} {value:day|days} ago"),
        ({"kind": "days_since_last", "event": "add_to_cart", "unless": "purchase"},
         "last put something into the cart {value} {value:day|days} ago, without 'purchase' since"),
        ({"kind": "gap_mean", "event": "purchase", "per": "day"}, "bought every {value} {value:day|days}"),
        ({"kind": "attribute", "path": "loyalty.tier", "encoding": "one_hot", "values": ["gold"]},
         "loyalty tier is {word}"),
        ({"kind": "time_share", "event": "purchase", "weekdays": ["sun", "sat"]},
         "{percent} of purchases at weekends"),
        ({"kind": "expression", "expression": "a / b"}, "some name is {value}"),
        ({"kind": "recent_products", "vocabulary": ["a"], "length": 3}, None),
        ({"kind": "last_value", "field": "category"}, None),
    ],
)  # fmt: skip
def test_words_of_a_kind(definition, said):
    assert words(**definition) == said


def every_definition() -> list[str]:
    kinds = feature_sets.every_kind(["p1", "p2", "p3", "p4"], ["a"], ["a/b"], ["a/b/c"], "s1")
    of_kinds = yaml.safe_dump({"features": [feature.to_yaml() for feature in kinds]})
    shipped = [file.read_text(encoding="utf-8") for file in sorted(DEFINITIONS.glob("*.yaml"))]
    return [of_kinds, *(text for text in shipped if "features:" in text)]


@pytest.mark.parametrize("text", every_definition())
def test_every_template_has_known_placeholders_only(text):
    found = reason_templates(text)
    vectors = {
        f["name"]
        for f in yaml.safe_load(text)["features"]
        if f["kind"] in ("affinity", "product_counts") or f.get("encoding") == "one_hot"
    }
    assert len(found) >= 3
    for name, template in found.items():
        rest = PLACEHOLDER.sub("", template)
        assert not re.search(r"[{}\n]", rest), (name, template)
        assert 0 < len(template) <= 200
        assert ("{word}" in template) <= (name in vectors), (name, template)
