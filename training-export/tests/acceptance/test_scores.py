"""``/v1/scores``: shape and values, computed again from the events."""

from __future__ import annotations

import pytest

from reference.events import DAY_MS, rfc3339
from shoppers import at, fresh, leaves, load, now, shopper

FIELDS = {
    "customer_id", "personalized", "p_redeem_30d", "p_redeem_30d_band", "p_redeem_30d_percentile", "clv_90d",
    "clv_90d_band", "clv_90d_percentile", "engagement", "segments", "decision", "items", "versions", "as_of",
    "profile_events", "last_category",
}  # fmt: skip
OPTIONAL = {"segment"}


@pytest.fixture(scope="module")
def customers(service):
    """Some shoppers with their logs, and the instant they are asked at."""
    instant = now() - 3_600_000
    logs = {name: shopper(name, instant) for name in (fresh("score") for _ in range(12))}
    for log in logs.values():
        load(service, log)
    return logs, instant


def test_prediction_has_the_fields_of_the_contract(service, customers):
    logs, _ = customers
    prediction = service.score(next(iter(logs)))
    flat = {name for name in prediction if name.startswith("item_")}
    assert prediction.keys() - flat - OPTIONAL == FIELDS
    assert prediction["personalized"] is True
    assert prediction["versions"] == {"propensity": 1, "clv": 1, "next-product": 1, "policy": 1}
    assert None not in leaves(prediction)


def test_items_are_repeated_as_flat_fields(service, customers):
    logs, _ = customers
    for name in logs:
        prediction = service.score(name)
        flat = {key: value for key, value in prediction.items() if key.startswith("item_")}
        nested = {
            f"item_{i}_{key}": value
            for i, item in enumerate(prediction["items"], start=1)
            for key, value in item.items()
            if not isinstance(value, dict | list)
        }
        assert flat == nested


def test_scores_bands_and_percentiles_equal_the_library(service, oracle, customers):
    logs, instant = customers
    for moment in (instant, instant - 10 * DAY_MS, instant - 45 * DAY_MS):
        for name, log in logs.items():
            prediction = service.score(name, **at(moment))
            if not prediction["personalized"]:
                assert not [event for event in log if event.time <= moment]
                continue
            for output in ("p_redeem_30d", "clv_90d"):
                score = prediction[output]
                assert score == pytest.approx(oracle.score(output, log, moment), rel=2e-6)
                assert prediction[f"{output}_band"] == oracle.band(output, score)
                assert prediction[f"{output}_percentile"] == oracle.percentile(output, score)


def test_scores_have_six_significant_digits(service, customers):
    logs, instant = customers
    for name in logs:
        for number in leaves(service.score(name, **at(instant))):
            if isinstance(number, float):
                assert number == float(f"{number:.6g}")


def test_items_are_what_was_bought_most(service, oracle, customers):
    logs, instant = customers
    for name, log in logs.items():
        items = service.score(name, **at(instant))["items"]
        expected = oracle.items(log, instant, 3)
        assert [item["id"] for item in items] == [id for id, _ in expected]
        assert [item["score"] for item in items] == pytest.approx([score for _, score in expected], rel=5e-6)


def test_item_carries_its_title(service, customers):
    logs, _ = customers
    titles = {item["id"]: item["title"] for name in logs for item in service.score(name)["items"]}
    assert titles["p-tea"] == "Grüner Tee"


def test_models_leaves_out_the_other_outputs(service, customers):
    name = next(iter(customers[0]))
    prediction = service.score(name, models="propensity")
    assert "p_redeem_30d" in prediction
    assert "clv_90d" not in prediction and "items" not in prediction and "item_1_id" not in prediction
    both = service.score(name, models="clv,propensity")
    assert "clv_90d" in both and "p_redeem_30d" in both and "items" not in both


def test_limit_shortens_lists(service, customers):
    prediction = service.score(next(iter(customers[0])), limit=1)
    assert len(prediction["items"]) == 1
    assert "item_1_id" in prediction and "item_2_id" not in prediction


def test_as_of_is_the_instant_asked_for(service, customers):
    name = next(iter(customers[0]))
    assert service.score(name, at="2026-06-01T12:00:00Z")["as_of"] == "2026-06-01T12:00:00Z"
    assert service.score(name, at="2026-06-01T14:00:00+02:00")["as_of"] == "2026-06-01T12:00:00Z"


