"""The generator, ``./scorecast loadtest``: the same for both sides."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from peers.processes import LAUNCHER, ComparisonError, plain_environment


@dataclass(frozen=True)
class Measured:
    """What came of a load.

    Attributes
    ----------
    rate
        Right answers a second.
    p50, p99
        Milliseconds, from the intended time.
    cpu
        Microseconds of a core that the service's processes used for a request.
    megabytes
        Resident, of the service's processes; shared pages count in each.
    errors, fallbacks
        Requests without a right answer, and answers that are no prediction.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    megabytes: float
    errors: int
    fallbacks: int

    @classmethod
    def of(cls, told: Mapping[str, Any], processes: tuple[str, ...]) -> Measured:
        """From what ``--json`` writes; `processes` are those that are the service."""
        used = [told["processes"][name] for name in processes if name in told["processes"]]
        return cls(
            told["answers_per_second"],
            told["milliseconds"]["p50"],
            told["milliseconds"]["p99"],
            1e6 * sum(use["cpu_seconds"] for use in used) / max(1, told["requests"]),
            sum(use["resident_bytes"] for use in used) / 2**20,
            told["errors"],
            sum(told["fallbacks"].values()),
        )


def run(
    scenario: Mapping[str, Any] | str,
    *,
    url: str | None = None,
    ids: Path | None = None,
    pid: int | None = None,
    processes: tuple[str, ...] = ("service", "children"),
    may_fail: bool = False,
) -> Measured:
    """Run a scenario: the name of one that comes along, or its content.

    Raises
    ------
    ComparisonError
        If it could not run, or, unless `may_fail`, if there were errors or fallbacks.
    """
    with tempfile.TemporaryDirectory(prefix="scorecast-peers-") as name:
        folder = Path(name)
        if not isinstance(scenario, str):
            file = folder / "scenario.yaml"
            file.write_text(yaml.safe_dump(dict(scenario)), encoding="utf-8")
            scenario = str(file)
        out = folder / "outcome.json"
        command: list[object] = [
            LAUNCHER,
            "loadtest",
            scenario,
            "--json",
            out,
            "--chart",
            folder / "chart.svg",
        ]
        command += [] if url is None else ["--url", url]
        command += [] if ids is None else ["--ids", ids]
        command += [] if pid is None else ["--pid", pid]
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, check=False, env=plain_environment()
        )
        if not out.exists():
            raise ComparisonError(f"the load test failed: {done.stderr.strip()[-300:]}")
        found = Measured.of(json.loads(out.read_text(encoding="utf-8")), processes)
    if not may_fail and (found.errors or found.fallbacks):
        raise ComparisonError(
            f"{found.errors} errors and {found.fallbacks} fallbacks from {url}: {done.stdout}"
        )
    return found
