"""Feature definitions as the reference takes them, and as YAML for the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from .attributes import attributes_of
from .events import BOOKKEEPING, DAY_MS, Event, seen_from
from .where import Where

AS_LIFETIMES = {"frequency", "recency", "T", "monetary_value"}
OVER_VOCABULARY = {"affinity", "top_category", "product_counts", "recent_products", "recent_ages"}
PURCHASES_BY_DEFAULT = AS_LIFETIMES | OVER_VOCABULARY


@dataclass(frozen=True)
class Feature:
    """One definition. ``options`` are the contract's keys; ``where`` and ``compute`` are callables."""

    name: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    where: Where | None = None
    compute: Callable[[Mapping[str, float]], float] | None = None

    @property
    def types(self) -> frozenset[str] | None:
        """The event types named, or the kind's default; ``None`` stands for all but bookkeeping."""
        named = self.options.get("event")
        if named is None:
            return frozenset({"purchase"}) if self.kind in PURCHASES_BY_DEFAULT else None
        return frozenset([named] if isinstance(named, str) else named)

    def duration(self, key: str) -> int | None:
        """Return an option such as ``30d`` or ``12h`` in milliseconds."""
        text = self.options.get(key)
        if text is None:
            return None
        return round(float(text[:-1]) * {"d": DAY_MS, "h": DAY_MS // 24, "m": 60_000}[text[-1]])

    def to_yaml(self) -> dict[str, Any]:
        """Return the definition as a mapping for the feature file."""
        definition = {"name": self.name, "kind": self.kind, **self.options}
        if self.where is not None:
            definition["where"] = self.where.cel
        return definition


@dataclass(frozen=True)
class View:
    """What a feature may see: the visible events in order, the instant, and the attributes that hold then."""

    events: Sequence[Event]
    instant: int
    attributes: Mapping[str, Any]

    @classmethod
    def of(
        cls, log: Sequence[Event], instant: int, as_known: bool = False, source_priority: Sequence[str] = ()
    ) -> View:
        """Look at a customer's log from an instant."""
        events = seen_from(log, instant, as_known)
        return cls(events, instant, attributes_of(events, source_priority))


def feature(name: str, kind: str, where: Where | None = None, compute: Any = None, **options: Any) -> Feature:
    """Make a definition from keywords."""
    return Feature(name, kind, options, where, compute)


def feature_file(features: Sequence[Feature]) -> str:
    """Return the YAML text of a feature file."""
    return yaml.safe_dump({"features": [f.to_yaml() for f in features]}, sort_keys=False, allow_unicode=True)


def in_window(definition: Feature, view: View, types: frozenset[str] | None) -> list[Event]:
    """Return visible events of the types inside the definition's window that its ``where`` holds of."""
    end = view.instant - (definition.duration("ago") or 0)
    window = definition.duration("window")
    chosen = []
    for event in view.events:
        if event.type in BOOKKEEPING if types is None else event.type not in types:
            continue
        if event.time > end or (window is not None and event.time <= end - window):
            continue
        if definition.where is None or definition.where.holds(event):
            chosen.append(event)
    return chosen
