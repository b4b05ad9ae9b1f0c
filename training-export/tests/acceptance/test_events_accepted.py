"""``POST /v1/events``: what is taken, and in which forms."""

from __future__ import annotations

import gzip
import json
from urllib.parse import quote

import pytest

from reference.events import DAY_MS, rfc3339
from shoppers import fresh, now

ONE = {"accepted": 1, "rejected": 0, "errors": []}


def purchase(service, customer, **fields):
    return service.event(customer, "purchase", now() - DAY_MS, value=2.5, **fields)


def test_single_object_is_accepted(service):
    answer = service.post("/v1/events", purchase(service, fresh()))
    assert (answer.status, answer.json) == (202, ONE)


def test_ndjson_with_blank_lines_and_windows_ends_is_accepted(service):
    lines = [json.dumps(purchase(service, fresh())) for _ in range(3)]
    body = ("\r\n".join(lines[:2]) + "\n\n" + lines[2]).encode()
    answer = service.post("/v1/events", body, Content_Type="application/x-ndjson")
    assert (answer.status, answer.json["accepted"]) == (202, 3)


@pytest.mark.parametrize("content_type", ["application/json", "application/x-ndjson"])
def test_gzip_is_accepted(service, content_type):
    body = gzip.compress(json.dumps(purchase(service, fresh())).encode())
    answer = service.post("/v1/events", body, Content_Type=content_type, Content_Encoding="gzip")
    assert (answer.status, answer.json) == (202, ONE)


def test_content_type_with_charset_is_accepted(service):
    body = json.dumps(purchase(service, fresh())).encode()
    assert service.post("/v1/events", body, Content_Type="application/json; charset=utf-8").status == 202


@pytest.mark.parametrize("when", ["2026-05-01T10:15:00+02:00", "2026-05-01T08:15:00.000Z", 1777623300000])
def test_times_in_every_form_are_one_instant(service, when):
    customer = fresh("time")
    service.send(service.event(customer, "purchase", when, value=1.0))
    just_before = service.score(customer, at="2026-05-01T08:14:59.999Z")
    then = service.score(customer, at="2026-05-01T08:15:00Z")
    assert just_before.get("profile_events", 0) == 0
    assert then["profile_events"] == 1


@pytest.mark.parametrize(
    "id", ["a+b@x.com", "a/b", "ключ-日本語", "with space", "100%", "q?a=1&b=2", "#h", "é" * 64]
)
def test_odd_customer_ids_are_scored_by_path_and_by_query(service, id):
    service.send(purchase(service, id))
    by_path = service.get("/v1/scores/" + quote(id, safe=""))
    by_query = service.get("/v1/scores", {"customer_id": id})
    assert by_path.json["customer_id"] == id
    assert by_path.json["personalized"] is True
    assert by_path.body == by_query.body


def test_plus_in_a_path_is_a_plus(service):
    service.send(purchase(service, "plus+id@x.com"))
    assert service.get("/v1/scores/plus+id@x.com").json["customer_id"] == "plus+id@x.com"
    assert service.get("/v1/scores/plus+id@x.com").json["personalized"] is True


def test_repeated_delivery_counts_once(service):
    event = purchase(service, fresh("twice"))
    for _ in range(3):
        service.send(event)
    assert service.score(event["customer_id"])["profile_events"] == 1


def test_same_id_of_two_customers_counts_for_both(service):
    first, second = purchase(service, fresh()), purchase(service, fresh())
    service.send(first, {**second, "id": first["id"]})
    assert service.score(first["customer_id"])["profile_events"] == 1
    assert service.score(second["customer_id"])["profile_events"] == 1


def test_large_array_is_accepted_whole(service):
    customer = fresh("many")
    service.send(*(purchase(service, customer) for _ in range(2000)))
    assert service.score(customer)["profile_events"] == 2000


def test_every_field_and_own_types_are_accepted(service):
    event = {
        **purchase(service, fresh("full"), product_id="p-9", category="grocery/dairy/milk", quantity=1),
        "order_id": "o-5",
        "session_id": "s-2",
        "attributes": {"channel": "web", "nested": {"list": ["a", 1, True], "nothing": None}},
        "source": "shop",
    }
    own = service.event(event["customer_id"], "wishlist_shared", rfc3339(now() - 5))
    service.send(event, own)
    profile = service.get("/v1/customers/" + event["customer_id"]).json
    kept = next(e for e in profile["events"] if e["id"] == event["id"])
    for name in ("type", "product_id", "category", "value", "quantity", "order_id", "session_id", "source"):
        assert kept[name] == event[name]
    assert kept["attributes"]["channel"] == "web"
    assert {e["type"] for e in profile["events"]} == {"purchase", "wishlist_shared"}


def test_time_a_little_ahead_becomes_now(service):
    customer = fresh("ahead")
    service.send(service.event(customer, "purchase", now() + 4 * 60_000, value=3.0))
    assert service.score(customer)["profile_events"] == 1
