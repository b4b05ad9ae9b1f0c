"""The customers of the demo: households that training never saw, moved in time to end this week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scorecast_export.data.journey import customer_id, is_held_out, to_events

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_WEEK = timedelta(days=7)


def weeks_to_move(last: datetime, now: datetime) -> int:
    """Whole weeks by which to move events so that the last one falls into the week before `now`."""
    return (now - last) // _WEEK


def demo_events(tables: Mapping[str, pd.DataFrame], now: datetime) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Turn the held-out households into events, moved by whole weeks, so that weekdays stay.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        As `download.read_tables` returns them.
    now : datetime
        The instant that the data shall end just before.

    Returns
    -------
    DataFrame
        The moved events.
    dict
        What was done: counts, the move, and customers worth asking about.
    """
    import pandas as pd

    ended = tables["transactions"]["transaction_timestamp"].max().tz_localize("UTC")
    weeks = weeks_to_move(ended.to_pydatetime(), now)
    # Selected before the conversion, which is the slow part.
    moved = to_events({name: _held_out(table) for name, table in tables.items()})
    moved["time"] = moved["time"] + pd.Timedelta(weeks=weeks)
    summary = {
        "customers": int(moved["customer_id"].nunique()),
        "events": len(moved),
        "data": "The Complete Journey (84.51°), households never used in training",
        "moved_weeks": weeks,
        "data_ended": _instant(ended),
        "last_event": _instant(moved["time"].max()),
        "examples": examples(moved),
    }
    return moved, summary


def _held_out(table: pd.DataFrame) -> pd.DataFrame:
    if "household_id" not in table.columns:
        return table
    households = table["household_id"].unique()
    chosen = [household for household in households if is_held_out(customer_id(household))]
    return table[table["household_id"].isin(chosen)]


def examples(events: pd.DataFrame) -> list[dict[str, str]]:
    """A few customers worth asking about, each with the reason, chosen by their events alone."""
    import pandas as pd

    last = events["time"].max()
    purchases = events[events["type"] == "purchase"]
    by_customer = purchases.groupby("customer_id")
    overview = pd.DataFrame(
        {
            "baskets": by_customer["order_id"].nunique(),
            "spend": by_customer["value"].sum(),
            "days_since": (last - by_customer["time"].max()).dt.total_seconds() / 86_400,
            "known_days": (last - by_customer["time"].min()).dt.total_seconds() / 86_400,
        }
    )
    redeemed = events[events["type"] == "coupon_redemption"].groupby("customer_id").size()
    overview["redeemed"] = redeemed.reindex(overview.index).fillna(0)
    overview = overview.sort_index()
    wanted = [
        ("uses coupons", overview[overview["days_since"] < 14].nlargest(1, "redeemed")),
        ("spends the most", overview[overview["days_since"] < 14].nlargest(1, "spend")),
        ("shopped often, then stopped", overview[overview["days_since"] > 35].nlargest(1, "baskets")),
        ("came late", overview[overview["days_since"] < 30].nsmallest(1, "known_days")),
    ]
    seen: set[str] = set()
    chosen = []
    for reason, found in wanted:
        for customer in found.index:
            if customer not in seen:
                seen.add(customer)
                chosen.append({"customer_id": str(customer), "why": reason})
    return chosen


def parse_instant(text: str) -> datetime:
    """Read an RFC 3339 instant, or a date, as UTC."""
    instant = datetime.fromisoformat(text)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _instant(time: pd.Timestamp) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
