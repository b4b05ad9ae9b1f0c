"""Version folders on disk: the next number, the checksums, and publishing in one rename."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHECKSUMS = "SHA256SUMS"

_VERSION = re.compile(r"[1-9]\d{0,8}")


def next_version(model: Path) -> int:
    """The number after the highest version in a model's folder; 1 where there is none.

    Folders without checksums count too: their number may stand in somebody's log.
    """
    if not model.is_dir():
        return 1
    return 1 + max((int(f.name) for f in model.iterdir() if _VERSION.fullmatch(f.name)), default=0)


@contextmanager
def new_version(models: Path, name: str, check: Callable[[Path], object] = lambda _: None) -> Iterator[Path]:
    """A folder to fill, which becomes the model's next version when the block ends well, else nothing.

    Parameters
    ----------
    models : Path
        The repository; made if it is not there.
    name : str
        The model.
    check : callable, optional
        Is given the whole folder, checksums included, and raises if it must not be published.

    Yields
    ------
    Path
        A hidden folder on the same disk. `SHA256SUMS` is written after the block, last of all files.
    """
    model = models / name
    model.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=model))
    # Named as it will be: the gate compares the manifest with the folder's name.
    folder = staging / name / str(next_version(model))
    try:
        folder.mkdir(parents=True)
        yield folder
        write_checksums(folder)
        check(folder)
        folder.rename(model / str(next_version(model)))
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_checksums(folder: Path) -> None:
    """Write `SHA256SUMS` over every other file, in the format of ``sha256sum``."""
    files = sorted(file for file in folder.iterdir() if file.name != CHECKSUMS)
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")
