"""Labels: what is to be predicted, by the same rules of time as features.

A label looks at ``(t, t + horizon]``: an event at the instant itself belongs to the features, one at the end
of the horizon to the label. A label without `after` is a feature of the service at a later instant, so
returns are netted, repeated deliveries dropped and retractions respected as in serving.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from scorecast_export.instants import duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    import numpy as np

    from scorecast_export.event_log import EventLog

_EVERYBODY = "everybody"
"""In a manifest: that no activity is asked for, as nothing in it is null."""


@dataclass(frozen=True)
class Label:
    """What is to be predicted.

    Attributes
    ----------
    horizon
        How far it looks, such as ``30d``.
    kind
        ``probability``, ``value`` or ``basket``.
    output
        What a version publishes for it, such as ``p_redeem_30d``.
    question
        In words.
    definition
        The feature that the label is at a later instant; none where it begins at an event.
    of
        From the feature's values to the label.
    among
        A feature that must be above 0 at the instant for a row to count; none for everybody.
    event
        The type that `after` labels and baskets look for.
    after
        The type of event that the horizon begins at; the instant itself by default.
    made_by
        The function that made it and its arguments, as a manifest keeps them.
    """

    horizon: str
    kind: str
    output: str
    question: str
    definition: dict[str, Any] | None = None
    of: Callable[[np.ndarray], np.ndarray] | None = field(default=None, repr=False)
    among: dict[str, Any] | None = None
    event: str = "purchase"
    after: str | None = None
    made_by: dict[str, str] = field(default_factory=dict)

    @property
    def span(self) -> timedelta:
        """The horizon as a length of time."""
        return duration(self.horizon)


def redeems_within(horizon: str, *, after: str | None = None) -> Label:
    """Whether the customer redeems a coupon.

    Parameters
    ----------
    horizon : str
        How far to look: ``30d``.
    after : str, optional
        Only customers to whom such an event happens after the instant (and before the next one), and the
        horizon begins at the first of them: ``campaign_send``.
    """
    question = f"Will the customer redeem a coupon within {horizon}?"
    made_by = {"label": "redeems_within", "horizon": horizon, **({"after": after} if after else {})}
    output = f"p_redeem_{horizon}"
    return _happens("coupon_redemption", horizon, output, question, after=after, made_by=made_by)


def purchases_within(horizon: str, *, after: str | None = None) -> Label:
    """Whether the customer buys anything; the parameters are those of `redeems_within`."""
    question = f"Will the customer buy within {horizon}?"
    made_by = {"label": "purchases_within", "horizon": horizon, **({"after": after} if after else {})}
    return _happens("purchase", horizon, f"p_purchase_{horizon}", question, after=after, made_by=made_by)


def purchases_category_within(category: str, horizon: str) -> Label:
    """Whether the customer buys something at or below a category path.

    Parameters
    ----------
    category : str
        A path: ``grocery/dairy``.
    horizon : str
        How far to look.
    """
    name = re.sub(r"[^a-z0-9]+", "_", category.rpartition("/")[2].lower()).strip("_")
    question = f"Will the customer buy from {category} within {horizon}?"
    quoted = category.replace("\\", "\\\\").replace('"', '\\"')
    where = {"where": f'category.under("{quoted}")'}
    made_by = {"label": "purchases_category_within", "category": category, "horizon": horizon}
    return _happens(
        "purchase", horizon, f"p_purchase_{name}_{horizon}", question, where=where, made_by=made_by
    )


def lapses_within(horizon: str, *, active: str | None = "60d") -> Label:
    """Whether the customer buys nothing.

    Parameters
    ----------
    horizon : str
        How far to look.
    active : str, optional
        Only customers who bought within that long before the instant; None for all.
    """
    seen = _seen("purchase", horizon)
    among = None if active is None else {"kind": "count", "event": "purchase", "window": active}
    return Label(
        horizon,
        "probability",
        f"p_lapse_{horizon}",
        f"Will the customer buy nothing within {horizon}?",
        definition=seen,
        of=lambda days: pd.isna(days).astype(float),
        among=among,
        made_by={"label": "lapses_within", "horizon": horizon, "active": active or _EVERYBODY},
    )


def spend_within(horizon: str) -> Label:
    """What the customer spends, returns subtracted, never below zero."""
    return Label(
        horizon,
        "value",
        f"clv_{horizon}",
        f"What will the customer spend within {horizon}?",
        definition={"kind": "sum", "field": "value", "event": "purchase", "window": horizon},
        of=lambda spent: spent.astype(float).clip(min=0.0),
        made_by={"label": "spend_within", "horizon": horizon},
    )


def next_basket(within: str, *, field: str = "product_id") -> Label:
    """What the customer's next order holds: a list of products (or of `field`), for those who have one.

    Parameters
    ----------
    within : str
        How far to look.
    field : str
        ``product_id`` or ``category``.
    """
    if field not in ("product_id", "category"):
        raise ValueError(f"a basket holds product_id or category, not '{field}'")
    return Label(within, "basket", "items", "What will the next basket hold?", {"field": field})


def _seen(event: str, horizon: str) -> dict[str, Any]:
    return {"kind": "days_since_last", "event": event, "window": horizon}


def _happens(
    event: str,
    horizon: str,
    output: str,
    question: str,
    *,
    where: dict[str, str] | None = None,
    after: str | None = None,
    made_by: dict[str, str],
) -> Label:
    return Label(
        horizon,
        "probability",
        output,
        question,
        definition=None if after else {**_seen(event, horizon), **(where or {})},
        of=lambda days: (~pd.isna(days)).astype(float),
        event=event,
        after=after,
        made_by=made_by,
    )


def label_of(made_by: Mapping[str, Any]) -> Label:
    """The label that a manifest names, as `Label.made_by` kept it.

    Raises
    ------
    ValueError
        If there is no such label.
    """
    arguments = {name: None if value == _EVERYBODY else value for name, value in made_by.items()}
    makers = (redeems_within, purchases_within, purchases_category_within, lapses_within, spend_within)
    known = {maker.__name__: maker for maker in makers}
    maker = known.get(str(arguments.pop("label", "")))
    if maker is None:
        raise ValueError(f"there is no label '{made_by.get('label')}'; there are {', '.join(known)}")
    return maker(**arguments)


def after_event(label: Label, log: EventLog, instants: Sequence[datetime]) -> pd.DataFrame:
    """`customer_id`, `at`, `label` and `until` of a label that begins at an event.

    A row for each customer to whom such an event happens after an instant and up to the next one (after the
    last: for as long as between the last two; a day, if there is only one). Of several the first counts.
    """
    at = pd.DatetimeIndex(instants).as_unit("ms")
    last = at[-1] - at[-2] if len(at) > 1 else pd.Timedelta(days=1)
    starts = log.of_type(str(label.after))
    starts = starts[starts["retracted"].isna()]
    place = at.searchsorted(starts["time"], side="left") - 1
    kept = (place >= 0) & (starts["time"] <= at[-1] + last).to_numpy()
    rows = starts.loc[kept, ["customer_id", "time"]].assign(at=at[place[kept]])
    rows = rows.drop_duplicates(["customer_id", "at"], keep="first").reset_index(drop=True)
    rows["until"] = rows["time"] + label.span
    seen = log.of_type(label.event)[["customer_id", "time", "retracted"]]
    pairs = rows.reset_index().merge(seen, on="customer_id", suffixes=("", "_seen"))
    inside = (pairs["time_seen"] > pairs["time"]) & (pairs["time_seen"] <= pairs["until"])
    inside &= ~(pairs["retracted"] <= pairs["until"])
    rows["label"] = rows.index.isin(pairs.loc[inside, "index"]).astype(float)
    return rows[["customer_id", "at", "until", "label"]]


def baskets(label: Label, log: EventLog, instants: Sequence[datetime]) -> pd.DataFrame:
    """`customer_id`, `at`, `until` and the sorted items of each customer's first order after each instant.

    Lines of an order share its id; one without an order id is an order of its own.
    """
    name = str((label.definition or {})["field"])
    bought = log.of_type("purchase")
    bought = bought.assign(order=bought["order_id"].fillna("line " + bought["id"]))
    found = []
    for at in pd.DatetimeIndex(instants).as_unit("ms"):
        until = at + label.span
        later = bought[(bought["time"] > at) & (bought["time"] <= until) & ~(bought["retracted"] <= until)]
        first = later.drop_duplicates("customer_id")[["customer_id", "order"]]
        lines = later.merge(first, on=["customer_id", "order"])
        items = lines.dropna(subset=name).groupby("customer_id")[name].agg(lambda held: sorted(set(held)))
        found.append(items.rename("label").reset_index().assign(at=at, until=until))
    return pd.concat(found, ignore_index=True)[["customer_id", "at", "until", "label"]]
