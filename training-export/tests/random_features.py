"""Definitions and event streams drawn at random, seeded: combinations that nobody thought of writing down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from reference.events import DAY_MS, Event, millis
from reference.features import AS_LIFETIMES, Feature, feature
from reference.where import Where, compare, is_missing, one_of, starts_with, under

TYPES = ["purchase", "return", "view", "add_to_cart", "search", "email_open", "visit/shop", "покупка"]
BOOKKEEPING = ["attributes", "consent", "retract"]
WORDS = ["p-1", "p-2", "p 3", "ß", "item/5", "6"]
LEVELS = [["food", "home", "näh"], ["dry", "wet", "0"], ["x", "y"]]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DURATIONS = ["1h", "12h", "36h", "0.25d", "1d", "7d", "30d", "60d", "365d", "4000d"]
FIELDS = ["value", "quantity", "attributes.score", "attributes.deep.er"]
ANY_FIELD = [*FIELDS, "product_id", "category", "order_id", "session_id", "source", "attributes.colour"]

# Kinds over events; `ratio`, `bucket` and `expression` read other features.
OF_UNITS = ["count", "gap_mean", "gap_std", "rate", "days_since_first", "days_since_last", "decayed_count"]
OF_X = ["sum", "mean", "min", "max", "std", "decayed_sum"]
OTHERS = [
    "distinct",
    *sorted(AS_LIFETIMES),
    "affinity",
    "top_category",
    "product_counts",
    "recent_products",
    "recent_ages",
    "attribute",
    "time_share",
    "sessions",
]


SEEDS = (11, 12, 13)


def drawn(seed: int) -> list[Feature]:
    """The definitions of a seed."""
    return definitions(np.random.default_rng([seed, 1]), 150)


def instants(rng: np.random.Generator, count: int) -> list[int]:
    """Instants of 2018 to 2023, one at a turn of summer time, one at midnight, the others anywhere."""
    low, high = millis("2018-01-01T00:00:00Z"), millis("2023-06-01T00:00:00Z")
    turns = [millis("2021-03-28T01:00:00Z"), millis("2022-11-06T06:00:00Z"), millis("2020-02-29T00:00:00Z")]
    drawn = [int(rng.integers(low, high)) for _ in range(count)]
    drawn[0] = turns[int(rng.integers(len(turns)))]
    drawn[1] -= drawn[1] % DAY_MS
    return sorted(set(drawn))


def logs(rng: np.random.Generator, customers: int, at: Sequence[int]) -> dict[str, list[Event]]:
    """Logs in the order of delivery: repeats, retractions, ties, missing fields, odd numbers and times."""
    found = {}
    for number in range(customers):
        customer = f"c-{number}"
        size = int(rng.choice([1, 3, 15, 60]))
        log = [_event(rng, customer, f"{customer}.{i}", at) for i in range(size)]
        named = [log[int(rng.integers(size))] for _ in range(size // 6)]
        log += [_event(rng, customer, event.id, at) for event in named[::2]]
        log += [
            Event(f"x{i}-{e.id}", customer, "retract", _time(rng, at), attributes={"event_id": e.id})
            for i, e in enumerate(named[1::2])
        ]
        found[customer] = [log[i] for i in rng.permutation(len(log))]
    return found


def definitions(rng: np.random.Generator, count: int) -> list[Feature]:
    """Definitions of every kind, drawn evenly, with options at random; then some that read the others."""
    kinds = [*OF_UNITS, *OF_X, *OTHERS]
    drawn = [_windowed(rng, f"f{i}_{kinds[i % len(kinds)]}", kinds[i % len(kinds)]) for i in range(count)]
    numbers = [d.name for d in drawn if "vocabulary" not in d.options or d.kind == "top_category"]
    numbers = [name for name in numbers if "one_hot" not in name]
    return [*drawn, *(_over(rng, f"g{i}", numbers) for i in range(count // 4))]


def _event(rng: np.random.Generator, customer: str, id: str, at: Sequence[int]) -> Event:
    kind = _one(rng, ["purchase"] * 8 + TYPES + BOOKKEEPING[:2])
    common: dict[str, Any] = {"time": _time(rng, at), "source": _maybe(rng, _one(rng, ["crm", "shop"]))}
    if kind == "consent":
        return Event(id, customer, kind, **common, attributes={"email": bool(rng.integers(2))})
    attributes: dict[str, Any] = {}
    if rng.random() < 0.5:
        attributes["score"] = _one(rng, [_number(rng), True, "text", 3])
    if rng.random() < 0.4:
        attributes["deep"] = _one(rng, [{"er": _number(rng)}, {"er": None}, 7, {"er": {"est": 1}}])
    if rng.random() < 0.4:
        attributes["colour"] = _one(rng, ["red", "green", 4, True, ["red"]])
    if kind == "attributes":
        return Event(id, customer, kind, **common, attributes=attributes)
    depth = int(rng.integers(0, len(LEVELS) + 1))
    path = "/".join(_one(rng, level) for level in LEVELS[:depth])
    return Event(
        id,
        customer,
        kind,
        **common,
        product_id=_maybe(rng, _one(rng, [*WORDS, "elsewhere"])),
        category=path or None,
        value=_maybe(rng, _number(rng), math.nan),
        quantity=_maybe(rng, float(rng.integers(0, 5)), math.nan),
        order_id=_maybe(rng, f"o{rng.integers(6)}"),
        session_id=_maybe(rng, f"s{rng.integers(5)}"),
        attributes={name: value for name, value in attributes.items() if value != {"er": None}},
    )


def _number(rng: np.random.Generator) -> float:
    return float(
        _one(rng, [0.0, -1.0, 0.1, 2**-10, 123456.75, round(rng.normal(20, 30), 2), rng.integers(1, 9)])
    )


def _time(rng: np.random.Generator, at: Sequence[int]) -> int:
    """At an instant, a duration before it sharp, a millisecond beside either, midnight, anywhere."""
    instant = int(rng.choice(np.asarray(at)))
    unit, beside = DAY_MS // 24, int(rng.integers(-1, 2))
    sharp = instant - int(_one(rng, [0, 1, 12, 36, 6, 24, 168, 720, 1440, 8760])) * unit
    early = millis("1996-01-01T00:00:00Z")
    choices = [sharp, sharp + beside, sharp // DAY_MS * DAY_MS, instant - int(rng.integers(0, 90 * DAY_MS))]
    choices += [instant - int(rng.integers(0, 4 * unit)), int(rng.integers(early, instant))]
    return int(_one(rng, choices))


def _windowed(rng: np.random.Generator, name: str, kind: str) -> Feature:
    options: dict[str, Any] = {}
    if kind == "attribute":
        return _attribute(rng, name)
    if rng.random() < 0.7:
        picked = [str(t) for t in rng.choice(TYPES, int(rng.integers(1, 4)), replace=False)]
        options["event"] = "purchase" if rng.random() < 0.6 else picked[0] if len(picked) == 1 else picked
    if rng.random() < 0.6:
        options["window"] = _one(rng, DURATIONS)
    if rng.random() < 0.3:
        options["ago"] = _one(rng, DURATIONS[:-1])
    if kind in OF_UNITS or kind in OF_X:
        options["per"] = _one(rng, ["event", "order", "day"])
    options |= _own(rng, kind)
    return feature(name, kind, _where(rng, 2) if rng.random() < 0.4 else None, **options)


def _own(rng: np.random.Generator, kind: str) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if kind in OF_X or (kind == "monetary_value" and rng.random() < 0.5):
        options["field"] = _one(rng, FIELDS)
    elif kind == "distinct":
        options["field"] = _one(rng, ANY_FIELD)
    may_decay = kind in ("affinity", "top_category", "product_counts") and rng.random() < 0.7
    if may_decay or kind.startswith("decayed"):
        options["half_life"] = _one(rng, DURATIONS)
    if kind in ("affinity", "top_category"):
        depth = int(rng.integers(1, 3))
        paths = LEVELS[0] if depth == 1 else [f"{a}/{b}" for a in LEVELS[0] for b in LEVELS[1]]
        options["vocabulary"] = [str(word) for word in rng.permutation(paths)[:4]]
        if rng.random() < 0.5:
            options["level"] = depth
    elif kind in ("product_counts", "recent_products", "recent_ages"):
        options |= _words(rng, kind)
        if kind != "product_counts":
            options["length"] = int(rng.integers(1, 7))
    if kind == "days_since_last" and rng.random() < 0.6:
        options["unless"] = _one(rng, TYPES)
        options["per"] = "event"
    if kind == "time_share":
        options["timezone"] = _one(rng, ZONES)
        if rng.random() < 0.7:
            options["hours"] = [int(rng.integers(24)), int(rng.integers(24))]
        if "hours" not in options or rng.random() < 0.5:
            days = rng.choice(WEEKDAYS, int(rng.integers(1, 5)), replace=False)
            options["weekdays"] = [str(day) for day in days]
    if kind == "sessions" and rng.random() < 0.6:
        options["gap"] = _one(rng, ["30m", "12h", "7d"])
    return options


def _words(rng: np.random.Generator, kind: str) -> dict[str, Any]:
    """Products, or for some counts of them the categories of a level."""
    if kind == "product_counts" and rng.random() < 0.4:
        paths = [f"{a}/{b}" for a in LEVELS[0] for b in LEVELS[1]]
        words = [str(word) for word in rng.permutation(paths)[:4]]
        return {"field": "category", "level": 2, "vocabulary": words}
    return {"vocabulary": [str(word) for word in rng.permutation(WORDS)[:4]]}


def _attribute(rng: np.random.Generator, name: str) -> Feature:
    encoding = _one(rng, ["number", "one_hot", "ordinal"])
    path = _one(rng, ["score", "deep", "deep.er", "colour", "nowhere"])
    options = {} if encoding == "number" else {"encoding": encoding, "values": ["red", "text", "green"]}
    return feature(f"{name}_{encoding}", "attribute", path=path, **options)


def _where(rng: np.random.Generator, depth: int) -> Where:
    if depth > 0 and rng.random() < 0.5:
        left, right = _where(rng, depth - 1), _where(rng, depth - 1)
        return [left & right, left | right, ~left][int(rng.integers(3))]
    operator = _one(rng, ["==", "!=", "<", "<=", ">", ">="])
    number = _one(rng, [0, 0.1, 5, 20.5, 123456.75])
    return [
        lambda: compare(_one(rng, ["value", "quantity"]), operator, number),
        lambda: compare("product_id", _one(rng, ["==", "!="]), _one(rng, WORDS)),
        lambda: is_missing(_one(rng, ANY_FIELD)),
        lambda: one_of("order_id", ["o1", "o2", "o3"]),
        lambda: starts_with("session_id", "s"),
        lambda: under("category", _one(rng, ["food", "home/wet", "näh/0/x"])),
        lambda: compare("type", _one(rng, ["==", "!="]), _one(rng, TYPES)),
    ][int(rng.integers(7))]()


def _over(rng: np.random.Generator, name: str, numbers: Sequence[str]) -> Feature:
    a, b = (str(n) for n in rng.choice(numbers, 2, replace=False))
    kind = _one(rng, ["ratio", "bucket", "expression"])
    if kind == "ratio":
        return feature(name, kind, of=a, to=b)
    if kind == "bucket":
        return feature(name, kind, of=a, edges=[-1, 0, 0.25, 1, 2, 5, 30, 1000.5])
    computes = [
        (f"{a} - 2.0 * {b}", lambda v: v[a] - 2 * v[b]),
        (f"{a} / {b}", lambda v: v[a] / v[b]),
        (f"{a} * {a} + 1.0", lambda v: v[a] * v[a] + 1),
    ]
    text, compute = computes[int(rng.integers(len(computes)))]
    return feature(name, kind, compute=compute, expression=text)


def _one(rng: np.random.Generator, choices: Sequence[Any]) -> Any:
    return choices[int(rng.integers(len(choices)))]


def _maybe(rng: np.random.Generator, value: Any, missing: Any = None) -> Any:
    return value if rng.random() < 0.8 else missing
