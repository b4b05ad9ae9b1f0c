"""Whether both sides give the same answers: nothing is measured before they do."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from peers.processes import ComparisonError

_TOLERANCE = 1e-5
_LOOSE = {"as_of", "versions"}


def equal_answers(ours: str, theirs: str, customers: Iterable[str], now: int) -> int:
    """Ask both for the same customers at the same instant.

    Returns
    -------
    int
        How many were asked for.

    Raises
    ------
    ComparisonError
        At the first difference: scores by more than 1e-5 of themselves, percentiles by more than one (a score
        may stand at an edge), anything else at all.
    """
    at = datetime.fromtimestamp(now / 1000, UTC).isoformat().replace("+00:00", "Z")
    asked = 0
    first, second = _Client(ours), _Client(theirs)
    for customer in customers:
        path = f"/v1/scores/{quote(customer)}?at={at}"
        a, b = first.get(path), second.get(path)
        difference = _difference(a, b)
        if difference:
            raise ComparisonError(f"{customer} at {at}: {difference}\n  ours   {a}\n  theirs {b}")
        asked += 1
    return asked


def _difference(a: dict[str, Any], b: dict[str, Any]) -> str | None:
    if set(a) != set(b):
        return f"other fields: {sorted(set(a) ^ set(b))}"
    for name, value in a.items():
        other = b[name]
        if name in _LOOSE:
            continue
        if name.endswith("_percentile"):
            same = abs(value - other) <= 1
        elif isinstance(value, float | int) and not isinstance(value, bool):
            same = abs(value - other) <= _TOLERANCE * max(1.0, abs(value))
        else:
            same = value == other
        if not same:
            return f"{name} is {value} and {other}"
    return None


class _Client:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.prefix = parts.path
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def get(self, path: str) -> dict[str, Any]:
        self.connection.request("GET", self.prefix + path)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise ComparisonError(f"GET {self.prefix}{path}: {answer.status} {body[:300]!r}")
        return json.loads(body)
