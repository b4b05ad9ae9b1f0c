"""The same bytes as long as nothing changed, and never an old answer to the one who changed something."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from reference.events import DAY_MS
from shoppers import fresh, load, now, shopper

STATES = {"near", "redis", "none", "shared"}


@pytest.fixture
def customer(service):
    """A shopper of this test alone."""
    name = fresh("cache")
    load(service, shopper(name, now()))
    return name


def test_same_question_gives_the_same_bytes_from_the_cache(service, customer):
    answers = [service.get("/v1/scores/" + customer) for _ in range(5)]
    assert len({answer.body for answer in answers}) == 1
    assert len({answer.headers["etag"] for answer in answers}) == 1
    states = [answer.headers["scorecast-cache"] for answer in answers]
    assert set(states) <= STATES
    assert states[0] == "none" and states[-1] in {"near", "redis"}


def test_headers_keep_answers_out_of_shared_caches(service, customer):
    headers = service.get("/v1/scores/" + customer).headers
    assert "private" in headers["cache-control"]
    assert "no-cache" in headers["cache-control"]
    again = service.get("/v1/scores/" + customer).headers
    assert re.fullmatch(r"\d+", again["age"])


def test_matching_etag_is_304_without_body(service, customer):
    first = service.get("/v1/scores/" + customer)
    tag = first.headers["etag"]
    assert re.fullmatch(r'(W/)?"[^"]+"', tag)
    for sent in (tag, "*", f'"other", {tag}', "W/" + tag.removeprefix("W/")):
        match = service.get("/v1/scores/" + customer, If_None_Match=sent)
        assert (match.status, match.body) == (304, b"")
        assert match.headers["etag"] == tag
    assert service.get("/v1/scores/" + customer, If_None_Match='"other"').status == 200


def test_changed_profile_changes_the_tag(service, customer):
    tag = service.get("/v1/scores/" + customer).headers["etag"]
    service.send(service.event(customer, "email_click", now()))
    answer = service.get("/v1/scores/" + customer, If_None_Match=tag)
    assert answer.status == 200
    assert answer.headers["etag"] != tag


def test_own_write_is_read_at_once(service, customer):
    seen = service.score(customer)["profile_events"]
    for i in range(1, 41):
        service.send(service.event(customer, "view", now() - 5))
        assert service.score(customer)["profile_events"] == seen + i


def test_answers_as_of_an_instant_are_not_cached(service, customer):
    for _ in range(3):
        answer = service.get("/v1/scores/" + customer, {"at": "2026-11-01T00:00:00Z"})
        assert answer.headers["scorecast-cache"] == "none"
    assert service.score(customer)["as_of"] > "2026-11-02"


def test_views_of_one_answer_do_not_mix(service, customer):
    whole = service.score(customer)
    assert len(service.score(customer, limit=1)["items"]) == 1
    assert "clv_90d" not in service.score(customer, models="propensity")
    assert service.get("/v1/scores/" + customer, {"format": "text", "field": "decision"}).body.startswith(
        whole["decision"].encode()
    )
    assert service.score(customer) == whole


def test_degraded_and_unknown_answers_are_not_kept_by_callers(service):
    unknown = fresh("later-known")
    assert service.score(unknown)["reason"] == "unknown_customer"
    load(service, shopper(unknown, now()))
    assert service.score(unknown)["personalized"] is True


def test_concurrent_answers_equal_those_one_at_a_time(service):
    names = [fresh("crowd") for _ in range(60)]
    for name in names:
        load(service, shopper(name, now()))
    moment = "2026-11-20T00:00:00Z"
    alone = {name: service.score(name, at=moment) for name in names}
    asked = names * 5
    with ThreadPoolExecutor(24) as pool:
        together = list(pool.map(lambda name: (service.score(name, at=moment), service.score(name)), asked))
    for name, (as_of, fresh_one) in zip(asked, together, strict=True):
        assert as_of == alone[name]
        assert fresh_one["customer_id"] == name


def test_rule_on_days_turns_at_its_instant_through_the_cache(service):
    customer, turn = fresh("turn"), now() + 1500
    service.send(service.event(customer, "purchase", turn - 7 * DAY_MS, value=5.0))
    assert service.score(customer)["decision"] == "recent"
    while (asked := now()) < turn + 200:
        decision = service.score(customer)["decision"]
        if asked >= turn:
            assert decision == "standard"
        elif now() < turn:
            assert decision == "recent"
