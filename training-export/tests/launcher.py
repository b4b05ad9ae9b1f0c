"""The launcher ``./scorecast`` as tests run it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(os.environ.get("SCORECAST_ROOT", Path(__file__).resolve().parents[2]))
LAUNCHER = ROOT / "scorecast"


def absent() -> str | None:
    """Say why the launcher cannot be run, ``None`` if it can."""
    if not list((ROOT / "service/server/target").glob("*.jar")):
        return f"no jar in {ROOT}/service/server/target: ./scorecast test builds the service first"
    if "not built yet" in LAUNCHER.read_text(encoding="utf-8"):
        return f"{LAUNCHER} is a placeholder"
    return None


def run(*arguments: object, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what came of it."""
    command = [str(LAUNCHER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False, cwd=ROOT)
