"""Every kind of the contract's table, one function each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from .attributes import at_path
from .events import DAY_MS, Event
from .features import Feature, View, in_window
from .units import happened, number_of, selected, units_of
from .where import field_of

Value = float | list[float]
Kind = Callable[[Feature, View, Mapping[str, float]], Value]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def evaluate(definitions: Sequence[Feature], view: View) -> dict[str, Value]:
    """Compute all features of a file in order; one that reads others comes after them."""
    values: dict[str, Value] = {}
    for definition in definitions:
        value = KINDS[definition.kind](definition, view, values)  # type: ignore[arg-type]
        values[definition.name] = value if isinstance(value, list) or math.isfinite(value) else math.nan
    return values


# Counts, sums and statistics of x


def count(f: Feature, view: View, _: Mapping[str, float]) -> float:
    return sum(unit.count for unit in units_of(f, view))


def total(f: Feature, view: View, _: Mapping[str, float]) -> float:
    return sum(x for unit in units_of(f, view) if not math.isnan(x := unit.x(f.options["field"])))


def mean(f: Feature, view: View, _: Mapping[str, float]) -> float:
    return _mean(_xs(f, view))


def minimum(f: Feature, view: View, _: Mapping[str, float]) -> float:
    return min(_xs(f, view), default=math.nan)


def maximum(f: Feature, view: View, _: Mapping[str, float]) -> float:
    return max(_xs(f, view), default=math.nan)


def std(f: Feature, view: View, _: Mapping[str, float]) -> float:
    return _std(_xs(f, view))


def distinct(f: Feature, view: View, _: Mapping[str, float]) -> float:
    bought, _returned = selected(f, view)
    found = [field_of(event, f.options["field"]) for event in bought]
    return len({(isinstance(x, bool), x) for x in found if x is not None})  # true is not 1


# Times


def days_since_last(f: Feature, view: View, _: Mapping[str, float]) -> float:
    units = happened(units_of(f, view))
    if not units:
        return math.nan
    if "unless" in f.options:
        last = units[-1].bought[-1]
        stops = f.options["unless"]
        after = view.events[view.events.index(last) + 1 :]
        if any(event.type in ([stops] if isinstance(stops, str) else stops) for event in after):
            return math.nan
    return (view.instant - units[-1].time) / DAY_MS


def days_since_first(f: Feature, view: View, _: Mapping[str, float]) -> float:
    units = happened(units_of(f, view))
    return (view.instant - units[0].time) / DAY_MS if units else math.nan


def gap_mean(f: Feature, view: View, _: Mapping[str, float]) -> float:
    return _mean(_gaps(f, view))


def gap_std(f: Feature, view: View, _: Mapping[str, float]) -> float:
    return _std(_gaps(f, view))


def decayed_count(f: Feature, view: View, _: Mapping[str, float]) -> float:
    return sum(unit.count * _decay(f, view, unit.time) for unit in units_of(f, view))


def decayed_sum(f: Feature, view: View, _: Mapping[str, float]) -> float:
    xs = [(unit.x(f.options["field"]), unit.time) for unit in units_of(f, view)]
    return sum(x * _decay(f, view, time) for x, time in xs if not math.isnan(x))


def rate(f: Feature, view: View, _: Mapping[str, float]) -> float:
    n = sum(unit.count for unit in units_of(f, view))
    if not view.events:
        return 0.0
    end = view.instant - (f.duration("ago") or 0)
    known = end - view.events[0].time
    window = f.duration("window")
    days = (known if window is None else min(window, known)) / DAY_MS
    return n / max(days, 1.0)


# As lifetimes


def frequency(f: Feature, view: View, _: Mapping[str, float]) -> float:
    days = _purchase_days(f, view)
    return len(days) - 1 if days else math.nan


def recency(f: Feature, view: View, _: Mapping[str, float]) -> float:
    days = _purchase_days(f, view)
    return days[-1] - days[0] if days else math.nan


def age(f: Feature, view: View, _: Mapping[str, float]) -> float:
    days = _purchase_days(f, view)
    return view.instant // DAY_MS - days[0] if days else math.nan


def monetary_value(f: Feature, view: View, _: Mapping[str, float]) -> float:
    bought, returned = selected(f, view)
    days = _purchase_days(f, view)
    if not days:
        return math.nan
    value_of_day = dict.fromkeys(days[1:], 0.0)
    for events, sign in ((bought, 1), (returned, -1)):
        for event in events:
            x = number_of(event, f.options.get("field", "value"))
            if event.time // DAY_MS in value_of_day and not math.isnan(x):
                value_of_day[event.time // DAY_MS] += x if sign > 0 else -abs(x)
    return _mean(list(value_of_day.values())) if value_of_day else 0.0


# Vectors and sequences over a vocabulary


def affinity(f: Feature, view: View, _: Mapping[str, float]) -> list[float]:
    weights = [max(weight, 0.0) for weight in _category_weights(f, view)]
    whole = sum(weights)
    return [weight / whole if whole > 0 else 0.0 for weight in weights]


def top_category(f: Feature, view: View, _: Mapping[str, float]) -> float:
    weights = _category_weights(f, view)
    largest = max(weights)
    if largest <= 0:
        return 0
    tied = {i for i, weight in enumerate(weights) if weight == largest}
    bought, _returned = selected(f, view)
    for event in reversed(bought):
        if (i := _category_index(f, event)) in tied:
            return i + 1
    raise AssertionError("a positive weight comes from an event")


def product_counts(f: Feature, view: View, _: Mapping[str, float]) -> list[float]:
    if "level" in f.options:
        return _category_weights(f, view)
    vocabulary = f.options["vocabulary"]
    counts = [0.0] * len(vocabulary)
    bought, returned = selected(f, view)
    for events, sign in ((bought, 1), (returned, -1)):
        for event in events:
            word = field_of(event, f.options.get("field", "product_id"))
            if word in vocabulary:
                counts[vocabulary.index(word)] += sign * _decay(f, view, event.time)
    return counts


def recent_products(f: Feature, view: View, _: Mapping[str, float]) -> list[float]:
    return _padded([index for index, _age in _recent(f, view)], f)


def recent_ages(f: Feature, view: View, _: Mapping[str, float]) -> list[float]:
    return _padded([days for _index, days in _recent(f, view)], f)


# The customer, the clock, and other features


def attribute(f: Feature, view: View, _: Mapping[str, float]) -> Value:
    value = at_path(view.attributes, f.options["path"])
    encoding = f.options.get("encoding", "number")
    if encoding == "one_hot":
        return [1.0 if value == listed else 0.0 for listed in f.options["values"]]
    if encoding == "ordinal":
        values = f.options["values"]
        return values.index(value) if isinstance(value, str) and value in values else math.nan
    return float(value) if isinstance(value, bool | int | float) else math.nan


def time_share(f: Feature, view: View, _: Mapping[str, float]) -> float:
    events = in_window(f, view, f.types)
    if not events:
        return math.nan
    zone = ZoneInfo(f.options.get("timezone", "UTC"))
    inside = 0
    for event in events:
        local = datetime.fromtimestamp(event.time / 1000, zone)
        matches = True
        if "hours" in f.options:
            first, last = f.options["hours"]
            hour = local.hour
            matches &= first <= hour <= last if first <= last else hour >= first or hour <= last
        if "weekdays" in f.options:
            matches &= WEEKDAYS[local.weekday()] in f.options["weekdays"]
        inside += matches
    return inside / len(events)


def sessions(f: Feature, view: View, _: Mapping[str, float]) -> float:
    events = in_window(f, view, f.types)
    gap = f.duration("gap")
    if gap is None:
        return len({event.session_id for event in events if event.session_id is not None})
    breaks = sum(later.time - earlier.time > gap for earlier, later in pairwise(events))
    return breaks + 1 if events else 0


def ratio(f: Feature, _: View, others: Mapping[str, float]) -> float:
    below = others[f.options["to"]]
    return others[f.options["of"]] / below if below != 0 else math.nan


def bucket(f: Feature, _: View, others: Mapping[str, float]) -> float:
    value = others[f.options["of"]]
    return math.nan if math.isnan(value) else sum(value >= edge for edge in f.options["edges"])


def expression(f: Feature, _: View, others: Mapping[str, float]) -> float:
    assert f.compute is not None, "an expression is given in Python too"
    try:
        return f.compute(others)
    except (ZeroDivisionError, ValueError, OverflowError):
        return math.nan


KINDS: dict[str, Kind] = {
    "count": count,
    "sum": total,
    "mean": mean,
    "min": minimum,
    "max": maximum,
    "std": std,
    "distinct": distinct,
    "days_since_last": days_since_last,
    "days_since_first": days_since_first,
    "gap_mean": gap_mean,
    "gap_std": gap_std,
    "decayed_count": decayed_count,
    "decayed_sum": decayed_sum,
    "ratio": ratio,
    "rate": rate,
    "frequency": frequency,
    "recency": recency,
    "T": age,
    "monetary_value": monetary_value,
    "affinity": affinity,
    "top_category": top_category,
    "product_counts": product_counts,
    "recent_products": recent_products,
    "recent_ages": recent_ages,
    "attribute": attribute,
    "time_share": time_share,
    "sessions": sessions,
    "bucket": bucket,
    "expression": expression,
}


def _xs(f: Feature, view: View) -> list[float]:
    """Return the present x of the units that happened."""
    xs = [unit.x(f.options["field"]) for unit in happened(units_of(f, view))]
    return [x for x in xs if not math.isnan(x)]


def _mean(xs: Sequence[float]) -> float:
    return sum(xs) / len(xs) if xs else math.nan


def _std(xs: Sequence[float]) -> float:
    if len(xs) < 2:
        return math.nan
    middle = _mean(xs)
    return math.sqrt(sum((x - middle) ** 2 for x in xs) / (len(xs) - 1))


def _gaps(f: Feature, view: View) -> list[float]:
    times = [unit.time for unit in happened(units_of(f, view))]
    if f.options.get("per") == "day":
        times = [time // DAY_MS * DAY_MS for time in times]
    return [(later - earlier) / DAY_MS for earlier, later in pairwise(times)]


def _decay(f: Feature, view: View, time: int) -> float:
    half_life = f.duration("half_life")
    return 1.0 if half_life is None else 2.0 ** (-(view.instant - time) / half_life)


def _purchase_days(f: Feature, view: View) -> list[int]:
    bought, _returned = selected(f, view)
    return sorted({event.time // DAY_MS for event in bought})


def _category_index(f: Feature, event: Event) -> int | None:
    """Return the vocabulary's index of the event's category at the definition's level, if it has one."""
    vocabulary: Sequence[str] = f.options["vocabulary"]
    level = f.options.get("level", vocabulary[0].count("/") + 1)
    path = (event.category or "").split("/")
    ancestor = "/".join(path[:level])
    return vocabulary.index(ancestor) if len(path) >= level and ancestor in vocabulary else None


def _category_weights(f: Feature, view: View) -> list[float]:
    weights = [0.0] * len(f.options["vocabulary"])
    bought, returned = selected(f, view)
    for events, sign in ((bought, 1), (returned, -1)):
        for event in events:
            index = _category_index(f, event)
            if index is not None:
                weights[index] += sign * _decay(f, view, event.time)
    return weights


def _recent(f: Feature, view: View) -> list[tuple[int, float]]:
    """Return (index from 1, age in days) of the last known products, the latest at the end."""
    vocabulary = f.options["vocabulary"]
    bought, _returned = selected(f, view)
    known = [(event, field_of(event, f.options.get("field", "product_id"))) for event in bought]
    found = [(vocabulary.index(w) + 1, (view.instant - e.time) / DAY_MS) for e, w in known if w in vocabulary]
    return found[-f.options["length"] :]


def _padded(values: list[Any], f: Feature) -> list[float]:
    return [0.0] * (f.options["length"] - len(values)) + values
