"""``/v1/scores``: contexts, batches, and requests that are wrong."""

from __future__ import annotations

import pytest

from reference.events import DAY_MS, Event, rfc3339
from shoppers import fresh, leaves, load, now, shopper


@pytest.fixture(scope="module")
def known(service):
    """A shopper that the service knows."""
    customer = fresh("known")
    load(service, shopper(customer, now()))
    return customer


def posted(service, body):
    answer = service.post("/v1/scores", body)
    assert answer.status == 200, answer.body
    return answer.json


def test_post_without_context_equals_get(service, known):
    moment = rfc3339(now() - DAY_MS)
    assert posted(service, {"customer_id": known, "at": moment}) == service.score(known, at=moment)


def test_context_events_are_used_and_not_stored(service, known):
    before = service.score(known)
    context = {"type": "email_click", "time": now() - 5, "id": "ctx-1", "customer_id": known}
    with_click = posted(service, {"customer_id": known, "events": [context]})
    assert with_click["engagement"] >= 20 > before["engagement"]
    assert service.score(known)["engagement"] == before["engagement"]
    assert service.score(known)["profile_events"] == before["profile_events"]


def test_unknown_customer_with_events_is_scored_as_if_they_were_stored(service, oracle):
    customer, instant = fresh("context-only"), now() - DAY_MS
    log = shopper(customer, instant)
    body = {"customer_id": customer, "events": [e.to_json() for e in log], "at": rfc3339(instant)}
    prediction = posted(service, body)
    assert prediction["personalized"] is True
    for output in ("p_redeem_30d", "clv_90d"):
        assert prediction[output] == pytest.approx(oracle.score(output, log, instant), rel=2e-6)
    assert service.score(customer)["reason"] == "unknown_customer"


def test_context_event_already_stored_counts_once(service, known):
    stored = service.get("/v1/customers/" + known).json["events"][0]
    prediction = posted(service, {"customer_id": known, "events": [{**stored, "customer_id": known}]})
    assert prediction["profile_events"] == service.score(known)["profile_events"]


def test_context_attributes_are_the_newest(service, known):
    prediction = posted(service, {"customer_id": known, "attributes": {"loyalty": {"tier": "gold"}}})
    assert "gold" in prediction["segments"]
    assert "gold" not in service.score(known)["segments"]


def test_exclude_takes_products_and_categories_off_the_list(service, known):
    items = [item["id"] for item in service.score(known)["items"]]
    by_id = posted(service, {"customer_id": known, "exclude": [items[0]]})
    assert items[0] not in [item["id"] for item in by_id["items"]]
    assert by_id["items"][0]["id"] == items[1]
    no_grocery = posted(service, {"customer_id": known, "exclude": ["grocery"]})
    assert not {"p-milk", "p-bread", "p-tea"} & {item["id"] for item in no_grocery["items"]}
    assert None not in leaves(no_grocery)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "customer_id"),
        ({"customer_id": ""}, "customer_id"),
        ({"customer_id": "a{b}"}, "customer_id"),
        ({"customer_id": 5.5}, "customer_id"),
        ({"customer_id": "c", "colour": 1}, "colour"),
        ({"customer_id": "c", "at": "then"}, "at"),
        ({"customer_id": "c", "events": "none"}, "events"),
        ({"customer_id": "c", "events": [{"type": "view", "time": "no"}]}, "time"),
        ({"customer_id": "c", "attributes": []}, "attributes"),
        ({"customer_id": "c", "exclude": "grocery"}, "exclude"),
    ],
)
def test_bad_body_names_the_field(service, body, field):
    problem = service.post("/v1/scores", body).problem(400)
    assert field in str(problem.get("field")) + str(problem.get("errors"))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"5"])
def test_broken_body_is_a_problem(service, body):
    service.post("/v1/scores", body).problem(400)
    service.post("/v1/scores/batch", body).problem(400)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-02-30T00:00:00Z"}, "at"),
        ({"limit": "many"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"format": "xml"}, "format"),
        ({"format": "text"}, "field"),
        ({"format": "text", "field": "nothing"}, "field"),
    ],
)
def test_bad_query_names_the_field(service, known, query, field):
    assert service.get("/v1/scores/" + known, query).problem(400)["field"] == field


def test_customer_left_out_is_a_problem(service):
    assert service.get("/v1/scores").problem(400)["field"] == "customer_id"
    assert service.get("/v1/scores", {"customer_id": ""}).problem(400)["field"] == "customer_id"


@pytest.mark.parametrize("id", ["a%7Bb", "a%0Ab", "x" * 129, "%FF%FE"])
def test_impossible_id_is_a_problem(service, id):
    service.get("/v1/scores/" + id).problem(400)


def test_unknown_model_is_not_found(service, known):
    problem = service.get("/v1/scores/" + known, {"models": "propensity,propensitty"}).problem(404)
    assert "propensitty" in problem["detail"]


def test_unknown_path_is_a_problem(service):
    service.get("/v1/nothing").problem(404)


def test_wrong_method_is_a_problem(service):
    service.call("PUT", "/v1/events", b"{}", Content_Type="application/json").problem(405)


def test_batch_keeps_order_and_duplicates(service, known):
    others = [fresh("batch") for _ in range(20)]
    for name in others:
        load(service, shopper(name, now()))
    ids = [*others, known, "nobody-at-all", others[0], others[0], "a/b"]
    answer = service.post("/v1/scores/batch", {"customer_ids": ids})
    assert answer.status == 200
    results = answer.json["results"]
    assert [result["customer_id"] for result in results] == ids
    for id, result in zip(ids, results, strict=True):
        alone = service.get("/v1/scores", {"customer_id": id}).json
        assert {**result, "as_of": 0} == {**alone, "as_of": 0}


def test_batch_of_a_thousand_is_answered_and_of_one_more_refused(service):
    ids = [f"nobody-{i}" for i in range(1001)]
    assert len(service.post("/v1/scores/batch", {"customer_ids": ids[:1000]}).json["results"]) == 1000
    assert service.post("/v1/scores/batch", {"customer_ids": ids}).problem(400)["field"] == "customer_ids"


@pytest.mark.parametrize(
    "body", [{}, {"customer_ids": "c"}, {"customer_ids": ["ok", ""]}, {"customer_ids": [5.5]}]
)
def test_bad_batch_is_a_problem(service, body):
    assert "customer_ids" in str(service.post("/v1/scores/batch", body).problem(400))


def test_context_of_returns_is_netted_like_stored_ones(service, oracle):
    customer, instant = fresh("returns"), now() - DAY_MS
    log = shopper(customer, instant)
    back = Event(
        f"{customer}#back", customer, "return", instant, value=log[0].value, product_id=log[0].product_id
    )
    body = {"customer_id": customer, "events": [e.to_json() for e in [*log, back]], "at": rfc3339(instant)}
    got = posted(service, body)["p_redeem_30d"]
    assert got == pytest.approx(oracle.score("p_redeem_30d", [*log, back], instant), rel=2e-6)
