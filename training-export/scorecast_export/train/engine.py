"""Features by the engine that serves: this package never computes one itself."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import pandas as pd

_LAST_LINES = 3


class EngineError(RuntimeError):
    """`./scorecast features` failed; the message is what it said."""


class FeatureEngine:
    """Runs ``./scorecast features``."""

    def __init__(self, launcher: Path) -> None:
        self.launcher = launcher

    @classmethod
    def found(cls) -> FeatureEngine:
        """The launcher named by ``$SCORECAST``, else that of the repository this package is in."""
        named = os.environ.get("SCORECAST")
        return cls(Path(named) if named else Path(__file__).parents[3] / "scorecast")

    def table(self, events: Iterable[Path], definitions: Path, instants: Sequence[datetime]) -> pd.DataFrame:
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

        at = ",".join(instant.strftime("%Y-%m-%dT%H:%M:%SZ") for instant in instants)
        with tempfile.TemporaryDirectory(prefix="scorecast-") as folder:
            out = Path(folder) / "features.parquet"
            command = [self.launcher, "features", "--events", *events]
            command += ["--features", definitions, "--at", at, "--out", out]
            done = subprocess.run(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
            )
            if done.returncode != 0:
                said = [text for text in done.stderr.splitlines() if text.strip()] or ["no message"]
                raise EngineError(f"scorecast features: {' / '.join(said[-_LAST_LINES:])}")
            return pd.read_parquet(out)
