"""Units: what a feature counts (an event, an order, a UTC day), with returns netted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .events import DAY_MS, Event
from .features import Feature, View, in_window
from .where import field_of


@dataclass(frozen=True)
class Unit:
    """An event, order or day: events that happened, and returns netted from them."""

    bought: tuple[Event, ...]
    returned: tuple[Event, ...]
    per: str

    @property
    def time(self) -> int:
        """The time of the last event of the unit."""
        return max(event.time for event in self.bought or self.returned)

    @property
    def count(self) -> int:
        """What the unit adds to a count."""
        if self.per == "event":
            return len(self.bought) - len(self.returned)
        if self.per == "order" and len(self.returned) >= len(self.bought):
            return 0
        return 1 if self.bought else 0

    def x(self, name: str) -> float:
        """The field summed over the unit, returns subtracted; NaN where no event has it."""
        signed = [number_of(event, name) for event in self.bought]
        signed += [-abs(number_of(event, name)) for event in self.returned]
        present = [x for x in signed if not math.isnan(x)]
        return sum(present) if present else math.nan


def number_of(event: Event, name: str) -> float:
    """Return a numeric field or attribute, NaN if missing or no number."""
    value = field_of(event, name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def selected(definition: Feature, view: View) -> tuple[list[Event], list[Event]]:
    """Return the events a feature is about, and the returns that are netted from them.

    Returns are netted where the types include ``purchase`` and do not name ``return``.
    """
    types = definition.types
    if types is None:
        events = in_window(definition, view, None)
        return [e for e in events if e.type != "return"], [e for e in events if e.type == "return"]
    netted = "purchase" in types and "return" not in types
    return in_window(definition, view, types), in_window(
        definition, view, frozenset({"return"})
    ) if netted else []


def units_of(definition: Feature, view: View) -> list[Unit]:
    """Group what is inside the window into units, in order of time; units of returns alone are among them."""
    per = definition.options.get("per", "event")
    bought, returned = selected(definition, view)
    keys: dict[object, tuple[list[Event], list[Event]]] = {}
    for events, side in ((bought, 0), (returned, 1)):
        for event in events:
            keys.setdefault(_key(event, per), ([], []))[side].append(event)
    units = [Unit(tuple(b), tuple(r), per) for b, r in keys.values()]
    return sorted(units, key=lambda unit: unit.time)


def happened(units: Sequence[Unit]) -> list[Unit]:
    """Leave out the units of returns alone: what means, extremes, times and gaps are taken over."""
    return [unit for unit in units if unit.bought]


def _key(event: Event, per: str) -> object:
    if per == "day":
        return event.time // DAY_MS
    if per == "order" and event.order_id is not None:
        return event.order_id
    return ("event", event.id)
