"""A customer's attributes as of an instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .events import Event


def attributes_of(visible: Iterable[Event], source_priority: Sequence[str] = ()) -> dict[str, Any]:
    """Fold ``attributes`` events in rising (source priority, time, id), so that the greatest wins.

    Parameters
    ----------
    visible
        What can be seen from the instant.
    source_priority
        Sources, the most trusted first; one that is not listed comes below all of them.
    """

    def rank(event: Event) -> tuple[int, int, bytes]:
        listed = event.source in source_priority
        priority = len(source_priority) - source_priority.index(event.source) if listed else 0
        return priority, event.time, event.id.encode()

    folded: dict[str, Any] = {}
    for event in sorted((e for e in visible if e.type == "attributes"), key=rank):
        _apply(folded, event.attributes)
    return folded


def at_path(attributes: Any, path: str) -> Any:
    """Return what stands at a dotted path, ``None`` if nothing does."""
    for segment in path.split("."):
        if not isinstance(attributes, Mapping) or segment not in attributes:
            return None
        attributes = attributes[segment]
    return attributes


def _apply(target: dict[str, Any], change: Mapping[str, Any]) -> None:
    for key, value in change.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, Mapping):
            if not isinstance(target.get(key), dict):
                target[key] = {}
            _apply(target[key], value)
        else:
            target[key] = value
