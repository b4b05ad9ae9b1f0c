"""Made-up but plausible customers, from the standard library alone.

They serve a demo without the data package, golden examples and warm-up samples, none of which may hold rows
of the real data.

Each customer follows a habit (how often, how much, since when, until when), has favourites in the
assortment, reads or ignores e-mail, and uses coupons or not. The same seed gives the same customers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from scorecast_export.data.assortment import ASSORTMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "synthetic"

_DAY = timedelta(days=1)
_MAILING_EVERY_DAYS = 45
_PRODUCTS_OF_A_TYPE = 4


@dataclass(frozen=True)
class Habit:
    """How a kind of customer shops: `since` and `until` are days before now, `every` the usual gap."""

    name: str
    share: float
    every: tuple[float, float]
    basket: tuple[int, int]
    since: tuple[int, int]
    until: tuple[int, int] = (0, 0)


HABITS = (
    Habit("loyal", 0.28, every=(3, 7), basket=(5, 16), since=(240, 330)),
    Habit("regular", 0.30, every=(7, 14), basket=(3, 10), since=(150, 330)),
    Habit("occasional", 0.18, every=(20, 40), basket=(2, 6), since=(120, 330)),
    Habit("lapsed", 0.12, every=(6, 15), basket=(3, 10), since=(240, 330), until=(32, 120)),
    Habit("new", 0.12, every=(4, 12), basket=(2, 8), since=(2, 25)),
)


def synthetic_customers(
    count: int, now: datetime, seed: int = 1, prefix: str = "s"
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Make customers up.

    Parameters
    ----------
    count : int
        How many.
    now : datetime
        No event is later than this.
    seed : int
        The same seed gives the same customers, and a customer does not depend on how many there are.
    prefix : str
        Ids are ``<prefix>-1``, ``<prefix>-2``…

    Yields
    ------
    tuple of str and list of dict
        The id and the events in order of time, as the API takes them.
    """
    now = now.astimezone(UTC).replace(microsecond=0)
    for number in range(1, count + 1):
        customer = f"{prefix}-{number}"
        yield customer, _Life(customer, now, Random(f"{seed}/{number}")).events()


def synthetic_events(count: int, now: datetime, seed: int = 1, prefix: str = "s") -> Iterator[dict[str, Any]]:
    """The events of `synthetic_customers`, one after the other."""
    for _, events in synthetic_customers(count, now, seed, prefix):
        yield from events


