"""Generated event streams that visit the corners: edges, ties, repeats, retractions, returns, summer time."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from reference.events import DAY_MS, Event, millis

# A leap day, a change of summer time, the turn of a year, and one in the middle of nowhere.
INSTANTS = [
    millis("2024-02-29T12:00:00Z"),
    millis("2024-03-31T01:00:00Z"),
    millis("2025-01-01T00:00:00Z"),
    millis("2025-11-02T06:30:00.123Z"),
]
PRODUCTS = [f"p{i}" for i in range(6)]
TOP = ["grocery", "garden", "toys"]
DEEP = ["grocery/dairy", "grocery/bread", "garden/tools", "toys/games"]
WHOLE = ["grocery/dairy/milk", "garden/tools", "toys/games"]
PATHS = [*DEEP, *WHOLE, "grocery/dairyfree", "grocery", "garden/tools/saws/hand", "unheard/of", None]
TYPES = (
    ["purchase"] * 8
    + ["return"] * 2
    + ["view"] * 3
    + ["add_to_cart"] * 2
    + ["search", "email_open", "campaign_send", "coupon_redemption", "wishlist"]
    + ["attributes", "attributes", "consent"]
)
WINDOWS = [DAY_MS // 2, DAY_MS, 7 * DAY_MS, 30 * DAY_MS, 60 * DAY_MS, 90 * DAY_MS, 180 * DAY_MS]
CHANGES = [
    {"loyalty": {"tier": "gold", "points": 120}},
    {"loyalty": {"tier": "silver", "member": True}},
    {"loyalty": {"tier": None}},
    {"loyalty": {"points": 7.25, "member": False}},
    {"loyalty": None},
    {"loyalty": "none"},
    {"loyalty": {"tier": {"colour": 3}}},
    {"loyalty": {"tier": "unheard-of"}},
    {"tags": ["a", "b"]},
    {"tags": 5},
    {"household": {"income": "35-49K", "size": 2}},
    {"household": {"income": "50-74K"}},
]


def logs(customers: int, seed: int) -> dict[str, list[Event]]:
    """Return generated logs in the order of their delivery; the same for the same seed."""
    rng = random.Random(seed)
    return {name: _log(name, rng, rng.choice([0, 1, 2, 5, 20, 60, 120])) for name in _names(customers)}


def _names(customers: int) -> Sequence[str]:
    odd = ["a+b@x.com", "a/b", "ключ", "x y", '"quoted", id', "0", "-1", "日本語", "a'b"]
    return [*odd, *(f"c-{i}" for i in range(customers - len(odd)))]


def _log(customer: str, rng: random.Random, size: int) -> list[Event]:
    events = [
        _event(customer, f"{customer}-{i}" if rng.random() < 0.9 else _uuid(rng), rng) for i in range(size)
    ]
    for event in rng.sample(events, size // 8):
        events.append(
            replace(event, value=99.0, time=_time(rng))
        )  # the same id, another content: must not count
    for event in rng.sample(events, size // 12):
        named = rng.choice([event.id, event.id, "no-such-event"])
        events.append(
            Event(
                f"r-{event.id}-{rng.random()}",
                customer,
                "retract",
                _time(rng),
                attributes={"event_id": named},
            )
        )
    ties = [
        replace(event, id=event.id + "-tie", product_id=rng.choice(PRODUCTS))
        for event in events[: size // 10]
    ]
    events += [tie for tie in ties if tie.type != "retract"]
    rng.shuffle(events)
    return events


def _event(customer: str, id: str, rng: random.Random) -> Event:
    type = rng.choice(TYPES)
    time = _time(rng)
    if type == "attributes":
        return Event(
            id, customer, type, time, attributes=rng.choice(CHANGES), source=rng.choice([None, "crm", "web"])
        )
    if type == "consent":
        return Event(id, customer, type, time, attributes={"email": False})
    own = (
        {"retail_disc": rng.randrange(0, 300) / 100, "store": rng.choice(["s1", "s2"])}
        if rng.random() < 0.6
        else {}
    )
    if type not in ("purchase", "return"):
        return Event(
            id, customer, type, time, session_id=_maybe(f"s{rng.randrange(4)}", rng), attributes=own,
            product_id=_maybe(rng.choice(PRODUCTS), rng), category=rng.choice(PATHS),
        )  # fmt: skip
    value = rng.choice(
        [0.0, 0.01, 5.0, 5.01, 1e6, rng.randrange(1, 5000) / 100, rng.randrange(1, 5000) / 100]
    )
    return Event(
        id, customer, type, time,
        product_id=_maybe(rng.choice([*PRODUCTS, "unknown"]), rng),
        category=rng.choice(PATHS),
        value=_maybe(-value if type == "return" and rng.random() < 0.3 else value, rng, math.nan),
        quantity=_maybe(float(rng.randrange(0, 4)), rng, math.nan),
        order_id=_maybe(f"o{rng.randrange(12)}", rng),
        session_id=_maybe(f"s{rng.randrange(4)}", rng),
        source=_maybe("shop", rng),
        attributes=own,
    )  # fmt: skip


def _time(rng: random.Random) -> int:
    instant = rng.choice(INSTANTS)
    return rng.choice([
        instant,
        instant + rng.choice([-1, 1]),
        instant - rng.choice(WINDOWS),
        instant - rng.choice(WINDOWS) + rng.choice([-1, 1]),
        instant // DAY_MS * DAY_MS - rng.randrange(0, 40) * DAY_MS,
        instant - rng.randrange(0, 48) * DAY_MS // 48,
        millis("2024-03-31T00:30:00Z") + rng.randrange(0, 4) * 1_800_000,
        millis("2025-10-26T00:30:00Z") + rng.randrange(0, 4) * 1_800_000,
        instant - rng.randrange(0, 200 * DAY_MS),
        millis("2023-01-01T00:00:00Z") + rng.randrange(0, 1000 * DAY_MS),
    ])  # fmt: skip


def _maybe(value: Any, rng: random.Random, missing: Any = None) -> Any:
    return value if rng.random() < 0.85 else missing


def _uuid(rng: random.Random) -> str:
    text = f"{rng.getrandbits(128):032x}"
    return "-".join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])
