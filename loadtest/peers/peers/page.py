"""Tables that the tools write into ``docs/benchmarks.md``, each between two marks, and what machine they are of."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

Cell = str | float | int


def number(value: float) -> str:
    """Three digits, with commas from a thousand on."""
    if value >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """A Markdown table; numbers have three digits."""
    lines = [list(head), ["---"] * len(head)]
    lines += [[cell if isinstance(cell, str) else number(cell) for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write(page: Path, mark: str, text: str) -> None:
    """Replace what stands between ``<!-- mark -->`` and ``<!-- /mark -->``.

    Raises
    ------
    SystemExit
        If the page has no such marks.
    """
    whole = page.read_text(encoding="utf-8")
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(whole):
        raise SystemExit(f"{page} has no lines {begin} and {end} to write the table between")
    page.write_text(
        pattern.sub(lambda _: f"{begin}\n{text.strip()}\n{end}", whole, count=1), encoding="utf-8"
    )


def machine(load: float) -> str:
    """When, on what, and how busy it was before.

    Parameters
    ----------
    load
        The load average when the measurement began.
    """
    java = Path(os.environ.get("JAVA_HOME", "")) / "bin" / "java"
    told = subprocess.run(
        [str(java) if java.exists() else "java", "-version"], capture_output=True, text=True, check=False
    ).stderr
    version = re.search(r'version "([^"]+)"', told)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} virtual cores (load {load:.1f} before), "
        f"{platform.system()} {platform.release().partition('-')[0]}, Java {version[1] if version else '?'}, "
        f"Python {platform.python_version()}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"model name\s*:\s*(.+)", info.read_text(encoding="utf-8"))
        if found:
            return found[1].strip()
    return platform.processor() or platform.machine()