class _Life:
    """One customer's year."""

    def __init__(self, customer: str, now: datetime, random: Random) -> None:
        self.customer, self.now, self.random = customer, now, random
        self.habit = random.choices(HABITS, [habit.share for habit in HABITS])[0]
        self.since = now - random.uniform(*self.habit.since) * _DAY
        self.until = now - random.uniform(*self.habit.until) * _DAY
        self.every = random.uniform(*self.habit.every)
        self.uses_coupons = random.random() < 0.25
        self.reads_mail = random.random() < 0.5
        favourites = random.sample(range(len(ASSORTMENT)), k=14)
        self.taste = [kind.weight * (8.0 if i in favourites else 1.0) for i, kind in enumerate(ASSORTMENT)]
        self.found: list[dict[str, Any]] = []

    def events(self) -> list[dict[str, Any]]:
        self._profile()
        self._baskets()
        self._mailings()
        if self.reads_mail:
            self._visits()
        # Numbered after sorting: the id says the order among events of one instant.
        self.found.sort(key=lambda event: event["time"])
        return [{"id": f"{self.customer}-{n}", **event} for n, event in enumerate(self.found, start=1)]

    def _add(self, kind: str, time: datetime, **fields: object) -> None:
        if time <= self.now:
            at = time.replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")
            event = {"customer_id": self.customer, "type": kind, "time": at, **fields, "source": SOURCE}
            self.found.append(event)

    def _profile(self) -> None:
        size = self.random.choice(["1", "2", "3", "4", "5+"])
        self._add("attributes", self.since, attributes={"household": {"household_size": size}})
        allowed = {"email": self.random.random() < 0.95, "profiling": True}
        self._add("consent", self.since, attributes=allowed)

    def _baskets(self) -> None:
        time, number = self.since, 0
        while time <= self.until:
            number += 1
            self._basket(time, f"{self.customer}-o{number}")
            time = self._at_shop(time + self.random.gammavariate(3.0, self.every / 3.0) * _DAY)

    def _basket(self, time: datetime, order: str) -> None:
        size = self.random.randint(*self.habit.basket)
        kinds = sorted(set(self.random.choices(range(len(ASSORTMENT)), self.taste, k=size)))
        for index in kinds:
            kind = ASSORTMENT[index]
            quantity = self.random.choice([1, 1, 1, 2])
            price = round(kind.price * self.random.uniform(0.8, 1.3), 2)
            self._add(
                "purchase",
                time,
                product_id=f"p-{index}-{self.random.randrange(_PRODUCTS_OF_A_TYPE)}",
                category=kind.path,
                value=round(price * quantity, 2),
                quantity=quantity,
                order_id=order,
            )

    def _at_shop(self, time: datetime) -> datetime:
        """Move a time to opening hours of its day, but never back."""
        opened = time.replace(hour=self.random.randint(8, 20), minute=self.random.randint(0, 59))
        return max(time, opened)

    def _mailings(self) -> None:
        day = self.now.replace(hour=6, minute=0, second=0) - 300 * _DAY
        campaign = 0
        while day <= self.now:
            campaign += 1
            if day > self.since and self.random.random() < 0.7:
                name = {"campaign": f"m-{campaign}"}
                self._add("campaign_send", day, attributes=name)
                self._react(day, name)
            day += _MAILING_EVERY_DAYS * _DAY

    def _react(self, sent: datetime, name: dict[str, str]) -> None:
        mail = sent + timedelta(hours=2)
        self._add("email_send", mail, attributes=name)
        if self.reads_mail and self.random.random() < 0.6:
            opened = mail + timedelta(hours=self.random.uniform(0.2, 40))
            self._add("email_open", opened, attributes=name)
            if self.random.random() < 0.4:
                self._add("email_click", opened + timedelta(minutes=3), attributes=name)
        if self.uses_coupons and self.random.random() < 0.6:
            redeemed = sent + self.random.uniform(2, 28) * _DAY
            if redeemed <= self.until:
                coupon = {**name, "coupon": f"c-{self.random.randint(1, 16)}"}
                self._add("coupon_redemption", redeemed, attributes=coupon)

    def _visits(self) -> None:
        for visit in range(self.random.randint(0, 4)):
            time = self.now - self.random.uniform(0.2, 60) * _DAY
            index = self.random.choices(range(len(ASSORTMENT)), self.taste)[0]
            seen = {
                "product_id": f"p-{index}-0",
                "category": ASSORTMENT[index].path,
                "session_id": f"{self.customer}-v{visit}",
            }
            self._add("view", time, **seen)
            if self.random.random() < 0.4:
                self._add("add_to_cart", time + timedelta(minutes=4), value=ASSORTMENT[index].price, **seen)


def synthetic_summary(count: int, now: datetime, seed: int = 1, prefix: str = "s") -> dict[str, Any]:
    """What `synthetic_events` gave, in the shape of `demo.demo_events`'s summary."""
    customers = list(synthetic_customers(count, now, seed, prefix))
    recent = (now.astimezone(UTC) - 14 * _DAY).strftime("%Y-%m-%dT%H:%M:%SZ")

    def purchases(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [event for event in events if event["type"] == "purchase"]

    def redeemed(events: list[dict[str, Any]]) -> int:
        return sum(event["type"] == "coupon_redemption" for event in events)

    bought = {customer: purchases(events) for customer, events in customers}
    active = [c for c, found in bought.items() if found and found[-1]["time"] >= recent]
    gone = [c for c, found in bought.items() if found and found[-1]["time"] < recent]
    by_id = dict(customers)
    # One customer each, the earlier wish first.
    wanted = [
        ("uses coupons", sorted(active, key=lambda c: -redeemed(by_id[c]))),
        ("spends the most", sorted(active, key=lambda c: -sum(e["value"] for e in bought[c]))),
        ("shopped often, then stopped", sorted(gone, key=lambda c: -len(bought[c]))),
        ("came late", sorted(active, key=lambda c: bought[c][0]["time"], reverse=True)),
    ]
    chosen: dict[str, str] = {}
    for why, candidates in wanted:
        new = next((c for c in candidates if c not in chosen), None)
        if new is not None:
            chosen[new] = why
    return {
        "customers": count,
        "events": sum(len(events) for _, events in customers),
        "data": "made-up customers",
        "last_event": max(events[-1]["time"] for _, events in customers),
        "examples": [{"customer_id": customer, "why": why} for customer, why in chosen.items()],
    }
