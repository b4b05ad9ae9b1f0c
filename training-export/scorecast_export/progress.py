"""A progress bar on standard error, when somebody is looking."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")

_WIDTH = 32
_REDRAW_SECONDS = 0.1


def progress(items: Iterable[Item], label: str, total: int) -> Iterator[Item]:
    """Pass `items` through, drawing a bar on standard error while it is a terminal.

    Parameters
    ----------
    items : iterable
        What to pass through.
    label : str
        Words in front of the bar.
    total : int
        How many items there will be.

    Yields
    ------
    object
        The items, unchanged and in order.
    """
    if not sys.stderr.isatty() or total <= 0:
        yield from items
        return
    drawn = 0.0
    for done, item in enumerate(items, start=1):
        yield item
        now = time.monotonic()
        if done == total or now - drawn > _REDRAW_SECONDS:
            drawn = now
            filled = _WIDTH * done // total
            bar = "#" * filled + "." * (_WIDTH - filled)
            sys.stderr.write(f"\r{label} [{bar}] {100 * done // total:3d} %")
            sys.stderr.flush()
    sys.stderr.write("\n")


def say(message: str) -> None:
    """Tell the user what happens, on standard error: standard output is for results."""
    print(message, file=sys.stderr, flush=True)
