"""Numbers as the service publishes them and as files of a version say them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def six_digits(x: float) -> float:
    """Round to six significant digits, as published scores are.

    >>> six_digits(412.4999999), six_digits(0.123456789)
    (412.5, 0.123457)
    """
    return float(f"{x:.6g}")


def shortest(x: np.float32) -> float | int | None:
    """The number whose JSON is the shortest that gives the same float, or None for a missing one.

    >>> import numpy as np
    >>> shortest(np.float32(0.1)), shortest(np.float32(3.0)), shortest(np.float32("nan"))
    (0.1, 3, None)
    """
    number = float(str(x))
    if math.isnan(number):
        return None
    return int(number) if number.is_integer() else number
