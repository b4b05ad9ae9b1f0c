"""A running service, as retraining talks to it: which version lives, and who challenges it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

_SECONDS = 120


class ServiceError(RuntimeError):
    """The service refused, or is not there; the message is what it said."""


@dataclass(frozen=True)
class RunningService:
    """One that serves a model repository.

    Attributes
    ----------
    url
        Such as ``http://127.0.0.1:8080``.
    key
        With scope ``models``, where it asks for one.
    """

    url: str
    key: str | None = None

    def model(self, name: str) -> dict[str, Any]:
        """What it says of a model: `live`, `pinned`, `versions`."""
        return self._call("GET", f"/v1/models/{name}")

    def pin(self, name: str, version: int) -> None:
        """Serve that version until told otherwise."""
        self._call("PUT", f"/v1/models/{name}/pin", {"version": version})

    def unpin(self, name: str) -> None:
        """Serve the highest version again."""
        self._call("DELETE", f"/v1/models/{name}/pin")

    def rescan(self) -> None:
        """Look at the repository now."""
        self._call("POST", "/v1/models/rescan")

    def challenge(self, name: str, version: int) -> None:
        """Let a version be scored in the live one's shadow."""
        self._call("PUT", f"/v1/models/{name}/challenger", {"version": version, "mode": "shadow"})

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(self.url.rstrip("/") + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if self.key:
            request.add_header("X-Api-Key", self.key)
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as problem:
            raise ServiceError(f"{self.url}: {_detail(problem)}") from None
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "reason", problem)
            raise ServiceError(f"no service answers at {self.url}: {reason}") from None


def _detail(problem: urllib.error.HTTPError) -> str:
    """A problem's one sentence, and its first reason."""
    try:
        said = json.loads(problem.read())
        errors = said.get("errors") or []
        return said["detail"] + (f": {errors[0]['detail']}" if errors else "")
    except (ValueError, KeyError, TypeError):
        return f"status {problem.code}"
