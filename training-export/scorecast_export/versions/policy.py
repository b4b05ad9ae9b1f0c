"""Writes the shipped policy as a version folder, with examples that hold whatever the models say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scorecast_export.versions.folder import new_version, next_version

POLICY = Path(__file__).parents[1] / "definitions" / "policy.yaml"

_AT = "2026-06-01T12:00:00Z"


def write_policy(models: Path) -> Path:
    """Write the shipped policy as the repository's next version of `policy` and return its folder."""
    number = next_version(models / "policy")
    with new_version(models, "policy") as folder:
        (folder / "policy.yaml").write_text(POLICY.read_text(encoding="utf-8"), encoding="utf-8")
        (folder / "golden.ndjson").write_text("".join(map(_line, EXAMPLES)), encoding="utf-8")
    return models / "policy" / str(number)


def has_policy(models: Path) -> bool:
    """Whether a repository has a policy; one of its owner's own is not to be followed by the shipped one."""
    return next_version(models / "policy") > 1


def _event(kind: str, time: str, **fields: object) -> dict[str, Any]:
    return {"type": kind, "time": time, **fields}


def _purchase(time: str, order: str, value: float) -> dict[str, Any]:
    milk = {"product_id": "p-1", "category": "grocery/eggs/eggs-large", "quantity": 1}
    return _event("purchase", time, **milk, value=value, order_id=order)


_CART = {"product_id": "p-2", "category": "grocery/frozen-pizza/snacks-appetizers"}

EXAMPLES: tuple[dict[str, Any], ...] = (
    {
        "customer_id": "prospect",
        "events": [_event("view", "2026-05-30T10:00:00Z", **_CART)],
        "expect": {"segment": "prospect", "engagement": 0},
    },
    {
        "customer_id": "newcomer",
        "events": [_purchase("2026-05-28T10:00:00Z", "o-1", 12.5)],
        "expect": {"segment": "new", "decision": "welcome", "last_category": "grocery/eggs/eggs-large"},
    },
    {
        "customer_id": "left-a-cart",
        "events": [
            _purchase("2026-04-02T10:00:00Z", "o-1", 12.5),
            _event("add_to_cart", "2026-05-30T10:00:00Z", **_CART),
        ],
        "expect": {"decision": "finish-your-cart"},
    },
    {
        "customer_id": "lapsed",
        "events": [_purchase("2026-02-02T10:00:00Z", "o-1", 12.5)],
        "expect": {"segment": "lapsed", "decision": "win-back-news"},
    },
    {
        "customer_id": "lapsed-after-spending-much",
        "events": [
            _purchase("2025-10-02T10:00:00Z", "o-1", 480.0),
            _purchase("2026-02-02T10:00:00Z", "o-2", 31.0),
            _event("email_click", "2026-05-20T08:00:00Z"),
        ],
        "expect": {"segment": "lapsed", "decision": "win-back-offer", "engagement": 20},
    },
)
"""Customers whom every version of the models leads to the same place."""


def _line(example: dict[str, Any]) -> str:
    events = [{"id": f"{number}", **event} for number, event in enumerate(example["events"], start=1)]
    content = {
        "customer_id": example["customer_id"],
        "at": _AT,
        "events": events,
        "expect": example["expect"],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
