"""A caller of the service that knows nothing but HTTP."""

from __future__ import annotations

import http.client
import itertools
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Answer:
    """A response: status, headers by lower-case name, body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def problem(self, status: int) -> dict[str, Any]:
        """Assert that this is the problem JSON of a status, and return it."""
        assert self.status == status, (self.status, self.body[:500])
        assert self.headers["content-type"].startswith("application/problem+json"), self.headers
        problem = self.json
        assert problem["status"] == status
        assert all(isinstance(problem[key], str) and problem[key] for key in ("type", "title", "detail")), (
            problem
        )
        return problem


class Client:
    """Calls one service on loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._numbers = itertools.count()

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send a request as it stands; header names are written with underscores."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): v for name, v in headers.items()})
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Answer:
        """Get a path, with a query that is encoded."""
        return self.call("GET", path + ("?" + urlencode(query) if query else ""), **headers)

    def post(self, path: str, value: Any, **headers: str) -> Answer:
        """Post a value as JSON, or bytes as they are."""
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.call("POST", path, body, **{"Content_Type": "application/json", **headers})

    def score(self, customer: str, **query: Any) -> dict[str, Any]:
        """Return a customer's prediction."""
        answer = self.get("/v1/scores/" + quote(customer, safe=""), query)
        assert answer.status == 200, answer.body
        return answer.json

    def event(self, customer: str, type: str, when: str | int, **fields: Any) -> dict[str, Any]:
        """Return an event with an id of its own."""
        return {
            "id": f"e-{next(self._numbers)}",
            "customer_id": customer,
            "type": type,
            "time": when,
            **fields,
        }

    def send(self, *events: dict[str, Any]) -> None:
        """Post events, all of which must be accepted."""
        answer = self.post("/v1/events", list(events))
        assert answer.status == 202, answer.body
        assert answer.json == {"accepted": len(events), "rejected": 0, "errors": []}

    def wait_until_ready(self, seconds: float, alive: Any) -> None:
        """Wait until the service says that it is ready."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert alive(), "the service ended while it started"
            try:
                if self.get("/health/readiness").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"not ready after {seconds} s")
