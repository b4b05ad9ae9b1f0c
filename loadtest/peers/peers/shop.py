"""A made-up shop: customers with habits of their own, and a year or two of what they did.

Who they are (how often they come, what they like, whether mail moves them, when they leave for good) stays
hidden; models see only events. So there is something to learn, and not everything can be known: trees trained
on this are as full as trees trained on customers.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd

DAY = 86_400_000
COLUMNS = (
    "id",
    "customer_id",
    "type",
    "time",
    "product_id",
    "category",
    "value",
    "quantity",
    "order_id",
    "session_id",
    "attributes",
)

CATEGORIES = (
    "grocery/milk/fresh-milk",
    "grocery/soft-drinks/cola",
    "grocery/yogurt/plain-yogurt",
    "produce/tropical-fruit/bananas",
    "grocery/cheese/shredded-cheese",
    "grocery/bread/white-bread",
    "grocery/snacks/potato-chips",
    "grocery/soft-drinks/lemonade",
    "grocery/soup/condensed-soup",
    "grocery/eggs/large-eggs",
    "meat/beef/steak",
    "grocery/frozen/pizza",
)
_PRODUCTS_OF_A_CATEGORY = 20
_PRICES = np.array([1.1, 1.6, 0.9, 2.2, 2.9, 1.8, 2.1, 1.4, 1.2, 2.6, 11.5, 4.3])


def events(customers: int, *, seed: int, end: datetime, days: int) -> pd.DataFrame:
    """Make up what customers did.

    Parameters
    ----------
    customers : int
        How many; ``c-0`` is the first.
    seed : int
        The same seed gives the same events, but for `end`.
    end : datetime
        When the last of them happened at most.
    days : int
        How long before that the shop opened.

    Returns
    -------
    DataFrame
        A row an event, sorted by customer and time; `time` in epoch milliseconds, the other columns as
        ``POST /v1/events`` takes them, `attributes` as JSON text, None where an event has no such field.
    """
    random = np.random.default_rng(seed)
    people = _People(random, customers, days)
    sent, opened, clicked = people.mailings()
    visits = people.visits(clicked)
    parts = [
        _mail("email_send", *sent),
        _mail("email_open", *opened),
        _mail("email_click", *clicked),
        *people.shopping(*visits),
    ]
    table = pd.concat(parts, ignore_index=True)
    table = table[(table["time"] >= 0) & (table["time"] < days * DAY)]
    table = table.sort_values(["customer", "time", "rank"], kind="stable", ignore_index=True)
    first = int(end.astimezone(UTC).timestamp() * 1000) - days * DAY
    number = table.groupby("customer").cumcount()
    names = "c-" + table["customer"].astype(str)
    table["id"] = "e-" + table["customer"].astype(str) + "-" + number.astype(str)
    table["customer_id"] = names
    table["time"] = first + table["time"].astype(np.int64)
    return table[list(COLUMNS)]


def last_events(table: pd.DataFrame, each: int) -> pd.DataFrame:
    """The latest `each` events of everybody who has so many."""
    counted = table.groupby("customer_id")["id"].transform("size")
    return table[counted >= each].groupby("customer_id", sort=False).tail(each).reset_index(drop=True)


class _People:
    """Habits, drawn once; times are milliseconds since the shop opened."""

    def __init__(self, random: np.random.Generator, count: int, days: int) -> None:
        self.random = random
        self.count = count
        self.days = days
        self.begins = random.uniform(-200, days - 30, count).clip(min=0)
        self.ends = self.begins + random.exponential(500, count)
        self.visits_a_day = random.gamma(1.3, 0.075, count)
        self.buys = random.beta(2.2, 3.0, count)
        self.basket = 1 + random.gamma(1.5, 0.8, count)
        self.purse = random.lognormal(0.0, 0.45, count)
        self.opens = random.beta(1.2, 2.0, count)
        self.clicks = random.beta(1.5, 3.5, count)
        self.swayed = random.beta(1.0, 1.6, count)
        self.rhythm = random.uniform(6, 40, count)
        self.hour = random.choice([9.0, 13.0, 19.5], count, p=[0.2, 0.3, 0.5])
        self.taste = random.dirichlet(np.full(len(CATEGORIES), 0.5), count).cumsum(axis=1)

    def mailings(self) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
        """Of each customer about one in two weeks, with what became of them: sent, opened, clicked."""
        random = self.random
        sends = random.poisson(self.days / 14, self.count)
        who = np.repeat(np.arange(self.count), sends)
        when = np.floor(random.uniform(0, self.days, len(who))) + 7 / 24
        known = (when >= self.begins[who]) & (random.random(len(who)) < 0.8)
        who, when = who[known], when[known]
        alive = when < self.ends[who]
        opened = random.random(len(who)) < self.opens[who] * np.where(alive, 1.0, 0.15)
        later = when + random.exponential(0.4, len(who))
        clicked = opened & (random.random(len(who)) < self.clicks[who])
        return (
            (who, when * DAY),
            (who[opened], later[opened] * DAY),
            (who[clicked], later[clicked] * DAY + 20_000),
        )

    def visits(self, clicked: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Those of one's own accord, more of them in one's rhythm, and those that a click led to."""
        random = self.random
        span = (np.minimum(self.ends, self.days) - self.begins).clip(min=0)
        number = random.poisson(self.visits_a_day * span)
        who = np.repeat(np.arange(self.count), number)
        when = self.begins[who] + random.random(len(who)) * span[who]
        in_rhythm = random.random(len(who)) < 0.6
        near = np.round(when / self.rhythm[who]) * self.rhythm[who] + random.normal(0, 1.2, len(who))
        when = np.where(in_rhythm, near, when)
        hour = (self.hour[who] + random.normal(0, 2.5, len(who))) % 24
        when = np.floor(when) + hour / 24
        lead = random.random(len(clicked[0])) < self.swayed[clicked[0]]
        by_mail = np.concatenate([np.zeros(len(who), bool), np.ones(lead.sum(), bool)])
        who = np.concatenate([who, clicked[0][lead]])
        when = np.concatenate([when * DAY, clicked[1][lead] + 60_000])
        return who, when, by_mail

    def shopping(self, who: np.ndarray, when: np.ndarray, by_mail: np.ndarray) -> list[pd.DataFrame]:
        """Views, what was put into the cart, and orders of several lines at one time."""
        random = self.random
        session = np.arange(len(who))
        views = 1 + random.poisson(0.7, len(who))
        looked = np.repeat(session, views)
        minutes = np.concatenate([np.arange(n) for n in views]) if len(views) else np.zeros(0)
        season = 1 + 0.25 * np.sin(2 * np.pi * when / DAY / 30)
        ready = random.random(len(who)) < self.buys[who] * season * np.where(by_mail, 1.25, 1.0)
        carted = np.flatnonzero(ready | (random.random(len(who)) < 0.12))
        bought = np.flatnonzero(ready & (random.random(len(who)) < 0.8))
        lines = np.repeat(bought, 1 + random.poisson(self.basket[who[bought]] - 1))
        return [
            self._lines("view", who, looked, when[looked] + 60_000 * minutes, 0),
            self._lines("add_to_cart", who, carted, when[carted] + 600_000, 1),
            self._lines("purchase", who, lines, when[lines] + 900_000, 2),
        ]

    def _lines(
        self, kind: str, who: np.ndarray, session: np.ndarray, time: np.ndarray, rank: int
    ) -> pd.DataFrame:
        random = self.random
        customer = who[session]
        drawn = random.random(len(customer))[:, np.newaxis]
        category = (self.taste[customer] < drawn).sum(axis=1).clip(max=len(CATEGORIES) - 1)
        product = random.integers(0, _PRODUCTS_OF_A_CATEGORY, len(customer))
        table = pd.DataFrame(
            {
                "customer": customer,
                "type": kind,
                "time": np.floor(time),
                "rank": rank,
                "product_id": [f"p-{c}-{p}" for c, p in zip(category, product, strict=True)],
                "category": np.array(CATEGORIES, dtype=object)[category],
                "session_id": [f"s-{s}" for s in session],
                "value": None,
                "quantity": None,
                "order_id": None,
                "attributes": None,
            }
        )
        if kind == "purchase":
            quantity = 1 + random.poisson(0.4, len(customer))
            price = _PRICES[category] * self.purse[customer] * (1 + product / _PRODUCTS_OF_A_CATEGORY)
            table["value"] = np.round(price * quantity, 2)
            table["quantity"] = quantity
            table["order_id"] = [f"o-{s}" for s in session]
            table["session_id"] = None
        return table


def _mail(kind: str, who: np.ndarray, when: np.ndarray) -> pd.DataFrame:
    campaign = (when // DAY).astype(int)
    return pd.DataFrame(
        {
            "customer": who,
            "type": kind,
            "time": np.floor(when),
            "rank": 0,
            "product_id": None,
            "category": None,
            "session_id": None,
            "value": None,
            "quantity": None,
            "order_id": None,
            "attributes": [f'{{"campaign":"m-{c}"}}' for c in campaign],
        }
    )
