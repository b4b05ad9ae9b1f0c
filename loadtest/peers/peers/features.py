"""The forty features of ``definitions/features.yaml`` as one would write them in Python: one pass over the events.

That they are the same numbers is checked by ``compare`` before it measures anything.
"""

from __future__ import annotations

from itertools import pairwise
from math import nan, sqrt
from typing import Any

import numpy as np

DAY = 86_400_000
HALF_LIFE = 30 * DAY
WIDTH = 40


def features(  # noqa: PLR0912, PLR0915 - one pass, written out: calls are what Python is slow at
    events: list[dict[str, Any]], now: int
) -> np.ndarray:
    """Compute a customer's row.

    Parameters
    ----------
    events : list of dict
        As they were sent, `time` in epoch milliseconds.
    now : int
        The instant; later events are not seen.
    """
    events.sort(key=_time)
    a7, a30, a90, a365 = now - 7 * DAY, now - 30 * DAY, now - 90 * DAY, now - 365 * DAY
    orders: dict[str, float] = {}
    order_times: dict[str, int] = {}
    days: dict[int, float] = {}
    products: set[str] = set()
    categories: set[str] = set()
    visits: set[str] = set()
    lines = lines30 = lines90 = 0
    spend = spend7 = spend30 = spend90 = spend365 = warm_spend = 0.0
    views7 = views30 = views90 = carts30 = carts90 = 0
    sends90 = opens30 = opens90 = clicks90 = evenings = shown = 0
    last_view = last_cart = last_open = last_purchase = first_purchase = None
    for event in events:
        time = event["time"]
        if time > now:
            break
        kind = event["type"]
        if kind == "view":
            last_view = time
            shown += 1
            if (time // 3_600_000) % 24 >= 18:
                evenings += 1
            if time > a90:
                views90 += 1
                if time > a30:
                    views30 += 1
                    visits.add(event["session_id"])
                    if time > a7:
                        views7 += 1
        elif kind == "purchase":
            value = event["value"]
            order = event["order_id"]
            orders[order] = orders.get(order, 0.0) + value
            order_times[order] = time
            day = time // DAY
            days[day] = days.get(day, 0.0) + value
            products.add(event["product_id"])
            categories.add(event["category"])
            last_purchase = time
            if first_purchase is None:
                first_purchase = time
            lines += 1
            spend += value
            warm_spend += value * 2.0 ** ((time - now) / HALF_LIFE)
            shown += 1
            if (time // 3_600_000) % 24 >= 18:
                evenings += 1
            if time > a365:
                spend365 += value
                if time > a90:
                    lines90 += 1
                    spend90 += value
                    if time > a30:
                        lines30 += 1
                        spend30 += value
                        if time > a7:
                            spend7 += value
        elif kind == "email_send":
            if time > a90:
                sends90 += 1
        elif kind == "add_to_cart":
            last_cart = time
            if time > a90:
                carts90 += 1
                if time > a30:
                    carts30 += 1
                    visits.add(event["session_id"])
        elif kind == "email_open":
            last_open = time
            if time > a90:
                opens90 += 1
                if time > a30:
                    opens30 += 1
        elif kind == "email_click" and time > a90:
            clicks90 += 1
    orders7 = orders30 = orders90 = orders365 = 0
    warmth = 0.0
    for time in order_times.values():
        warmth += 2.0 ** ((time - now) / HALF_LIFE)
        if time > a365:
            orders365 += 1
            if time > a90:
                orders90 += 1
                if time > a30:
                    orders30 += 1
                    if time > a7:
                        orders7 += 1
    gap_mean = gap_std = frequency = recency = age = monetary = nan
    if days:
        bought = list(days)
        frequency = len(bought) - 1
        recency = bought[-1] - bought[0]
        age = now // DAY - bought[0]
        monetary = 0.0
        if frequency:
            gap_mean = recency / frequency
            monetary = sum(list(days.values())[1:]) / frequency
        if frequency > 1:
            squares = sum((b - a - gap_mean) ** 2 for a, b in pairwise(bought))
            gap_std = sqrt(squares / (frequency - 1))
    open_cart = last_cart is not None and (last_purchase is None or last_purchase < last_cart)
    return np.array(
        (
            orders7,
            orders30,
            orders90,
            orders365,
            lines30,
            lines90,
            spend7,
            spend30,
            spend90,
            spend365,
            sum(orders.values()) / len(orders) if orders else nan,
            max(orders.values()) if orders else nan,
            spend / lines if lines else nan,
            nan if last_purchase is None else (now - last_purchase) / DAY,
            nan if first_purchase is None else (now - first_purchase) / DAY,
            gap_mean,
            gap_std,
            frequency,
            recency,
            age,
            monetary,
            warmth,
            warm_spend,
            len(products),
            len(categories),
            views7,
            views30,
            views90,
            nan if last_view is None else (now - last_view) / DAY,
            carts30,
            carts90,
            (now - last_cart) / DAY if open_cart else nan,
            sends90,
            opens30,
            opens90,
            clicks90,
            nan if last_open is None else (now - last_open) / DAY,
            opens90 / sends90 if sends90 else nan,
            len(visits),
            evenings / shown if shown else nan,
        ),
        dtype=np.float32,
    )


def _time(event: dict[str, Any]) -> int:
    return event["time"]
