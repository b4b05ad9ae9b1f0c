"""The service's own commands: features by the engine that serves, and the gate that versions must pass.

This package never computes a feature itself and never judges a version itself.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

_LAST_LINES = 20


class EngineError(RuntimeError):
    """A command of the service failed; the message is what it said."""


class GateError(RuntimeError):
    """The service would refuse this version.

    Attributes
    ----------
    report : dict
        What ``./scorecast model check --json`` wrote: `checks`, `problems`, `warnings`.
    """

    def __init__(self, report: dict[str, Any]) -> None:
        self.report = report
        problems = [_problem(problem) for problem in report["problems"]]
        super().__init__(f"the version is refused ({len(problems)} problems):\n" + "\n".join(problems))


def _problem(problem: dict[str, Any]) -> str:
    place = ":".join(str(problem[key]) for key in ("source", "line", "column") if key in problem)
    snippet = problem.get("snippet", "")
    return f"  {place}: {problem['message']}" + (f"\n{snippet}" if snippet else "")


@dataclass(frozen=True)
class FeatureEngine:
    """Runs the launcher ``./scorecast``.

    Attributes
    ----------
    launcher
        Its path.
    java_options
        For the engine's Java, such as ``-Xmx8g``; in place of ``$SCORECAST_JAVA_OPTS`` if it is not set.
    """

    launcher: Path
    java_options: str = ""

    @classmethod
    def found(cls) -> FeatureEngine:
        """The launcher that ``$SCORECAST`` names, else this repository's, else the PATH's.

        Raises
        ------
        EngineError
            If there is none.
        """
        named = os.environ.get("SCORECAST")
        beside = Path(__file__).parents[2] / "scorecast"
        for launcher in filter(None, (named, beside, shutil.which("scorecast"))):
            if Path(launcher).is_file():
                return cls(Path(launcher))
        raise EngineError(
            f"no launcher at {named or beside}: features are computed by the service itself. Clone its "
            "repository and name its `scorecast` in the environment variable SCORECAST"
        )

    def table(
        self,
        events: Iterable[Path],
        definitions: Path,
        instants: Sequence[datetime],
        *,
        as_known: bool = False,
    ) -> pd.DataFrame:
        """Compute features as of instants.

        Returns
        -------
        DataFrame
            ``customer_id``, ``at`` (UTC), then the features as float32 in the order of their definition; a
            row for each customer with an event at or before the instant.

        Raises
        ------
        EngineError
            If the command fails, also over a single bad event.
        """
        import pandas as pd

        with tempfile.TemporaryDirectory(prefix="scorecast-") as folder:
            out = Path(folder) / "features.parquet"
            self.write(events, definitions, instants, out, as_known=as_known)
            return pd.read_parquet(out)

    def write(
        self,
        events: Iterable[Path],
        definitions: Path,
        instants: Sequence[datetime],
        out: Path,
        *,
        as_known: bool = False,
    ) -> None:
        """Compute the same table into a Parquet or CSV file, whatever its size."""
        at = ",".join(_rfc3339(instant) for instant in instants)
        flags = ["--as-known"] if as_known else []
        arguments = ["--events", *events, "--features", definitions, "--at", at, *flags, "--out", out]
        done = self._run("features", *arguments)
        if done.returncode != 0:
            said = [text for text in done.stderr.splitlines() if text.strip()] or ["no message"]
            raise EngineError("\n".join(said[-_LAST_LINES:]))

    def unload(self, out: Path, *, redis_url: str | None = None, data: Path | None = None) -> None:
        """Write the events that a service's Redis holds into a file, without those who object to profiling.

        Parameters
        ----------
        out : Path
            ``.ndjson`` or ``.ndjson.gz``.
        redis_url : str, optional
            That of the data folder by default.
        data : Path, optional
            The service's data folder, if not the launcher's own.

        Raises
        ------
        EngineError
            If the command fails.
        """
        where = ["--redis-url", redis_url] if redis_url else []
        where += ["--data", data] if data else []
        done = self._run("unload", "--out", out, *where)
        if done.returncode != 0:
            said = done.stderr.strip().splitlines() or ["no message"]
            raise EngineError(said[-1])

    def check(self, folder: Path) -> dict[str, Any]:
        """Put a version's folder through the service's gate and return the report.

        Raises
        ------
        GateError
            If the service would refuse the version.
        EngineError
            If the gate could not be run.
        """
        done = self._run("model", "check", folder, "--json")
        try:
            report = json.loads(done.stdout)
        except json.JSONDecodeError:
            said = done.stderr.strip().splitlines() or ["no message"]
            raise EngineError(f"scorecast model check: {said[-1]}") from None
        if done.returncode != 0 or not report["passed"]:
            raise GateError(report)
        return report

    def _run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(self.launcher), *map(str, arguments)]
        environment = {"SCORECAST_JAVA_OPTS": self.java_options, **os.environ}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def _rfc3339(instant: datetime) -> str:
    if instant.utcoffset() is None:
        raise ValueError(f"{instant} has no time zone; instants are UTC")
    utc = instant.astimezone(UTC)
    text = utc.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text}.{utc.microsecond // 1000:03}Z" if utc.microsecond else f"{text}Z"
