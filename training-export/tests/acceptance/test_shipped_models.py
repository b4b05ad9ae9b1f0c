"""The models that come with Scorecast: they load, and their answers have the contract's shape."""

from __future__ import annotations

import pytest

import launcher
from client import Client
from conftest import serve
from reference.events import DAY_MS
from shoppers import fresh, leaves, load, now, shopper

MODELS = launcher.ROOT / "models"

pytestmark = pytest.mark.skipif(
    not list(MODELS.glob("*/*/SHA256SUMS")),
    reason=f"no model version in {MODELS}: ./scorecast train writes them",
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """Start a service of its own over the shipped repository."""
    yield from serve(MODELS, tmp_path_factory.mktemp("shipped"))


def test_every_shipped_model_serves_its_highest_version(shipped: Client):
    highest: dict[str, int] = {}
    for sums in MODELS.glob("*/*/SHA256SUMS"):
        model, version = sums.parent.parent.name, int(sums.parent.name)
        highest[model] = max(version, highest.get(model, 0))
    assert shipped.score("nobody")["versions"] == highest


def test_shipped_answers_have_the_shape_of_the_contract(shipped: Client):
    customer = fresh("shipped")
    load(shipped, shopper(customer, now() - DAY_MS))
    known, unknown = shipped.score(customer), shipped.score("nobody")
    assert known["personalized"] is True
    assert (unknown["personalized"], unknown["reason"]) == (False, "unknown_customer")
    for prediction in (known, unknown):
        assert None not in leaves(prediction)
        assert 0 <= prediction["p_redeem_30d"] <= 1
        assert 0 <= prediction["p_lapse_28d"] <= 1
        assert prediction["clv_90d"] >= 0
        assert prediction["decision"]
        assert len(prediction["items"]) == len({item["id"] for item in prediction["items"]}) > 0
        assert prediction["item_1_id"] == prediction["items"][0]["id"]
        for number in leaves(prediction):
            assert not isinstance(number, float) or number == float(f"{number:.6g}")