@pytest.mark.parametrize(
    ("field", "expected"),
    [("decision", "decision"), ("p_redeem_30d", "p_redeem_30d"), ("item_1_id", "item_1_id")],
)
def test_text_format_gives_one_bare_value(service, customers, field, expected):
    name = next(iter(customers[0]))
    answer = service.get("/v1/scores/" + name, {"format": "text", "field": field})
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.body.decode() == str(service.score(name)[expected])


def test_unknown_customer_has_the_same_shape_with_fallbacks(service):
    prediction = service.score("nobody-ever-heard-of")
    assert (prediction["personalized"], prediction["reason"]) == (False, "unknown_customer")
    assert (prediction["p_redeem_30d"], prediction["clv_90d"]) == (0.12, 40.0)
    assert (prediction["p_redeem_30d_band"], prediction["clv_90d_band"]) == ("low", "low")
    assert prediction["decision"] == "standard"
    assert [item["id"] for item in prediction["items"]] == ["p-milk", "p-bread", "p-tea"]
    assert prediction["item_1_id"] == "p-milk" and prediction["item_1_title"] == "Oat milk"
    assert prediction["versions"] == {"propensity": 1, "clv": 1, "next-product": 1, "policy": 1}
    assert None not in leaves(prediction)


def test_objection_stops_scoring_and_consent_starts_it_again(service):
    customer, moment = fresh("consent"), now()
    load(service, shopper(customer, moment))
    assert service.score(customer)["personalized"] is True
    service.send(service.event(customer, "consent", now(), attributes={"email": False}))
    assert service.score(customer)["personalized"] is True
    service.send(service.event(customer, "consent", now(), attributes={"profiling": False}))
    objected = service.score(customer)
    assert (objected["personalized"], objected["reason"]) == (False, "opted_out")
    assert (objected["p_redeem_30d"], objected["decision"]) == (0.12, "standard")
    service.send(service.event(customer, "consent", now(), attributes={"profiling": True}))
    assert service.score(customer)["personalized"] is True


def test_policy_a_cart_is_abandoned_after_a_day_until_something_is_bought(service):
    customer, cart = fresh("cart"), now() - 10 * DAY_MS
    service.send(
        service.event(customer, "view", cart - 1000, product_id="p-tea"),
        service.event(customer, "add_to_cart", cart, product_id="p-tea"),
        service.event(customer, "purchase", cart + 3 * DAY_MS, value=4.0, category="grocery/tea"),
    )

    def asked(after_ms):
        return service.score(customer, at=rfc3339(cart + after_ms))

    assert asked(DAY_MS - 1)["decision"] == "standard"
    assert asked(DAY_MS)["decision"] == "win-back-cart"
    assert asked(DAY_MS)["segment"] == "abandoned-cart"
    bought = asked(3 * DAY_MS)
    assert (bought["decision"], bought["segments"], bought["last_category"]) == ("recent", [], "grocery/tea")
    assert "segment" not in bought
    assert asked(10 * DAY_MS - 1)["decision"] == "recent"
    assert asked(10 * DAY_MS)["decision"] == "standard"


def test_policy_points_segments_and_attributes(service):
    customer, moment = fresh("points"), now()
    days = [service.event(customer, "purchase", moment - i * DAY_MS - 5, value=60.0) for i in range(6)]
    mails = [service.event(customer, t, moment - 9) for t in ["email_open"] * 3 + ["email_click"]]
    tier = service.event(customer, "attributes", moment - 7, attributes={"loyalty": {"tier": "gold"}})
    service.send(*days, *mails, tier)
    prediction = service.score(customer)
    assert prediction["engagement"] == 30
    assert prediction["decision"] == "premium-offer"
    high = ["loyal/high-value"] if prediction["clv_90d"] > 100 else []
    assert prediction["segments"] == ["loyal", *high, "gold"]
    assert prediction["segment"] == "gold"
    service.send(service.event(customer, "attributes", moment - 6, attributes={"loyalty": None}))
    assert service.score(customer)["segment"] == ["loyal", *high][-1]
