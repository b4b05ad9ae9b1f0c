"""Profiles, features, and what operators ask for."""

from __future__ import annotations

import math
import re
from urllib.parse import quote

import pytest
import yaml

from reference.events import DAY_MS, rfc3339
from shoppers import fresh, load, now, shopper
from tiny_models import PROPENSITY, VALUE


def test_paging_gives_every_customer_once(service):
    names = {fresh("page") for _ in range(25)} | {"page/ü"}
    for name in names:
        service.send(service.event(name, "view", now() - DAY_MS))
    seen, query = [], {"limit": 7}
    for _ in range(500):
        page = service.get("/v1/customers", query).json
        seen += page["customers"]
        if not page.get("cursor"):
            break
        query = {"limit": 7, "cursor": page["cursor"]}
    assert names <= set(seen)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "x"}, {"limit": "-5"}, {"cursor": "no cursor"}])
def test_bad_paging_is_a_problem(service, query):
    assert service.get("/v1/customers", query).problem(400)["field"] == next(iter(query))


def test_profile_shows_attributes_with_history_and_consent(service):
    customer, moment = fresh("a/profile"), now()
    service.send(
        service.event(
            customer, "attributes", moment - 9000, attributes={"loyalty": {"tier": "silver", "points": 5}}
        ),
        service.event(
            customer, "attributes", moment - 5000, attributes={"loyalty": {"tier": "gold"}}, source="crm"
        ),
        service.event(customer, "consent", moment - 4000, attributes={"email": True, "profiling": True}),
        service.event(customer, "view", moment - 3000),
    )
    answer = service.get("/v1/customers/" + quote(customer, safe=""))
    assert answer.status == 200
    profile = answer.json
    assert len(profile["events"]) == 4
    text = answer.body.decode()
    assert '"gold"' in text and '"silver"' in text
    assert profile["consent"]
    assert [event["time"] for event in profile["events"]] == sorted(
        event["time"] for event in profile["events"]
    )


def test_profile_leaves_out_duplicates(service):
    event = service.event(fresh(), "view", now() - 5)
    service.send(event)
    service.send(event)
    assert len(service.get("/v1/customers/" + event["customer_id"]).json["events"]) == 1


@pytest.mark.parametrize(("model", "definitions"), [("propensity", PROPENSITY), ("clv", VALUE)])
def test_features_are_as_the_model_sees_them(service, oracle, model, definitions):
    customer, instant = fresh("features"), now() - DAY_MS
    log = shopper(customer, instant)
    load(service, log)
    query = {"model": model, "at": rfc3339(instant)}
    answer = service.get(f"/v1/customers/{customer}/features", query)
    assert answer.status == 200
    got = answer.json["features"]
    assert list(got) == [d.name for d in definitions]
    for name, value in oracle.features(definitions, log, instant).items():
        missing = isinstance(value, float) and math.isnan(value)
        assert got[name] is None if missing else got[name] == pytest.approx(value, rel=1e-6)


def test_features_of_the_policy_hold_text(service):
    customer = fresh("policy-features")
    service.send(service.event(customer, "purchase", now() - 5, value=1.0, category="toys/games"))
    features = service.get(f"/v1/customers/{customer}/features", {"model": "policy"}).json["features"]
    assert features["last_category"] == "toys/games"


def test_features_of_an_unknown_model_are_not_found(service):
    service.get("/v1/customers/c/features", {"model": "nothing"}).problem(404)
    service.get("/v1/customers/c/features", {"model": "clv", "at": "x"}).problem(400)


@pytest.mark.parametrize("path", ["/health/liveness", "/health/readiness"])
def test_health_is_up(service, path):
    assert service.get(path).status == 200


def test_metrics_have_histograms_with_buckets(service):
    service.score("somebody")
    answer = service.get("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    text = answer.body.decode()
    histograms = set(re.findall(r"^# TYPE (\S+) histogram$", text, re.MULTILINE))
    assert len(histograms) >= 3, histograms
    assert re.search(r'_bucket\{.*le="\+Inf"', text)
    assert any("cache" in line for line in text.splitlines())
    assert "somebody" not in text


def test_openapi_describes_the_calls(service):
    document = yaml.safe_load(service.get("/openapi.yml").body)
    assert document["openapi"].startswith("3.")
    paths = document["paths"]
    for method, path in [
        ("post", "/v1/events"),
        ("get", "/v1/scores"),
        ("post", "/v1/scores"),
        ("get", "/v1/customers"),
    ]:
        assert method in paths[path]
    assert "post" in paths["/v1/scores/batch"]
    assert any(re.fullmatch(r"/v1/scores/\{.*\}", path) for path in paths)
