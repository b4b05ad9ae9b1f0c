"""Feature files under test: every kind with every option."""

from __future__ import annotations

import math
from collections.abc import Sequence

from reference.features import Feature, feature
from reference.where import compare, is_missing, one_of, starts_with, under


def every_kind(
    products: Sequence[str], top: Sequence[str], deep: Sequence[str], paths: Sequence[str], store: str
) -> list[Feature]:
    """Return definitions that use every kind and option.

    Parameters
    ----------
    products
        Some product ids, used as a vocabulary.
    top, deep
        Category paths of one level, and of one deeper level.
    paths
        Whole category paths of products.
    store
        A store that events are filtered by, in ``attributes.store``.
    """
    bought = {"event": "purchase"}
    words, shallow, lower = list(products), list(top), list(deep)
    branch = lower[0]
    dear = compare("value", ">", 5)
    return [
        # counts and sums, by window, unit and condition
        feature("all_events", "count"),
        feature("all_30d", "count", window="30d"),
        feature("views", "count", event="view"),
        feature("behaviour_7d", "count", event=["view", "add_to_cart", "search"], window="7d"),
        feature("own_type", "count", event="wishlist"),
        feature("facts", "count", event=["attributes", "retract"]),
        feature("purchases", "count", **bought),
        feature("purchases_30d", "count", **bought, window="30d"),
        feature("purchases_12h", "count", **bought, window="12h"),
        feature("purchases_half_day", "count", **bought, window="0.5d"),
        feature("purchases_30d_before", "count", **bought, window="30d", ago="30d"),
        feature("purchases_until_7d", "count", **bought, ago="7d"),
        feature("orders", "count", **bought, per="order"),
        feature("orders_90d", "count", **bought, per="order", window="90d"),
        feature("days_90d", "count", **bought, per="day", window="90d"),
        feature("returns", "count", event="return"),
        feature("lines_and_returns", "count", event=["purchase", "return"], window="90d"),
        feature("spend", "sum", field="value", **bought),
        feature("spend_90d", "sum", field="value", **bought, window="90d"),
        feature("spend_orders_90d", "sum", field="value", **bought, per="order", window="90d"),
        feature("spend_days", "sum", field="value", **bought, per="day"),
        feature("refunds", "sum", field="value", event="return"),
        feature("pieces_90d", "sum", field="quantity", **bought, window="90d"),
        feature("discount", "sum", field="attributes.retail_disc", **bought),
        # conditions
        feature("dear_90d", "count", dear, **bought, window="90d"),
        feature("not_dear", "count", ~dear, **bought),
        feature("no_value", "count", is_missing("value"), **bought),
        feature("branch_90d", "count", under("category", branch), **bought, window="90d"),
        feature("branch_spend", "sum", under("category", branch), **bought, field="value"),
        feature("some_products", "count", one_of("product_id", words[:3]), **bought),
        feature("prefixed", "count", starts_with("product_id", words[0][:1]), **bought),
        feature("in_store", "count", compare("attributes.store", "==", store), **bought),
        feature("not_in_store", "count", compare("attributes.store", "!=", store), **bought),
        feature("discounted", "count", compare("attributes.retail_disc", ">=", 0.5) & dear, **bought),
        feature("either", "count", dear | compare("quantity", ">=", 2), **bought),
        feature("neither", "count", ~(dear | compare("quantity", ">=", 2)), **bought),
        feature("of_type", "count", compare("type", "==", "view"), event=["view", "search"]),
        # statistics
        feature("mean_line", "mean", field="value", **bought),
        feature("mean_order_90d", "mean", field="value", **bought, per="order", window="90d"),
        feature("mean_day", "mean", field="value", **bought, per="day"),
        feature("min_line", "min", field="value", **bought),
        feature("max_order", "max", field="value", **bought, per="order"),
        feature("min_day", "min", field="value", **bought, per="day"),
        feature("max_quantity_30d", "max", field="quantity", **bought, window="30d"),
        feature("std_line", "std", field="value", **bought),
        feature("std_order_90d", "std", field="value", **bought, per="order", window="90d"),
        feature("products", "distinct", field="product_id", **bought),
        feature("categories_30d", "distinct", field="category", **bought, window="30d"),
        feature("stores", "distinct", field="attributes.store", **bought),
        feature("seen_sessions", "distinct", field="session_id"),
        feature("order_ids", "distinct", field="order_id", **bought, window="90d"),
        # times
        feature("last_purchase", "days_since_last", **bought),
        feature("last_purchase_30d", "days_since_last", **bought, window="30d"),
        feature("last_before_7d", "days_since_last", **bought, ago="7d"),
        feature("last_branch", "days_since_last", under("category", branch), **bought),
        feature("last_anything", "days_since_last"),
        feature("cart_open", "days_since_last", event="add_to_cart", unless="purchase"),
        feature("mailed_unanswered", "days_since_last", event="campaign_send", unless="coupon_redemption"),
        feature("last_order", "days_since_last", **bought, per="order"),
        feature("first_purchase", "days_since_first", **bought),
        feature("first_order", "days_since_first", **bought, per="order"),
        feature("first_90d", "days_since_first", **bought, window="90d"),
        feature("gap_events", "gap_mean", **bought, window="90d"),
        feature("gap_orders", "gap_mean", **bought, per="order"),
        feature("gap_days", "gap_mean", **bought, per="day"),
        feature("gap_spread_orders", "gap_std", **bought, per="order"),
        feature("gap_spread_days", "gap_std", **bought, per="day"),
        # decay and rate
        feature("warm_events", "decayed_count", half_life="14d"),
        feature("warm", "decayed_count", **bought, half_life="30d"),
        feature("warm_orders", "decayed_count", **bought, half_life="30d", per="order"),
        feature("warm_days_90d", "decayed_count", **bought, half_life="7d", per="day", window="90d"),
        feature("warm_spend", "decayed_sum", **bought, field="value", half_life="12h"),
        feature("warm_spend_orders", "decayed_sum", **bought, field="value", half_life="60d", per="order"),
        feature("rate_all", "rate", **bought),
        feature("rate_30d", "rate", **bought, window="30d"),
        feature("rate_orders_90d", "rate", **bought, per="order", window="90d"),
        feature("rate_before", "rate", **bought, window="30d", ago="30d"),
        # as lifetimes
        feature("frequency", "frequency"),
        feature("recency", "recency"),
        feature("T", "T"),
        feature("monetary_value", "monetary_value"),
        feature("view_days", "frequency", event=["view", "purchase"]),
        # vectors and sequences
        feature("affinity_top", "affinity", vocabulary=shallow, half_life="30d"),
        feature("affinity_deep", "affinity", vocabulary=lower, half_life="90d", window="180d"),
        feature("affinity_viewed", "affinity", vocabulary=shallow, half_life="30d", event="view", level=1),
        feature("favourite", "top_category", vocabulary=shallow, half_life="30d"),
        feature("favourite_deep", "top_category", vocabulary=lower, half_life="30d", window="90d"),
        feature("times_bought", "product_counts", vocabulary=words),
        feature("times_warm", "product_counts", vocabulary=words, half_life="30d"),
        feature("paths_bought", "product_counts", vocabulary=list(paths), field="category", window="90d"),
        feature(
            "kinds_bought", "product_counts", vocabulary=lower, field="category", level=2, half_life="30d"
        ),
        feature("recent", "recent_products", vocabulary=words, length=5),
        feature("recent_days", "recent_ages", vocabulary=words, length=5),
        feature("recent_views", "recent_products", vocabulary=words, length=3, event=["view", "purchase"]),
        feature(
            "recent_paths",
            "recent_products",
            vocabulary=list(paths),
            field="category",
            length=4,
            window="90d",
        ),
        # attributes
        feature("points", "attribute", path="loyalty.points"),
        feature("member", "attribute", path="loyalty.member"),
        feature("nowhere", "attribute", path="loyalty.tier.colour"),
        feature("tier", "attribute", path="loyalty.tier", encoding="one_hot", values=["gold", "silver"]),
        feature(
            "tier_rank",
            "attribute",
            path="loyalty.tier",
            encoding="ordinal",
            values=["bronze", "silver", "gold"],
        ),
        feature("tags", "attribute", path="tags"),
        feature(
            "income", "attribute", path="household.income", encoding="one_hot", values=["35-49K", "50-74K"]
        ),
        # the clock
        feature("evening", "time_share", **bought, hours=[18, 23], timezone="Europe/Berlin"),
        feature("weekend", "time_share", **bought, weekdays=["sat", "sun"], timezone="America/New_York"),
        feature("weekend_utc", "time_share", weekdays=["sat", "sun"], window="90d"),
        feature("sessions_30d", "sessions", window="30d"),
        feature("runs", "sessions", gap="30m"),
        feature("view_runs_90d", "sessions", event=["view", "search"], gap="12h", window="90d"),
        # of other features
        feature("dear_share", "ratio", of="dear_90d", to="purchases_30d"),
        feature("basket", "ratio", of="spend", to="orders"),
        feature("spend_box", "bucket", of="spend_90d", edges=[0.01, 10, 100, 1000]),
        feature("last_box", "bucket", of="last_purchase", edges=[1, 7, 30]),
        feature(
            "trend",
            "expression",
            compute=lambda v: (
                (v["purchases_30d"] - v["purchases_30d_before"]) / (v["purchases_30d_before"] + 1)
            ),
            expression="(purchases_30d - purchases_30d_before) / (purchases_30d_before + 1.0)",
        ),
        feature(
            "log_spend",
            "expression",
            compute=lambda v: math.log(1 + v["spend"]),
            expression="ln(1.0 + spend)",
        ),
        feature("inverse", "expression", compute=lambda v: 1 / v["views"], expression="1.0 / views"),
        feature(
            "choice",
            "expression",
            compute=lambda v: v["spend"] if v["orders"] > 3 else -v["orders"],
            expression="orders > 3 ? spend : -orders",
        ),
        feature(
            "of_missing",
            "expression",
            compute=lambda v: v["mean_line"] * 2 + 1,
            expression="mean_line * 2.0 + 1.0",
        ),
    ]
