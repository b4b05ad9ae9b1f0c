"""``POST /v1/events``: what is refused, and what is said about it."""

from __future__ import annotations

import gzip
import json

import pytest

from reference.events import DAY_MS
from shoppers import fresh, now

YESTERDAY = now() - DAY_MS
GOOD = {"id": "x", "customer_id": "refused", "type": "view", "time": YESTERDAY}


def without(name):
    return {key: value for key, value in GOOD.items() if key != name}


BAD = [
    (without("id"), "id"),
    (without("customer_id"), "customer_id"),
    (without("type"), "type"),
    (without("time"), "time"),
    ({**GOOD, "colour": "red"}, "colour"),
    ({**GOOD, "id": ""}, "id"),
    ({**GOOD, "id": "x" * 129}, "id"),
    ({**GOOD, "id": "é" * 65}, "id"),
    ({**GOOD, "id": 7.5}, "id"),
    ({**GOOD, "customer_id": "a{b}"}, "customer_id"),
    ({**GOOD, "customer_id": "a\nb"}, "customer_id"),
    ({**GOOD, "customer_id": None}, "customer_id"),
    ({**GOOD, "customer_id": ["a"]}, "customer_id"),
    ({**GOOD, "type": ""}, "type"),
    ({**GOOD, "time": "yesterday"}, "time"),
    ({**GOOD, "time": "2026-02-30T00:00:00Z"}, "time"),
    ({**GOOD, "time": "2026-02-03"}, "time"),
    ({**GOOD, "time": None}, "time"),
    ({**GOOD, "time": True}, "time"),
    ({**GOOD, "time": now() // 1000}, "time"),
    ({**GOOD, "time": now() * 1000}, "time"),
    ({**GOOD, "time": now() + 2 * DAY_MS}, "time"),
    ({**GOOD, "time": "1994-12-31T23:59:59Z"}, "time"),
    ({**GOOD, "value": "12"}, "value"),
    ({**GOOD, "value": [1]}, "value"),
    ({**GOOD, "quantity": "two"}, "quantity"),
    ({**GOOD, "category": 5}, "category"),
    ({**GOOD, "attributes": "web"}, "attributes"),
    ({**GOOD, "attributes": ["web"]}, "attributes"),
    ({**GOOD, "type": "retract"}, "attributes"),
]


@pytest.mark.parametrize(("event", "field"), BAD, ids=lambda part: part if isinstance(part, str) else "")
def test_bad_event_is_named(service, event, field):
    problem = service.post("/v1/events", [event]).problem(400)
    (error,) = problem["errors"]
    assert error["index"] == 0
    assert error["field"].startswith(field)
    assert error["detail"]


@pytest.mark.parametrize("when", [now() // 1000, now() * 1000])
def test_time_in_another_unit_is_refused_with_a_hint(service, when):
    (error,) = service.post("/v1/events", [{**GOOD, "time": when}]).problem(400)["errors"]
    assert "seconds" in error["detail"]


def test_good_ones_are_kept_beside_bad_ones(service):
    customer = fresh("mixed")
    good = [service.event(customer, "view", YESTERDAY) for _ in range(2)]
    answer = service.post("/v1/events", [good[0], {**GOOD, "time": "no"}, good[1], without("type"), 5])
    assert answer.status == 202
    assert (answer.json["accepted"], answer.json["rejected"]) == (2, 3)
    assert [(e["index"], e.get("field")) for e in answer.json["errors"]][:2] == [(1, "time"), (3, "type")]
    assert answer.json["errors"][2]["index"] == 4
    assert service.score(customer)["profile_events"] == 2


def test_bad_line_of_ndjson_does_not_spoil_the_next(service):
    customer = fresh("lines")
    good = [json.dumps(service.event(customer, "view", YESTERDAY)) for _ in range(2)]
    body = "\n".join([good[0], '{"id": "broken', good[1]]).encode()
    answer = service.post("/v1/events", body, Content_Type="application/x-ndjson")
    assert answer.status == 202
    assert answer.json["accepted"] == 2
    assert [error["index"] for error in answer.json["errors"]] == [1]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nonsense", b'[{"id": 1}', b'"text"', b"5", b"null", b"\xff\xfe", b"[[]]"]
)
def test_broken_body_is_a_problem(service, body):
    service.post("/v1/events", body).problem(400)


def test_broken_gzip_is_a_problem(service):
    service.post("/v1/events", b"no gzip", Content_Encoding="gzip").problem(400)
    half = gzip.compress(json.dumps([GOOD] * 50).encode())[:-20]
    service.post("/v1/events", half, Content_Encoding="gzip").problem(400)


def test_gzip_bomb_is_too_large(service):
    service.post("/v1/events", gzip.compress(b" " * 200_000_000, 9), Content_Encoding="gzip").problem(413)


@pytest.mark.parametrize("content_type", ["text/csv", "application/xml"])
def test_other_content_type_is_415(service, content_type):
    service.post("/v1/events", b"id,type", Content_Type=content_type).problem(415)


def test_deeply_nested_attributes_do_not_break_the_service(service):
    deep = ("[" * 100_000).encode()
    service.post("/v1/events", b'{"attributes": {"a": ' + deep).problem(400)
    assert service.get("/health/liveness").status == 200
