"""Conditions on an event: the CEL text for the engine beside the same thing in Python, three-valued.

A condition gives True, False, or None where an operand is missing, and an event is selected only by True.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .attributes import at_path
from .events import Event

Truth = bool | None


@dataclass(frozen=True)
class Where:
    """A condition as ``cel`` text and as a Python callable."""

    cel: str
    test: Callable[[Event], Truth]

    def holds(self, event: Event) -> bool:
        """Whether the condition is true of the event; a missing operand makes it not hold."""
        return self.test(event) is True

    def __and__(self, other: Where) -> Where:
        return Where(f"({self.cel}) && ({other.cel})", lambda e: _both(self.test(e), other.test(e)))

    def __or__(self, other: Where) -> Where:
        return Where(f"({self.cel}) || ({other.cel})", lambda e: _either(self.test(e), other.test(e)))

    def __invert__(self) -> Where:
        return Where(f"!({self.cel})", lambda e: _negated(self.test(e)))


def field_of(event: Event, name: str) -> Any:
    """Return a field or an attribute (``attributes.a.b``) of the event, ``None`` if missing.

    A field is a text, a number or a boolean: where a list or an object stands, there is none.
    """
    if name.startswith("attributes."):
        value = at_path(event.attributes, name.removeprefix("attributes."))
        return value if isinstance(value, str | int | float) else None
    value = getattr(event, name)
    return None if isinstance(value, float) and math.isnan(value) else value


def compare(name: str, operator: str, literal: float | str | bool) -> Where:
    """Compare a field with a literal by ``==``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``."""
    operations: dict[str, Callable[[Any, Any], bool]] = {
        "==": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    return Where(
        f"{name} {operator} {_literal(literal)}", _on(name, lambda x: operations[operator](x, literal))
    )


def under(name: str, path: str) -> Where:
    """The field is a category path equal to ``path`` or below it."""
    return Where(f'{name}.under("{path}")', _on(name, lambda x: x == path or x.startswith(path + "/")))


def one_of(name: str, values: list[str]) -> Where:
    """The field is one of some strings."""
    listed = ", ".join(_literal(value) for value in values)
    return Where(f"{name} in [{listed}]", _on(name, lambda x: x in values))


def starts_with(name: str, prefix: str) -> Where:
    """The field starts with a prefix."""
    return Where(f'{name}.startsWith("{prefix}")', _on(name, lambda x: x.startswith(prefix)))


def is_missing(name: str) -> Where:
    """The event has no such field."""
    return Where(f"missing({name})", lambda event: field_of(event, name) is None)


def _on(name: str, test: Callable[[Any], bool]) -> Callable[[Event], Truth]:
    def applied(event: Event) -> Truth:
        value = field_of(event, name)
        return None if value is None else test(value)

    return applied


def _literal(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _both(a: Truth, b: Truth) -> Truth:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _either(a: Truth, b: Truth) -> Truth:
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def _negated(a: Truth) -> Truth:
    return None if a is None else not a
